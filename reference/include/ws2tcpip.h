#pragma once

/* What Windows' header of this name adds for TCP/IP. */

#include "winsock2.h"
#include "ws2/names.h"
