#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "call.hpp"
#include "channel.hpp"
#include "lanes.hpp"
#include "program.hpp"
#include "providers.hpp"
#include "values.hpp"
#include "winsock_api.hpp"

namespace ws2conform {

// The buffers of a nonblocking WSAConnect: the implementation may use them until it is decided.
struct ConnectBuffers {
  ConnectBuffers(std::optional<std::string> caller_data, std::optional<std::size_t> capacity)
      : caller(std::move(caller_data)), callee(capacity) {}
  InBuffer caller;
  OutBuffer callee;
};

// A socket and its name's memory. It outlives closesocket: the dead handle can still be passed.
struct NamedSocket {
  SOCKET handle;
  bool is_closed = false;
  std::vector<std::unique_ptr<ConnectBuffers>>
      pending_connects;  // the latest is the one that counts
};

struct NamedEvent {
  WSAEVENT handle;
  bool is_closed = false;
};

// An overlapped operation: its structure, its event object and its buffer, which have to live until
// it is complete.
struct NamedOverlapped {
  WSAOVERLAPPED structure;
  std::string event;  // the object's name
  std::optional<std::string> outgoing;
  std::unique_ptr<OutBuffer> incoming;  // of a receive
  DWORD flags;
};

// The state of the process: one conversation, what it named. Requests that name a lane are answered
// by that lane's thread, all others by the one that reads.
class Adapter {
 public:
  explicit Adapter(std::vector<Provider> providers, AroundReset around_reset = {});

  Json hello(const std::string& implementation, const std::string& version) const;

  // Answers requests until the suite closes the conversation. Returns what SuiteGone says.
  std::string serve();
  // Some call has not returned: this cannot be destroyed.
  bool is_busy() { return lanes_.any_busy(); }

  Channel& channel() { return channel_; }
  // Throw AdapterError when nothing has that name.
  Provider& provider(const std::string& name);
  NamedSocket& socket(const Json& name);
  NamedEvent& event(const Json& name);
  // The name in the request's "as"; throws AdapterError when it is in use.
  std::string new_name(Call& call);

  void add(const std::string& name, SOCKET handle);
  void add(const std::string& name, WSAEVENT handle);

  // Does reset(), with what was to be around it. Throws AdapterError while a call is open.
  void do_reset();
  // Ends every socket, abortively, and every event object, and forgets the names.
  void reset();

  // The reply to one request; also to those that come while a condition function is open.
  Json answer(Messages& more, Json request);

  NamedOverlapped& overlapped(const Json& name);
  NamedOverlapped& add_overlapped(const std::string& name);

  // As WSAStartup and WSACleanup go: reset() brings back what a case took away.
  void started() { count_startups(1); }
  void cleaned_up() { count_startups(-1); }

 private:
  void count_startups(int more);
  template <class Named>
  Named* find(std::unordered_map<std::string, Named>& all, const Json& name);

  Channel channel_;
  std::vector<Provider> providers_;
  AroundReset around_reset_;
  std::mutex mutex_;  // guards the following
  // Node-based: references stay valid while a call is pending.
  std::unordered_map<std::string, NamedSocket> sockets_;
  std::unordered_map<std::string, NamedEvent> events_;
  std::unordered_map<std::string, std::unique_ptr<NamedOverlapped>> overlapped_;
  int startups_ = 1;
  Lanes lanes_;  // their threads end first
};

// The QOS in a field that is there.
inline QosValue take_qos(Call& call, const char* field) {
  return QosValue(call.field(field));
}

// WSASend and WSARecv with a WSAOVERLAPPED.
Json overlapped_send(Adapter& adapter, Call& call);
Json overlapped_recv(Adapter& adapter, Call& call);

using Operation = Json (*)(Adapter&, Call&);
// In the order of their names.
using Operations = std::map<std::string, Operation, std::less<>>;

void add_connection_operations(Operations& operations);
void add_acceptance_operations(Operations& operations);
void add_transfer_operations(Operations& operations);
void add_option_operations(Operations& operations);
void add_event_operations(Operations& operations);
void add_overlapped_operations(Operations& operations);
void add_quality_operations(Operations& operations);
void add_readiness_operations(Operations& operations);
void add_process_operations(Operations& operations);

}  // namespace ws2conform
