// A model of a whole implementation: all actors' sockets, made of the reference's connection cores
// and the circuits between them, without sockets of the system, clocks or threads. It takes the
// requests of the adapter protocol and gives the replies; what is on its way may take any time.
//
// Assumed of the transport: it is there at once, whoever asks for a connection first has its
// request delivered first, octets that were sent in one call arrive together, and there is room for
// all.
#pragma once

#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <stdexcept>
#include <string>
#include <vector>

#include "connection/event_record.hpp"
#include "connection/exploration/circuit.hpp"

namespace ws2conform::model {

// The model does not have what is asked for.
class Outside : public std::runtime_error {
  using std::runtime_error::runtime_error;
};

// What happens without anybody calling.
struct Happening {
  enum class Kind : unsigned char {
    kDeliver,   // the next thing on its way to that end arrives
    kOvertake,  // the reset on its way arrives, and nothing before it
    kFinish,    // all is written and the descriptor closed
  };
  Kind kind = Kind::kDeliver;
  std::size_t link = 0;
  ws2::Side side = ws2::Side::kCaller;
};

class Net {
 public:
  // A provider of these limits; `name` as requests call it.
  Net(std::string name, const ws2::Limits& limits);

  // A call as it is sent to the adapter of `actor`. Throws Outside.
  void issue(const std::string& actor, const nlohmann::json& request);
  // The actor's innermost call can return, or call its condition function.
  bool ready(const std::string& actor) const;
  // What it returns, as a reply, or {"condition": ...}, after which decide() is awaited. Must be
  // ready.
  nlohmann::json answer(const std::string& actor);
  // The condition function of the actor's innermost call returns.
  void decide(const std::string& actor, const nlohmann::json& decision);
  // The actor's process ends.
  void vanish(const std::string& actor);

  std::vector<Happening> enabled() const;
  void apply(const Happening& happening);

  // Equal octets, equal future, as long as the same calls are open.
  void write_state(ws2::StateWriter& out) const;

  const ws2::Limits& limits() const { return limits_; }

  // What can be seen from outside: for generators.
  struct View {
    bool listening = false;
    bool connecting = false;
    bool connected = false;
    bool closed = false;
    bool blocking = true;
    std::size_t requests = 0;  // in a listener's queue
    std::size_t unread = 0;    // octets
    bool ended = false;        // by the peer, all being read
    std::size_t parting = 0;   // octets of the disconnect data that came
    int events = 0;            // selected
    std::string event;
  };
  std::map<std::string, View> sockets_of(const std::string& actor) const;

 private:
  using json = nlohmann::json;

  // A connection, or what was to become one.
  struct Link {
    explicit Link(const ws2::Limits& limits) : circuit(limits) {}
    ws2::Circuit circuit;
    std::string caller;    // keys of sockets; empty when there is none any more
    std::string acceptor;  // empty before it is accepted
    std::string listener;
    std::string caller_name;  // addresses
    std::string callee_name;
    bool placed = false;  // its request is complete, or came to nothing
    bool answered = false;
    bool offered = false;
    bool deciding = false;
  };
  // SO_CONNDATA or SO_DISCDATA.
  struct UserDataOption {
    std::string outgoing;
    std::size_t reserved = 0;
  };
  struct Socket {
    explicit Socket(const ws2::Edition& edition) : record(edition) {}
    bool bound = false;
    bool listening = false;
    bool closed = false;
    bool blocking = true;
    bool accepted = false;
    bool conditional = true;  // SO_CONDITIONAL_ACCEPT
    int linger = 0;           // seconds
    bool lingers = false;
    int broken = 0;  // an outcome that nobody was told of
    std::string local;
    std::string remote;
    std::string family;
    std::size_t backlog = 0;
    std::vector<std::size_t> queue;  // links, the head first
    std::size_t requests = 0;
    std::optional<std::size_t> link;
    ws2::Side side = ws2::Side::kCaller;
    std::optional<int> outcome;  // of the last connect
    bool shows_callee = false;   // a WSAConnect that FD_CONNECT will show the callee data of
    json callee_len = nullptr;
    json callee_data = nullptr;
    ws2::EventRecord record;
    std::string event;                         // key of the object
    std::map<std::string, long long> options;  // that only the application knows
    std::optional<ws2::Qos> qos;               // stated before there is a connection
    UserDataOption connect_data;
    UserDataOption disconnect_data;
    std::vector<std::string> pending;  // overlapped receives, the first of them first
  };
  struct EventObject {
    bool set = false;
    bool closed = false;
  };
  // An overlapped operation: what its structure holds.
  struct Operation {
    json request;
    std::optional<int> error;  // absent: pending
    std::size_t transferred = 0;
    std::string data;
  };
  struct Call {
    json request;
    std::string op;
    std::string socket;  // key
    std::optional<json> reply;
    std::optional<std::size_t> asking;  // the link that the condition function looks at
  };

  Socket& socket(const std::string& key);
  const Socket* find(const std::string& key) const;
  Call& innermost(const std::string& actor);
  const Call* innermost(const std::string& actor) const;
  bool is_connected(const Socket& s) const { return s.link && (s.accepted || s.outcome == 0); }
  bool is_connecting(const Socket& s) const { return s.link && !s.outcome && !s.accepted; }
  ws2::Connection& core(const Socket& s) { return links_[*s.link].circuit.core(s.side); }
  const ws2::Connection& core(const Socket& s) const {
    return links_[*s.link].circuit.core(s.side);
  }
  ws2::Conditions conditions(const Socket& s) const;
  void signal(Socket& s, bool recorded);
  // Something happened on a link: requests find their places, connects their outcomes, and events
  // are recorded.
  void settle(std::size_t link);
  void place(std::size_t link);
  void finish_connect(std::size_t link);
  void note(const std::string& key);
  bool is_acceptable(const Link& link) const;
  std::optional<std::size_t> free_head(const Socket& listener) const;
  void unqueue(std::size_t link);

  std::string new_address(const std::string& family);
  std::string key_of(const std::string& actor, const json& name) const {
    return actor + "/" + name.get<std::string>();
  }

  // Calls that return at once. net_setup.cpp, net_transfer.cpp, net_events.cpp, net_quality.cpp,
  // net_options.cpp, net_process.cpp, net_overlapped.cpp.
  json make_socket(const std::string& actor, const json& request);
  json bind(Socket& s, const json& request);
  json listen(Socket& s, const json& request);
  json name_of(const Socket& s, bool peer) const;
  void connect(Call& call);
  json connected_reply(const Call& call, int error) const;
  json close(const std::string& key);
  void close_listener(const std::string& key);
  json send(Socket& s, const json& request);
  json shutdown(Socket& s, const json& request);
  json send_disconnect(Socket& s, const json& request);
  json recv_disconnect(Socket& s, const json& request);
  json select_events(const std::string& actor, Socket& s, const json& request);
  json enumerate_events(const std::string& actor, Socket& s, const json& request);
  json get_option(Socket& s, const json& request);
  json set_option(Socket& s, const json& request);
  json control(Socket& s, const json& request);
  std::optional<std::size_t> user_data_limit(const std::string& option) const;
  std::optional<json> get_user_data(Socket& s, const std::string& option,
                                    const json& request) const;
  std::optional<json> set_user_data(Socket& s, const std::string& option, const json& request);
  std::optional<ws2::ByteView> standing_disconnect_data(const Socket& s) const;
  std::optional<json> process_call(const std::string& actor, const json& request);
  json clean_up(const std::string& actor);
  json start(const std::string& actor, const std::string& key, const json& request);
  bool advance(const std::string& actor, Socket& s, Operation& operation);
  void complete(const std::string& actor, Operation& operation, int error);
  void serve_overlapped(const std::string& key);
  void abort_overlapped(const std::string& key);
  json quality(Socket& s, const json& request);
  static std::optional<ws2::Qos> qos_of(const json& request, const char* name);
  static json shown_qos(const std::optional<ws2::Qos>& qos);
  std::optional<json> event_object_call(const std::string& actor, const json& request);

  // Calls that may wait: what they come to now, or nothing.
  json receive(Socket& s, const json& request);
  bool receive_would_block(const Socket& s, const json& request) const;
  json accept(const std::string& actor, Call& call);
  json take(const std::string& actor, const Call& call, std::size_t link,
            const std::string& callee_data, const std::optional<ws2::Qos>& qos, bool conditional);
  json judged(const std::string& actor, Call& call, const json& decision);
  std::optional<json> waited(const std::string& actor, const json& request) const;
  std::optional<json> selected(const std::string& actor, const json& request) const;
  std::optional<json> overlapped_result(const std::string& actor, const json& request) const;
  // What a call that needs nobody else but may wait comes to now; nothing for another call as well.
  std::optional<json> looked(const std::string& actor, const Call& call) const;

  std::string name_;
  ws2::Limits limits_;
  int next_port_ = 40000;
  std::map<std::string, Socket> sockets_;  // by "actor/name"
  std::map<std::string, EventObject> events_;
  std::map<std::string, std::vector<Call>> calls_;  // open ones by actor, innermost last
  std::vector<Link> links_;
  std::map<std::string, Operation> operations_;  // by "actor/name"
  std::set<std::string> gone_;                   // actors whose process has ended
  std::map<std::string, int> startups_;          // of those who have called WSAStartup themselves
};

// What a receive's flags come to: an error, or how the core is asked.
int read_flags(const nlohmann::json& request, const ws2::Limits& limits, ws2::ReceiveMode& mode);

// Stands for a provider's entry, which no model has: equal where it is the same.
inline constexpr const char* kEntry = "the provider's entry";

}  // namespace ws2conform::model
