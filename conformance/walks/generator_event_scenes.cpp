// The scenes in which events tell.
#include "conformance/walks/generator.hpp"

namespace ws2conform::walks {
namespace {

using Names = std::vector<std::string>;

const Names kAll = {"FD_READ", "FD_WRITE", "FD_ACCEPT", "FD_CONNECT", "FD_CLOSE", "FD_QOS"};

}  // namespace

// An event object for these events of the socket; its name.
std::string Generator::selected_event(Draft& draft, const End& end, Names wanted) {
  const std::string event = new_name("event");
  add(draft, end.actor, "WSACreateEvent", {{"as", event}});
  say(draft, end, "WSAEventSelect", {{"event", event}, {"network_events", std::move(wanted)}});
  return event;
}

// Waits for the object, and looks what it was.
void Generator::told(Draft& draft, const End& end, const std::string& event) {
  add(draft, end.actor, "WSAWaitForMultipleEvents", {{"events", Names{event}}});
  say(draft, end, "WSAEnumNetworkEvents", {{"event", event}});
}

void Generator::scene_of_data_told(Draft& draft, const End& own, const End& peer) {
  const std::string event =
      selected_event(draft, own, one_of<Names>({kAll, {"FD_READ"}, {"FD_READ", "FD_CLOSE"}}));
  if (chance(40)) say(draft, own, "WSAEnumNetworkEvents", {{"event", event}});
  if (chance(30)) say(draft, own, "recv");
  say(draft, peer, "send", {{"data", some_data()}});
  told(draft, own, event);
  if (chance(50)) {
    say(draft, peer, "send", {{"data", "more"}});
    say(draft, own, "ioctlsocket", {{"command", "FIONREAD"}});
    say(draft, own, "WSAEnumNetworkEvents", {{"event", event}});
  }
  say(draft, own, chance(50) ? "recv" : "WSARecv",
      {{"length", one_of<std::string>({"1", "4096"})}});
  if (chance(40)) say(draft, own, "recv", {{"flags", "MSG_OOB"}});
  say(draft, own, "WSAEnumNetworkEvents", {{"event", event}});
  if (chance(60)) {
    say(draft, own, "send", {{"data", "answer"}});
    say(draft, own, "WSAEnumNetworkEvents", {{"event", event}});
  }
  say(draft, peer, "send", {{"data", "again"}});
  told(draft, own, event);
  say(draft, own, "recv");
}

void Generator::scene_of_the_end_told(Draft& draft, const End& own, const End& peer) {
  const std::string event =
      selected_event(draft, own, one_of<Names>({kAll, {"FD_CLOSE"}, {"FD_READ", "FD_CLOSE"}}));
  if (chance(40)) say(draft, peer, "send", {{"data", some_data()}});
  if (chance(30)) {
    if (chance(50)) {
      say(draft, own, "WSASendDisconnect");
    } else {
      say(draft, own, "shutdown", {{"how", "SD_SEND"}});
    }
    say(draft, own, "WSAEnumNetworkEvents", {{"event", event}});
  }
  switch (below(4)) {
    case 0:
      say(draft, peer, "setsockopt",
          {{"option", "SO_LINGER"}, {"value", {{"onoff", "1"}, {"linger", "0"}}}});
      say(draft, peer, "closesocket");
      break;
    case 1:
      say(draft, peer, "closesocket");
      break;
    default:
      say(draft, peer, "WSASendDisconnect",
          limits_.disconnect_data ? Fields{{"data", "farewell"}} : Fields{});
  }
  told(draft, own, event);
  for (std::size_t receives = below(3); receives > 0; --receives) {
    say(draft, own, chance(50) ? "recv" : "WSARecv");
  }
  if (chance(60)) say(draft, own, "WSARecvDisconnect", {{"capacity", "1024"}});
  say(draft, own, "WSAEnumNetworkEvents", {{"event", event}});
  if (chance(50)) {
    // What has happened is told to whoever selects it afterwards.
    const std::string late = selected_event(draft, own, {"FD_CLOSE", "FD_READ"});
    say(draft, own, "WSAEnumNetworkEvents", {{"event", late}});
  }
  if (chance(40)) {
    say(draft, own, "closesocket");
    add(draft, own.actor, "WSAWaitForMultipleEvents", {{"events", Names{event}}, {"timeout", "0"}});
  }
}

// A selection takes the place of the one before, and makes the socket nonblocking.
void Generator::scene_of_selecting(Draft& draft, const End& own, const End& peer) {
  const std::string first = selected_event(draft, own, kAll);
  if (chance(30)) {
    say(draft, own, "WSAEventSelect", {{"event", nullptr}, {"network_events", Names{"FD_READ"}}});
  }
  if (chance(40)) say(draft, own, "ioctlsocket", {{"command", "FIONBIO"}, {"argument", "0"}});
  if (chance(40)) say(draft, own, "recv");
  if (chance(50)) say(draft, own, "WSAEnumNetworkEvents", {{"event", first}});
  std::string second = first;
  switch (below(3)) {
    case 0:
      second = selected_event(draft, own, one_of<Names>({{"FD_CLOSE"}, {"FD_READ"}, {"FD_WRITE"}}));
      break;
    case 1:
      say(draft, own, "WSAEventSelect",
          {{"event", first},
           {"network_events",
            one_of<Names>({{"FD_CLOSE"}, {"FD_READ"}, {"FD_WRITE", "FD_READ"}})}});
      break;
    default:
      say(draft, own, "WSAEventSelect", {{"event", first}, {"network_events", json::array()}});
      if (chance(50)) say(draft, own, "ioctlsocket", {{"command", "FIONBIO"}, {"argument", "0"}});
  }
  say(draft, peer, "send", {{"data", some_data()}});
  add(draft, own.actor, "WSAWaitForMultipleEvents", {{"events", Names{second}}});
  say(draft, own, "recv");
  for (const std::string& event : {first, second}) {
    add(draft, own.actor, "WSAWaitForMultipleEvents", {{"events", Names{event}}, {"timeout", "0"}});
  }
  say(draft, own, "WSAEnumNetworkEvents", {{"event", second}});
}

// With the object and without, with room for the record and without.
void Generator::scene_of_enumerating(Draft& draft, const End& own, const End& peer) {
  const std::string event = selected_event(draft, own, {"FD_READ", "FD_CLOSE"});
  say(draft, peer, "send", {{"data", "x"}});
  add(draft, own.actor, "WSAWaitForMultipleEvents", {{"events", Names{event}}});
  if (chance(50))
    say(draft, own, "WSAEnumNetworkEvents", {{"event", event}, {"no_buffer", "true"}});
  const auto signaled = [&] {
    add(draft, own.actor, "WSAWaitForMultipleEvents", {{"events", Names{event}}, {"timeout", "0"}});
  };
  signaled();
  if (chance(60)) {
    say(draft, own, "WSAEnumNetworkEvents");
  } else {
    say(draft, own, "WSAEnumNetworkEvents", {{"event", event}});
  }
  signaled();
  say(draft, own, "WSAEnumNetworkEvents", {{"event", event}});
  signaled();
  if (chance(40)) {
    add(draft, own.actor, chance(50) ? "WSASetEvent" : "WSAResetEvent", {{"event", event}});
    signaled();
  }
}

void Generator::scene_of_one_object(Draft& draft, const End& own, const End& peer) {
  const End other{own.actor, own.actor == "server" ? "listener" : new_name("fresh")};
  if (other.socket != "listener") add(draft, own.actor, "socket", {{"as", other.socket}});
  const std::string event = selected_event(draft, own, {"FD_READ", "FD_CLOSE"});
  say(draft, other, "WSAEventSelect", {{"event", event}, {"network_events", Names{"FD_ACCEPT"}}});
  if (chance(30)) {
    say(draft, other, "WSAEventSelect", {{"event", event}, {"network_events", json::array()}});
  }
  say(draft, peer, "send", {{"data", "x"}});
  told(draft, own, event);
}

void Generator::scene_of_quality_told(Draft& draft, const End& own, const End& peer) {
  if (!limits_.qos) return scene_of_the_provider(draft, own, peer);
  const std::string event = selected_event(draft, own, {"FD_QOS"});
  const Fields change = {{"command", "SIO_SET_QOS"}, {"qos", quality()}};
  say(draft, peer, "WSAIoctl", change);
  told(draft, own, event);
  if (chance(60)) say(draft, own, "WSAIoctl", {{"command", "SIO_GET_QOS"}});
  if (chance(60)) say(draft, own, "WSAEnumNetworkEvents", {{"event", event}});
  if (chance(60)) say(draft, peer, "WSAIoctl", change);
  if (chance(50)) say(draft, own, "WSAIoctl", {{"command", "SIO_GET_QOS"}, {"capacity", "8"}});
  say(draft, own, "WSAEnumNetworkEvents", {{"event", event}});
  for (const End& end : {own, peer}) say(draft, end, "WSAIoctl", {{"command", "SIO_GET_QOS"}});
}

}  // namespace ws2conform::walks
