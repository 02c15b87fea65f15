#pragma once

#include "connection/qos.hpp"
#include "ws2/qos.h"

// QOS structures of the application. Functions that can fail return 0 or a WSA error number.
namespace ws2 {

/// WSAEFAULT for a provider-specific part that is not there. UDATA-21: NULL and length 0 are none.
int read_qos(const QOS& given, Qos& qos);

/// The structure for `qos`, whose provider-specific part goes to `specific` and stays there.
QOS public_qos(const Qos& qos, CHAR* specific);

}  // namespace ws2
