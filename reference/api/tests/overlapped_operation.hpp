#pragma once

#include <winsock2.h>

#include <string>

namespace ws2 {

/// An overlapped operation with an event object, and its room.
class Operation {
 public:
  explicit Operation(std::size_t room = 4096) : octets_(room, '\0') {}
  explicit Operation(std::string octets) : octets_(std::move(octets)) {}
  ~Operation() { WSACloseEvent(overlapped.hEvent); }
  Operation(const Operation&) = delete;
  Operation& operator=(const Operation&) = delete;

  /// 0: completed at once; else the error, WSA_IO_PENDING being the usual one.
  int receive(SOCKET s, DWORD flags = 0);
  int send(SOCKET s, DWORD flags = 0);

  /// Waits for the event object first. 0 or the error; then `bytes` and `flags` tell more.
  int finish(SOCKET s);
  /// The octets that a receive got.
  std::string text() const { return octets_.substr(0, bytes); }
  /// WSAGetOverlappedResult as it is.
  int result(SOCKET s, bool waits);
  bool is_event_set() const;

  WSAOVERLAPPED overlapped{0, 0, 0, 0, WSACreateEvent()};
  DWORD bytes = 77;
  DWORD flags = 77;

 private:
  std::string octets_;
};

}  // namespace ws2
