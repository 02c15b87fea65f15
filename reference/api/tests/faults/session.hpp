#pragma once

#include <winsock2.h>
#include <ws2tcpip.h>

#include <optional>
#include <string>
#include <utility>

#include "api/tests/faults/faults.hpp"
#include "api/tests/faults/scenario.hpp"

namespace ws2::faults {

/// Calls the library.
template <typename Function>
auto in(Function function) {
  const Inside inside;
  return function();
}

/// A socket that is closed hard unless the scenario closed it.
class Socket {
 public:
  explicit Socket(SOCKET handle = INVALID_SOCKET) : handle_(handle) {}
  Socket(Socket&& other) noexcept : handle_(other.release()) {}
  Socket& operator=(Socket&& other) noexcept {
    std::swap(handle_, other.handle_);
    return *this;
  }
  ~Socket();

  explicit operator bool() const { return handle_ != INVALID_SOCKET; }
  SOCKET operator*() const { return handle_; }
  SOCKET release() { return std::exchange(handle_, INVALID_SOCKET); }
  /// Gracefully.
  bool close();

 private:
  SOCKET handle_;
};

/// What a scenario uses of a provider.
struct Texts {
  bool has_user_data = true;
  bool has_qos = false;
  bool has_messages = false;
  bool is_answered = true;  ///< the second end disconnects too, with data
  bool is_graceful = true;  ///< a disconnect is
  std::string caller = "caller data";
  std::string callee = "callee data";
  std::string ping = "ping";
  std::string pong = "pong";
  std::string bye = "bye";
  std::string ciao = "ciao";
};
Texts texts_of(const std::string& provider);

Socket open(const std::string& provider);
/// Bound, listening; its name.
Socket open_listener(const std::string& provider, sockaddr_in& name);

/// WSAConnect with the caller data, without a word about the outcome. The callee data comes into
/// `callee`, whose buffer has to live.
int begin_connect(SOCKET s, const sockaddr_in& name, const Texts& texts, WSABUF* callee);
/// WSAAccept with a condition function that answers with the callee data.
Socket accept(SOCKET listener, const Texts& texts);

bool send_disconnect(SOCKET s, const Texts& texts, const std::string& data);
/// Ends the process if it succeeds with anything but `expected`.
bool receive_disconnect(SOCKET s, const Texts& texts, const std::string& expected);
/// Whether `outcome` of a receive, with `error`, is the graceful end.
bool is_end(const Texts& texts, int outcome, int error);

/// Both between WSAStartup and WSACleanup.
bool run_blocking(const Scenario& scenario);
bool run_asynchronous(const Scenario& scenario);

}  // namespace ws2::faults
