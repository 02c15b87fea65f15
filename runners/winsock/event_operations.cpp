// Event objects and network events.

#include <cstring>
#include <limits>

#include "adapter.hpp"

namespace ws2conform {
namespace {

Json outcome(const Call& call, BOOL result) {
  return result == FALSE ? call.failed() : call.returned(result);
}

Json op_wsa_create_event(Adapter& adapter, Call& call) {
  const std::string name = adapter.new_name(call);
  call.begin();
  const WSAEVENT made = WSACreateEvent();
  if (made == WSA_INVALID_EVENT) return call.failed();
  adapter.add(name, made);
  return call.returned(name);
}

Json op_wsa_close_event(Adapter& adapter, Call& call) {
  NamedEvent& event = adapter.event(call.field("event"));
  call.begin();
  const BOOL result = WSACloseEvent(event.handle);
  if (result != FALSE) event.is_closed = true;
  return outcome(call, result);
}

Json op_wsa_set_event(Adapter& adapter, Call& call) {
  const WSAEVENT event = adapter.event(call.field("event")).handle;
  call.begin();
  return outcome(call, WSASetEvent(event));
}

Json op_wsa_reset_event(Adapter& adapter, Call& call) {
  const WSAEVENT event = adapter.event(call.field("event")).handle;
  call.begin();
  return outcome(call, WSAResetEvent(event));
}

// The object in the field "event"; NULL when that is null or absent.
WSAEVENT optional_event(Adapter& adapter, Call& call) {
  const Json* name = call.optional("event");
  return name == nullptr ? nullptr : adapter.event(*name).handle;
}

Json op_wsa_event_select(Adapter& adapter, Call& call) {
  const SOCKET socket = adapter.socket(call.field("socket")).handle;
  const WSAEVENT event = optional_event(adapter, call);
  const long events = network_events().bits(call.field("network_events"));
  call.begin();
  return call.outcome(WSAEventSelect(socket, event, events));
}

Json op_wsa_wait_for_multiple_events(Adapter& adapter, Call& call) {
  static constexpr Name kNames[] = {{"WSA_INFINITE", -1}};
  std::vector<WSAEVENT> events;
  const Json& names = call.field("events");
  if (!names.is_array()) throw AdapterError("events is not a list");
  for (const Json& name : names) events.push_back(adapter.event(name).handle);
  const BOOL wait_all = call.flag("wait_all") ? TRUE : FALSE;
  const bool is_name = call.field("timeout").is_string();
  const DWORD timeout = static_cast<DWORD>(
      is_name ? call.name("timeout", kNames)
              : call.number("timeout", 0, std::numeric_limits<std::uint32_t>::max()));
  call.begin();
  const DWORD result = WSAWaitForMultipleEvents(static_cast<DWORD>(events.size()), events.data(),
                                                wait_all, timeout, FALSE);
  if (result == WSA_WAIT_FAILED) return call.failed();
  if (result == WSA_WAIT_TIMEOUT) return call.returned("WSA_WAIT_TIMEOUT");
  return call.returned(result - WSA_WAIT_EVENT_0);
}

// Every recorded bit with its error: 0, or the error's name.
Json recorded(const WSANETWORKEVENTS& events) {
  Json shown = Json::object();
  auto rest = static_cast<unsigned long>(events.lNetworkEvents);
  int bit = 0;
  for (const Name& event : network_events()) {
    const int error = events.iErrorCode[bit++];
    if ((rest & static_cast<unsigned long>(event.value)) == 0) continue;
    shown[std::string(event.name)] = error == 0 ? Json(0) : Json(error_name(error));
    rest &= ~static_cast<unsigned long>(event.value);
  }
  if (rest != 0) shown[std::to_string(rest)] = 0;
  return shown;
}

// Events that are not recorded and whose error was written nevertheless.
Json strays(const WSANETWORKEVENTS& events) {
  Json names = Json::array();
  int untouched = 0;
  std::memset(&untouched, kFiller, sizeof untouched);
  int bit = 0;
  for (const Name& event : network_events()) {
    const bool is_recorded = (events.lNetworkEvents & event.value) != 0;
    if (events.iErrorCode[bit++] != untouched && !is_recorded) names.push_back(event.name);
  }
  return names;
}

Json op_wsa_enum_network_events(Adapter& adapter, Call& call) {
  NamedSocket& socket = adapter.socket(call.field("socket"));
  const WSAEVENT event = optional_event(adapter, call);
  WSANETWORKEVENTS events;
  std::memset(&events, kFiller, sizeof events);
  const bool is_null = call.flag("no_buffer");
  call.begin();
  Json reply =
      call.outcome(WSAEnumNetworkEvents(socket.handle, event, is_null ? nullptr : &events));
  if (!reply.contains("returns")) {
    return Call::with_touched(std::move(reply),
                              {{"network_events", !is_filler(&events, sizeof events)}});
  }
  reply["network_events"] = recorded(events);
  reply["strays"] = strays(events);
  if ((events.lNetworkEvents & FD_CONNECT) != 0 && !socket.pending_connects.empty()) {
    const OutBuffer& callee = socket.pending_connects.back()->callee;
    reply["callee_len"] = callee.length();
    reply["callee_data"] = callee.octets();
  }
  return reply;
}

}  // namespace

void add_event_operations(Operations& operations) {
  operations["WSACreateEvent"] = op_wsa_create_event;
  operations["WSACloseEvent"] = op_wsa_close_event;
  operations["WSASetEvent"] = op_wsa_set_event;
  operations["WSAResetEvent"] = op_wsa_reset_event;
  operations["WSAEventSelect"] = op_wsa_event_select;
  operations["WSAWaitForMultipleEvents"] = op_wsa_wait_for_multiple_events;
  operations["WSAEnumNetworkEvents"] = op_wsa_enum_network_events;
}

}  // namespace ws2conform
