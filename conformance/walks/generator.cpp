#include "conformance/walks/generator.hpp"

#include <algorithm>

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

std::string Generator::next_id(const Draft& draft) const {
  return std::to_string(draft.steps.empty() ? 1 : std::stoi(draft.steps.back().id) + 1);
}

void Generator::add(Draft& draft, const std::string& actor, const std::string& operation,
                    Fields fields) {
  // What goes without saying is left out.
  const auto same = [&](const auto& field) {
    return field.first == "socket" && field.second == actor;
  };
  fields.erase(std::remove_if(fields.begin(), fields.end(), same), fields.end());
  draft.steps.push_back(call(next_id(draft), actor, operation, std::move(fields)));
}

// User data around a limit, and of the kinds that get lost.
nlohmann::json Generator::octets(std::size_t limit) {
  switch (below(9)) {
    case 0:
      return nullptr;
    case 1:
      return "";
    case 2:
      return {{"hex", "00"}};
    case 3:
      return {{"hex", "610062ff"}};
    case 4:
      return {{"pattern", std::to_string(limit)}};
    case 5:
      return {{"pattern", std::to_string(limit + 1)}};
    case 6:
      return {{"pattern", std::to_string(limit > 1 ? limit - 1 : 1)}};
    default:
      return std::string(1 + below(std::max<std::size_t>(1, std::min<std::size_t>(limit, 12))),
                         static_cast<char>('a' + below(26)));
  }
}

nlohmann::json Generator::some_data() {
  switch (below(12)) {
    case 0:
      return "";
    case 1:
      return {{"hex", "00"}};
    case 2:
      return {{"hex", "00ff0d0a1a00"}};
    case 3:
      return {{"pattern", one_of<std::string>({"255", "256", "257", "1000", "4097"})}};
    default:
      return std::string(1 + below(9), static_cast<char>('a' + below(26)));
  }
}

std::string Generator::near(std::size_t count) {
  const std::size_t kind = below(4);
  return std::to_string(kind == 0 ? count + 1 : kind == 1 && count > 0 ? count - 1 : count);
}

// What can be met, and what cannot.
nlohmann::json Generator::quality() {
  const auto flow = [this] {
    json made = {{"TokenRate", one_of<std::string>({"100", "1000", "5000"})},
                 {"ServiceType", "SERVICETYPE_GUARANTEED"}};
    if (chance(15)) made["ServiceType"] = "SERVICETYPE_NOCHANGE";
    if (chance(15)) made["ServiceType"] = "SERVICETYPE_BESTEFFORT";
    if (chance(12)) made["TokenRate"] = one_of<std::string>({"0", "4294967294"});
    if (chance(15)) made["PeakBandwidth"] = one_of<std::string>({"50", "9000"});
    return made;
  };
  json made = {{"SendingFlowspec", flow()}};
  if (chance(60)) made["ReceivingFlowspec"] = flow();
  if (chance(25)) made["ProviderSpecific"] = "AQID";
  return made;
}

std::optional<Generated> Generator::walk(const std::string& id) {
  names_ = 0;
  Draft draft;
  draft.id = id;
  set_up(draft);
  auto derived = derive(draft, provider_, edition_, limits_);
  const std::size_t wanted = draft.steps.size() + 3 + below(14);
  for (std::size_t tries = 0; derived && draft.steps.size() < wanted && tries < 40; ++tries) {
    Draft longer = draft;
    any_call(longer, *derived->net);
    auto next = derive(longer, provider_, edition_, limits_);
    if (!next || longer.steps.size() <= draft.steps.size()) continue;
    draft = std::move(longer);
    derived = std::move(next);
  }
  if (!derived || draft.steps.empty()) return std::nullopt;
  if (!holds_in_the_model(derived->walk, provider_, edition_, limits_)) return std::nullopt;
  return Generated{std::move(draft), std::move(derived->walk)};
}

void Generator::set_up(Draft& draft) {
  const std::size_t kind = below(20);
  if (kind < 7) return;  // connected, as it is
  draft.given = "listener";
  if (kind < 10) return two_requests(draft);
  if (kind == 10) return announced_request(draft);
  if (kind < 13) return pending_connect(draft);
  if (kind == 13) return options_handed_on(draft);
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
  const auto option = one_of<std::string>(
      {"SO_RCVTIMEO", "SO_SNDTIMEO", "SO_KEEPALIVE", "SO_LINGER", "SO_DONTLINGER"});
  nlohmann::json value = option == "SO_KEEPALIVE" ? "1" : "34567";
  if (option == "SO_DONTLINGER") value = "0";
  if (option == "SO_LINGER") value = {{"onoff", "1"}, {"linger", "7"}};
  add(draft, "server", "setsockopt",
      {{"socket", "listener"}, {"option", option}, {"value", value}});
  request_and_answer(draft, "client", "client", "server");
  add(draft, "server", "getsockopt", {{"option", option}});
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
  add(draft, client, asked.size() == 1 && chance(50) ? "connect" : "WSAConnect", asked);
}

// What the server makes of the request that came first.
void Generator::answer(Draft& draft, const std::string& accepted) {
  if (chance(25)) {
    return add(draft, "server", chance(50) ? "accept" : "WSAAccept", {{"as", accepted}});
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

void Generator::any_call(Draft& draft, const model::Net& net) {
  const std::string& actor = one_of(draft.actors);
  const auto sockets = net.sockets_of(actor);
  if (sockets.empty()) return;
  // Where there is a connection most happens there.
  std::vector<std::string> names;
  for (const auto& [name, view] : sockets) {
    names.insert(names.end(), view.closed ? 1 : view.connected ? 8 : 2, name);
  }
  const std::string& socket = one_of(names);
  const model::Net::View& view = sockets.at(socket);
  if (chance(10)) return once_more(draft);
  if (view.ended && chance(50)) return all_that_comes(draft, actor, socket, view);
  if (limits_.qos && chance(8)) return about_quality(draft, actor, socket);
  const std::size_t kind = below(100);
  if (kind < 34) {
    about_data(draft, actor, socket, view);
  } else if (kind < 58) {
    about_the_end(draft, actor, socket, view);
  } else if (kind < 78) {
    about_events(draft, actor, socket, view);
  } else if (kind < 87) {
    about_options(draft, actor, socket);
  } else if (kind < 95) {
    about_set_up(draft, actor, socket);
  } else {
    another_connection(draft);
  }
}

// The last call again, unless it made something, which has its name once.
void Generator::once_more(Draft& draft) {
  if (draft.steps.empty()) return;
  Step again = draft.steps.back();
  const bool makes = std::any_of(again.fields.begin(), again.fields.end(),
                                 [](const Field& field) { return field.name == "as"; });
  if (makes || again.operation == "condition" || again.operation == "vanish") return;
  again.id = next_id(draft);
  again.until.reset();
  again.by.reset();
  draft.steps.push_back(std::move(again));
}

// What is left to be found of a peer that has ended.
void Generator::all_that_comes(Draft& draft, const std::string& actor, const std::string& socket,
                               const model::Net::View& view) {
  Fields fields = {{"socket", socket}};
  switch (below(5)) {
    case 0:
    case 1:
      return add(draft, actor, chance(50) ? "WSARecv" : "recv", fields);
    case 2:
    case 3:
      fields.emplace_back("capacity", chance(50) ? near(view.parting) : "1024");
      return add(draft, actor, "WSARecvDisconnect", fields);
    default:
      return about_events(draft, actor, socket, view);
  }
}

void Generator::about_quality(Draft& draft, const std::string& actor, const std::string& socket) {
  Fields fields = {{"socket", socket}};
  if (chance(50)) {
    fields.emplace_back("command", "SIO_SET_QOS");
    fields.emplace_back("qos", quality());
  } else {
    fields.emplace_back("command", "SIO_GET_QOS");
  }
  add(draft, actor, "WSAIoctl", fields);
}

void Generator::about_data(Draft& draft, const std::string& actor, const std::string& socket,
                           const model::Net::View& view) {
  const bool raw = chance(50);
  Fields fields = {{"socket", socket}};
  if (chance(50)) {
    fields.emplace_back("data", some_data());
    if (chance(12)) {
      fields.emplace_back("flags", one_of<std::string>({"MSG_PARTIAL", "MSG_PARTIAL", "MSG_OOB"}));
    }
    return add(draft, actor, raw ? "WSASend" : "send", fields);
  }
  if (chance(40)) {
    fields.emplace_back("length", view.unread > 0 && chance(40)
                                      ? near(view.unread)
                                      : one_of<std::string>({"0", "1", "1", "3", "256"}));
  }
  if (chance(25)) {
    fields.emplace_back("flags", one_of<std::string>({"MSG_PEEK", "MSG_PEEK", "MSG_PARTIAL"}));
  }
  add(draft, actor, raw ? "WSARecv" : "recv", fields);
}

void Generator::about_the_end(Draft& draft, const std::string& actor, const std::string& socket,
                              const model::Net::View& view) {
  Fields fields = {{"socket", socket}};
  switch (below(10)) {
    case 0:
    case 1:
    case 2:
      if (chance(75)) fields.emplace_back("data", octets(limits_.disconnect_data.value_or(4)));
      add(draft, actor, "WSASendDisconnect", fields);
      break;
    case 3:
    case 4:
      if (chance(85)) {
        fields.emplace_back("capacity",
                            one_of<std::string>({"0", near(view.parting), "1024", "1024"}));
      }
      return add(draft, actor, "WSARecvDisconnect", fields);
    case 5:
      add(draft, actor, "vanish");
      break;
    case 6:
    case 7:
      fields.emplace_back(
          "how", one_of<std::string>({"SD_SEND", "SD_SEND", "SD_RECEIVE", "SD_BOTH", "3"}));
      add(draft, actor, "shutdown", fields);
      break;
    case 8: {
      const auto seconds = one_of<std::string>({"0", "0", "3"});
      if (seconds == "3") {
        Fields nonblocking = fields;
        nonblocking.emplace_back("command", "FIONBIO");
        nonblocking.emplace_back("argument", "1");
        add(draft, actor, "ioctlsocket", nonblocking);
      }
      Fields option = fields;
      option.emplace_back("option", "SO_LINGER");
      option.emplace_back("value", nlohmann::json{{"onoff", "1"}, {"linger", seconds}});
      add(draft, actor, "setsockopt", option);
      [[fallthrough]];
    }
    default:
      add(draft, actor, "closesocket", fields);
  }
  if (!view.event.empty() && chance(50)) {
    add(draft, actor, "WSAEnumNetworkEvents", {{"socket", socket}, {"event", view.event}});
  }
  if (chance(65)) look_of_the_peer(draft, actor, socket);
}

// What the other end of the connection finds.
void Generator::look_of_the_peer(Draft& draft, const std::string& actor,
                                 const std::string& socket) {
  const bool is_server = actor == "server";
  const std::string first = draft.actors.front();
  const std::string peer = !is_server         ? "server"
                           : first == "alice" ? (socket == "bob" ? "bob" : "alice")
                                              : first;
  const std::string own = first == "client" && socket == actor ? peer : socket;
  for (std::size_t receives = 1 + below(3); receives > 0; --receives) {
    add(draft, peer, chance(50) ? "recv" : "WSARecv", {{"socket", own}});
  }
  if (chance(60)) add(draft, peer, "WSARecvDisconnect", {{"socket", own}, {"capacity", "1024"}});
  if (chance(20)) add(draft, peer, "send", {{"socket", own}, {"data", "late"}});
}

void Generator::about_events(Draft& draft, const std::string& actor, const std::string& socket,
                             const model::Net::View& view) {
  if (view.event.empty() || chance(15)) {
    const std::string event = "event" + std::to_string(++names_);
    std::vector<std::string> wanted;
    for (const char* name :
         {"FD_READ", "FD_WRITE", "FD_ACCEPT", "FD_CONNECT", "FD_CLOSE", "FD_QOS"}) {
      if (chance(65)) wanted.emplace_back(name);
    }
    if (wanted.empty()) wanted = {"FD_CLOSE"};
    add(draft, actor, "WSACreateEvent", {{"as", event}});
    return add(draft, actor, "WSAEventSelect",
               {{"socket", socket}, {"event", event}, {"network_events", wanted}});
  }
  switch (below(6)) {
    case 0:
    case 1:
      return add(draft, actor, "WSAEnumNetworkEvents", {{"socket", socket}, {"event", view.event}});
    case 2:
      return add(draft, actor, "WSAWaitForMultipleEvents",
                 {{"events", std::vector<std::string>{view.event}}, {"timeout", "0"}});
    case 3:
      return add(draft, actor, "WSAWaitForMultipleEvents",
                 {{"events", std::vector<std::string>{view.event}}});
    case 4:
      return add(
          draft, actor, "WSAEventSelect",
          {{"socket", socket}, {"event", view.event}, {"network_events", nlohmann::json::array()}});
    default:
      add(draft, actor, "WSAWaitForMultipleEvents",
          {{"events", std::vector<std::string>{view.event}}});
      return add(draft, actor, "WSAEnumNetworkEvents", {{"socket", socket}, {"event", view.event}});
  }
}

void Generator::about_options(Draft& draft, const std::string& actor, const std::string& socket) {
  Fields fields = {{"socket", socket}};
  switch (below(6)) {
    case 0:
      fields.emplace_back("option", "SO_DONTLINGER");
      fields.emplace_back("value", one_of<std::string>({"0", "1"}));
      return add(draft, actor, "setsockopt", fields);
    case 1:
      fields.emplace_back("command", "FIONBIO");
      fields.emplace_back("argument", one_of<std::string>({"0", "1"}));
      return add(draft, actor, "ioctlsocket", fields);
    case 2:
      fields.emplace_back("command", "FIONREAD");
      return add(draft, actor, "ioctlsocket", fields);
    default:
      fields.emplace_back(
          "option", one_of<std::string>({"SO_LINGER", "SO_DONTLINGER", "SO_ERROR", "SO_ACCEPTCONN",
                                         "SO_CONDITIONAL_ACCEPT", "SO_TYPE", "SO_KEEPALIVE",
                                         "SO_CONNDATA", "SO_DISCDATA"}));
      return add(draft, actor, "getsockopt", fields);
  }
}

void Generator::about_set_up(Draft& draft, const std::string& actor, const std::string& socket) {
  Fields fields = {{"socket", socket}};
  switch (below(7)) {
    case 0:
      return add(draft, actor, "connect", fields);
    case 1:
      fields.emplace_back("backlog", one_of<std::string>({"1", "5"}));
      return add(draft, actor, "listen", fields);
    case 2:
      fields.emplace_back("addr", "loopback");
      return add(draft, actor, "bind", fields);
    case 3:
      fields.emplace_back("as", "odd" + std::to_string(++names_));
      return add(draft, actor, "accept", fields);
    case 4:
      return add(draft, actor, "getpeername", fields);
    case 5:
      return add(draft, actor, "socket", {{"as", "odd" + std::to_string(++names_)}});
    default:
      return add(draft, actor, "getsockname", fields);
  }
}

}  // namespace ws2conform::walks
