#include "conformance/walks/generator.hpp"

#include <algorithm>

namespace ws2conform::walks {
namespace {

using Fields = std::vector<std::pair<std::string, nlohmann::json>>;

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
  const std::size_t kind = below(10);
  if (kind < 4) return;  // connected, as it is
  draft.given = "listener";
  if (kind == 9) {
    draft.actors = {"alice", "bob", "server"};
    prepare(draft, "server", "listener");
    request_and_answer(draft, "alice", "alice", "alice");
    const auto alice = std::find_if(draft.steps.begin(), draft.steps.end(),
                                    [](const Step& step) { return step.actor == "alice"; });
    const auto behind_alice = alice - draft.steps.begin() + 1;
    const auto bob = static_cast<std::ptrdiff_t>(draft.steps.size());
    request_and_answer(draft, "bob", "bob", "bob");
    // Both requests wait at the same time.
    const auto begin = draft.steps.begin();
    if (chance(60)) std::rotate(begin + behind_alice, begin + bob, begin + bob + 1);
    return;
  }
  if (chance(40)) prepare(draft, "server", "listener");
  if (chance(30)) prepare(draft, "client", "client");
  request_and_answer(draft, "client", "client", "server");
}

// What is set before there is a connection.
void Generator::prepare(Draft& draft, const std::string& actor, const std::string& socket) {
  switch (below(5)) {
    case 0:
      return about_options(draft, actor, socket);
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

// A connect of `socket`, and what the server makes of it.
void Generator::request_and_answer(Draft& draft, const std::string& client,
                                   const std::string& socket, const std::string& accepted) {
  const bool plain = !limits_.caller_data || chance(25);
  Fields asked = {{"socket", socket}};
  if (!plain) {
    asked.emplace_back("caller_data", octets(*limits_.caller_data));
    if (chance(80)) {
      asked.emplace_back("callee_capacity",
                         one_of<std::string>({"0", "1", "12", "512", "1024", "1024"}));
    }
  }
  add(draft, client, plain && chance(50) ? "connect" : "WSAConnect", asked);
  const std::size_t connect = draft.steps.size() - 1;
  const bool accepts_plainly = chance(25);
  if (accepts_plainly) {
    add(draft, "server", chance(50) ? "accept" : "WSAAccept", {{"as", accepted}});
  } else {
    const std::size_t deferrals = chance(25) ? 1 + below(2) : 0;
    for (std::size_t i = 0; i <= deferrals; ++i) {
      const bool last = i == deferrals;
      add(draft, "server", "WSAAccept", {{"as", accepted}, {"condition", "true"}});
      const bool rejects = last && chance(20);
      Fields decision = {{"verdict", !last ? "CF_DEFER" : rejects ? "CF_REJECT" : "CF_ACCEPT"}};
      if (last && chance(3)) decision[0].second = "7";
      if (chance(70) && limits_.callee_data) {
        decision.emplace_back("callee_data", octets(*limits_.callee_data));
      }
      add(draft, "server", "condition", decision);
    }
  }
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
  const std::size_t kind = below(100);
  if (kind < 38) {
    about_data(draft, actor, socket);
  } else if (kind < 62) {
    about_the_end(draft, actor, socket);
  } else if (kind < 80) {
    about_events(draft, actor, socket, view);
  } else if (kind < 88) {
    about_options(draft, actor, socket);
  } else if (kind < 95) {
    about_set_up(draft, actor, socket);
  } else {
    another_connection(draft);
  }
}

void Generator::about_data(Draft& draft, const std::string& actor, const std::string& socket) {
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
    fields.emplace_back("length", one_of<std::string>({"0", "1", "1", "3", "256"}));
  }
  if (chance(25)) {
    fields.emplace_back("flags", one_of<std::string>({"MSG_PEEK", "MSG_PEEK", "MSG_PARTIAL"}));
  }
  add(draft, actor, raw ? "WSARecv" : "recv", fields);
}

void Generator::about_the_end(Draft& draft, const std::string& actor, const std::string& socket) {
  Fields fields = {{"socket", socket}};
  switch (below(10)) {
    case 0:
    case 1:
    case 2:
      if (chance(75)) fields.emplace_back("data", octets(limits_.disconnect_data.value_or(4)));
      return add(draft, actor, "WSASendDisconnect", fields);
    case 3:
    case 4:
    case 5:
      if (chance(85)) {
        fields.emplace_back("capacity", one_of<std::string>({"0", "1", "1024", "1024", "1024"}));
      }
      return add(draft, actor, "WSARecvDisconnect", fields);
    case 6:
    case 7:
      fields.emplace_back(
          "how", one_of<std::string>({"SD_SEND", "SD_SEND", "SD_RECEIVE", "SD_BOTH", "3"}));
      return add(draft, actor, "shutdown", fields);
    case 8:
      if (chance(40)) {
        Fields option = fields;
        option.emplace_back("option", "SO_LINGER");
        option.emplace_back("value", nlohmann::json{{"onoff", "1"}, {"linger", "0"}});
        add(draft, actor, "setsockopt", option);
      }
      [[fallthrough]];
    default:
      return add(draft, actor, "closesocket", fields);
  }
}

void Generator::about_events(Draft& draft, const std::string& actor, const std::string& socket,
                             const model::Net::View& view) {
  if (view.event.empty() || chance(15)) {
    const std::string event = "event" + std::to_string(++names_);
    std::vector<std::string> wanted;
    for (const char* name : {"FD_READ", "FD_WRITE", "FD_ACCEPT", "FD_CONNECT", "FD_CLOSE"}) {
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
                                         "SO_CONDITIONAL_ACCEPT", "SO_TYPE", "SO_KEEPALIVE"}));
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
