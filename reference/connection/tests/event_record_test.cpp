#include "connection/event_record.hpp"

#include <gtest/gtest.h>

#include "ws2/errors.h"

namespace ws2 {
namespace {

constexpr int kAll = fd::kRead | fd::kWrite | fd::kAccept | fd::kConnect | fd::kClose;

TEST(EventRecord, RecordsOnlyWhatIsSelected) {  // EVT-02
  EventRecord record;
  EXPECT_FALSE(record.note({.readable = true}));
  EXPECT_FALSE(record.select(fd::kClose, {.readable = true}));
  EXPECT_FALSE(record.note({.readable = true}));
  EXPECT_EQ(record.take().bits, 0);
}

TEST(EventRecord, ReadIsRecordedOnceUntilAReceive) {  // EVT-03, EVT-04
  EventRecord record;
  EXPECT_FALSE(record.select(kAll, {}));
  EXPECT_TRUE(record.note({.readable = true}));
  EXPECT_FALSE(record.note({.readable = true}));
  EXPECT_EQ(record.take().bits, fd::kRead);
  EXPECT_FALSE(record.note({.readable = true}));
  EXPECT_FALSE(record.after_accept({.readable = true}));
  EXPECT_FALSE(record.after_send(true, {.readable = true}));
  EXPECT_EQ(record.take().bits, 0);
  EXPECT_TRUE(record.after_receive(0, {.readable = true}));  // EVT-06
  EXPECT_EQ(record.take().bits, fd::kRead);
  EXPECT_FALSE(record.after_receive(0, {}));
  EXPECT_TRUE(record.note({.readable = true}));
}

TEST(EventRecord, AcceptIsLevelTriggered) {  // EVT-06, EVT-18
  EventRecord record;
  EXPECT_TRUE(record.select(kAll, {.acceptable = true}));
  EXPECT_EQ(record.take().bits, fd::kAccept);
  EXPECT_FALSE(record.note({.acceptable = true}));
  EXPECT_TRUE(record.after_accept({.acceptable = true}));
  EXPECT_EQ(record.take().bits, fd::kAccept);
  EXPECT_FALSE(record.after_accept({}));
}

TEST(EventRecord, WriteAgainOnlyAfterAFailedSendAndRoom) {  // EVT-17
  EventRecord record;
  EXPECT_TRUE(record.select(kAll, {.writable = true, .connect_outcome = 0}));
  EXPECT_EQ(record.take().bits, fd::kWrite | fd::kConnect);
  EXPECT_FALSE(record.after_send(false, {.writable = true, .connect_outcome = 0}));
  EXPECT_FALSE(record.note({.connect_outcome = 0}));
  EXPECT_FALSE(record.note({.writable = true, .connect_outcome = 0}));
  EXPECT_FALSE(record.after_send(true, {.connect_outcome = 0}));
  EXPECT_TRUE(record.note({.writable = true, .connect_outcome = 0}));
  EXPECT_EQ(record.take().bits, fd::kWrite);
}

TEST(EventRecord, ConnectCarriesTheOutcomeOnceAnAttempt) {  // EVT-16
  EventRecord record;
  EXPECT_FALSE(record.select(kAll, {}));
  EXPECT_TRUE(record.note({.connect_outcome = WSAECONNREFUSED}));
  NetworkEvents events = record.take();
  EXPECT_EQ(events.bits, fd::kConnect);
  EXPECT_EQ(events.errors[4], WSAECONNREFUSED);
  EXPECT_FALSE(record.note({.connect_outcome = WSAECONNREFUSED}));
  record.after_connect();
  EXPECT_FALSE(record.note({}));
  EXPECT_TRUE(record.note({.connect_outcome = 0}));
  events = record.take();
  EXPECT_EQ(events.bits, fd::kConnect);
  EXPECT_EQ(events.errors[4], 0);
}

TEST(EventRecord, CloseOnceASocket) {  // EVT-19, EVT-20, EVT-23
  EventRecord record;
  EXPECT_FALSE(record.select(kAll, {}));
  EXPECT_TRUE(record.note({.close_indication = WSAECONNRESET}));
  const NetworkEvents events = record.take();
  EXPECT_EQ(events.bits, fd::kClose);
  EXPECT_EQ(events.errors[5], WSAECONNRESET);
  EXPECT_FALSE(record.after_receive(0, {.close_indication = WSAECONNRESET}));
  EXPECT_FALSE(record.select(kAll, {.close_indication = WSAECONNRESET}));
  EXPECT_EQ(record.take().bits, 0);
}

TEST(EventRecord, SelectingRecordsWhatIsSoAlready) {  // EVT-08
  EventRecord record;
  EXPECT_TRUE(record.select(
      kAll, {.readable = true, .writable = true, .connect_outcome = 0, .close_indication = 0}));
  EXPECT_EQ(record.take().bits, fd::kRead | fd::kWrite | fd::kConnect | fd::kClose);
}

TEST(EventRecord, ReselectingReplacesMaskAndRecord) {  // EVT-09
  EventRecord record;
  EXPECT_TRUE(record.select(kAll, {.readable = true}));
  EXPECT_FALSE(record.select(fd::kClose, {.readable = true}));
  EXPECT_FALSE(record.pending());
  EXPECT_TRUE(record.select(fd::kRead, {.readable = true}));
  EXPECT_EQ(record.take().bits, fd::kRead);
}

TEST(EventRecord, ReselectingCannotSwallowAnUnfetchedEnd) {
  EventRecord record;
  EXPECT_TRUE(record.select(kAll, {.close_indication = 0}));
  EXPECT_TRUE(record.select(kAll, {.close_indication = 0}));
  EXPECT_EQ(record.take().bits, fd::kClose);
}

TEST(EventRecord, MaskZeroCancels) {  // EVT-10
  EventRecord record;
  EXPECT_TRUE(record.select(kAll, {.readable = true}));
  EXPECT_FALSE(record.select(0, {.readable = true}));
  EXPECT_FALSE(record.after_receive(0, {.readable = true, .close_indication = 0}));
  EXPECT_EQ(record.take().bits, 0);
}

TEST(EventRecord, AChangeOfQosIsRecordedOnceUntilItIsLookedAt) {  // EVT-04, EVT-07
  EventRecord record;
  EXPECT_FALSE(record.select(fd::kQos, {}));
  const Conditions changed{.qos_changed = true};
  EXPECT_TRUE(record.note(changed));
  EXPECT_EQ(record.take().bits, fd::kQos);
  EXPECT_FALSE(record.note(changed));
  // Looking at it ends the condition, and only a further change is another event.
  EXPECT_FALSE(record.after_get_qos({}));
  EXPECT_FALSE(record.pending());
  EXPECT_TRUE(record.note(changed));
}

}  // namespace
}  // namespace ws2
