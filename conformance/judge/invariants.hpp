// Properties that every history must have, whatever the case says.
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "conformance/case/instance.hpp"
#include "conformance/history/event.hpp"

namespace ws2conform {

struct Invariant {
  std::string_view id;           // "INV-PREFIX"
  std::string_view requirement;  // the rule it rests on
  std::string_view statement;    // for people
};

const std::vector<Invariant>& all_invariants();

struct InvariantViolation {
  const Invariant* invariant;
  std::string expected;
  std::string observed;
};

// Watches one schedule. Knows sockets by actor and name, and which two are the ends of a connection
// where the history shows it.
class Invariants {
 public:
  // `delayed_accept`: the case is about a provider whose callers wait for the verdict.
  explicit Invariants(bool delayed_accept) : delayed_accept_(delayed_accept) {}

  // What `event` violates, if anything.
  std::vector<InvariantViolation> on(const Event& event);

 private:
  struct Socket {
    std::string local;  // addresses, empty while not known
    std::string remote;
    std::string peer;  // key of the other end, empty while not known
    std::string sent;  // octets that sends took
    bool sent_empty =
        false;  // a send of no octets succeeded: an empty message, where there are any
    bool hard_close = false;              // SO_LINGER with a time of zero was set
    std::size_t received = 0;             // octets that receives returned
    std::vector<std::size_t> boundaries;  // in `sent`: where each send ended
    std::optional<std::size_t> cut;  // octets shown of a message that did not fit into a receive
    bool ended = false;              // a receive has shown the graceful end
    bool finishing = false;          // a call that ends sending gracefully has been made
    bool sending_is_shut = false;    // shutdown was called for it
    bool closed = false;             // closesocket succeeded
    bool close_indicated = false;    // FD_CLOSE has been recorded
    bool disconnected = false;       // WSASendDisconnect succeeded, or was called
    std::optional<std::string> disconnect_data;  // octets it was called with, first success only
    std::string connect_option;     // SO_CONNDATA: the caller's data where connect has none
    std::string disconnect_option;  // SO_DISCDATA: goes with the end where that has none
    std::optional<std::string> caller_data;  // of the connect that is pending or was
    bool connecting = false;                 // a connect was called
  };
  struct Call {
    std::string actor;
    long long id = 0;            // of the request
    std::string_view operation;  // part of the request
    std::string socket;          // key
    std::string as;              // key of the socket that it makes
    Event::Body request;
    bool on_dead = false;      // the socket was closed when it was made
    bool disconnects = false;  // the WSASendDisconnect that the socket's disconnect data is of
  };

  void on_call(const Event& event);
  static void note_option(Socket& socket, const nlohmann::json& request);
  void on_reply(const Event& event);
  void on_condition(const Event& event);
  void on_return_of(const Call& call, const Event& event);
  void check_dead(const Call& call, const nlohmann::json& reply);
  void receive(const Call& call, const nlohmann::json& reply);
  static std::size_t behind_the_cut(const Socket& socket, const Socket& peer,
                                    const std::string& data);
  void network_events(const Call& call, const nlohmann::json& reply);
  void disconnect_data(const Call& call, const nlohmann::json& reply);
  void connected(const Call& call, const nlohmann::json& reply);
  void accepted(const Call& call, const Event& event);
  void graceful(const std::string& key, const char* how);
  void pair(const std::string& a, const std::string& b);
  void pair_by_address();
  void violate(std::string_view id, std::string expected, std::string observed);

  bool delayed_accept_;
  std::map<std::string, Socket> sockets_;        // by "actor/name"
  std::vector<Call> calls_;                      // that are open: a few
  std::map<std::string, int> made_since_close_;  // actor -> sockets made since one was closed
  std::optional<Event::Body> last_verdict_;      // of the condition function, with one client only
  std::vector<InvariantViolation> found_;
};

}  // namespace ws2conform
