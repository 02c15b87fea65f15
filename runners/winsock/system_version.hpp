// Which system this Winsock is part of. Platform code: system_version_posix.cpp and
// system_version_windows.cpp.
#pragma once

#include <string>

namespace ws2conform {

// "Wine 8.0", "Windows 10.0.19045"; empty where nobody but the build knows.
std::string system_version();

}  // namespace ws2conform
