// What walks can begin with besides a request and its answer.
#include <algorithm>

#include "conformance/walks/generator.hpp"

namespace ws2conform::walks {
namespace {

using Names = std::vector<std::string>;

}  // namespace

// The client asks for the server's address first.
void Generator::looked_up(Draft& draft) {
  if (chance(30)) {
    add(draft, "client", "getaddrinfo",
        {{"host", "127.0.0.1"}, {"service", "no-such-service-anywhere"}});
  }
  const bool is_6 = draft.family == "AF_INET6";
  add(draft, "client", "getaddrinfo",
      {{"host", is_6 ? "::1" : "127.0.0.1"}, {"service", "$listener"}});
  request_and_answer(draft, "client", "client", "server");
}

// Nobody listens any more, whatever is tried.
void Generator::refused(Draft& draft) {
  add(draft, "server", "closesocket", {{"socket", "listener"}});
  const std::size_t kind = below(3);
  std::string event;
  if (kind == 1) add(draft, "client", "ioctlsocket", {{"command", "FIONBIO"}, {"argument", "1"}});
  if (kind == 2) event = selected_event(draft, {"client", "client"}, {"FD_CONNECT", "FD_CLOSE"});
  add(draft, "client", chance(50) ? "connect" : "WSAConnect");
  if (kind == 1) {
    const Names own = {"client"};
    add(draft, "client", "select", {{"write", own}, {"except", own}});
    if (chance(50)) add(draft, "client", "getsockopt", {{"option", "SO_ERROR"}});
  }
  if (kind == 2) told(draft, {"client", "client"}, event);
  for (std::size_t again = 1 + below(2); again > 0; --again) add(draft, "client", "connect");
  if (chance(50)) add(draft, "client", "getpeername");
  if (chance(50)) add(draft, "client", "send", {{"data", "x"}});
}

// A connect that does not wait, and select, which tells what became of it.
void Generator::told_by_select(Draft& draft) {
  add(draft, "client", "ioctlsocket", {{"command", "FIONBIO"}, {"argument", "1"}});
  if (chance(30)) {
    const Names queue = {"listener"};
    add(draft, "server", "select", {{"read", queue}, {"timeout", "0"}});
  }
  request(draft, "client", "client");
  if (chance(30)) add(draft, "client", chance(50) ? "connect" : "send", {});
  if (chance(30)) add(draft, "server", "select", {{"read", Names{"listener"}}});
  answer(draft, "server");
  const Names own = {"client"};
  add(draft, "client", "select", {{"read", own}, {"write", own}, {"except", own}});
  if (chance(50)) add(draft, "client", "getpeername");
  if (chance(50)) add(draft, "client", "connect");
}

// A request that its caller withdraws, and another behind it.
void Generator::withdrawn(Draft& draft) {
  draft.actors = {"alice", "bob", "server"};
  add(draft, "alice", "ioctlsocket", {{"command", "FIONBIO"}, {"argument", "1"}});
  request(draft, "alice", "alice");
  if (chance(70) || !limits_.delayed_accept) {
    add(draft, "server", "WSAAccept", {{"as", "alice"}, {"condition", "true"}});
    add(draft, "server", "condition", {{"verdict", "CF_DEFER"}});
  }
  if (chance(50)) {
    add(draft, "alice", "closesocket");
  } else {
    add(draft, "alice", "vanish");
  }
  request(draft, "bob", "bob");
  const std::size_t connect = draft.steps.size() - 1;
  // The first may be told to whoever accepts it.
  if (chance(70)) add(draft, "server", "accept", {{"as", new_name("odd")}});
  answer(draft, "bob");
  (limits_.delayed_accept ? draft.steps[connect].until : draft.steps[connect].by) =
      draft.steps.back().id;
}

void Generator::nobody_waits(Draft& draft) {
  add(draft, "server", "ioctlsocket",
      {{"socket", "listener"}, {"command", "FIONBIO"}, {"argument", "1"}});
  if (chance(70)) {
    add(draft, "server", "WSAAccept", {{"as", new_name("odd")}, {"condition", "true"}});
  }
  if (chance(70)) add(draft, "server", "accept", {{"as", new_name("odd")}});
  const Fields listener = {{"socket", "listener"}};
  for (const char* call : {"connect", "getpeername", "listen", "getsockname", "recv"}) {
    if (chance(40)) add(draft, "server", call, listener);
  }
  if (chance(40)) add(draft, "server", "shutdown", {{"socket", "listener"}, {"how", "SD_BOTH"}});
  if (chance(40)) {
    add(draft, "server", "setsockopt",
        {{"socket", "listener"}, {"option", "SO_CONDITIONAL_ACCEPT"}, {"value", "0"}});
  }
  if (chance(40)) add(draft, "server", "send", {{"socket", "listener"}, {"data", "x"}});
}

// Several connections at once, each with an end of its own.
void Generator::several_ends(Draft& draft) {
  constexpr std::size_t kConnections = 3;
  const bool one_by_one = chance(30);
  Names names;
  const auto end = [&](const std::string& name) {
    const End server{"server", name};
    const End client{"client", name};
    const bool is_servers = chance(70);
    const End& ends = is_servers ? server : client;
    const End& finds = is_servers ? client : server;
    say(draft, ends, "WSASendDisconnect",
        limits_.disconnect_data ? Fields{{"data", "end of " + name}} : Fields{});
    if (chance(50)) say(draft, finds, "recv");
    say(draft, finds, "WSARecvDisconnect", {{"capacity", "1024"}});
  };
  for (std::size_t i = 0; i < kConnections; ++i) {
    const std::string name = new_name("one");
    add(draft, "client", "socket", {{"as", name}});
    request_and_answer(draft, "client", name, name);
    if (one_by_one) end(name);
    names.push_back(name);
  }
  if (one_by_one) return;
  std::shuffle(names.begin(), names.end(), random_);
  for (const std::string& name : names) end(name);
}

// The quality that is set before and the one that the connect states; what both ends hold then.
void Generator::quality_before(Draft& draft) {
  const auto control = [&](const std::string& actor, Fields fields) {
    add(draft, actor, "WSAIoctl", std::move(fields));
  };
  if (chance(60)) {
    add(draft, "client", "bind", {{"addr", "loopback"}});
    control("client", {{"command", "SIO_SET_QOS"}, {"qos", quality()}});
    if (chance(40)) control("client", {{"command", "SIO_GET_QOS"}});
  }
  Fields asked;
  if (chance(60)) asked.emplace_back("sqos", quality());
  if (chance(20) && limits_.caller_data) asked.emplace_back("caller_data", "hello");
  add(draft, "client", "WSAConnect", asked);
  const std::size_t connect = draft.steps.size() - 1;
  add(draft, "server", "WSAAccept", {{"condition", "true"}});
  Fields decision = {{"verdict", "CF_ACCEPT"}};
  if (!asked.empty() && asked.front().first == "sqos" && chance(60)) {
    decision.emplace_back("altered_sqos", quality());
  }
  add(draft, "server", "condition", decision);
  draft.steps[connect].until = draft.steps.back().id;
  control("client", {{"command", "SIO_GET_QOS"}});
  control("server", {{"command", "SIO_GET_QOS"}});
}

// SO_CONNDATA and SO_DISCDATA.
void Generator::legacy_data(Draft& draft) {
  const auto set = [&](const char* actor, const char* socket, const char* option,
                       const char* length) {
    if (chance(70)) {
      add(draft, actor, "setsockopt",
          {{"socket", socket},
           {"option", length},
           {"value", one_of<std::string>({"0", "3", "64", "64"})}});
    }
    if (chance(70)) {
      add(draft, actor, "setsockopt",
          {{"socket", socket},
           {"option", option},
           {"data", octets(limits_.caller_data.value_or(4))}});
    }
  };
  set("client", "client", "SO_CONNDATA", "SO_CONNDATALEN");
  set("server", "listener", "SO_CONNDATA", "SO_CONNDATALEN");
  request_and_answer(draft, "client", "client", "server");
  for (const char* actor : {"client", "server"}) {
    add(draft, actor, "getsockopt", {{"option", "SO_CONNDATA"}});
    set(actor, actor, "SO_DISCDATA", "SO_DISCDATALEN");
  }
  if (chance(50)) {
    add(draft, "client", "shutdown", {{"how", "SD_SEND"}});
  } else {
    add(draft, "client", chance(50) ? "WSASendDisconnect" : "closesocket");
  }
  add(draft, "server", "recv");
  add(draft, "server", "getsockopt", {{"option", "SO_DISCDATA"}});
  if (chance(50)) add(draft, "server", "WSARecvDisconnect", {{"capacity", "1024"}});
}

// WSACleanup, and what works afterwards.
void Generator::another_process_life(Draft& draft) {
  if (chance(60)) request_and_answer(draft, "client", "client", "server");
  const bool counts = chance(30);
  if (counts) add(draft, "client", "WSAStartup");
  add(draft, "client", "WSACleanup");
  for (const char* call :
       {"getsockname", "getpeername", "connect", "WSASendDisconnect", "closesocket"}) {
    if (chance(50)) add(draft, "client", call);
  }
  if (chance(50)) add(draft, "client", "socket", {{"as", new_name("odd")}});
  if (chance(60)) add(draft, "server", "recv");
  if (!counts) add(draft, "client", "WSAStartup");
  if (chance(60)) add(draft, "client", "getsockname");
  const std::string fresh = new_name("fresh");
  add(draft, "client", "socket", {{"as", fresh}});
  request_and_answer(draft, "client", fresh, fresh);
}

// Addresses that are none.
void Generator::wrong_addresses(Draft& draft) {
  add(draft, "client", chance(50) ? "connect" : "WSAConnect",
      {{"addr_length", one_of<std::string>({"0", "4", "15"})}});
  if (chance(50)) {
    const std::string home = draft.family == "AF_INET6" ? "[::1]:0" : "127.0.0.1:0";
    add(draft, "client", "connect", {{"addr", home}});
  }
  if (chance(30)) add(draft, "client", "getsockname");
  request_and_answer(draft, "client", "client", "server");
}

}  // namespace ws2conform::walks
