#pragma once

#include <functional>
#include <ostream>
#include <string>
#include <vector>

#include "api/tests/winsock_fixture.hpp"

// The error lists of the specification, function by function: each code is produced here, or
// ERRORS.md says why nothing can.
namespace ws2 {

/// What a case may use: the fixture's shorthands, open to everybody.
class Errors : public Winsock {
 public:
  using Winsock::connect_to;
  using Winsock::connected;
  using Winsock::name_of;
  using Winsock::open;
  using Winsock::open_listener;
  using Winsock::send_text;
  using Winsock::set_linger;
  using Winsock::set_nonblocking;
  using Winsock::size_of;
  using Winsock::wait_for_event;

  static int last(int result) { return result == SOCKET_ERROR ? WSAGetLastError() : 0; }
  static int last(SOCKET made) { return made == INVALID_SOCKET ? WSAGetLastError() : 0; }
  static int last(BOOL done, bool) { return done ? 0 : WSAGetLastError(); }

  /// A connected end that has lost its connection and knows it.
  struct Lost {
    SOCKET socket;
    int indication;  ///< what FD_CLOSE said
  };
  /// The peer has reset it.
  static Lost reset_by_peer();
  /// The peer broke the protocol.
  static Lost aborted();
  static SOCKET reset_end() { return reset_by_peer().socket; }
  static SOCKET aborted_end() { return aborted().socket; }
  /// A connected end, nonblocking, whose peer takes nothing and cannot be told anything more.
  static SOCKET full_end();
  /// Until FD_CLOSE; its error.
  static int wait_for_close(SOCKET s);
  /// A listener with nobody waiting, nonblocking.
  static SOCKET idle_listener(const char* provider = "stream");
  /// Where nobody listens.
  static sockaddr_storage closed_name();
  /// The error of `call` on a socket of `make` that is closed meanwhile, tried until the call had
  /// begun by then.
  static int closed_during(const std::function<SOCKET()>& make,
                           const std::function<int(SOCKET)>& call);
};

struct ErrorCase {
  const char* function;
  int code;
  /// Brings it about, and returns it.
  std::function<int()> make;

  friend void PrintTo(const ErrorCase& error, std::ostream* out) {
    *out << error.function << ' ' << error.code;
  }
};

std::vector<ErrorCase> setup_errors();
std::vector<ErrorCase> teardown_errors();
std::vector<ErrorCase> transfer_errors();
std::vector<ErrorCase> other_errors();

}  // namespace ws2
