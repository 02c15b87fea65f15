// Single calls, by what they are about.
#include <algorithm>

#include "conformance/walks/generator.hpp"

namespace ws2conform::walks {
namespace {

using Fields = std::vector<std::pair<std::string, nlohmann::json>>;

}  // namespace

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
  const auto [peer, own] = peer_of(draft, {actor, socket});
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
  switch (below(7)) {
    case 6:
      fields.emplace_back("option", "SO_CONDITIONAL_ACCEPT");
      fields.emplace_back("value", one_of<std::string>({"0", "1"}));
      return add(draft, actor, "setsockopt", fields);
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
                                         "SO_CONNDATA", "SO_DISCDATA", "SO_CONNDATALEN"}));
      return add(draft, actor, "getsockopt", fields);
  }
}

void Generator::about_set_up(Draft& draft, const std::string& actor, const std::string& socket) {
  Fields fields = {{"socket", socket}};
  switch (below(7)) {
    case 0:
      return add(draft, actor, "connect", fields);
    case 1:
      fields.emplace_back("backlog", one_of<std::string>({"-1", "0", "1", "5"}));
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
