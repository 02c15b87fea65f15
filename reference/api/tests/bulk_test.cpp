// Large sends and receives, which go past the queues where they can.

#include <algorithm>
#include <random>
#include <vector>

#include "api/tests/winsock_fixture.hpp"

namespace ws2 {
namespace {

/// The octets of a transfer: at each position its own.
std::vector<char> octets(std::size_t size) {
  std::vector<char> made(size);
  for (std::size_t i = 0; i < size; ++i) made[i] = static_cast<char>(i * 31 + i / 251);
  return made;
}

class Bulk : public EachProvider {
 protected:
  static constexpr std::size_t kTotal = 8 << 20;

  static std::size_t length(std::mt19937& random, std::size_t most) {
    return std::uniform_int_distribution<std::size_t>(1, most)(random);
  }

  static void send_all(SOCKET s, const std::vector<char>& all, std::size_t most) {
    std::mt19937 random(1);
    for (std::size_t done = 0; done < all.size();) {
      const std::size_t size = std::min(length(random, most), all.size() - done);
      const int sent = send(s, all.data() + done, static_cast<int>(size), 0);
      ASSERT_EQ(sent, static_cast<int>(size)) << WSAGetLastError();
      done += size;
    }
    EXPECT_EQ(shutdown(s, SD_SEND), 0);
  }

  /// Until the end; `most` octets at a time.
  static std::vector<char> receive_all(SOCKET s, std::size_t least, std::size_t most) {
    std::mt19937 random(2);
    std::vector<char> all;
    std::vector<char> buffer(most);
    while (true) {
      const std::size_t size = std::max(least, length(random, most));
      const int count = recv(s, buffer.data(), static_cast<int>(size), 0);
      if (count <= 0) break;
      all.insert(all.end(), buffer.begin(), buffer.begin() + count);
    }
    return all;
  }

  void transfer(std::size_t largest_send, std::size_t least_receive, std::size_t most_receive) {
    const auto pair = connected();
    const std::vector<char> all = octets(kTotal);
    std::thread sending([&] { send_all(pair.client, all, largest_send); });
    const std::vector<char> received = receive_all(pair.server, least_receive, most_receive);
    sending.join();
    EXPECT_TRUE(received == all);
  }
};

TEST_P(Bulk, ArrivesWholeWithLargeBuffers) {
  transfer(65536, 65536, 65536);
}

TEST_P(Bulk, ArrivesWholeInSmallSends) {
  transfer(3000, 65536, 65536);
}

TEST_P(Bulk, ArrivesWholeWithBuffersOfAnySize) {
  // A message has to fit.
  transfer(65536, is_message_oriented() ? 65536 : 1, 100000);
}

// Each of two threads finds its own octets in one piece.
TEST_P(Bulk, SendsOfTwoThreadsAreNotMixed) {
  if (!is_message_oriented()) GTEST_SKIP() << "a byte stream has no pieces";
  constexpr int kMessages = 200;
  constexpr std::size_t kSize = 50000;
  const auto pair = connected();
  std::vector<std::thread> sending;
  for (const char octet : {'a', 'b'}) {
    sending.emplace_back([&pair, octet] {
      const std::vector<char> message(kSize, octet);
      for (int i = 0; i < kMessages; ++i) {
        EXPECT_EQ(send(pair.client, message.data(), kSize, 0), static_cast<int>(kSize));
      }
    });
  }
  std::vector<char> buffer(65536);
  for (int i = 0; i < 2 * kMessages; ++i) {
    ASSERT_EQ(recv(pair.server, buffer.data(), 65536, 0), static_cast<int>(kSize));
    EXPECT_EQ(std::count(buffer.begin(), buffer.begin() + kSize, buffer.front()),
              static_cast<std::ptrdiff_t>(kSize));
  }
  for (std::thread& thread : sending) thread.join();
}

// What the system has no room for stays in order and does not change with the buffer.
TEST_P(Bulk, ANonblockingSenderMayReuseItsBuffer) {
  const auto pair = connected();
  set_nonblocking(pair.client);
  std::string expected;
  std::vector<char> buffer(20000);
  for (char octet = 'a';; octet = octet == 'z' ? 'a' : static_cast<char>(octet + 1)) {
    std::fill(buffer.begin(), buffer.end(), octet);
    const int sent = send(pair.client, buffer.data(), static_cast<int>(buffer.size()), 0);
    std::fill(buffer.begin(), buffer.end(), '!');
    if (sent < 0) {
      EXPECT_EQ(WSAGetLastError(), WSAEWOULDBLOCK);
      break;
    }
    expected.append(static_cast<std::size_t>(sent), octet);
  }
  EXPECT_EQ(shutdown(pair.client, SD_SEND), 0);
  const std::vector<char> received = receive_all(pair.server, 65536, 65536);
  EXPECT_TRUE(std::string(received.begin(), received.end()) == expected);
}

// The last part of a long series of large sends is not kept back when the answer is waited for.
TEST_P(Bulk, AnAnswerFollowsLargeSends) {
  const auto pair = connected();
  const std::vector<char> all = octets(65536);
  std::vector<char> buffer(65536);
  for (int i = 0; i < 50; ++i) {
    for (int sends = 0; sends < 3; ++sends) {
      ASSERT_EQ(send(pair.client, all.data(), 65536, 0), 65536);
    }
    for (std::size_t have = 0; have < 3 * all.size();) {
      const int count = recv(pair.server, buffer.data(), 65536, 0);
      ASSERT_GT(count, 0);
      have += static_cast<std::size_t>(count);
    }
    ASSERT_EQ(send(pair.server, "!", 1, 0), 1);
    EXPECT_EQ(receive_text(pair.client), "!");
  }
}

INSTANTIATE_TEST_SUITE_P(Providers, Bulk, testing::ValuesIn(kProviders));

}  // namespace
}  // namespace ws2
