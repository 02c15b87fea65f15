#include "conformance/judge/invariants.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "conformance/case/octets.hpp"

namespace ws2conform {
namespace {

using nlohmann::json;

// The text of a member; empty where it is none.
const std::string& text_of(const json& object, const char* name) {
  static const std::string kNone;
  const auto member = object.find(name);
  if (member == object.end() || !member->is_string()) return kNone;
  return member->get_ref<const std::string&>();
}

std::string octets_of(const json& object, const char* name) {
  return from_base64(text_of(object, name)).value_or("");
}

bool succeeded(const json& reply) {
  return reply.contains("returns");
}

// `flags` is one name or a list of them.
bool has_flag(const json& request, const char* flag) {
  const auto flags = request.find("flags");
  return flags != request.end() &&
         (*flags == flag ||
          (flags->is_array() && std::find(flags->begin(), flags->end(), flag) != flags->end()));
}

bool is_receive(std::string_view operation) {
  return operation == "recv" || operation == "WSARecv";
}

// The key of the socket that a member names; empty where there is no such member.
std::string key_of(const Event& event, const char* name) {
  return event.body->contains(name) ? event.actor + "/" + text_of(*event.body, name) : "";
}

}  // namespace

const std::vector<Invariant>& all_invariants() {
  static const std::vector<Invariant> kInvariants = {
      {"INV-PREFIX", "TEAR-04", "Octets received are a prefix of the octets sent."},
      {"INV-AFTER-END", "TEAR-27", "Nothing is received after the graceful end."},
      {"INV-GRACEFUL", "TEAR-31", "The end is graceful only if the peer ended gracefully."},
      {"INV-CLOSE-ONCE", "EVT-23", "FD_CLOSE is recorded at most once for a socket."},
      {"INV-DEAD-HANDLE", "CLOSE-01", "A handle is dead after closesocket."},
      {"INV-DISCONNECT-DATA", "TEAR-05",
       "Disconnect data is what the peer gave: whole, unchanged, or an error."},
      {"INV-CALLER-DATA", "SEED-A03",
       "The caller's data reaches the condition function unchanged."},
      {"INV-CALLEE-DATA", "SEED-A04", "The callee's data reaches the caller unchanged."},
      {"INV-REJECTED", "ACC-05", "A request that was rejected never becomes a connection."},
  };
  return kInvariants;
}

std::vector<InvariantViolation> Invariants::on(const Event& event) {
  found_.clear();
  switch (event.kind) {
    case Event::Kind::kCall:
      on_call(event);
      break;
    case Event::Kind::kReturn:
    case Event::Kind::kPartial:
      on_reply(event);
      break;
    case Event::Kind::kCondition:
      on_condition(event);
      break;
    case Event::Kind::kVerdict:
      last_verdict_ = event.body;
      break;
    default:
      break;
  }
  return std::move(found_);
}

void Invariants::violate(std::string_view id, std::string expected, std::string observed) {
  const auto& all = all_invariants();
  const auto invariant =
      std::find_if(all.begin(), all.end(), [&](const Invariant& i) { return i.id == id; });
  found_.push_back({&*invariant, std::move(expected), std::move(observed)});
}

void Invariants::on_call(const Event& event) {
  const json& request = *event.body;
  Call call;
  call.actor = event.actor;
  call.id = request.value("id", 0LL);
  call.operation = text_of(request, "op");
  const std::string_view operation = call.operation;
  if (operation == "vanish") {  // how its connections end is its system's to say
    for (auto& [key, socket] : sockets_) {
      if (key.rfind(event.actor + "/", 0) == 0) socket.finishing = true;
    }
  }
  call.request = event.body;
  call.socket = key_of(event, "socket");
  call.as = key_of(event, "as");
  if (!call.socket.empty()) {
    Socket& socket = sockets_[call.socket];
    call.on_dead = socket.closed;
    if (operation == "connect" || operation == "WSAConnect") {
      socket.connecting = true;
      socket.remote = text_of(request, "addr");
      socket.caller_data = request.contains("caller_data") ? octets_of(request, "caller_data")
                                                           : socket.connect_option;
      last_verdict_.reset();
    }
    if (operation == "setsockopt") note_option(socket, request);
    const bool ends = operation == "WSASendDisconnect" ||
                      (operation == "closesocket" && !socket.hard_close) ||
                      (operation == "shutdown" && text_of(request, "how") != "SD_RECEIVE");
    if (ends && !socket.finishing && !socket.disconnect_option.empty()) {
      socket.disconnect_data = socket.disconnect_option;
    }
    if (ends) socket.finishing = true;
    // Where the sending was shut down already there is nothing that could carry the data (TEAR-12).
    if (operation == "shutdown" && ends) socket.sending_is_shut = true;
    if (operation == "WSASendDisconnect" && !socket.disconnected && !socket.sending_is_shut) {
      call.disconnects = true;
      socket.disconnected = true;
      socket.disconnect_data =
          request.contains("data") ? octets_of(request, "data") : socket.disconnect_option;
    }
  }
  calls_.push_back(std::move(call));
}

void Invariants::note_option(Socket& socket, const json& request) {
  const std::string_view option = text_of(request, "option");
  if (option == "SO_LINGER") {
    const json value = request.value("value", json::object());
    socket.hard_close = value.is_object() && value.value("onoff", json(0)) != 0 &&
                        value.value("linger", json(0)) == 0;
  } else if (option == "SO_CONNDATA") {
    socket.connect_option = octets_of(request, "data");
  } else if (option == "SO_DISCDATA") {
    socket.disconnect_option = octets_of(request, "data");
  }
}

void Invariants::on_reply(const Event& event) {
  const long long id = event.body->value("id", 0LL);
  const auto found = std::find_if(calls_.rbegin(), calls_.rend(), [&](const Call& call) {
    return call.id == id && call.actor == event.actor;
  });
  if (found == calls_.rend()) return;
  const Call call = std::move(*found);
  calls_.erase(std::next(found).base());
  on_return_of(call, event);
}

void Invariants::on_return_of(const Call& call, const Event& event) {
  const json& reply = *event.body;
  const std::string_view operation = call.operation;
  check_dead(call, reply);
  if (operation == "socket" && succeeded(reply)) {
    sockets_[call.as] = Socket{};
    ++made_since_close_[event.actor];
  } else if ((operation == "send" || operation == "WSASend") && succeeded(reply)) {
    if (has_flag(*call.request, "MSG_OOB")) return;  // beside the stream
    Socket& socket = sockets_[call.socket];
    const std::string data = octets_of(*call.request, "data");
    if (data.empty()) socket.sent_empty = true;
    const auto taken = reply.at("returns").is_number() ? reply.at("returns").get<long long>() : 0;
    socket.sent.append(data, 0, static_cast<std::size_t>(std::max(0LL, taken)));
    socket.boundaries.push_back(socket.sent.size());
  } else if (is_receive(operation)) {
    receive(call, reply);
  } else if (operation == "closesocket" && succeeded(reply)) {
    sockets_[call.socket].closed = true;
    made_since_close_[event.actor] = 0;
  } else if (operation == "WSAEnumNetworkEvents" && succeeded(reply)) {
    network_events(call, reply);
  } else if (operation == "WSARecvDisconnect") {
    disconnect_data(call, reply);
  } else if (call.disconnects && !succeeded(reply)) {
    sockets_[call.socket].disconnected = false;
    sockets_[call.socket].disconnect_data.reset();
  } else if (operation == "connect" || operation == "WSAConnect") {
    connected(call, reply);
  } else if ((operation == "accept" || operation == "WSAAccept") && succeeded(reply)) {
    accepted(call, event);
  } else if (operation == "getsockname" && succeeded(reply)) {
    sockets_[call.socket].local = text_of(reply, "addr");
    pair_by_address();
  }
}

// Handles are numbers that may be handed out again, so only an actor that has made no socket since
// is held to it.
void Invariants::check_dead(const Call& call, const json& reply) {
  if (!call.on_dead) return;
  if (!succeeded(reply) && !reply.contains("error")) return;  // the call was not made
  const std::string actor = call.socket.substr(0, call.socket.find('/'));
  if (made_since_close_[actor] > 0 || text_of(reply, "error") == "WSAENOTSOCK") return;
  if (call.operation == "WSAGetOverlappedResult") return;  // it asks for an operation that was
  violate("INV-DEAD-HANDLE",
          fmt::format("{} on a closed handle fails with WSAENOTSOCK", call.operation),
          succeeded(reply) ? "it succeeds" : "it fails with " + text_of(reply, "error"));
}

void Invariants::receive(const Call& call, const json& reply) {
  if (has_flag(*call.request, "MSG_OOB")) return;  // beside the stream
  Socket& socket = sockets_[call.socket];
  const bool disconnected = text_of(reply, "error") == "WSAEDISCON";
  const auto sender = sockets_.find(socket.peer);
  const bool may_be_message =
      !socket.peer.empty() && sender != sockets_.end() && sender->second.sent_empty;
  const bool zero = succeeded(reply) && reply.at("returns") == 0 &&
                    call.request->value("length", 0LL) > 0 && !may_be_message;
  if (disconnected || zero) {
    socket.ended = true;
    graceful(call.socket, zero ? "a receive of zero octets" : "WSAEDISCON");
  }
  const std::string data = octets_of(reply, "data");
  if (text_of(reply, "error") == "WSAEMSGSIZE") socket.cut = data.size();
  if (!succeeded(reply) || data.empty()) return;
  if (socket.ended) {
    violate("INV-AFTER-END", "nothing after the graceful end", show_octets(data));
  }
  const auto peer = sockets_.find(socket.peer);
  if (!socket.peer.empty() && peer != sockets_.end()) {
    if (socket.cut) socket.received = behind_the_cut(socket, peer->second, data);
    socket.cut.reset();
    const std::string& sent = peer->second.sent;
    const std::string_view rest =
        std::string_view(sent).substr(std::min(socket.received, sent.size()));
    if (!rest.starts_with(data)) {
      violate("INV-PREFIX", "the next octets that the peer sent: " + show_octets(rest),
              show_octets(data));
    }
  }
  if (!has_flag(*call.request, "MSG_PEEK")) socket.received += data.size();
}

// A message that did not fit may still be there, or its rest, or neither (FLAG-05): where in what
// the peer sent `data` goes on.
std::size_t Invariants::behind_the_cut(const Socket& socket, const Socket& peer,
                                       const std::string& data) {
  const auto next =
      std::upper_bound(peer.boundaries.begin(), peer.boundaries.end(), socket.received);
  const std::size_t rest = socket.received + *socket.cut;
  const std::size_t lost = next == peer.boundaries.end() ? rest : *next;
  for (const std::size_t place : {rest, lost}) {
    if (place <= peer.sent.size() && peer.sent.compare(place, data.size(), data) == 0) return place;
  }
  return socket.received;
}

void Invariants::network_events(const Call& call, const json& reply) {
  const json events = reply.value("network_events", json::object());
  if (!events.is_object() || !events.contains("FD_CLOSE")) return;
  Socket& socket = sockets_[call.socket];
  if (socket.close_indicated) {
    violate("INV-CLOSE-ONCE", "one FD_CLOSE", "a second FD_CLOSE");
  }
  socket.close_indicated = true;
  if (events.at("FD_CLOSE") == 0) graceful(call.socket, "FD_CLOSE with error 0");
}

void Invariants::graceful(const std::string& key, const char* how) {
  const auto peer = sockets_.find(sockets_[key].peer);
  if (sockets_[key].peer.empty() || peer == sockets_.end() || peer->second.finishing) return;
  violate("INV-GRACEFUL", "no graceful end before the peer ended gracefully", how);
}

void Invariants::disconnect_data(const Call& call, const json& reply) {
  const Socket& socket = sockets_[call.socket];
  const auto peer = sockets_.find(socket.peer);
  if (!succeeded(reply) || !call.request->contains("capacity") || socket.peer.empty() ||
      peer == sockets_.end()) {
    return;
  }
  // A call that found no notice yet may come before the peer's data.
  const std::string given = peer->second.disconnect_data.value_or("");
  const std::string data = octets_of(reply, "data");
  const bool noticed = socket.ended || socket.close_indicated;
  if (data == given || (data.empty() && !noticed)) return;
  violate("INV-DISCONNECT-DATA", "what the peer gave: " + show_octets(given), show_octets(data));
}

void Invariants::on_condition(const Event& event) {
  std::vector<const Socket*> callers;
  const std::string caller_id = text_of(*event.body, "caller_id");
  for (const auto& [key, socket] : sockets_) {
    if (socket.connecting && socket.peer.empty()) callers.push_back(&socket);
    if (socket.connecting && !caller_id.empty() && socket.local == caller_id) {
      callers = {&socket};
      break;
    }
  }
  const std::string data = octets_of(*event.body, "caller_data");
  const bool matches = std::any_of(callers.begin(), callers.end(), [&](const Socket* socket) {
    return socket->caller_data.value_or("") == data;
  });
  if (callers.empty() || matches) return;
  violate("INV-CALLER-DATA",
          callers.size() == 1
              ? "the caller's data: " + show_octets(callers.front()->caller_data.value_or(""))
              : "the data of one of the callers",
          show_octets(data));
}

void Invariants::connected(const Call& call, const json& reply) {
  const auto connecting = std::count_if(sockets_.begin(), sockets_.end(),
                                        [](const auto& entry) { return entry.second.connecting; });
  if (!succeeded(reply) || !last_verdict_ || connecting != 1) return;
  const std::string verdict = text_of(**last_verdict_, "verdict");
  if (verdict == "CF_REJECT" && delayed_accept_) {
    violate("INV-REJECTED", "connect fails after CF_REJECT", "connect succeeds");
  }
  if (verdict == "CF_ACCEPT" && reply.contains("callee_data") &&
      reply.at("callee_data").is_string()) {
    const std::string given = octets_of(**last_verdict_, "callee_data");
    const std::string data = octets_of(reply, "callee_data");
    // What the caller's buffer does not hold is a matter for cases.
    const json capacity = call.request->value("callee_capacity", json());
    const bool fits = !capacity.is_number() || json(given.size()) <= capacity;
    if (given != data && fits) {
      violate("INV-CALLEE-DATA", "what the condition function gave: " + show_octets(given),
              show_octets(data));
    }
  }
}

void Invariants::accepted(const Call& call, const Event& event) {
  Socket& socket = sockets_[call.as];
  socket = Socket{};
  ++made_since_close_[event.actor];
  socket.remote = text_of(*event.body, "addr");
  pair_by_address();
  if (!socket.peer.empty()) return;
  std::vector<std::string> callers;
  for (const auto& [key, other] : sockets_) {
    if (other.connecting && other.peer.empty()) callers.push_back(key);
  }
  if (callers.size() == 1) pair(call.as, callers.front());
}

void Invariants::pair(const std::string& a, const std::string& b) {
  sockets_[a].peer = b;
  sockets_[b].peer = a;
}

// An accepted socket's remote name is the caller's local name.
void Invariants::pair_by_address() {
  for (auto& [key, socket] : sockets_) {
    if (socket.connecting || socket.remote.empty() || !socket.peer.empty()) continue;
    for (auto& [other_key, other] : sockets_) {
      if (other.connecting && other.peer.empty() && other.local == socket.remote) {
        pair(key, other_key);
        break;
      }
    }
  }
}

}  // namespace ws2conform
