// How walks begin: requests and what becomes of them.
#include <algorithm>

#include "conformance/walks/generator.hpp"

namespace ws2conform::walks {
namespace {

using Fields = std::vector<std::pair<std::string, nlohmann::json>>;
using Names = std::vector<std::string>;

// Whether there is an lpSQOS in the condition function, whichever request it is asked about.
bool all_state_quality(const Draft& draft) {
  return std::all_of(draft.steps.begin(), draft.steps.end(), [](const Step& step) {
    const bool connects = step.operation == "connect" || step.operation == "WSAConnect";
    return !connects || std::any_of(step.fields.begin(), step.fields.end(),
                                    [](const Field& field) { return field.name == "sqos"; });
  });
}

}  // namespace

void Generator::set_up(Draft& draft) {
  if (chance(20)) draft.family = "AF_INET6";
  const std::size_t kind = below(32);
  if (kind < 12) return;  // connected, as it is
  draft.given = "listener";
  using Beginning = void (Generator::*)(Draft&);
  constexpr Beginning kBeginnings[] = {
      &Generator::two_requests,      &Generator::two_requests,    &Generator::announced_request,
      &Generator::announced_request, &Generator::pending_connect, &Generator::pending_connect,
      &Generator::options_handed_on, &Generator::looked_up,       &Generator::refused,
      &Generator::told_by_select,    &Generator::withdrawn,       &Generator::nobody_waits,
      &Generator::several_ends,      &Generator::legacy_data,     &Generator::another_process_life,
      &Generator::wrong_addresses,   &Generator::quality_before};
  // Quality of service is for those who have it, and then worth as much again.
  const std::size_t known = std::size(kBeginnings) - (limits_.qos ? 0 : 1);
  const std::size_t chosen = kind - 12;
  if (chosen < known) return (this->*kBeginnings[chosen])(draft);
  if (limits_.qos && chance(30)) return quality_before(draft);
  if (chance(40)) prepare(draft, "server", "listener");
  if (chance(30)) prepare(draft, "client", "client");
  request_and_answer(draft, "client", "client", "server");
}

// What is set before there is a connection.
void Generator::prepare(Draft& draft, const std::string& actor, const std::string& socket) {
  switch (below(limits_.qos ? 7 : 5)) {
    case 0:
      return about_options(draft, actor, socket);
    case 5:
    case 6:
      if (socket == "listener") return;
      if (chance(50)) add(draft, actor, "bind", {{"socket", socket}, {"addr", "loopback"}});
      return about_quality(draft, actor, socket);
    case 1:
      add(draft, actor, "setsockopt",
          {{"socket", socket},
           {"option", "SO_LINGER"},
           {"value", {{"onoff", "1"}, {"linger", one_of<std::string>({"0", "3"})}}}});
      return;
    case 2:
      add(draft, actor, "setsockopt",
          {{"socket", socket}, {"option", "SO_KEEPALIVE"}, {"value", "1"}});
      return;
    case 3:
      return about_events(draft, actor, socket, {});
    default:
      add(draft, actor, "ioctlsocket",
          {{"socket", socket}, {"command", "FIONBIO"}, {"argument", "1"}});
  }
}

// Two requests that wait at the same time, the first asked for having come first.
void Generator::two_requests(Draft& draft) {
  draft.actors = {"alice", "bob", "server"};
  prepare(draft, "server", "listener");
  request(draft, "alice", "alice");
  const std::size_t first = draft.steps.size() - 1;
  if (limits_.delayed_accept) {
    // It is seen before the second is made, whoever is quicker.
    add(draft, "server", "WSAAccept", {{"as", "alice"}, {"condition", "true"}});
    add(draft, "server", "condition", {{"verdict", "CF_DEFER"}});
  }
  request(draft, "bob", "bob");
  const std::size_t second = draft.steps.size() - 1;
  for (const auto& [connect, name] : {std::pair(first, "alice"), std::pair(second, "bob")}) {
    answer(draft, name);
    if (limits_.delayed_accept) draft.steps[connect].until = draft.steps.back().id;
  }
}

// The listener's event tells of the request.
void Generator::announced_request(Draft& draft) {
  add(draft, "server", "WSACreateEvent", {{"as", "requests"}});
  add(draft, "server", "WSAEventSelect",
      {{"socket", "listener"},
       {"event", "requests"},
       {"network_events", one_of<Names>({Names{"FD_ACCEPT"},
                                         Names{"FD_ACCEPT", "FD_CLOSE", "FD_READ", "FD_WRITE"}})}});
  request(draft, "client", "client");
  const std::size_t connect = draft.steps.size() - 1;
  const auto told = [&] {
    add(draft, "server", "WSAWaitForMultipleEvents",
        {{"events", std::vector<std::string>{"requests"}}});
    add(draft, "server", "WSAEnumNetworkEvents", {{"socket", "listener"}, {"event", "requests"}});
  };
  told();
  answer(draft, "server");
  (limits_.delayed_accept ? draft.steps[connect].until : draft.steps[connect].by) =
      draft.steps.back().id;
  if (chance(50)) told();
  if (!chance(60)) return;
  // The accepted socket has the selection, too.
  add(draft, "client", "send", {{"data", some_data()}});
  add(draft, "server", "WSAWaitForMultipleEvents", {{"events", Names{"requests"}}});
  add(draft, "server", "WSAEnumNetworkEvents", {{"event", "requests"}});
  if (chance(50)) {
    add(draft, "server", "WSAEventSelect",
        {{"event", "requests"}, {"network_events", nlohmann::json::array()}});
  }
  // Another request, behind the first.
  const std::string name = new_name("more");
  add(draft, "client", "socket", {{"as", name}});
  request(draft, "client", name);
  const std::size_t second = draft.steps.size() - 1;
  told();
  answer(draft, name);
  (limits_.delayed_accept ? draft.steps[second].until : draft.steps[second].by) =
      draft.steps.back().id;
}

// A connect that does not wait, other calls while it is pending, and the event that tells of it.
void Generator::pending_connect(Draft& draft) {
  const Fields own = {{"socket", "client"}};
  add(draft, "client", "WSACreateEvent", {{"as", "done"}});
  add(draft, "client", "WSAEventSelect",
      {{"event", "done"},
       {"network_events", one_of<Names>({Names{"FD_CONNECT"}, Names{"FD_CONNECT", "FD_CLOSE"},
                                         Names{"FD_CONNECT", "FD_READ", "FD_WRITE"}})}});
  request(draft, "client", "client");
  for (std::size_t calls = below(3); calls > 0; --calls) {
    const auto call = one_of<std::string>({"connect", "getpeername", "recv", "WSARecvDisconnect",
                                           "WSASendDisconnect", "WSAConnect", "listen"});
    add(draft, "client", call, own);
  }
  answer(draft, "server");
  add(draft, "client", "WSAWaitForMultipleEvents", {{"events", std::vector<std::string>{"done"}}});
  add(draft, "client", "WSAEnumNetworkEvents", {{"event", "done"}});
}

// Options of the listener that the accepted socket has as well.
void Generator::options_handed_on(Draft& draft) {
  Names options = {"SO_RCVTIMEO",  "SO_SNDTIMEO", "SO_KEEPALIVE",
                   "SO_OOBINLINE", "SO_LINGER",   "SO_DONTLINGER"};
  std::shuffle(options.begin(), options.end(), random_);
  options.resize(3);
  for (const std::string& option : options) {
    nlohmann::json value = option == "SO_KEEPALIVE" || option == "SO_OOBINLINE" ? "1" : "34567";
    if (option == "SO_DONTLINGER") value = "0";
    if (option == "SO_LINGER") value = {{"onoff", "1"}, {"linger", "7"}};
    add(draft, "server", "setsockopt",
        {{"socket", "listener"}, {"option", option}, {"value", value}});
  }
  if (chance(30)) {
    add(draft, "server", "ioctlsocket",
        {{"socket", "listener"}, {"command", "FIONBIO"}, {"argument", "1"}});
  }
  request_and_answer(draft, "client", "client", "server");
  for (const std::string& option : options)
    add(draft, "server", "getsockopt", {{"option", option}});
  add(draft, "server", "recv");
}

// A connect of `socket`.
void Generator::request(Draft& draft, const std::string& client, const std::string& socket) {
  const bool plain = chance(25);
  Fields asked = {{"socket", socket}};
  if (!plain && (limits_.caller_data || chance(10))) {
    asked.emplace_back("caller_data", octets(limits_.caller_data.value_or(4)));
    if (chance(80)) {
      asked.emplace_back("callee_capacity",
                         one_of<std::string>({"0", "1", "12", "512", "1024", "1024"}));
    }
  }
  if (!plain && chance(limits_.qos ? 35 : 3)) asked.emplace_back("sqos", quality());
  if (chance(2)) asked.emplace_back("gqos", quality());
  add(draft, client, asked.size() == 1 && chance(50) ? "connect" : "WSAConnect", asked);
}

// What the server makes of the request that came first.
void Generator::answer(Draft& draft, const std::string& accepted) {
  if (chance(25)) {
    Fields taken = {{"as", accepted}};
    if (chance(15)) taken.emplace_back(chance(50) ? "no_addr" : "no_addrlen", "true");
    if (chance(8)) taken.emplace_back("addr_capacity", one_of<std::string>({"8", "15", "64"}));
    return add(draft, "server", chance(50) ? "accept" : "WSAAccept", taken);
  }
  const std::size_t deferrals = chance(25) ? 1 + below(2) : 0;
  for (std::size_t i = 0; i <= deferrals; ++i) {
    const bool last = i == deferrals;
    add(draft, "server", "WSAAccept",
        {{"as", accepted}, {"condition", "true"}, {"callback_data", "70000"}});
    const bool rejects = last && chance(20);
    Fields decision = {{"verdict", !last ? "CF_DEFER" : rejects ? "CF_REJECT" : "CF_ACCEPT"}};
    if (last && chance(3)) decision[0].second = "7";
    if (chance(70) && limits_.callee_data) {
      decision.emplace_back("callee_data", octets(*limits_.callee_data));
    }
    if (last && chance(5)) decision.emplace_back("group", one_of<std::string>({"0", "1", "77777"}));
    if (limits_.qos && chance(20) && all_state_quality(draft)) {
      decision.emplace_back("altered_sqos", quality());
    }
    add(draft, "server", "condition", decision);
  }
}

void Generator::request_and_answer(Draft& draft, const std::string& client,
                                   const std::string& socket, const std::string& accepted) {
  request(draft, client, socket);
  const std::size_t connect = draft.steps.size() - 1;
  answer(draft, accepted);
  Step& connecting = draft.steps[connect];
  (limits_.delayed_accept ? connecting.until : connecting.by) = draft.steps.back().id;
}

// Another connection between the same processes, while the first may be there still.
void Generator::another_connection(Draft& draft) {
  const std::string name = "more" + std::to_string(++names_);
  const std::string actor = draft.actors.front();
  add(draft, actor, "socket", {{"as", name}});
  request_and_answer(draft, actor, name, name);
}

}  // namespace ws2conform::walks
