// Calls that raise an exception of the system instead of returning. Platform code:
// raised_posix.cpp and raised_windows.cpp.
#pragma once

#include <functional>
#include <string>

namespace ws2conform {

// Runs `call`. Where the system can tell a program of an invalid access within it, and nobody else
// has handled that, returns the exception's name; then `call` was left in the middle, without its
// destructors. Empty when it ran to its end. C++ exceptions pass.
std::string raised_by(const std::function<void()>& call);

}  // namespace ws2conform
