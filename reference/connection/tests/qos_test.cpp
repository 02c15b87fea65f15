// What a QOS may say, and how two ends come to the same one.

#include "connection/qos.hpp"

#include <gtest/gtest.h>

#include <random>

#include "connection/tests/pair.hpp"
#include "ws2/errors.h"

namespace ws2 {
namespace {

constexpr std::uint32_t kNone = kNotSpecified;

FlowSpec flow(std::uint32_t rate, std::uint32_t peak = kNone,
              std::uint32_t type = service::kControlledLoad) {
  return {{rate, kNone, peak, kNone, kNone, type, kNone, kNone}};
}
Qos sending(const FlowSpec& spec) {
  return {spec, flow(kNone), {}};
}
Qos receiving(const FlowSpec& spec) {
  return {flow(1), spec, {}};
}
int checked(const Qos& qos) {
  return check(qos, *kStreamLimits.qos);
}

const Qos kAsked{flow(1000), flow(2000), {0, 255}};
const Qos kGranted{flow(500), flow(100), {7}};

TEST(Qos, SendingNeedsAServiceTypeAndARate) {  // QOS-03
  EXPECT_EQ(checked(sending(flow(1))), 0);
  EXPECT_EQ(checked(sending(flow(0))), WSA_QOS_EFLOWSPEC);
  EXPECT_EQ(checked(sending(flow(kNone))), WSA_QOS_EFLOWSPEC);
  EXPECT_EQ(checked(sending(flow(kNone, kNone, service::kGuaranteed))), WSA_QOS_EFLOWSPEC);
  EXPECT_EQ(checked(sending(flow(kNone, kNone, service::kBestEffort))), 0);
  EXPECT_EQ(checked(sending(flow(kNone, kNone, kNone))), 0);
  EXPECT_EQ(checked(receiving(flow(0))), 0);
  EXPECT_EQ(checked(receiving(flow(kNone))), 0);
}

TEST(Qos, ThePeakIsNotBelowTheRate) {  // QOS-03
  EXPECT_EQ(checked(sending(flow(10, 10))), 0);
  EXPECT_EQ(checked(sending(flow(10, 9))), WSA_QOS_EFLOWSPEC);
  EXPECT_EQ(checked(receiving(flow(10, 9))), WSA_QOS_EFLOWSPEC);
  EXPECT_EQ(checked(receiving(flow(kNone, 9))), 0);
}

TEST(Qos, ServiceTypesAreThoseThatCanBeAskedFor) {
  for (const std::uint32_t type : {0U, 1U, 2U, 3U, 6U, 0x0dU}) {
    EXPECT_EQ(checked(sending(flow(1, kNone, type))), 0) << type;
    EXPECT_EQ(checked(receiving(flow(1, kNone, type))), 0) << type;
  }
  for (const std::uint32_t type : {4U, 7U, 8U, 9U, 10U, 0x0eU, 0x7fffffffU}) {
    EXPECT_EQ(checked(sending(flow(1, kNone, type))), WSA_QOS_ESERVICETYPE) << type;
    EXPECT_EQ(checked(receiving(flow(1, kNone, type))), WSA_QOS_ESERVICETYPE) << type;
  }
  EXPECT_EQ(checked(sending(flow(1, kNone, service::kGeneralInformation))), 0);
  EXPECT_EQ(checked(receiving(flow(1, kNone, service::kGeneralInformation))), WSA_QOS_ESERVICETYPE);
}

TEST(Qos, WhatADirectionWithoutTrafficSaysIsIgnored) {  // ACC-21
  EXPECT_EQ(checked(sending(flow(0, 9, service::kNoTraffic))), 0);
  EXPECT_EQ(checked(receiving(flow(kHighestRate + 1, 9, service::kNoTraffic))), 0);
}

TEST(Qos, TheProviderHasAHighestRate) {  // UDATA-18
  EXPECT_EQ(checked(sending(flow(kHighestRate))), 0);
  EXPECT_EQ(checked(sending(flow(kHighestRate + 1))), WSAEOPNOTSUPP);
  EXPECT_EQ(checked(sending(flow(1, kHighestRate + 1))), WSAEOPNOTSUPP);
  EXPECT_EQ(checked(receiving(flow(kHighestRate + 1))), WSAEOPNOTSUPP);
}

TEST(Qos, TheProviderSpecificPartHasALimit) {
  Qos qos = kAsked;
  qos.provider_specific.assign(1024, 'p');
  EXPECT_EQ(checked(qos), 0);
  qos.provider_specific.push_back('p');
  EXPECT_EQ(checked(qos), WSA_QOS_EPROVSPECBUF);
  EXPECT_EQ(check(kAsked, *kTp4Limits.qos), WSA_QOS_EPROVSPECBUF);
}

TEST(Qos, NoChangeKeepsADirection) {  // QOS-04
  Qos wanted = kGranted;
  wanted.sending = flow(0, 0, service::kNoChange);
  const Qos made = changed(kAsked, wanted);
  EXPECT_EQ(made.sending, kAsked.sending);
  EXPECT_EQ(made.receiving, kGranted.receiving);
  EXPECT_EQ(made.provider_specific, kGranted.provider_specific);
  EXPECT_EQ(changed({}, wanted).sending, flow(kNone, kNone, kNone));
  wanted = kGranted;
  wanted.receiving = flow(0, 0, service::kNoChange);
  EXPECT_EQ(changed(kAsked, wanted).receiving, kAsked.receiving);
  EXPECT_EQ(changed(kAsked, wanted).sending, kGranted.sending);
}

TEST(Qos, WhatIsNotSpecifiedIsTheProvidersDefault) {  // QOS-02
  const Qos shown = with_defaults(kAsked, *kStreamLimits.qos);
  EXPECT_EQ(shown.sending[FlowField::kTokenRate], 1000U);
  EXPECT_EQ(shown.sending[FlowField::kServiceType], service::kControlledLoad);
  EXPECT_EQ(shown.sending[FlowField::kMaxSduSize], 65536U);
  EXPECT_EQ(shown.provider_specific, kAsked.provider_specific);
  EXPECT_EQ(with_defaults({}, *kStreamLimits.qos).receiving[FlowField::kServiceType],
            service::kBestEffort);
}

TEST(ConnectionQos, TravelsBothWays) {  // ACC-19, ACC-20
  Pair pair;
  EXPECT_TRUE(pair.request({}, {}, kAsked).ok());
  EXPECT_EQ(pair.caller().qos(), kAsked);
  pair.settle();
  EXPECT_EQ(pair.acceptor().peer_qos(), kAsked);
  EXPECT_TRUE(pair.accept({}, kGranted).ok());
  EXPECT_EQ(pair.acceptor().qos(), kGranted);
  pair.settle();
  // One end's sending is the other's receiving.
  EXPECT_EQ(pair.caller().qos(), (Qos{kGranted.receiving, kGranted.sending, {7}}));
  EXPECT_TRUE(pair.caller().qos_changed());
  EXPECT_FALSE(pair.acceptor().qos_changed());
}

TEST(ConnectionQos, HoldsAsAskedWithoutAnAnswer) {
  Pair pair;
  EXPECT_TRUE(pair.request({}, {}, kAsked).ok());
  pair.settle();
  EXPECT_TRUE(pair.accept().ok());
  pair.settle();
  EXPECT_EQ(pair.caller().qos(), kAsked);
  EXPECT_EQ(pair.acceptor().qos(), mirrored(kAsked));
  EXPECT_FALSE(pair.caller().qos_changed());
}

TEST(ConnectionQos, IsAbsentWhereNobodyStatesIt) {
  Pair pair;
  pair.establish();
  EXPECT_FALSE(pair.caller().qos());
  EXPECT_FALSE(pair.acceptor().qos());
  EXPECT_FALSE(pair.acceptor().peer_qos());
}

TEST(ConnectionQos, ProviderSpecificPartHasALimit) {
  Qos qos = kAsked;
  qos.provider_specific.resize(kStreamLimits.qos->provider_specific + 1);
  Pair pair;
  EXPECT_EQ(pair.request({}, {}, qos).error(), WSAEFAULT);
  EXPECT_EQ(pair.caller().state(), State::kIdle);
  EXPECT_TRUE(pair.request().ok());
  pair.settle();
  EXPECT_EQ(pair.accept({}, qos).error(), WSAEFAULT);
  EXPECT_EQ(pair.acceptor().state(), State::kOffered);
  qos.provider_specific.pop_back();
  EXPECT_TRUE(pair.accept({}, qos).ok());
}

TEST(ConnectionQos, NeedsAProviderThatHasIt) {
  Pair pair(kDecnetLimits);
  EXPECT_EQ(pair.request({}, {}, kAsked).error(), WSAEOPNOTSUPP);
  EXPECT_EQ(pair.caller().state(), State::kIdle);
  pair.establish();
  EXPECT_EQ(pair.set_qos(Side::kCaller, kAsked).error(), WSAEOPNOTSUPP);
}

TEST(ConnectionQos, AChangeIsToldOnce) {  // EVT-28
  Pair pair;
  pair.establish();
  EXPECT_TRUE(pair.set_qos(Side::kAcceptor, kAsked).ok());
  EXPECT_FALSE(pair.acceptor().qos_changed());
  pair.settle();
  EXPECT_EQ(pair.caller().qos(), mirrored(kAsked));
  EXPECT_TRUE(pair.caller().qos_changed());
  pair.caller().note_qos_read();
  // What is so already is no change.
  EXPECT_TRUE(pair.set_qos(Side::kAcceptor, kAsked).ok());
  EXPECT_TRUE(pair.set_qos(Side::kCaller, mirrored(kAsked)).ok());
  EXPECT_FALSE(pair.in_flight_to(Side::kCaller) || pair.in_flight_to(Side::kAcceptor));
  EXPECT_FALSE(pair.caller().qos_changed());
}

TEST(ConnectionQos, OfCrossingChangesTheCallersHolds) {
  Pair pair;
  pair.establish();
  EXPECT_TRUE(pair.set_qos(Side::kCaller, kAsked).ok());
  EXPECT_TRUE(pair.set_qos(Side::kAcceptor, kGranted).ok());
  pair.settle();
  EXPECT_EQ(pair.caller().qos(), kAsked);
  EXPECT_EQ(pair.acceptor().qos(), mirrored(kAsked));
  EXPECT_FALSE(pair.caller().qos_changed());
  EXPECT_TRUE(pair.acceptor().qos_changed());
}

TEST(ConnectionQos, CanBeChangedAsLongAsThePeerCanBeTold) {
  Pair pair;
  EXPECT_EQ(pair.set_qos(Side::kCaller, kAsked).error(), WSAENOTCONN);
  EXPECT_TRUE(pair.request().ok());
  EXPECT_EQ(pair.set_qos(Side::kCaller, kAsked).error(), WSAEINVAL);
  pair.settle();
  EXPECT_TRUE(pair.accept().ok());
  pair.settle();
  EXPECT_TRUE(pair.send_disconnect(Side::kCaller).ok());
  EXPECT_EQ(pair.set_qos(Side::kCaller, kAsked).error(), WSAEINVAL);
  pair.settle();
  EXPECT_TRUE(pair.set_qos(Side::kAcceptor, kGranted).ok());
  pair.settle();
  EXPECT_EQ(pair.caller().qos(), mirrored(kGranted));
  pair.abort(Side::kAcceptor);
  pair.settle();
  EXPECT_EQ(pair.set_qos(Side::kCaller, kAsked).error(), WSAECONNRESET);
  EXPECT_FALSE(pair.violated());
}

TEST(ConnectionQos, ACountThatIsTooFarAheadBreaksTheProtocol) {
  Pair pair;
  pair.establish();
  RecordingSink sink;
  EXPECT_EQ(pair.caller().on_unit(QosUnit{kAsked, 2}, pair.now(), sink),
            Violation::kUnexpectedUnit);
  EXPECT_EQ(pair.caller().state(), State::kAborted);
}

// Whoever changes what when, in whatever order it arrives: in the end there is one agreement, and
// whoever did not choose it has been told.
TEST(ConnectionQos, BothEndsAgreeInTheEnd) {
  for (unsigned seed = 0; seed < 5000 && !HasFailure(); ++seed) {
    std::mt19937 random(seed);
    Pair pair;
    pair.establish();
    std::optional<Qos> set[2];
    for (int step = 0; step < 12; ++step) {
      const Side side = random() % 2 == 0 ? Side::kCaller : Side::kAcceptor;
      if (random() % 2 == 0) {
        const Qos qos{flow(1 + random() % 5), flow(1 + random() % 5), {}};
        EXPECT_TRUE(pair.set_qos(side, qos).ok());
        set[static_cast<int>(side)] = qos;
        pair.at(side).note_qos_read();
      } else if (pair.in_flight_to(side)) {
        pair.deliver_to(side);
      }
    }
    pair.settle();
    EXPECT_FALSE(pair.violated());
    ASSERT_EQ(pair.caller().qos().has_value(), pair.acceptor().qos().has_value());
    for (const Side side : {Side::kCaller, Side::kAcceptor}) {
      if (!pair.at(side).qos()) continue;
      EXPECT_EQ(pair.at(side).qos(), mirrored(*pair.at(other(side)).qos()));
      if (pair.at(side).qos() != set[static_cast<int>(side)]) {
        EXPECT_TRUE(pair.at(side).qos_changed());
      }
    }
  }
}

}  // namespace
}  // namespace ws2
