#pragma once

#include <memory>

#include "api/handle_table.hpp"
#include "provider/event_object.hpp"
#include "provider/service_provider.hpp"
#include "ws2/types.h"

// What the whole process has: between the first WSAStartup and the last WSACleanup.
namespace ws2 {

using SocketTable = HandleTable<ServiceSocket, 0>;
using EventTable = HandleTable<EventObject, 2>;

bool is_started();
/// Chosen by the first WSAStartup (EDITIONS.md); what is opened from then on follows it.
EditionName process_edition();
SocketTable& sockets();
EventTable& events();

/// Closes the socket when it fails.
int give_handle(const std::shared_ptr<ServiceSocket>& socket, SOCKET& handle);

/// nullptr for WSA_INVALID_EVENT and whatever else is no event object.
std::shared_ptr<EventObject> find_event(WSAEVENT handle);

}  // namespace ws2
