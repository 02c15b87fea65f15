// Octets that break the rules of wire/WIRE.md: each costs its own connection, at once.

#include "hostile/frames.hpp"
#include "hostile/service.hpp"

namespace ws2::hostile {
namespace {

struct Violation {
  const char* name;
  std::string octets;
  /// Completes a request, so that it is seen that what follows spoils it.
  bool is_after_request = false;
};

std::string name_of_case(const testing::TestParamInfo<Violation>& info) {
  return info.param.name;
}

constexpr std::size_t kLongestRequest = 6 + 4 + 512 + 4 + 64 + 1024;
const std::string kQosItem = item(2, std::string(64, '\0'));

const Violation kInsteadOfARequest[] = {
    {"NoProtocol", "GET / HTTP/1.1\r\n\r\n"},
    {"TypeZero", header(0, 0)},
    {"TypeTooHigh", header(9, 0)},
    {"Flags", header(kRequest, 6, 1)},
    {"Reserved", std::string{kRequest, 0, 0, 1} + be32(6)},
    {"AbsurdLength", header(kRequest, 0xffffffff)},
    {"NegativeLength", header(kRequest, 0x80000000)},
    {"OneTooLong", header(kRequest, kLongestRequest + 1)},
    {"OneTooShort", header(kRequest, 5)},
    {"Magic", frame(kRequest, "WS3C\1\1")},
    {"Version", frame(kRequest, preamble(1, 2))},
    {"OtherProvider", frame(kRequest, preamble(2))},
    {"EmptyItem", frame(kRequest, preamble() + item(1, ""))},
    {"TooMuchData", frame(kRequest, preamble() + item(1, std::string(513, 'x')))},
    {"UnknownItem", frame(kRequest, preamble() + item(3, "x"))},
    {"ItemTypeZero", frame(kRequest, preamble() + item(0, "x"))},
    {"ItemReserved", frame(kRequest, preamble() + std::string{1, 1} + be16(1) + "x")},
    {"ItemTwice", frame(kRequest, preamble() + item(1, "x") + item(1, "x"))},
    {"ItemsInTheWrongOrder", frame(kRequest, preamble() + kQosItem + item(1, "x"))},
    {"ItemBeyondTheBody", frame(kRequest, preamble() + std::string{1, 0} + be16(9) + "x")},
    {"HalfAnItem", frame(kRequest, preamble() + std::string{1, 0})},
    {"QosTooShort", frame(kRequest, preamble() + item(2, std::string(63, 'q')))},
    {"QosTooLong", frame(kRequest, preamble() + item(2, std::string(64 + 1025, 'q')))},
    {"AcceptFirst", accept()},
    {"RejectFirst", reject()},
    {"DataFirst", data("x")},
    {"DisconnectFirst", disconnect()},
};

const Violation kOnAConnection[] = {
    {"SecondRequest", request("again")},
    {"AcceptFromTheCaller", accept()},
    {"RejectFromTheCaller", reject()},
    {"EmptyData", header(kData, 0)},
    {"MessageOnAStream", data("x", true)},
    {"DataTooLong", header(kData, 65537)},
    {"DataAbsurdlyLong", header(kData, 0xffffffff)},
    {"DisconnectTooLong", header(kDisconnect, 513)},
    {"TypeUnknown", header(77, 1)},
};

const Violation kAfterADisconnect[] = {
    {"DisconnectTwice", disconnect("again")},
    {"Data", data("more")},
    {"Request", request("again")},
    {"Nonsense", "nonsense"},
};

class InsteadOfARequest : public Service, public testing::WithParamInterface<Violation> {};
INSTANTIATE_TEST_SUITE_P(Each, InsteadOfARequest, testing::ValuesIn(kInsteadOfARequest),
                         name_of_case);

TEST_P(InsteadOfARequest, IsReset) {
  serve();
  const RawPeer peer = RawPeer::connect_to(port());
  peer.say(GetParam().octets);
  EXPECT_TRUE(peer.ends_by_reset());
  expect_service(2);
  EXPECT_EQ(guests_so_far(), 0);
}

class OnAConnection : public Service, public testing::WithParamInterface<Violation> {};
INSTANTIATE_TEST_SUITE_P(Each, OnAConnection, testing::ValuesIn(kOnAConnection), name_of_case);

TEST_P(OnAConnection, IsResetAndWhatCameBeforeStays) {
  serve();
  const RawPeer peer = accepted_peer();
  const SOCKET guest = next_guest();
  peer.say(data("before") + GetParam().octets);
  EXPECT_EQ(receive_exactly(guest, 6), "before");
  char octet;
  EXPECT_EQ(recv(guest, &octet, 1, 0), SOCKET_ERROR);
  EXPECT_EQ(WSAGetLastError(), WSAECONNABORTED);
  EXPECT_TRUE(peer.ends_by_reset());
  expect_service(2);
}

class AfterADisconnect : public Service, public testing::WithParamInterface<Violation> {};
INSTANTIATE_TEST_SUITE_P(Each, AfterADisconnect, testing::ValuesIn(kAfterADisconnect),
                         name_of_case);

// The end that was there stays graceful; the other direction is lost.
TEST_P(AfterADisconnect, IsReset) {
  serve();
  const RawPeer peer = accepted_peer();
  const SOCKET guest = next_guest();
  peer.say(disconnect("bye"));
  EXPECT_EQ(receive_text(guest), "");
  peer.say(GetParam().octets);
  // This call looks at what has come.
  while (receive_disconnect(guest) == "bye" && send_text(guest, "x") == 1) {
  }
  EXPECT_EQ(WSAGetLastError(), WSAECONNABORTED);
  EXPECT_EQ(receive_disconnect(guest), "bye");
  EXPECT_TRUE(peer.ends_by_reset());
  expect_service(2);
}

class Violations : public Service {};

TEST_F(Violations, DataWhileTheRequestIsDeferred) {
  const SOCKET listener = open_listener("stream");
  const RawPeer peer = RawPeer::connect_to(port_of(name_of(listener)));
  peer.say(request("early"));
  Condition condition;
  condition.verdict = CF_DEFER;
  EXPECT_EQ(condition.accept(listener), INVALID_SOCKET);
  EXPECT_EQ(WSAGetLastError(), WSATRY_AGAIN);
  peer.say(data("too early"));
  EXPECT_TRUE(peer.ends_by_reset());
  EXPECT_EQ(condition.accept(listener), INVALID_SOCKET);
  EXPECT_EQ(WSAGetLastError(), WSAECONNRESET);
}

TEST_F(Violations, DataRightBehindTheRequest) {
  serve();
  const RawPeer peer = RawPeer::connect_to(port());
  peer.say(request("early") + data("too early"));
  EXPECT_TRUE(peer.ends_by_reset());
  expect_service(2);
}

TEST_F(Violations, SecondRequestBeforeTheVerdict) {
  serve();
  const RawPeer peer = RawPeer::connect_to(port());
  peer.say(request("one") + request("two"));
  EXPECT_TRUE(peer.ends_by_reset());
  expect_service(2);
}

// A message that never ends has a longest length too.
TEST_F(Violations, MessageThatGrowsBeyondTheLimit) {
  serve("message");
  const RawPeer peer = accepted_peer();
  const SOCKET guest = next_guest();
  peer.say(frame(kData, std::string(65536, 'x')) + frame(kData, "x"));
  char octet;
  EXPECT_EQ(recv(guest, &octet, 1, 0), SOCKET_ERROR);
  EXPECT_EQ(WSAGetLastError(), WSAECONNABORTED);
  EXPECT_TRUE(peer.ends_by_reset());
  expect_service(2);
}

}  // namespace
}  // namespace ws2::hostile
