// Blocked threads, and the thread that closes what they are blocked on.

#include <algorithm>
#include <atomic>
#include <deque>
#include <latch>

#include "api/tests/overlapped_operation.hpp"
#include "api/tests/winsock_fixture.hpp"

namespace ws2 {
namespace {

class Threads : public EachProvider {
 protected:
  static int error_of(int result) { return result == SOCKET_ERROR ? WSAGetLastError() : 0; }

  /// Lets the threads run the calls, and `ends` once all are about to; returns their errors.
  static std::vector<int> errors_of(std::vector<std::function<int()>> calls,
                                    const std::function<void()>& ends) {
    std::latch begun(static_cast<std::ptrdiff_t>(calls.size()));
    std::vector<int> errors(calls.size());
    std::vector<std::thread> threads;
    for (std::size_t i = 0; i < calls.size(); ++i) {
      threads.emplace_back([&, i] {
        begun.count_down();
        errors[i] = calls[i]();
      });
    }
    begun.wait();
    ends();
    for (std::thread& thread : threads) thread.join();
    return errors;
  }

  /// What a call on a socket says that was closed: during the call, or just before it.
  static bool is_of_closed(int error) { return error == WSAEINTR || error == WSAENOTSOCK; }

  static int receive_one(SOCKET s) {
    char octet;
    return error_of(recv(s, &octet, 1, 0));
  }
  static int send_until_blocked(SOCKET s) {
    const std::string block(32 << 10, 'x');
    while (send_text(s, block) > 0) {
    }
    return WSAGetLastError();
  }
  static int select_readable(SOCKET s) {
    fd_set set;
    FD_ZERO(&set);
    FD_SET(s, &set);
    return error_of(select(0, &set, nullptr, nullptr, nullptr));
  }
  /// WSAENOTSOCK stands for POLLNVAL, and for no socket to begin with.
  static int poll_readable(SOCKET s) {
    WSAPOLLFD polled{s, POLLIN, 0};
    const int count = WSAPoll(&polled, 1, -1);
    if (count == 1) return polled.revents == POLLNVAL ? WSAENOTSOCK : -1;
    return WSAGetLastError() == WSAEINVAL ? WSAENOTSOCK : WSAGetLastError();
  }
};

TEST_P(Threads, ClosesocketWakesAllWhoAreBlockedOnTheSocket) {
  const Pair pair = connected();
  const auto receives = [&] { return receive_one(pair.server); };
  const auto sends = [&] { return send_until_blocked(pair.server); };
  const auto selects = [&] { return select_readable(pair.server); };
  const auto polls = [&] { return poll_readable(pair.server); };
  const auto errors = errors_of({receives, receives, sends, selects, polls},
                                [&] { EXPECT_EQ(closesocket(pair.server), 0); });
  for (const int error : errors) EXPECT_PRED1(is_of_closed, error);
}

TEST_P(Threads, ClosesocketWakesAllWhoAccept) {
  const SOCKET listener = open_listener();
  const auto accepts = [&] {
    return accept(listener, nullptr, nullptr) == INVALID_SOCKET ? WSAGetLastError() : 0;
  };
  const auto selects = [&] { return select_readable(listener); };
  const auto errors =
      errors_of({accepts, accepts, accepts, selects}, [&] { EXPECT_EQ(closesocket(listener), 0); });
  for (const int error : errors) EXPECT_PRED1(is_of_closed, error);
}

TEST_P(Threads, ClosesocketWakesWhoConnects) {
  // There it is the operating system that accepts, and nothing blocks.
  if (!has_user_data()) return;
  const SOCKET listener = open_listener();
  const SOCKET client = open();
  char room[8];
  WSABUF callee{sizeof room, room};
  const sockaddr_storage name = name_of(listener);
  const auto connects = [&] {
    return error_of(WSAConnect(client, reinterpret_cast<const sockaddr*>(&name), size_of(name),
                               nullptr, &callee, nullptr, nullptr));
  };
  const auto errors = errors_of({connects}, [&] { EXPECT_EQ(closesocket(client), 0); });
  EXPECT_PRED1(is_of_closed, errors[0]);
  EXPECT_EQ(callee.len, sizeof room);
}

TEST_P(Threads, ClosesocketWakesWhoWaitsForAnOverlappedResult) {
  const Pair pair = connected();
  Operation one;
  Operation two;
  ASSERT_EQ(one.receive(pair.server), WSA_IO_PENDING);
  ASSERT_EQ(two.receive(pair.server), WSA_IO_PENDING);
  const auto errors = errors_of(
      {[&] { return one.result(pair.server, true); }, [&] { return two.finish(pair.server); }},
      [&] { EXPECT_EQ(closesocket(pair.server), 0); });
  EXPECT_EQ(errors, std::vector<int>({WSA_OPERATION_ABORTED, WSA_OPERATION_ABORTED}));
}

// CLOSE-07: with a thread that was in send() meanwhile.
TEST_P(Threads, ALossEndsALingeringClose) {
  const Pair pair = connected();
  set_linger(pair.client, 1, 3600);
  const std::string block(8 << 20, 'x');
  std::thread sending([&] { send_text(pair.client, block); });
  const auto closes = [&] { return error_of(closesocket(pair.client)); };
  // Whoever comes second finds no socket; whoever lingers ends with the peer.
  const auto errors = errors_of({closes, closes}, [&] {
    set_linger(pair.server, 1, 0);
    EXPECT_EQ(closesocket(pair.server), 0);
  });
  sending.join();
  EXPECT_EQ(std::count(errors.begin(), errors.end(), 0), 1);
  EXPECT_EQ(std::count(errors.begin(), errors.end(), WSAENOTSOCK), 1);
}

TEST_P(Threads, ClosingAnEventObjectWakesWhoWaits) {
  WSAEVENT event = WSACreateEvent();
  const auto waits = [&] {
    const DWORD outcome = WSAWaitForMultipleEvents(1, &event, FALSE, WSA_INFINITE, FALSE);
    return outcome == WSA_WAIT_FAILED ? WSAGetLastError() : 0;
  };
  const auto errors = errors_of({waits, waits}, [&] { EXPECT_EQ(WSACloseEvent(event), TRUE); });
  EXPECT_EQ(errors, std::vector<int>({WSA_INVALID_HANDLE, WSA_INVALID_HANDLE}));
}

TEST_P(Threads, CleanupWakesEverybody) {
  const Pair pair = connected();
  const Pair other = connected();
  WSAEVENT event = WSACreateEvent();
  Operation overlapped;
  ASSERT_EQ(overlapped.receive(other.server), WSA_IO_PENDING);
  const auto errors = errors_of(
      {
          [&] { return receive_one(pair.server); },
          [&] { return send_until_blocked(pair.server); },
          [&] {
            return accept(pair.listener, nullptr, nullptr) == INVALID_SOCKET ? WSAGetLastError()
                                                                             : 0;
          },
          [&] { return select_readable(pair.client); },
          [&] { return poll_readable(other.client); },
          [&] { return overlapped.result(other.server, true); },
          [&] {
            return WSAWaitForMultipleEvents(1, &event, FALSE, WSA_INFINITE, FALSE) ==
                           WSA_WAIT_FAILED
                       ? WSAGetLastError()
                       : 0;
          },
      },
      [] { EXPECT_EQ(WSACleanup(), 0); });
  // That all of them are back is the point. Those whose peer is in this process may learn of its
  // reset first.
  EXPECT_TRUE(is_of_closed(errors[2]) || errors[2] == WSANOTINITIALISED) << errors[2];
  EXPECT_TRUE(errors[5] == WSA_OPERATION_ABORTED || errors[5] == WSANOTINITIALISED) << errors[5];
  EXPECT_EQ(errors[6], WSANOTINITIALISED);
  WSADATA data;
  ASSERT_EQ(WSAStartup(MAKEWORD(2, 2), &data), 0);
  EXPECT_EQ(receive_one(pair.server), WSAENOTSOCK);
  connected();
}

// Two threads each way on one connection: nothing is lost, nothing comes twice.
TEST_P(Threads, ManyUseOneConnection) {
  constexpr int kEach = 2'000;
  const Pair pair = connected();
  std::atomic<int> received[256] = {};
  const auto sends = [&](unsigned char first) {
    for (int i = 0; i < kEach; ++i) {
      const char octet = static_cast<char>(first + i % 64);
      if (send(pair.client, &octet, 1, 0) != 1) return WSAGetLastError();
    }
    return 0;
  };
  std::atomic<int> left = 2 * kEach;
  const auto receives = [&] {
    char octet;
    while (left.fetch_sub(1) > 0) {
      if (recv(pair.server, &octet, 1, 0) != 1) return WSAGetLastError();
      ++received[static_cast<unsigned char>(octet)];
    }
    return 0;
  };
  const auto errors =
      errors_of({[&] { return sends(0); }, [&] { return sends(128); }, receives, receives}, [] {});
  EXPECT_EQ(errors, std::vector<int>(4));
  int total = 0;
  for (int value = 0; value < 256; ++value) {
    const int expected = value % 128 < 64 ? kEach / 64 + (value % 64 < kEach % 64) : 0;
    EXPECT_EQ(received[value], expected) << value;
    total += received[value];
  }
  EXPECT_EQ(total, 2 * kEach);
}

// A socket that is made while Winsock ends does not outlive it.
using ThreadsOfAnyProvider = Winsock;

TEST_F(ThreadsOfAnyProvider, CleanupLeavesNoSocketBehind) {
  for (int round = 0; round < 50; ++round) {
    std::vector<SOCKET> made(1, INVALID_SOCKET);
    std::latch begun(2);
    std::thread making([&] {
      begun.arrive_and_wait();
      while (true) {
        const SOCKET s = socket(AF_INET, SOCK_STREAM, 0);
        if (s == INVALID_SOCKET) break;
        made.push_back(s);
      }
    });
    begun.arrive_and_wait();
    EXPECT_EQ(WSACleanup(), 0);
    making.join();
    WSADATA data;
    ASSERT_EQ(WSAStartup(MAKEWORD(2, 2), &data), 0);
    for (const SOCKET s : made) {
      EXPECT_EQ(closesocket(s), SOCKET_ERROR);
      EXPECT_EQ(WSAGetLastError(), WSAENOTSOCK);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Providers, Threads, testing::ValuesIn(kProviders));

}  // namespace
}  // namespace ws2
