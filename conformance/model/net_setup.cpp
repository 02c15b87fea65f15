// Making, naming, connecting, accepting and closing.
#include <algorithm>

#include "conformance/case/octets.hpp"
#include "conformance/model/errors.hpp"
#include "conformance/model/fields.hpp"
#include "conformance/model/net.hpp"
#include "ws2/errors.h"

namespace ws2conform::model {
namespace {

using nlohmann::json;
using ws2::Side;

json filler(std::size_t count) {
  return to_base64(std::string(count, static_cast<char>(0xA5)));
}

}  // namespace

std::string Net::new_address(const std::string& family) {
  return (family == "AF_INET6" ? "[::1]:" : "127.0.0.1:") + std::to_string(++next_port_);
}

json Net::make_socket(const std::string& actor, const json& request) {
  if (request.value("provider", name_) != name_) throw Outside("another provider");
  Socket made(limits_.edition);
  made.family = request.value("family", "AF_INET");
  made.conditional = limits_.delayed_accept;
  sockets_.insert_or_assign(key_of(actor, request.at("as")), made);
  return {{"returns", request.at("as")}};
}

json Net::bind(Socket& s, const json& request) {
  if (s.bound || s.listening || s.link) return result(WSAEINVAL);
  const std::string address = request.at("addr");
  if (address != "127.0.0.1:0" && address != "[::1]:0") {
    throw Outside("binding to " + address + " is not in the model");
  }
  if ((address.front() == '[') != (s.family == "AF_INET6")) return result(WSAEFAULT);
  s.local = new_address(s.family);
  s.bound = true;
  return result(0);
}

json Net::listen(Socket& s, const json& request) {
  constexpr std::size_t kDefault = 200;
  constexpr long long kMost = 1024;
  if (s.listening) return result(0);
  if (s.link) return result(is_connected(s) ? WSAEISCONN : WSAEINVAL);
  if (!s.bound) return result(WSAEINVAL);
  s.listening = true;
  const json backlog = request.value("backlog", json("SOMAXCONN"));
  s.backlog = kDefault;
  if (backlog.is_number()) {
    const auto wanted = backlog.get<long long>();
    s.backlog = static_cast<std::size_t>(std::clamp(wanted < 0 ? -wanted : wanted, 1LL, kMost));
  }
  return result(0);
}

json Net::name_of(const Socket& s, bool peer) const {
  if (peer) {
    if (!is_connected(s)) return result(WSAENOTCONN);
    return {{"returns", 0}, {"addr", s.remote}};
  }
  if (!s.bound && !s.listening && !s.link) return result(WSAEINVAL);
  return {{"returns", 0}, {"addr", s.local}};
}

json Net::connected_reply(const Call& call, int error) const {
  json reply = result(error);
  if (call.op != "WSAConnect") return reply;
  const json room = call.request.value("callee_capacity", json());
  reply["callee_len"] = room;
  reply["callee_data"] = room.is_null() ? json() : filler(room.get<std::size_t>());
  const Socket* s = find(call.socket);
  if (error == 0 && !room.is_null()) {
    reply["callee_len"] = s->callee_len;
    reply["callee_data"] = s->callee_data;
  }
  return reply;
}

void Net::connect(Call& call) {
  Socket& s = socket(call.socket);
  const json& request = call.request;
  const auto fails = [&](int error) { call.reply = connected_reply(call, error); };
  const std::size_t needed = s.family == "AF_INET6" ? 28 : 16;
  if (request.value("addr_length", needed) < needed) return fails(WSAEFAULT);
  if (request.contains("gqos")) return fails(WSAEINVAL);
  if (s.listening) return fails(WSAEINVAL);
  if (is_connecting(s)) return fails(WSAEALREADY);
  if (is_connected(s)) return fails(WSAEISCONN);
  if (s.broken != 0) return fails(std::exchange(s.broken, 0));
  const std::string to = request.at("addr");
  if ((to.front() == '[') != (s.family == "AF_INET6")) {
    throw Outside("an address of another family");
  }
  if (to.substr(to.rfind(':')) == ":0" || to.find("0.0.0.0") == 0 || to.find("[::]") == 0) {
    return fails(WSAEADDRNOTAVAIL);
  }
  std::optional<ws2::Qos> qos = s.qos;
  if (const auto stated = qos_of(request, "sqos")) {
    if (!limits_.qos) return fails(WSAEOPNOTSUPP);
    if (const int error = ws2::check(*stated, *limits_.qos); error != 0) return fails(error);
    qos = ws2::changed(s.qos, *stated);
  }
  Link link(limits_);
  link.caller = call.socket;
  for (const auto& [key, other] : sockets_) {
    if (other.listening && !other.closed && other.local == to) link.listener = key;
  }
  std::optional<std::size_t> room;
  if (s.connect_data.reserved > 0) room = s.connect_data.reserved;
  if (request.value("callee_capacity", json()).is_number())
    room = request.at("callee_capacity").get<std::size_t>();
  // LEG-06: the arguments go before the options.
  std::string caller_data = octets_of(request, "caller_data").value_or("");
  if (caller_data.empty()) caller_data = s.connect_data.outgoing;
  ws2::Circuit::Sink sink(link.circuit, Side::kCaller);
  const auto asked =
      link.circuit.core(Side::kCaller).request(view_of(caller_data), room, qos, {}, sink);
  if (!asked.ok()) return fails(asked.error());
  s.qos = qos;
  s.record.after_connect();
  s.outcome.reset();
  s.shows_callee = call.op == "WSAConnect" && !s.blocking;
  s.callee_len = request.value("callee_capacity", json());
  s.callee_data = room ? filler(*room) : json();
  if (link.listener.empty()) {
    s.outcome = WSAECONNREFUSED;
    if (!s.blocking) s.broken = WSAECONNREFUSED;
    note(call.socket);
    return fails(s.blocking ? WSAECONNREFUSED : WSAEWOULDBLOCK);
  }
  if (s.local.empty()) s.local = new_address(s.family);
  s.remote = to;
  link.caller_name = s.local;
  link.callee_name = to;
  s.link = links_.size();
  s.side = Side::kCaller;
  s.accepted = false;
  links_.push_back(std::move(link));
  (void)links_.back().circuit.connect();
  settle(links_.size() - 1);
  if (!s.blocking) fails(WSAEWOULDBLOCK);
}

json Net::accept(const std::string& actor, Call& call) {
  Socket& s = socket(call.socket);
  const json& request = call.request;
  if (s.closed) return result(WSAENOTSOCK);
  if (!s.listening) return result(WSAEINVAL);
  const auto& calls = calls_.at(actor);
  if (std::any_of(calls.begin(), calls.end(),
                  [&](const Call& outer) { return outer.asking && outer.socket == call.socket; })) {
    return result(WSAEINPROGRESS);
  }
  const auto finish = [&](json reply) {
    signal(s, s.record.after_accept(conditions(s)));
    return reply;
  };
  const auto head = free_head(s);
  if (!head) return finish(result(WSAEWOULDBLOCK));
  const bool has_room = !request.value("no_addr", false) && !request.value("no_addrlen", false);
  const std::size_t needed = s.family == "AF_INET6" ? 28 : 16;
  if (has_room && request.value("addr_capacity", needed) < needed) return finish(result(WSAEFAULT));
  if (!request.value("condition", false)) {
    return finish(take(actor, call, *head, s.connect_data.outgoing, {}, false));
  }
  Link& link = links_[*head];
  if (!is_acceptable(link)) return finish(take(actor, call, *head, "", {}, true));
  link.offered = true;
  link.deciding = true;
  call.asking = *head;
  const ws2::Bytes& data = link.circuit.core(Side::kAcceptor).caller_data();
  return {{"condition",
           {{"caller_id", link.caller_name},
            {"caller_data",
             data.empty() ? json() : json(to_base64(std::string(data.begin(), data.end())))},
            {"sqos", shown_qos(link.circuit.core(Side::kAcceptor).peer_qos())},
            {"gqos", nullptr},
            {"callee_id", link.callee_name},
            {"callee_capacity", link.answered ? 0 : limits_.callee_data.value_or(0)},
            {"callback_data", request.value("callback_data", 0LL)},
            {"same_thread", true}}}};
}

json Net::judged(const std::string& actor, Call& call, const json& decision) {
  const std::size_t index = *call.asking;
  links_[index].deciding = false;
  Socket& s = socket(call.socket);
  if (s.closed) return result(WSAEINTR);
  const json verdict = decision.at("verdict");
  json reply;
  bool deferred = false;
  if (verdict == "CF_ACCEPT" || verdict == 0 || verdict == "0") {
    const std::string data = octets_of(decision, "callee_data").value_or("");
    const std::optional<ws2::Qos>& asked = links_[index].circuit.core(Side::kAcceptor).peer_qos();
    const std::size_t room = links_[index].answered ? 0 : limits_.callee_data.value_or(0);
    std::optional<ws2::Qos> qos = asked;
    if (const auto altered = qos_of(decision, "sqos")) {
      if (!asked) throw Outside("there is no lpSQOS to alter");
      qos->sending = altered->sending;
      qos->receiving = altered->receiving;
    }
    int error = data.size() > room ? WSAEFAULT : 0;
    if (error == 0 && qos != asked) error = ws2::check(*qos, *limits_.qos);
    // SG_UNCONSTRAINED_GROUP and SG_CONSTRAINED_GROUP make one; another number names none.
    constexpr int kMakesAGroup = 2;
    if (error == 0 && decision.value("group", 0) > kMakesAGroup) error = WSAEINVAL;
    if (qos == asked) qos.reset();
    if (qos) qos = ws2::mirrored(ws2::changed(asked, *qos));
    reply = error != 0 ? result(error) : take(actor, call, index, data, qos, true);
  } else if (verdict == "CF_REJECT" || verdict == 1 || verdict == "1") {
    Link& link = links_[index];
    ws2::Connection& acceptor = link.circuit.core(Side::kAcceptor);
    ws2::Circuit::Sink sink(link.circuit, Side::kAcceptor);
    if (link.answered) {
      acceptor.abort();
    } else {
      (void)acceptor.reject(ws2::RejectReason::kRefused, {}, sink);
    }
    unqueue(index);
    settle(index);
    reply = result(WSAECONNREFUSED);
  } else if (verdict == "CF_DEFER" || verdict == 2 || verdict == "2") {
    deferred = true;
    reply = result(WSATRY_AGAIN);
  } else {
    reply = result(WSAEINVAL);
  }
  if (!deferred) signal(s, s.record.after_accept(conditions(s)));
  return reply;
}

json Net::take(const std::string& actor, const Call& call, std::size_t index,
               const std::string& callee_data, const std::optional<ws2::Qos>& qos,
               bool conditional) {
  Link& link = links_[index];
  ws2::Connection& acceptor = link.circuit.core(Side::kAcceptor);
  ws2::Circuit::Sink sink(link.circuit, Side::kAcceptor);
  int error = 0;
  if (!link.answered) {
    error = acceptor.accept(view_of(callee_data), qos, sink).error();
  } else if (!is_acceptable(link)) {
    error = WSAECONNRESET;
  } else if (qos) {
    // Connected already: it comes as a change.
    (void)acceptor.set_qos(*qos, sink);
  }
  if (error != 0) {
    if (!is_acceptable(link)) unqueue(index);
    settle(index);
    return result(error == WSAEACCES && !conditional ? WSAECONNRESET : error);
  }
  unqueue(index);
  const Socket& listener = socket(call.socket);
  Socket made(limits_.edition);
  made.accepted = true;
  made.link = index;
  made.side = Side::kAcceptor;
  made.family = listener.family;
  made.local = link.callee_name;
  made.remote = link.caller_name;
  made.blocking = listener.blocking;
  made.lingers = listener.lingers;
  made.linger = listener.linger;
  made.conditional = listener.conditional;
  made.options = listener.options;
  made.connect_data.reserved = listener.connect_data.reserved;
  made.disconnect_data = listener.disconnect_data;
  made.event = listener.event;
  const std::string key = key_of(actor, call.request.at("as"));
  link.acceptor = key;
  Socket& accepted = sockets_.insert_or_assign(key, std::move(made)).first->second;
  if (!accepted.event.empty()) {
    signal(accepted, accepted.record.select(listener.record.mask(), conditions(accepted)));
  }
  settle(index);
  json reply = {{"returns", call.request.at("as")}, {"addr", links_[index].caller_name}};
  const bool no_length =
      call.request.value("no_addr", false) || call.request.value("no_addrlen", false);
  if (no_length) {
    reply["addr"] = nullptr;
  } else {
    reply["addr_length"] = accepted.family == "AF_INET6" ? 28 : 16;
  }
  return reply;
}

json Net::close(const std::string& key) {
  Socket& s = socket(key);
  const bool graceful_wait = s.lingers && s.linger > 0;
  if (is_connected(s) && graceful_wait && !s.blocking && !links_[*s.link].circuit.is_gone(s.side)) {
    return result(WSAEWOULDBLOCK);
  }
  s.closed = true;
  abort_overlapped(key);
  s.event.clear();
  (void)s.record.select(0, {});
  if (s.listening) {
    close_listener(key);
  } else if (s.link) {
    ws2::Circuit::Sink sink(links_[*s.link].circuit, s.side);
    if (s.lingers && s.linger == 0) {
      core(s).abort();
    } else {
      if (const auto data = standing_disconnect_data(s)) (void)core(s).send_disconnect(data, sink);
      core(s).close({}, sink);
    }
    settle(*s.link);
  }
  return result(0);
}

void Net::close_listener(const std::string& key) {
  Socket& s = socket(key);
  s.listening = false;
  s.queue.clear();
  for (std::size_t i = 0; i < links_.size(); ++i) {
    Link& link = links_[i];
    if (link.listener != key || !link.acceptor.empty()) continue;
    ws2::Connection& acceptor = link.circuit.core(Side::kAcceptor);
    ws2::Circuit::Sink sink(link.circuit, Side::kAcceptor);
    if (acceptor.state() == ws2::State::kAwaitingRequest ||
        (is_acceptable(link) && link.answered)) {
      acceptor.abort();
    } else if (is_acceptable(link)) {
      (void)acceptor.reject(ws2::RejectReason::kListenerGone, {}, sink);
    }
    link.placed = true;
    settle(i);
  }
}

}  // namespace ws2conform::model
