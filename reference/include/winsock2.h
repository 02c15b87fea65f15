#pragma once

/* Windows Sockets 2, the part that sets up and tears down connections. What a program written for
   Windows' header of this name finds here has the same types, names and values. */

#include "ws2/constants.h"
#include "ws2/errors.h"
#include "ws2/functions.h"
#include "ws2/select.h"
#include "ws2/sockets.h"
#include "ws2/types.h"
