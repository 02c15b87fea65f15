#include "conformance/model/net.hpp"

#include <algorithm>

#include "conformance/case/octets.hpp"
#include "conformance/model/errors.hpp"
#include "ws2/errors.h"

namespace ws2conform::model {

using ws2::Side;
using ws2::State;

namespace {

// Whether it takes nothing from where it looks, and waits until there is something to see.
bool looks_only(const std::string& op) {
  return op == "WSAWaitForMultipleEvents" || op == "select" || op == "WSAGetOverlappedResult";
}

}  // namespace

Net::Net(std::string name, const ws2::Limits& limits) : name_(std::move(name)), limits_(limits) {
  // Nothing is waited for so long that it times out.
  limits_.timeouts = {ws2::Duration::zero(), ws2::Duration::zero(), ws2::Duration::zero(),
                      ws2::Duration::zero()};
}

Net::Socket& Net::socket(const std::string& key) {
  const auto found = sockets_.find(key);
  if (found == sockets_.end()) throw Outside("there is no socket " + key);
  return found->second;
}

const Net::Socket* Net::find(const std::string& key) const {
  const auto found = sockets_.find(key);
  return found == sockets_.end() ? nullptr : &found->second;
}

Net::Call& Net::innermost(const std::string& actor) {
  return calls_.at(actor).back();
}

const Net::Call* Net::innermost(const std::string& actor) const {
  const auto found = calls_.find(actor);
  return found == calls_.end() || found->second.empty() ? nullptr : &found->second.back();
}

void Net::issue(const std::string& actor, const json& request) {
  if (gone_.count(actor) != 0) throw Outside(actor + " is gone");
  Call call;
  call.request = request;
  call.op = request.at("op");
  if (request.contains("socket")) call.socket = key_of(actor, request.at("socket"));
  const auto done = [&](json reply) { call.reply = std::move(reply); };
  if (auto of_process = process_call(actor, request)) {
    done(std::move(*of_process));
  } else if (auto reply = event_object_call(actor, request)) {
    done(std::move(*reply));
  } else if (call.op == "socket") {
    done(make_socket(actor, request));
  } else if (call.op == "WSAWaitForMultipleEvents") {
    for (const json& name : request.at("events")) {
      if (events_.count(key_of(actor, name)) == 0) throw Outside("there is no such event object");
    }
  } else if (call.op == "select") {
    (void)selected(actor, request);
  } else {
    if (call.socket.empty()) throw Outside(call.op + " is not in the model");
    Socket& s = socket(call.socket);
    const std::string& op = call.op;
    if (op == "WSAGetOverlappedResult") {
      (void)overlapped_result(actor, request);
    } else if (s.closed) {
      done(result(WSAENOTSOCK));
      if (op == "WSAConnect") done(connected_reply(call, WSAENOTSOCK));
      if (op == "WSARecvDisconnect") {
        json reply = result(WSAENOTSOCK);
        const auto room = request.value("capacity", json());
        reply["len"] = room;
        reply["data"] =
            room.is_null()
                ? json()
                : json(to_base64(std::string(room.get<std::size_t>(), static_cast<char>(0xA5))));
        done(std::move(reply));
      }
    } else if (op == "bind") {
      done(bind(s, request));
    } else if (op == "listen") {
      done(listen(s, request));
    } else if (op == "getsockname" || op == "getpeername") {
      done(name_of(s, op == "getpeername"));
    } else if (op == "connect" || op == "WSAConnect") {
      connect(call);
    } else if (op == "closesocket") {
      done(close(call.socket));
    } else if (request.contains("overlapped")) {
      done(start(actor, call.socket, request));
    } else if (op == "send" || op == "WSASend") {
      done(send(s, request));
    } else if (op == "shutdown") {
      done(shutdown(s, request));
    } else if (op == "WSASendDisconnect") {
      done(send_disconnect(s, request));
    } else if (op == "WSARecvDisconnect") {
      done(recv_disconnect(s, request));
    } else if (op == "WSAEventSelect") {
      done(select_events(actor, s, request));
    } else if (op == "WSAEnumNetworkEvents") {
      done(enumerate_events(actor, s, request));
    } else if (op == "getsockopt") {
      done(get_option(s, request));
    } else if (op == "setsockopt") {
      done(set_option(s, request));
    } else if (op == "ioctlsocket") {
      done(control(s, request));
    } else if (op == "WSAIoctl") {
      done(quality(s, request));
    } else if (op != "recv" && op != "WSARecv" && op != "accept" && op != "WSAAccept") {
      throw Outside(op + " is not in the model");
    } else if ((op == "recv" || op == "WSARecv") && !s.pending.empty()) {
      throw Outside("a receive behind an overlapped one");
    }
  }
  calls_[actor].push_back(std::move(call));
}

std::optional<nlohmann::json> Net::looked(const std::string& actor, const Call& call) const {
  if (call.op == "select") return selected(actor, call.request);
  if (call.op == "WSAGetOverlappedResult") return overlapped_result(actor, call.request);
  return waited(actor, call.request);
}

bool Net::ready(const std::string& actor) const {
  const Call* call = innermost(actor);
  if (call == nullptr || call->asking) return false;
  if (call->reply) return true;
  if (looks_only(call->op)) return looked(actor, *call).has_value();
  const Socket& s = *find(call->socket);
  if (call->op == "connect" || call->op == "WSAConnect") return !is_connecting(s);
  if (call->op == "accept" || call->op == "WSAAccept") {
    return s.closed || !s.listening || !s.blocking || free_head(s).has_value() ||
           std::any_of(calls_.at(actor).begin(), calls_.at(actor).end(), [&](const Call& outer) {
             return outer.asking && outer.socket == call->socket;
           });
  }
  return !s.blocking || !receive_would_block(s, call->request);
}

nlohmann::json Net::answer(const std::string& actor) {
  Call& call = innermost(actor);
  json reply;
  if (call.reply) {
    reply = *call.reply;
  } else if (looks_only(call.op)) {
    reply = *looked(actor, call);
  } else if (call.op == "connect" || call.op == "WSAConnect") {
    Socket& s = socket(call.socket);
    s.broken = 0;
    reply = connected_reply(call, s.outcome.value_or(WSAEINTR));
  } else if (call.op == "accept" || call.op == "WSAAccept") {
    reply = accept(actor, call);
    if (reply.contains("condition")) return reply;
  } else {
    reply = receive(socket(call.socket), call.request);
  }
  calls_.at(actor).pop_back();
  return reply;
}

void Net::decide(const std::string& actor, const json& decision) {
  Call& call = innermost(actor);
  json reply = judged(actor, call, decision);
  call.asking.reset();
  call.reply = std::move(reply);
}

void Net::vanish(const std::string& actor) {
  const std::string prefix = actor + "/";
  if (!gone_.insert(actor).second) throw Outside(actor + " is gone");
  calls_.erase(actor);
  for (auto& [key, s] : sockets_) {
    if (key.rfind(prefix, 0) != 0) continue;
    s.closed = true;
    s.listening = false;
    (void)s.record.select(0, {});
  }
  for (std::size_t i = 0; i < links_.size(); ++i) {
    Link& link = links_[i];
    const bool accepts = link.acceptor.empty() ? link.listener.rfind(prefix, 0) == 0
                                               : link.acceptor.rfind(prefix, 0) == 0;
    if (!limits_.delayed_accept && (accepts || link.caller.rfind(prefix, 0) == 0)) {
      throw Outside("what the system makes of a bare connection that its process leaves");
    }
    if (link.caller.rfind(prefix, 0) == 0 && !link.circuit.is_gone(Side::kCaller)) {
      link.circuit.vanish(Side::kCaller);
    }
    if (accepts && !link.circuit.is_gone(Side::kAcceptor)) link.circuit.vanish(Side::kAcceptor);
    settle(i);
  }
}

std::vector<Happening> Net::enabled() const {
  using Kind = Happening::Kind;
  std::vector<Happening> found;
  for (std::size_t i = 0; i < links_.size(); ++i) {
    const Link& link = links_[i];
    for (const Side side : ws2::kBothSides) {
      // Whoever asked first is heard first.
      const bool waits_its_turn =
          side == Side::kAcceptor && !link.placed &&
          std::any_of(links_.begin(), links_.begin() + static_cast<std::ptrdiff_t>(i),
                      [&](const Link& earlier) {
                        return earlier.listener == link.listener && !earlier.placed &&
                               earlier.circuit.can_deliver(Side::kAcceptor);
                      });
      if (link.circuit.can_deliver(side) && !waits_its_turn) {
        found.push_back({Kind::kDeliver, i, side});
      }
      if (link.circuit.can_overtake(side)) found.push_back({Kind::kOvertake, i, side});
      if (link.circuit.can_finish(side)) found.push_back({Kind::kFinish, i, side});
    }
  }
  return found;
}

void Net::apply(const Happening& happening) {
  ws2::Circuit& circuit = links_[happening.link].circuit;
  switch (happening.kind) {
    case Happening::Kind::kDeliver:
      (void)circuit.deliver(happening.side);
      break;
    case Happening::Kind::kOvertake:
      circuit.overtake(happening.side);
      break;
    case Happening::Kind::kFinish:
      circuit.finish(happening.side);
      break;
  }
  settle(happening.link);
}

void Net::settle(std::size_t index) {
  links_[index].circuit.settle();
  place(index);
  links_[index].circuit.settle();
  // A connect that fails leaves the link.
  const std::string caller = links_[index].caller;
  finish_connect(index);
  const Link& link = links_[index];
  for (const std::string& key : {caller, link.acceptor, link.listener}) {
    if (key.empty()) continue;
    serve_overlapped(key);
    note(key);
  }
}

void Net::finish_connect(std::size_t index) {
  Link& link = links_[index];
  if (link.caller.empty()) return;
  Socket& s = socket(link.caller);
  if (s.closed || !is_connecting(s)) return;
  const ws2::Connection& caller = link.circuit.core(Side::kCaller);
  s.outcome = caller.connect_outcome();
  if (!s.outcome) return;
  if (*s.outcome == 0) {
    const ws2::Bytes& data = caller.callee_data();
    if (!s.callee_len.is_null()) {
      s.callee_len = data.size();
      s.callee_data = to_base64(std::string(data.begin(), data.end()));
    }
    return;
  }
  s.broken = *s.outcome;
  s.remote.clear();
  if (!s.bound) s.local.clear();
  s.link.reset();
  link.caller.clear();
}

bool Net::is_acceptable(const Link& link) const {
  switch (link.circuit.core(Side::kAcceptor).state()) {
    case State::kOffered:
      return true;
    case State::kEstablished:
    case State::kRemoteEnded:
    case State::kBothEnded:
      return link.answered;
    default:
      return false;
  }
}

void Net::place(std::size_t index) {
  Link& link = links_[index];
  const Socket& owner = *find(link.listener);
  ws2::Connection& acceptor = link.circuit.core(Side::kAcceptor);
  ws2::Circuit::Sink sink(link.circuit, Side::kAcceptor);
  Socket& listener = sockets_.at(link.listener);
  if (!link.placed && acceptor.state() != State::kAwaitingRequest) {
    link.placed = true;
    if (acceptor.state() == State::kOffered && owner.listening) {
      if (!limits_.delayed_accept || listener.queue.size() < listener.backlog) {
        listener.queue.push_back(index);
        ++listener.requests;
        if (limits_.delayed_accept && !listener.conditional) {
          link.answered = acceptor.accept({}, std::nullopt, sink).ok();
        }
      } else {
        (void)acceptor.reject(ws2::RejectReason::kQueueFull, {}, sink);
      }
    }
  }
  if (link.acceptor.empty() && !link.offered && !is_acceptable(link)) unqueue(index);
}

void Net::unqueue(std::size_t index) {
  auto& queue = sockets_.at(links_[index].listener).queue;
  queue.erase(std::remove(queue.begin(), queue.end(), index), queue.end());
}

std::optional<std::size_t> Net::free_head(const Socket& listener) const {
  if (listener.queue.empty() || links_[listener.queue.front()].deciding) return std::nullopt;
  return listener.queue.front();
}

ws2::Conditions Net::conditions(const Socket& s) const {
  ws2::Conditions so;
  if (s.listening) {
    so.acceptable = free_head(s).has_value();
    so.requests = s.requests;
    return so;
  }
  so.connect_outcome = s.outcome;
  if (!is_connected(s)) return so;
  const ws2::Connection& connection = core(s);
  so.readable = connection.readable();
  so.writable = connection.send_allowed();
  so.qos_changed = connection.qos_changed();
  so.close_indication = connection.close_indication();
  so.arrivals = connection.arrivals();
  return so;
}

void Net::signal(Socket& s, bool recorded) {
  if (!recorded || s.event.empty()) return;
  if (const auto object = events_.find(s.event); object != events_.end()) object->second.set = true;
}

void Net::note(const std::string& key) {
  Socket& s = socket(key);
  if (!s.closed && s.record.mask() != 0) signal(s, s.record.note(conditions(s)));
}

std::map<std::string, Net::View> Net::sockets_of(const std::string& actor) const {
  std::map<std::string, View> found;
  for (const auto& [key, s] : sockets_) {
    if (key.rfind(actor + "/", 0) != 0) continue;
    View view;
    view.listening = s.listening;
    view.connecting = is_connecting(s);
    view.connected = is_connected(s);
    view.closed = s.closed;
    view.blocking = s.blocking;
    view.requests = s.queue.size();
    if (view.connected) {
      view.unread = core(s).available();
      view.ended = core(s).close_indication().has_value();
      view.parting = core(s).disconnect_data().size();
    }
    view.events = s.record.mask();
    view.event = s.event.empty() ? "" : s.event.substr(actor.size() + 1);
    found[key.substr(actor.size() + 1)] = view;
  }
  return found;
}

void Net::write_state(ws2::StateWriter& out) const {
  for (const Link& link : links_) {
    out.put(link.circuit);
    out.put(link.caller.empty());
    out.put(std::string_view(link.acceptor));
    out.put(link.placed);
    out.put(link.answered);
    out.put(link.offered);
    out.put(link.deciding);
  }
  for (const auto& [key, s] : sockets_) {
    out.put(std::string_view(key));
    for (const bool flag : {s.bound, s.listening, s.closed, s.blocking, s.accepted, s.conditional,
                            s.lingers, s.shows_callee}) {
      out.put(flag);
    }
    out.put(s.linger);
    out.put(s.broken);
    out.put(s.link);
    out.put(s.outcome);
    out.put(s.queue.size());
    for (const std::size_t link : s.queue) out.put(link);
    out.put(s.record);
    out.put(std::string_view(s.event));
    out.put(s.qos);
    for (const UserDataOption* data : {&s.connect_data, &s.disconnect_data}) {
      out.put(std::string_view(data->outgoing));
      out.put(data->reserved);
    }
    for (const std::string& name : s.pending) out.put(std::string_view(name));
    for (const auto& [name, value] : s.options) {
      out.put(std::string_view(name));
      out.put(value);
    }
  }
  for (const auto& [key, object] : events_) {
    out.put(object.set);
    out.put(object.closed);
  }
  for (const auto& [key, operation] : operations_) {
    out.put(std::string_view(key));
    out.put(operation.error);
    out.put(std::string_view(operation.data));
  }
  for (const auto& [actor, count] : startups_) out.put(count);
  for (const auto& [actor, calls] : calls_) {
    out.put(calls.size());
    for (const Call& call : calls) {
      out.put(call.asking);
      out.put(std::string_view(call.reply ? call.reply->dump() : ""));
    }
  }
}

}  // namespace ws2conform::model
