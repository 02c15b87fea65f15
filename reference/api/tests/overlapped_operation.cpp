#include "api/tests/overlapped_operation.hpp"

#include "api/tests/winsock_fixture.hpp"

namespace ws2 {

int Operation::receive(SOCKET s, DWORD wanted) {
  // Only the octets have to stay.
  WSABUF buffers[] = {{1, octets_.data()},
                      {static_cast<ULONG>(octets_.size() - 1), octets_.data() + 1}};
  const int result = WSARecv(s, buffers, 2, nullptr, &wanted, &overlapped, nullptr);
  buffers[0] = buffers[1] = {0, nullptr};
  return result == 0 ? 0 : WSAGetLastError();
}

int Operation::send(SOCKET s, DWORD wanted) {
  WSABUF buffer{static_cast<ULONG>(octets_.size()), octets_.data()};
  const int result = WSASend(s, &buffer, 1, nullptr, wanted, &overlapped, nullptr);
  buffer = {0, nullptr};
  return result == 0 ? 0 : WSAGetLastError();
}

int Operation::finish(SOCKET s) {
  EXPECT_EQ(WSAWaitForMultipleEvents(1, &overlapped.hEvent, FALSE, kPatience, FALSE),
            WSA_WAIT_EVENT_0);
  EXPECT_TRUE(HasOverlappedIoCompleted(&overlapped));
  return result(s, false);
}

int Operation::result(SOCKET s, bool waits) {
  return WSAGetOverlappedResult(s, &overlapped, &bytes, waits, &flags) ? 0 : WSAGetLastError();
}

bool Operation::is_event_set() const {
  return WSAWaitForMultipleEvents(1, &overlapped.hEvent, FALSE, 0, FALSE) == WSA_WAIT_EVENT_0;
}

}  // namespace ws2
