// Callers that vanish at any octet, or come to it very slowly or never.

#include <algorithm>
#include <chrono>

#include "hostile/frames.hpp"
#include "hostile/service.hpp"

namespace ws2::hostile {
namespace {

class Callers : public Service {
 protected:
  const std::string request_ = request("guest");
  const std::string conversation_ = data("one") + data("two") + disconnect("bye");

  /// The user data in the first `count` octets of the conversation.
  std::string data_in(std::size_t count) const {
    std::string octets;
    for (std::size_t at : {8, 19}) {
      if (count > at) octets += conversation_.substr(at, std::min<std::size_t>(3, count - at));
    }
    return octets;
  }

  /// What a guest receives until its end; the end's error.
  static std::string receive_all(SOCKET guest, int& end) {
    std::string octets;
    char piece[64];
    int got;
    while ((got = recv(guest, piece, sizeof piece, 0)) > 0) {
      octets.append(piece, static_cast<std::size_t>(got));
    }
    end = got == 0 ? 0 : WSAGetLastError();
    return octets;
  }
};

TEST_F(Callers, VanishAtEveryOctetOfTheRequest) {
  serve();
  for (std::size_t count = 0; count < request_.size() && !HasFailure(); ++count) {
    for (const bool by_reset : {false, true}) {
      RawPeer peer = RawPeer::connect_to(port());
      peer.say(request_.substr(0, count));
      if (by_reset) peer.reset();
    }
  }
  expect_service();
  EXPECT_EQ(guests_so_far(), 0);
}

TEST_F(Callers, HalfCloseAtEveryOctetOfTheRequest) {
  serve();
  for (std::size_t count = 0; count < request_.size() && !HasFailure(); ++count) {
    SCOPED_TRACE(count);
    const RawPeer peer = RawPeer::connect_to(port());
    peer.say(request_.substr(0, count));
    peer.end();
    EXPECT_EQ(peer.hear(100), "");
  }
  expect_service(2);
  EXPECT_EQ(guests_so_far(), 0);
}

TEST_F(Callers, EndAtEveryOctetOfTheConversation) {
  serve();
  for (std::size_t count = 0; count <= conversation_.size() && !HasFailure(); ++count) {
    SCOPED_TRACE(count);
    const RawPeer peer = accepted_peer();
    const SOCKET guest = next_guest();
    peer.say(conversation_.substr(0, count));
    peer.end();
    int end = 0;
    EXPECT_EQ(receive_all(guest, end), data_in(count));
    const bool is_graceful = count == conversation_.size();
    EXPECT_EQ(end, is_graceful ? 0 : WSAECONNRESET);
    EXPECT_EQ(receive_disconnect(guest), is_graceful ? "bye" : "");
    EXPECT_EQ(closesocket(guest), 0);
  }
  expect_service(2);
}

TEST_F(Callers, ResetAtEveryOctetOfTheConversation) {
  serve();
  for (std::size_t count = 0; count <= conversation_.size() && !HasFailure(); ++count) {
    SCOPED_TRACE(count);
    RawPeer peer = accepted_peer();
    const SOCKET guest = next_guest();
    peer.say(conversation_.substr(0, count));
    peer.reset();
    int end = 0;
    const std::string received = receive_all(guest, end);
    EXPECT_TRUE(data_in(count).starts_with(received)) << received;
    EXPECT_TRUE(end == WSAECONNRESET || (end == 0 && count == conversation_.size())) << end;
    EXPECT_EQ(closesocket(guest), 0);
  }
  expect_service(2);
}

TEST_F(Callers, StopInTheMiddleAreGivenUp) {
  be_impatient();
  serve();
  std::vector<RawPeer> silent;
  for (std::size_t count = 0; count < request_.size(); ++count) {
    silent.push_back(RawPeer::connect_to(port()));
    silent.back().say(request_.substr(0, count));
  }
  expect_service();
  for (const RawPeer& peer : silent) EXPECT_TRUE(peer.ends_by_reset());
  EXPECT_EQ(guests_so_far(), 0);
}

// An octet now and then does not extend the time that a request has.
TEST_F(Callers, DripAreGivenUp) {
  be_impatient();
  serve();
  const RawPeer peer = RawPeer::connect_to(port());
  // So slow that the time-out is over long before the last octet.
  constexpr auto kPace = std::chrono::milliseconds(2);
  const std::string endless = header(kRequest, 1600) + preamble() + std::string(1594, 'x');
  std::size_t said = 0;
  while (said < endless.size() && peer.try_to_say(endless.substr(said, 1)) == 1) {
    ++said;
    const auto next = std::chrono::steady_clock::now() + kPace;
    while (std::chrono::steady_clock::now() < next) expect_service(1);
  }
  EXPECT_LT(said, endless.size());
}

TEST_F(Callers, HalfAFrameAndSilenceHoldNobodyUp) {
  serve();
  std::vector<RawPeer> silent;
  for (std::size_t count = 0; count < conversation_.size(); ++count) {
    silent.push_back(accepted_peer());
    silent.back().say(conversation_.substr(0, count));
  }
  expect_service();
}

// closesocket leaves nothing behind for ever.
TEST_F(Callers, WhoNeverEndAreResetAfterClosesocket) {
  be_impatient();
  serve();
  const RawPeer peer = accepted_peer();
  EXPECT_EQ(closesocket(next_guest()), 0);
  EXPECT_EQ(peer.hear(9), disconnect());
  EXPECT_TRUE(peer.is_reset());
  expect_service(2);
}

TEST_F(Callers, WhoIgnoreARejectAreReset) {
  be_impatient();
  const SOCKET listener = open_listener("stream");
  const RawPeer peer = RawPeer::connect_to(port_of(name_of(listener)));
  peer.say(request("guest"));
  Condition condition;
  condition.verdict = CF_REJECT;
  EXPECT_EQ(condition.accept(listener), INVALID_SOCKET);
  EXPECT_EQ(peer.hear(16), reject());
  EXPECT_TRUE(peer.is_reset());
}

}  // namespace
}  // namespace ws2::hostile
