// Calls about one thing, in an order in which chance alone would hardly ever make them.
#include <algorithm>

#include "conformance/walks/generator.hpp"

namespace ws2conform::walks {
namespace {

using Names = std::vector<std::string>;

}  // namespace

const std::vector<Generator::Scene>& Generator::scenes() {
  static const std::vector<Scene> kScenes = {
      &Generator::scene_of_peeking,        &Generator::scene_of_messages,
      &Generator::scene_of_the_end,        &Generator::scene_of_the_end,
      &Generator::scene_of_crossing,       &Generator::scene_of_too_much,
      &Generator::scene_of_shutdown,       &Generator::scene_of_shutdown,
      &Generator::scene_of_closing,        &Generator::scene_of_lingering,
      &Generator::scene_of_the_dead,       &Generator::scene_of_connecting_again,
      &Generator::scene_of_another_socket, &Generator::scene_of_readiness,
      &Generator::scene_of_overlapped,     &Generator::scene_of_the_provider,
      &Generator::scene_of_data_told,      &Generator::scene_of_data_told,
      &Generator::scene_of_the_end_told,   &Generator::scene_of_the_end_told,
      &Generator::scene_of_selecting,      &Generator::scene_of_selecting,
      &Generator::scene_of_enumerating,    &Generator::scene_of_one_object,
      &Generator::scene_of_quality_told};
  return kScenes;
}

// Who is at the other end. Names of sockets are alike at both ends, those of an actor aside.
End Generator::peer_of(const Draft& draft, const End& own) {
  const std::string first = draft.actors.front();
  if (own.actor != "server") return {"server", own.socket == "client" ? "server" : own.socket};
  if (first == "alice") return {own.socket == "bob" ? "bob" : "alice", own.socket};
  return {first, own.socket == "server" ? first : own.socket};
}

void Generator::say(Draft& draft, const End& end, const std::string& operation, Fields fields) {
  fields.insert(fields.begin(), {"socket", end.socket});
  add(draft, end.actor, operation, std::move(fields));
}

void Generator::scene_of_peeking(Draft& draft, const End& own, const End& peer) {
  say(draft, own, "send", {{"data", some_data()}});
  const std::string receives = chance(50) ? "recv" : "WSARecv";
  if (chance(60)) say(draft, peer, receives, {{"flags", "MSG_PEEK"}});
  if (chance(60)) say(draft, peer, receives, {{"length", "0"}});
  if (chance(30)) say(draft, peer, "ioctlsocket", {{"command", "FIONREAD"}});
  say(draft, peer, receives, {{"length", one_of<std::string>({"1", "2", "4096"})}});
  say(draft, peer, receives);
}

void Generator::scene_of_messages(Draft& draft, const End& own, const End& peer) {
  if (chance(30)) say(draft, own, "send", {{"data", ""}});
  for (std::size_t sends = 1 + below(3); sends > 0; --sends) {
    say(draft, own, "WSASend", {{"data", some_data()}});
  }
  const std::string receives = chance(50) ? "recv" : "WSARecv";
  if (chance(50)) say(draft, peer, receives, {{"length", "1"}});
  for (std::size_t i = 0; i < 3; ++i) say(draft, peer, receives);
}

// Data, the end with data of its own, what the peer finds, and its answer.
void Generator::scene_of_the_end(Draft& draft, const End& own, const End& peer) {
  const std::size_t limit = limits_.disconnect_data.value_or(4);
  const bool reads_first = chance(60);
  const bool has_data = limits_.disconnect_data && chance(75);
  if (chance(60)) say(draft, own, "send", {{"data", some_data()}});
  json parting = has_data ? octets(limit) : json();
  say(draft, own, "WSASendDisconnect", parting.is_null() ? Fields{} : Fields{{"data", parting}});
  if (chance(25)) say(draft, own, "WSASendDisconnect", {{"data", "again"}});
  if (chance(40)) say(draft, own, "send", {{"data", "late"}});
  if (reads_first) {
    for (std::size_t i = 0; i < 3; ++i) say(draft, peer, chance(50) ? "recv" : "WSARecv");
  }
  if (chance(30)) say(draft, peer, "WSARecvDisconnect", {{"capacity", near(3)}});
  if (chance(80)) say(draft, peer, "WSARecvDisconnect", {{"capacity", "1024"}});
  if (chance(40)) say(draft, peer, "WSARecvDisconnect", {{"capacity", "1024"}});
  if (chance(50)) say(draft, peer, "recv");
  if (chance(50)) say(draft, peer, "send", {{"data", "answer"}});
  if (chance(60)) {
    say(draft, peer, "WSASendDisconnect",
        limits_.disconnect_data ? Fields{{"data", "farewell"}} : Fields{});
    say(draft, own, chance(50) ? "recv" : "WSARecv");
    say(draft, own, "WSARecvDisconnect", {{"capacity", "1024"}});
  }
  if (chance(40)) say(draft, own, "closesocket");
  if (chance(30)) say(draft, peer, "getpeername");
}

void Generator::scene_of_crossing(Draft& draft, const End& own, const End& peer) {
  const Fields data = limits_.disconnect_data ? Fields{{"data", "mine"}} : Fields{};
  say(draft, own, "WSASendDisconnect", data);
  say(draft, peer, "WSASendDisconnect", data);
  for (const End& end : {own, peer}) {
    if (chance(50)) say(draft, end, "recv");
    say(draft, end, "WSARecvDisconnect", {{"capacity", "1024"}});
  }
}

// What fails changes nothing.
void Generator::scene_of_too_much(Draft& draft, const End& own, const End& peer) {
  const std::size_t limit = limits_.disconnect_data.value_or(0);
  switch (below(4)) {
    case 0:
      say(draft, own, "shutdown", {{"how", one_of<std::string>({"3", "7"})}});
      break;
    case 1:
      say(draft, own, "connect");
      break;
    default:
      say(draft, own, "WSASendDisconnect", {{"data", {{"pattern", std::to_string(limit + 1)}}}});
  }
  say(draft, own, "send", {{"data", "still"}});
  say(draft, peer, "recv");
  say(draft, peer, "send", {{"data", "here"}});
  say(draft, own, "recv");
}

void Generator::scene_of_shutdown(Draft& draft, const End& own, const End& peer) {
  if (chance(30)) say(draft, peer, "send", {{"data", "unread"}});
  const auto how = one_of<std::string>({"SD_SEND", "SD_RECEIVE", "SD_BOTH"});
  say(draft, own, "shutdown", {{"how", how}});
  if (chance(40)) say(draft, own, "shutdown", {{"how", how}});
  if (chance(60)) say(draft, own, chance(50) ? "recv" : "WSARecv");
  if (chance(60)) say(draft, own, chance(50) ? "send" : "WSASend", {{"data", "more"}});
  say(draft, peer, "send", {{"data", "still"}});
  say(draft, own, chance(50) ? "recv" : "WSARecv");
  say(draft, peer, "recv");
  if (chance(50)) say(draft, own, "getpeername");
  if (chance(40)) say(draft, own, "WSARecvDisconnect", {{"capacity", "64"}});
  if (chance(40)) say(draft, own, "closesocket");
}

// What was sent before is found, and the end is as it was made.
void Generator::scene_of_closing(Draft& draft, const End& own, const End& peer) {
  if (chance(60)) {
    // So long that nobody waits for it, and no time at all.
    const auto seconds = one_of<std::string>({"0", "0", "30"});
    say(draft, own, "setsockopt",
        {{"option", "SO_LINGER"}, {"value", {{"onoff", "1"}, {"linger", seconds}}}});
  }
  if (chance(50)) say(draft, own, "send", {{"data", some_data()}});
  if (chance(15)) {
    add(draft, own.actor, "vanish");
  } else {
    say(draft, own, "closesocket");
  }
  for (std::size_t i = 0; i < 3; ++i) say(draft, peer, chance(50) ? "recv" : "WSARecv");
  if (chance(50)) say(draft, peer, "WSARecvDisconnect", {{"capacity", "64"}});
  if (chance(50)) say(draft, peer, "send", {{"data", "to nobody"}});
}

void Generator::scene_of_lingering(Draft& draft, const End& own, const End&) {
  const auto set = [&](const char* option, const json& value) {
    say(draft, own, "setsockopt", {{"option", option}, {"value", value}});
  };
  const auto get = [&](const char* option) { say(draft, own, "getsockopt", {{"option", option}}); };
  if (chance(70)) set("SO_LINGER", {{"onoff", "1"}, {"linger", "9"}});
  if (chance(30)) get("SO_DONTLINGER");
  set("SO_DONTLINGER", "1");
  get("SO_LINGER");
  set("SO_DONTLINGER", "0");
  get("SO_LINGER");
  if (chance(50)) set("SO_LINGER", {{"onoff", "0"}, {"linger", "5"}});
  if (chance(50)) get("SO_DONTLINGER");
}

// A handle after closesocket is no socket, whatever it is used for.
void Generator::scene_of_the_dead(Draft& draft, const End& own, const End&) {
  const std::vector<std::pair<const char*, Fields>> calls = {
      {"closesocket", {}},
      {"connect", {}},
      {"getsockname", {}},
      {"getpeername", {}},
      {"send", {{"data", "x"}}},
      {"recv", {}},
      {"shutdown", {{"how", "SD_SEND"}}},
      {"WSASendDisconnect", {}},
      {"WSARecvDisconnect", {}},
      {"setsockopt", {{"option", "SO_KEEPALIVE"}, {"value", "1"}}},
      {"accept", {{"as", new_name("odd")}}},
      {"listen", {}}};
  say(draft, own, "closesocket");
  for (std::size_t i = 0; i < 6; ++i) {
    const auto& [call, fields] = one_of(calls);
    if (call == std::string("accept") && i > 0) continue;
    say(draft, own, call, fields);
  }
  const std::string event = new_name("event");
  add(draft, own.actor, "WSACreateEvent", {{"as", event}});
  say(draft, own, "WSAEventSelect", {{"event", event}, {"network_events", Names{"FD_READ"}}});
}

void Generator::scene_of_connecting_again(Draft& draft, const End& own, const End& peer) {
  say(draft, own, chance(50) ? "connect" : "WSAConnect");
  if (chance(50)) say(draft, own, "listen");
  if (chance(40)) say(draft, own, "accept", {{"as", new_name("odd")}});
  if (chance(40)) say(draft, own, "bind", {{"addr", "loopback"}});
  say(draft, own, "send", {{"data", "still"}});
  say(draft, peer, "recv");
  if (chance(50)) say(draft, own, "getpeername");
  if (chance(50)) say(draft, peer, "getpeername");
  if (chance(50)) say(draft, own, "getsockname");
}

// One that was never connected.
void Generator::scene_of_another_socket(Draft& draft, const End& own, const End& peer) {
  const End fresh{own.actor, new_name("fresh")};
  add(draft, own.actor, "socket", {{"as", fresh.socket}});
  const std::vector<std::pair<const char*, Fields>> calls = {
      {"send", {{"data", "x"}}},
      {"recv", {}},
      {"WSARecv", {}},
      {"shutdown", {{"how", "SD_BOTH"}}},
      {"WSASendDisconnect", {}},
      {"WSARecvDisconnect", {{"capacity", "64"}}},
      {"getpeername", {}},
      {"getsockname", {}},
      {"listen", {{"backlog", "0"}}},
      {"accept", {{"as", new_name("odd")}}},
      {"connect", {{"addr_length", "4"}}}};
  for (std::size_t i = 0; i < 5; ++i) {
    const auto& [call, fields] = one_of(calls);
    if (call == std::string("accept") && i > 0) continue;
    say(draft, fresh, call, fields);
  }
  if (chance(60)) {
    say(draft, fresh, "bind", {{"addr", "loopback"}});
    say(draft, fresh, "listen", {{"backlog", one_of<std::string>({"-3", "0", "1"})}});
    if (chance(50)) say(draft, fresh, "listen");
    if (chance(50)) say(draft, fresh, "connect");
    if (chance(50)) say(draft, fresh, "getpeername");
    if (chance(30)) say(draft, fresh, "shutdown", {{"how", "SD_SEND"}});
  }
  say(draft, fresh, "closesocket");
  say(draft, own, "send", {{"data", "still"}});
  say(draft, peer, "recv");
}

void Generator::scene_of_readiness(Draft& draft, const End& own, const End& peer) {
  const Names names = {own.socket};
  const auto look = [&] {
    add(draft, own.actor, "select",
        {{"read", names}, {"write", names}, {"except", names}, {"timeout", "0"}});
  };
  look();
  say(draft, peer, "send", {{"data", some_data()}});
  add(draft, own.actor, "select", {{"read", names}});
  say(draft, own, "recv", {{"length", one_of<std::string>({"1", "4096"})}});
  if (chance(60)) look();
  say(draft, peer, chance(50) ? "WSASendDisconnect" : "closesocket");
  add(draft, own.actor, "select", {{"read", names}});
  say(draft, own, chance(50) ? "recv" : "WSARecv");
  if (chance(60)) look();
}

void Generator::scene_of_overlapped(Draft& draft, const End& own, const End& peer) {
  const std::string event = new_name("event");
  const std::string operation = new_name("operation");
  add(draft, own.actor, "WSACreateEvent", {{"as", event}});
  if (chance(25)) {
    say(draft, own, "WSASend",
        {{"data", some_data()}, {"overlapped", operation}, {"event", event}});
  } else {
    say(draft, own, "WSARecv",
        {{"overlapped", operation},
         {"event", event},
         {"length", one_of<std::string>({"3", "64", "4096"})}});
  }
  const Fields result = {{"overlapped", operation}};
  if (chance(30)) say(draft, own, "WSAGetOverlappedResult", result);
  const std::size_t kind = below(4);
  if (kind < 2) say(draft, peer, "send", {{"data", some_data()}});
  if (kind == 2) say(draft, peer, "WSASendDisconnect");
  if (kind == 3) say(draft, own, "closesocket");
  add(draft, own.actor, "WSAWaitForMultipleEvents", {{"events", Names{event}}});
  say(draft, own, "WSAGetOverlappedResult", result);
}

void Generator::scene_of_the_provider(Draft& draft, const End& own, const End&) {
  add(draft, own.actor, "WSAEnumProtocols");
  say(draft, own, "getsockopt", {{"option", "SO_PROTOCOL_INFOA"}});
  if (chance(50)) say(draft, own, "getsockopt", {{"option", "SO_MAX_MSG_SIZE"}});
  if (chance(50)) say(draft, own, "getsockopt", {{"option", "SO_TYPE"}});
  for (const char* option : {"SO_CONNDATA", "SO_DISCDATA"}) {
    if (chance(50)) say(draft, own, "getsockopt", {{"option", option}});
    if (chance(40)) say(draft, own, "setsockopt", {{"option", option}, {"data", "old"}});
  }
  if (limits_.qos) return;
  const Names commands = {"SIO_GET_QOS", "SIO_SET_QOS"};
  const std::string& command = one_of(commands);
  Fields asked = {{"command", command}};
  if (command == "SIO_SET_QOS") asked.emplace_back("qos", quality());
  say(draft, own, "WSAIoctl", asked);
}

}  // namespace ws2conform::walks
