// Acceptors that break the rules, against a real caller.

#include <algorithm>

#include "hostile/frames.hpp"
#include "hostile/service.hpp"

namespace ws2::hostile {
namespace {

class Answers : public Service {
 protected:
  /// Connects to whatever `listener` is and returns the error, 0 when connected.
  static int connect(SOCKET s, const RawPeer& listener) {
    sockaddr_in name{};
    name.sin_family = AF_INET;
    name.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    name.sin_port = htons(listener.port());
    const int result = ::connect(s, reinterpret_cast<sockaddr*>(&name), sizeof name);
    return result == 0 ? 0 : WSAGetLastError();
  }
};

struct Answer {
  const char* name;
  std::string octets;
};

class NoVerdict : public Answers, public testing::WithParamInterface<Answer> {};

INSTANTIATE_TEST_SUITE_P(
    Each, NoVerdict,
    testing::Values(Answer{"Nonsense", "220 smtp.example.com\r\n"},
                    Answer{"AbsurdLength", header(kAccept, 0xffffffff)},
                    Answer{"Version", frame(kAccept, preamble(1, 2))},
                    Answer{"OtherProvider", frame(kAccept, preamble(3))},
                    Answer{"Request", request("no, you")}, Answer{"DataFirst", data("x")},
                    Answer{"DisconnectFirst", disconnect()}, Answer{"ReasonZero", reject(0)},
                    Answer{"ReasonTooHigh", reject(4)},
                    Answer{"RejectTooLong", frame(kReject, preamble() + "\1\1")}),
    [](const auto& info) { return std::string(info.param.name); });

TEST_P(NoVerdict, IsARefusal) {
  const RawPeer listener = RawPeer::listener();
  std::thread answering([&] {
    const RawPeer peer = listener.accept();
    EXPECT_EQ(peer.hear(14), request(""));
    peer.say(GetParam().octets);
    EXPECT_TRUE(peer.ends_by_reset());
  });
  EXPECT_EQ(connect(open("stream"), listener), WSAECONNREFUSED);
  answering.join();
}

class AfterTheAcceptance : public Answers, public testing::WithParamInterface<Answer> {};

INSTANTIATE_TEST_SUITE_P(Each, AfterTheAcceptance,
                         testing::Values(Answer{"SecondAccept", accept()},
                                         Answer{"Reject", reject()},
                                         Answer{"Request", request("x")},
                                         Answer{"Nonsense", "nonsense"}),
                         [](const auto& info) { return std::string(info.param.name); });

TEST_P(AfterTheAcceptance, IsAnAbortedConnection) {
  const RawPeer listener = RawPeer::listener();
  std::thread answering([&] {
    const RawPeer peer = listener.accept();
    peer.say(accept("hello") + data("first") + GetParam().octets);
    EXPECT_TRUE(peer.ends_by_reset());
  });
  const SOCKET s = open("stream");
  EXPECT_EQ(connect(s, listener), 0);
  EXPECT_EQ(receive_exactly(s, 5), "first");
  char octet;
  EXPECT_EQ(recv(s, &octet, 1, 0), SOCKET_ERROR);
  EXPECT_EQ(WSAGetLastError(), WSAECONNABORTED);
  answering.join();
}

TEST_F(Answers, SilenceEndsWithTheTimeOut) {
  be_impatient();
  const RawPeer listener = RawPeer::listener();
  std::thread answering([&] { EXPECT_TRUE(listener.accept().ends_by_reset()); });
  EXPECT_EQ(connect(open("stream"), listener), WSAETIMEDOUT);
  answering.join();
}

TEST_F(Answers, HalfAVerdictEndsWithTheTimeOut) {
  be_impatient();
  const RawPeer listener = RawPeer::listener();
  std::thread answering([&] {
    const RawPeer peer = listener.accept();
    peer.say(accept("hello").substr(0, 20));
    EXPECT_TRUE(peer.ends_by_reset());
  });
  EXPECT_EQ(connect(open("stream"), listener), WSAETIMEDOUT);
  answering.join();
}

/// What a caller came to: the error of the connect, or what it received until the end and how that
/// looked.
struct Outcome {
  int connect_error = 0;
  std::string data;
  int end = 0;
  std::optional<std::string> disconnect_data;
};

class Interrupted : public Answers {
 protected:
  static constexpr std::size_t kAcceptance = 14 + 4 + 5;
  const std::string script_ = accept("hello") + data("one") + data("two") + disconnect("bye");

  /// An acceptor that says the first `count` octets of the script and then does `end`.
  template <typename End>
  Outcome call(std::size_t count, End end) {
    const RawPeer listener = RawPeer::listener();
    std::thread answering([&] {
      RawPeer peer = listener.accept();
      EXPECT_EQ(peer.hear(14), request(""));
      peer.say(script_.substr(0, count));
      end(peer);
    });
    Outcome outcome;
    const SOCKET s = open("stream");
    outcome.connect_error = connect(s, listener);
    if (outcome.connect_error == 0) {
      char octets[64];
      int got;
      while ((got = recv(s, octets, sizeof octets, 0)) > 0) {
        outcome.data.append(octets, static_cast<std::size_t>(got));
      }
      outcome.end = got == 0 ? 0 : WSAGetLastError();
      outcome.disconnect_data = receive_disconnect(s);
    }
    closesocket(s);
    answering.join();
    return outcome;
  }

  /// The user data in the first `count` octets of the script.
  std::string data_in(std::size_t count) const {
    std::string octets;
    for (std::size_t at : {kAcceptance + 8, kAcceptance + 19}) {
      if (count > at) octets += script_.substr(at, std::min<std::size_t>(3, count - at));
    }
    return octets;
  }
};

TEST_F(Interrupted, AtEveryOctetByAnEnd) {
  for (std::size_t count = 0; count <= script_.size() && !HasFailure(); ++count) {
    SCOPED_TRACE(count);
    const Outcome outcome = call(count, [](RawPeer& peer) {
      peer.end();
      // Until the caller has gone.
      (void)peer.hear(1000);
    });
    EXPECT_EQ(outcome.connect_error, count < kAcceptance ? WSAECONNREFUSED : 0);
    if (outcome.connect_error != 0) continue;
    EXPECT_EQ(outcome.data, data_in(count));
    const bool is_graceful = count == script_.size();
    EXPECT_EQ(outcome.end, is_graceful ? 0 : WSAECONNRESET);
    EXPECT_EQ(outcome.disconnect_data, is_graceful ? "bye" : "");
  }
}

// A reset may overtake what was said before it, so less may have been received, never more.
TEST_F(Interrupted, AtEveryOctetByAReset) {
  for (std::size_t count = 0; count <= script_.size() && !HasFailure(); ++count) {
    SCOPED_TRACE(count);
    const Outcome outcome = call(count, [](RawPeer& peer) { peer.reset(); });
    if (outcome.connect_error != 0) {
      EXPECT_EQ(outcome.connect_error, WSAECONNREFUSED);
      continue;
    }
    EXPECT_GE(count, kAcceptance);
    EXPECT_TRUE(data_in(count).starts_with(outcome.data)) << outcome.data;
    if (outcome.end == 0) {
      EXPECT_EQ(count, script_.size());
      EXPECT_EQ(outcome.data, "onetwo");
      EXPECT_EQ(outcome.disconnect_data, "bye");
    } else {
      EXPECT_EQ(outcome.end, WSAECONNRESET);
    }
  }
}

}  // namespace
}  // namespace ws2::hostile
