#pragma once

// The one place where the Winsock headers are included, in the order that Windows wants and without
// its min and max macros.
#ifndef NOMINMAX
#define NOMINMAX
#endif
#include <winsock2.h>
// After winsock2.h.
#include <ws2tcpip.h>
#ifdef _WIN32
// SO_CONNDATA and its kin.
#include <mswsock.h>
#endif
