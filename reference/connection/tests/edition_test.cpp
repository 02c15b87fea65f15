// Each rule in both editions, and what both share.

#include "connection/edition.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "connection/event_record.hpp"
#include "connection/tests/pair.hpp"
#include "ws2/errors.h"

namespace ws2 {
namespace {

using Read = Pair::Read;

constexpr int kSelected = fd::kRead | fd::kWrite | fd::kAccept | fd::kConnect | fd::kClose;

TEST(EditionNames, AreTheTwoAndNoOther) {
  EXPECT_EQ(edition_named("documented"), EditionName::kDocumented);
  EXPECT_EQ(edition_named("windows"), EditionName::kWindows);
  EXPECT_EQ(edition_named("Windows"), std::nullopt);
  EXPECT_EQ(edition_named(""), std::nullopt);
  EXPECT_EQ(edition_of(EditionName::kDocumented), Edition{});
  EXPECT_EQ(edition_of(EditionName::kWindows), kWindowsEdition);
}

TEST(EditionTable, EditionsFileHoldsIt) {
  std::ifstream file(WS2_EDITIONS_FILE);
  ASSERT_TRUE(file) << WS2_EDITIONS_FILE;
  std::ostringstream text;
  text << file.rdbuf();
  EXPECT_NE(text.str().find("\n\n" + edition_table() + "\n"), std::string::npos)
      << "the table in EDITIONS.md is not the core's; it should read:\n"
      << edition_table();
}

class InEdition : public testing::TestWithParam<EditionName> {
 protected:
  const Edition& edition() const { return edition_of(GetParam()); }
  bool windows() const { return GetParam() == EditionName::kWindows; }
  Pair connected(Limits limits = kStreamLimits) const {
    limits.edition = edition();
    Pair pair(limits);
    pair.establish();
    return pair;
  }
};

INSTANTIATE_TEST_SUITE_P(Editions, InEdition,
                         testing::Values(EditionName::kDocumented, EditionName::kWindows),
                         [](const auto& info) { return std::string(to_string(info.param)); });

TEST_P(InEdition, CloseBesideUnreadData) {  // EVT-21, WIN-15
  Pair pair = connected();
  EXPECT_TRUE(pair.send(kClient, "ab").ok());
  EXPECT_TRUE(pair.send_disconnect(kClient).ok());
  pair.settle();
  EXPECT_EQ(pair.acceptor().close_indication(), windows() ? std::optional(0) : std::nullopt);
  EXPECT_TRUE(pair.acceptor().readable());
  EXPECT_EQ(pair.receive(kServer, 1), (Read{0, "a"}));
  EXPECT_EQ(pair.acceptor().close_indication(), windows() ? std::optional(0) : std::nullopt);
  EXPECT_EQ(pair.receive(kServer, 1), (Read{0, "b"}));
  EXPECT_EQ(pair.acceptor().close_indication(), 0);
  EXPECT_EQ(pair.receive(kServer, 1), (Read{0, ""}));
}

TEST_P(InEdition, CloseIsRecordedOnceBesideReadsThatGoOn) {  // WIN-15, EVT-06
  EventRecord record(edition());
  EXPECT_TRUE(record.select(kSelected, {.readable = true, .close_indication = 0, .arrivals = 1}));
  EXPECT_EQ(record.take().bits, fd::kRead | fd::kClose);
  EXPECT_TRUE(record.after_receive(0, {.readable = true, .close_indication = 0, .arrivals = 1}));
  EXPECT_EQ(record.take().bits, fd::kRead);
  EXPECT_FALSE(record.after_receive(0, {.close_indication = 0, .arrivals = 1}));
  EXPECT_EQ(record.take().bits, 0);
}

TEST_P(InEdition, CloseAfterAReset) {  // EVT-20, WIN-16
  Pair pair = connected();
  pair.abort(kClient);
  pair.settle();
  EXPECT_EQ(pair.acceptor().close_indication(), windows() ? WSAECONNABORTED : WSAECONNRESET);
  EXPECT_EQ(pair.receive(kServer), (Read{WSAECONNRESET, ""}));
  EXPECT_EQ(pair.send(kServer, "x").error(), WSAECONNRESET);
}

TEST_P(InEdition, ArrivalAfterAnEventWasGiven) {  // EVT-03, WIN-19
  EventRecord record(edition());
  EXPECT_FALSE(record.select(kSelected, {}));
  EXPECT_TRUE(record.note({.readable = true, .arrivals = 1}));
  EXPECT_EQ(record.take().bits, fd::kRead);
  EXPECT_FALSE(record.note({.readable = true, .arrivals = 1}));
  EXPECT_EQ(record.note({.readable = true, .arrivals = 2}), windows());
  EXPECT_EQ(record.take().bits, windows() ? fd::kRead : 0);

  EventRecord listener(edition());
  EXPECT_TRUE(listener.select(kSelected, {.acceptable = true, .requests = 1}));
  EXPECT_EQ(listener.take().bits, fd::kAccept);
  EXPECT_FALSE(listener.note({.acceptable = true, .requests = 1}));
  EXPECT_EQ(listener.note({.acceptable = true, .requests = 2}), windows());
  EXPECT_EQ(listener.take().bits, windows() ? fd::kAccept : 0);
}

TEST_P(InEdition, ArrivalsAreCountedWhereTheyCanBeRead) {  // WIN-19
  Pair stream = connected();
  EXPECT_TRUE(stream.send(kClient, "ab").ok());
  EXPECT_TRUE(stream.send(kClient, "").ok());
  EXPECT_TRUE(stream.send(kClient, "c").ok());
  stream.settle();
  EXPECT_EQ(stream.acceptor().arrivals(), 2U);
  EXPECT_EQ(stream.receive(kServer).text, "abc");
  EXPECT_EQ(stream.acceptor().arrivals(), 2U);

  Pair message = connected(kMessageLimits);
  EXPECT_TRUE(message.send(kClient, "half", false).ok());
  message.settle();
  EXPECT_EQ(message.acceptor().arrivals(), 0U);
  EXPECT_TRUE(message.send(kClient, "", true).ok());
  message.settle();
  EXPECT_EQ(message.acceptor().arrivals(), 1U);
}

TEST_P(InEdition, FaultyReceive) {  // EVT-05, WIN-26
  EventRecord record(edition());
  EXPECT_TRUE(record.select(kSelected, {.readable = true, .arrivals = 1}));
  EXPECT_EQ(record.take().bits, fd::kRead);
  EXPECT_EQ(record.after_receive(WSAEFAULT, {.readable = true, .arrivals = 1}), !windows());
  EXPECT_EQ(record.take().bits, windows() ? 0 : fd::kRead);
  // Any other failure enables.
  EXPECT_TRUE(record.after_receive(WSAEMSGSIZE, {.readable = true, .arrivals = 1}));
}

TEST_P(InEdition, SelectingAgain) {  // EVT-08, WIN-26
  EventRecord record(edition());
  const Conditions readable{.readable = true, .arrivals = 1};
  EXPECT_TRUE(record.select(fd::kRead, readable));
  EXPECT_EQ(record.take().bits, fd::kRead);
  EXPECT_EQ(record.select(fd::kRead, readable), !windows());
  EXPECT_EQ(record.take().bits, windows() ? 0 : fd::kRead);
  // The next condition is another one.
  EXPECT_FALSE(record.after_receive(0, {.arrivals = 1}));
  EXPECT_TRUE(record.select(fd::kRead, {.readable = true, .arrivals = 2}));

  EventRecord listener(edition());
  const Conditions acceptable{.acceptable = true, .requests = 1};
  EXPECT_TRUE(listener.select(fd::kAccept, acceptable));
  EXPECT_EQ(listener.take().bits, fd::kAccept);
  EXPECT_EQ(listener.select(fd::kAccept, acceptable), !windows());
}

TEST_P(InEdition, SelectingAgainTellsWhatWasNotToldOf) {  // WIN-26, EVT-08
  EventRecord record(edition());
  const Conditions so{.readable = true, .writable = true, .close_indication = 0, .arrivals = 1};
  EXPECT_TRUE(record.select(fd::kWrite, so));
  EXPECT_EQ(record.take().bits, fd::kWrite);
  EXPECT_TRUE(record.select(kSelected, so));
  EXPECT_EQ(record.take().bits, fd::kRead | fd::kWrite | fd::kClose);
  // Recorded, but never fetched: it cannot be swallowed.
  EventRecord unfetched(edition());
  EXPECT_TRUE(unfetched.select(kSelected, so));
  EXPECT_TRUE(unfetched.select(kSelected, so));
  EXPECT_EQ(unfetched.take().bits, fd::kRead | fd::kWrite | fd::kClose);
}

TEST_P(InEdition, CloseIsToldOfOnce) {  // EVT-23, WIN-18
  EventRecord record(edition());
  EXPECT_TRUE(record.select(kSelected, {.close_indication = 0}));
  EXPECT_EQ(record.take().bits, fd::kClose);
  EXPECT_FALSE(record.note({.close_indication = 0}));
  EXPECT_FALSE(record.select(kSelected, {.close_indication = 0}));
  EXPECT_EQ(record.take().bits, 0);
}

TEST_P(InEdition, SelectingOnAConnectedSocketRecordsFdConnect) {  // EVT-08, WIN-20
  EventRecord record(edition());
  EXPECT_TRUE(record.select(kSelected, {.writable = true, .connect_outcome = 0}));
  EXPECT_EQ(record.take().bits, fd::kConnect | fd::kWrite);
}

TEST_P(InEdition, ResetAfterTheGracefulEnd) {  // TEAR-31, WIN-17
  Pair pair = connected(kTcpLimits);
  EXPECT_TRUE(pair.shutdown(kClient, ShutdownHow::kSend).ok());
  pair.close(kClient);
  pair.settle();
  EXPECT_EQ(pair.acceptor().close_indication(), 0);
  EXPECT_TRUE(pair.send(kServer, "to nobody").ok());
  pair.acceptor().on_transport_reset();
  EXPECT_EQ(pair.acceptor().close_indication(), 0);
  EXPECT_EQ(pair.receive(kServer), (Read{windows() ? WSAECONNABORTED : 0, ""}));
}

TEST_P(InEdition, UnreadDataAndAReset) {  // WIN-22
  Pair pair = connected();
  EXPECT_TRUE(pair.send(kClient, "unread").ok());
  pair.settle();
  pair.abort(kClient);
  pair.settle();
  EXPECT_EQ(pair.acceptor().readable(), !windows());
  if (!windows()) {
    EXPECT_EQ(pair.receive(kServer), (Read{0, "unread"}));
  }
  EXPECT_EQ(pair.receive(kServer), (Read{WSAECONNRESET, ""}));
}

}  // namespace
}  // namespace ws2
