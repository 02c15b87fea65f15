#include <gtest/gtest.h>

#include <algorithm>

#include "connection/tests/recorded_unit.hpp"
#include "wire/codec.hpp"
#include "wire/frame.hpp"

namespace ws2 {
namespace {

struct Heard {
  std::vector<RecordedUnit> units;
  Malformed malformed = Malformed::kNone;
  std::size_t consumed = 0;
};

/// Decodes `octets`, given in pieces of at most `piece`.
Heard hear(Codec& codec, ByteView octets, std::size_t piece = SIZE_MAX) {
  Heard heard;
  while (!octets.empty()) {
    ByteView part = octets.first(std::min(piece, octets.size()));
    octets = octets.subspan(part.size());
    while (!part.empty()) {
      const Decoded decoded = codec.decode(part);
      heard.consumed += decoded.consumed;
      heard.malformed = decoded.malformed;
      if (decoded.malformed != Malformed::kNone) return heard;
      if (decoded.unit) heard.units.emplace_back(*decoded.unit);
      if (decoded.consumed == 0 && !decoded.unit) {
        ADD_FAILURE() << "no progress";
        return heard;
      }
      part = part.subspan(decoded.consumed);
    }
  }
  return heard;
}

std::unique_ptr<Codec> stream_codec() {
  return make_frame_codec(WireProvider::kStream, kStreamLimits);
}
std::unique_ptr<Codec> message_codec() {
  return make_frame_codec(WireProvider::kMessage, kMessageLimits);
}

Bytes encoded(Codec& codec, const Unit& unit) {
  ByteQueue out;
  codec.encode(unit, out);
  return {out.front().begin(), out.front().end()};
}

Bytes join(std::initializer_list<Bytes> parts) {
  Bytes all;
  for (const Bytes& part : parts) all.insert(all.end(), part.begin(), part.end());
  return all;
}

const Bytes kPreamble = {0x57, 0x53, 0x32, 0x43, 1, 1};
const Qos kQos{{{1, 2, 3, 4, 5, 6, 7, 0xffffffff}}, {{8, 7, 6, 5, 4, 3, 2, 1}}, {0, 1, 2}};

Bytes header(std::uint8_t type, std::uint32_t length, std::uint8_t flags = 0) {
  ByteQueue out;
  wire::append_header({static_cast<wire::FrameType>(type), flags, length}, out);
  return {out.front().begin(), out.front().end()};
}

// The octets of WIRE.md's examples, written out.
TEST(FrameCodec, WritesWhatTheDescriptionSays) {
  const auto codec = stream_codec();
  const Bytes hi = bytes_of("hi");
  EXPECT_EQ(encoded(*codec, RequestUnit{hi, {}}),
            (Bytes{1, 0, 0, 0, 0, 0, 0, 12, 0x57, 0x53, 0x32, 0x43, 1, 1, 1, 0, 0, 2, 'h', 'i'}));
  EXPECT_EQ(encoded(*codec, AcceptUnit{}),
            (Bytes{2, 0, 0, 0, 0, 0, 0, 6, 0x57, 0x53, 0x32, 0x43, 1, 1}));
  EXPECT_EQ(encoded(*codec, RejectUnit{RejectReason::kQueueFull}),
            (Bytes{3, 0, 0, 0, 0, 0, 0, 7, 0x57, 0x53, 0x32, 0x43, 1, 1, 2}));
  EXPECT_EQ(encoded(*codec, DataUnit{hi, false}), (Bytes{4, 0, 0, 0, 0, 0, 0, 2, 'h', 'i'}));
  EXPECT_EQ(encoded(*codec, DisconnectUnit{hi}), (Bytes{5, 0, 0, 0, 0, 0, 0, 2, 'h', 'i'}));
  EXPECT_EQ(encoded(*message_codec(), DataUnit{hi, true}),
            (Bytes{4, 1, 0, 0, 0, 0, 0, 2, 'h', 'i'}));
}

TEST(FrameCodec, SaysWhatFollows) {
  const auto codec = stream_codec();
  ByteQueue out;
  EXPECT_EQ(codec->encode(RequestUnit{}, out), TransportStep::kNone);
  EXPECT_EQ(codec->encode(AcceptUnit{}, out), TransportStep::kNone);
  EXPECT_EQ(codec->encode(DataUnit{bytes_of("x"), false}, out), TransportStep::kNone);
  EXPECT_EQ(codec->encode(RejectUnit{}, out), TransportStep::kHalfClose);
  EXPECT_EQ(codec->encode(DisconnectUnit{}, out), TransportStep::kHalfClose);
  EXPECT_FALSE(codec->implied_by_connection(Role::kCaller));
  EXPECT_FALSE(codec->implied_by_connection(Role::kAcceptor));
  EXPECT_FALSE(codec->implied_by_end());
}

TEST(FrameCodec, EveryUnitComesBackInWhateverPieces) {
  const Bytes full(512, 'u');
  const auto codec = stream_codec();
  ByteQueue out;
  codec->encode(RequestUnit{full, kQos}, out);
  codec->encode(RequestUnit{{}, {}}, out);
  codec->encode(AcceptUnit{full, {}}, out);
  codec->encode(AcceptUnit{{}, kQos}, out);
  codec->encode(RejectUnit{RejectReason::kListenerGone}, out);
  codec->encode(DataUnit{full, false}, out);
  codec->encode(DisconnectUnit{full}, out);
  codec->encode(DisconnectUnit{}, out);
  codec->encode(QosUnit{kQos, 0xfffefdfc}, out);
  for (const std::size_t piece : {1U, 2U, 7U, 8U, 9U, 100U, 100000U}) {
    const Heard heard = hear(*codec, out.front(), piece);
    EXPECT_EQ(heard.malformed, Malformed::kNone);
    EXPECT_EQ(heard.consumed, out.size());
    std::string data;
    std::vector<RecordedUnit> control;
    for (const RecordedUnit& unit : heard.units) {
      if (unit.is<DataUnit>()) {
        data += unit.text();
      } else {
        control.push_back(unit);
      }
    }
    EXPECT_EQ(data, text_of(full));
    ASSERT_EQ(control.size(), 8U);
    EXPECT_TRUE(control[0].is<RequestUnit>());
    EXPECT_EQ(control[0].bytes(), full);
    EXPECT_EQ(control[0].qos(), kQos);
    EXPECT_TRUE(control[1].is<RequestUnit>());
    EXPECT_TRUE(control[1].bytes().empty());
    EXPECT_FALSE(control[1].qos());
    EXPECT_TRUE(control[2].is<AcceptUnit>());
    EXPECT_EQ(control[2].bytes(), full);
    EXPECT_TRUE(control[3].is<AcceptUnit>());
    EXPECT_EQ(control[3].qos(), kQos);
    EXPECT_EQ(control[4].reason(), RejectReason::kListenerGone);
    EXPECT_TRUE(control[5].is<DisconnectUnit>());
    EXPECT_EQ(control[5].bytes(), full);
    EXPECT_TRUE(control[6].is<DisconnectUnit>());
    EXPECT_TRUE(control[6].bytes().empty());
    EXPECT_EQ(control[7].qos(), kQos);
    EXPECT_EQ(std::get<QosUnit>(control[7].view()).revision, 0xfffefdfc);
  }
}

TEST(FrameCodec, QosWithAndWithoutProviderSpecificPart) {
  for (const std::size_t size : {std::size_t{0}, kStreamLimits.qos->provider_specific}) {
    Qos qos = kQos;
    qos.provider_specific.assign(size, 'p');
    const auto codec = stream_codec();
    const Heard heard = hear(*codec, encoded(*codec, RequestUnit{{}, qos}));
    ASSERT_EQ(heard.units.size(), 1U);
    EXPECT_EQ(heard.units[0].qos(), qos);
  }
}

TEST(FrameCodec, LongDataIsSplitIntoFrames) {
  const Bytes data(wire::kMaxDataBody * 2 + 1, 'd');
  const auto codec = stream_codec();
  const Bytes octets = encoded(*codec, DataUnit{data, false});
  EXPECT_EQ(octets.size(), data.size() + 3 * wire::kHeaderSize);
  Bytes heard;
  for (const RecordedUnit& unit : hear(*codec, octets, 1000).units)
    heard.insert(heard.end(), unit.bytes().begin(), unit.bytes().end());
  EXPECT_EQ(heard, data);
}

TEST(FrameCodec, MessagesKeepTheirEnds) {
  const auto codec = message_codec();
  ByteQueue out;
  const Bytes longest(wire::kMaxDataBody, 'm');
  codec->encode(DataUnit{longest, true}, out);
  codec->encode(DataUnit{{}, true}, out);
  codec->encode(DataUnit{bytes_of("pie"), false}, out);
  codec->encode(DataUnit{bytes_of("ce"), true}, out);
  for (const std::size_t piece : {1U, 5U, 1000000U}) {
    std::vector<std::string> messages(1);
    const Heard heard = hear(*codec, out.front(), piece);
    EXPECT_EQ(heard.malformed, Malformed::kNone);
    for (const RecordedUnit& unit : heard.units) {
      messages.back() += unit.text();
      if (unit.end_of_message()) messages.emplace_back();
    }
    EXPECT_EQ(messages, (std::vector<std::string>{text_of(longest), "", "piece", ""}));
  }
}

// Every frame, cut after every octet: no unit but data, no complaint, and the rest completes it.
TEST(FrameCodec, EveryTruncation) {
  const Bytes data = bytes_of("data");
  const Unit units[] = {RequestUnit{data, kQos}, AcceptUnit{data, kQos}, RejectUnit{},
                        DisconnectUnit{data}, QosUnit{kQos, 1}};
  for (const Unit& unit : units) {
    const Bytes octets = encoded(*stream_codec(), unit);
    for (std::size_t cut = 1; cut < octets.size(); ++cut) {
      const auto codec = stream_codec();
      const Heard first = hear(*codec, ByteView(octets).first(cut));
      EXPECT_TRUE(first.units.empty());
      EXPECT_EQ(first.malformed, Malformed::kNone);
      EXPECT_EQ(first.consumed, cut);
      const Heard rest = hear(*codec, ByteView(octets).subspan(cut));
      ASSERT_EQ(rest.units.size(), 1U);
      EXPECT_EQ(rest.units[0].view().index(), unit.index());
    }
  }
}

/// Every set-up frame whose announced length is shorter than its items need.
TEST(FrameCodec, EveryShortenedBody) {
  const Bytes octets = encoded(*stream_codec(), RequestUnit{bytes_of("data"), kQos});
  const std::size_t body = octets.size() - wire::kHeaderSize;
  for (std::size_t length = 0; length < body; ++length) {
    Bytes shortened =
        join({header(1, static_cast<std::uint32_t>(length)),
              Bytes(octets.begin() + wire::kHeaderSize,
                    octets.begin() + static_cast<std::ptrdiff_t>(wire::kHeaderSize + length))});
    const Heard heard = hear(*stream_codec(), shortened);
    // Whole items alone are a request with less in it; anything else is not believed.
    const bool whole_items = length == 6 || length == 6 + 4 + 4;
    EXPECT_EQ(heard.units.size(), whole_items ? 1U : 0U) << length;
    EXPECT_EQ(heard.malformed == Malformed::kNone, whole_items) << length;
  }
}

struct Bad {
  const char* what;
  Bytes octets;
  Malformed malformed;
};

TEST(FrameCodec, MalformedFrames) {
  const Bytes other_magic = {0x57, 0x53, 0x32, 0x44, 1, 1};
  const Bytes version2 = {0x57, 0x53, 0x32, 0x43, 2, 1};
  const Bytes provider2 = {0x57, 0x53, 0x32, 0x43, 1, 2};
  const Bad bad[] = {
      {"type 0", header(0, 0), Malformed::kUnknownFrame},
      {"type 7", header(7, 0), Malformed::kUnknownFrame},
      {"QOS without flow specifications", header(6, 67), Malformed::kTooShort},
      {"QOS one too long", header(6, 4 + 64 + 1025), Malformed::kTooLong},
      {"absurd QOS", header(6, 0xffffffff), Malformed::kTooLong},
      {"flag on QOS", header(6, 68, 1), Malformed::kBadHeader},
      {"an HTTP request", bytes_of("GET / HTTP/1.1\r\n"), Malformed::kUnknownFrame},
      {"flag on request", header(1, 6, 1), Malformed::kBadHeader},
      {"end of message on a stream", header(4, 1, 1), Malformed::kBadHeader},
      {"reserved octets", {5, 0, 0, 1, 0, 0, 0, 0}, Malformed::kBadHeader},
      {"request shorter than the preamble", header(1, 5), Malformed::kTooShort},
      {"empty data", header(4, 0), Malformed::kTooShort},
      {"reject without reason", header(3, 6), Malformed::kTooShort},
      {"reject with more", header(3, 8), Malformed::kTooLong},
      {"absurd request", header(1, 0xffffffff), Malformed::kTooLong},
      {"absurd accept", header(2, 0x80000000), Malformed::kTooLong},
      {"absurd data", header(4, 0xffffffff), Malformed::kTooLong},
      {"data one too long", header(4, 65537), Malformed::kTooLong},
      {"disconnect one too long", header(5, 513), Malformed::kTooLong},
      {"absurd disconnect", header(5, 0xfffffff8), Malformed::kTooLong},
      {"other magic", join({header(1, 6), other_magic}), Malformed::kBadMagic},
      {"other version", join({header(1, 6), version2}), Malformed::kBadVersion},
      {"other provider", join({header(2, 6), provider2}), Malformed::kBadProvider},
      {"reason 0", join({header(3, 7), kPreamble, {0}}), Malformed::kBadReason},
      {"reason 4", join({header(3, 7), kPreamble, {4}}), Malformed::kBadReason},
      {"half an item header", join({header(1, 8), kPreamble, {1, 0}}), Malformed::kTooShort},
      {"item longer than the body", join({header(1, 11), kPreamble, {1, 0, 0, 2, 9}}),
       Malformed::kTooShort},
      {"item longer by far", join({header(1, 11), kPreamble, {1, 0, 255, 255, 9}}),
       Malformed::kTooShort},
      {"unknown item", join({header(1, 11), kPreamble, {3, 0, 0, 1, 9}}), Malformed::kBadItem},
      {"item 0", join({header(1, 11), kPreamble, {0, 0, 0, 1, 9}}), Malformed::kBadItem},
      {"item flags", join({header(1, 11), kPreamble, {1, 1, 0, 1, 9}}), Malformed::kBadItem},
      {"empty user data", join({header(1, 10), kPreamble, {1, 0, 0, 0}}), Malformed::kBadItem},
      {"user data twice", join({header(1, 16), kPreamble, {1, 0, 0, 1, 9, 1, 0, 0, 1, 9}}),
       Malformed::kBadItem},
      {"user data too long",
       join({header(1, 6 + 4 + 513), kPreamble, {1, 0, 2, 1}, Bytes(513, 'x')}),
       Malformed::kTooLong},
      {"QOS too short", join({header(1, 6 + 4 + 63), kPreamble, {2, 0, 0, 63}, Bytes(63, 0)}),
       Malformed::kBadItem},
      {"QOS too long", join({header(1, 6 + 4 + 1089), kPreamble, {2, 0, 4, 65}, Bytes(1089, 0)}),
       Malformed::kTooLong},
  };
  for (const Bad& one : bad) {
    for (const std::size_t piece : {1U, 100000U}) {
      const Heard heard = hear(*stream_codec(), one.octets, piece);
      EXPECT_EQ(to_string(heard.malformed), to_string(one.malformed)) << one.what;
      EXPECT_TRUE(heard.units.empty()) << one.what;
    }
  }
}

// Judged by the header alone: not an octet of the body is waited for or kept.
TEST(FrameCodec, LengthsAreJudgedBeforeTheBody) {
  const Bytes absurd = header(1, 0x7fffffff);
  const Heard heard = hear(*stream_codec(), absurd);
  EXPECT_EQ(heard.malformed, Malformed::kTooLong);
  EXPECT_EQ(heard.consumed, wire::kHeaderSize);
}

TEST(FrameCodec, OnlyAMessageMayBeEmpty) {
  EXPECT_EQ(hear(*message_codec(), header(4, 0)).malformed, Malformed::kTooShort);
  EXPECT_EQ(hear(*message_codec(), header(4, 0, 1)).units.size(), 1U);
  EXPECT_EQ(hear(*message_codec(), header(4, 0, 2)).malformed, Malformed::kBadHeader);
}

TEST(FrameCodec, LimitsAreTheProviders) {
  const auto decnet = make_frame_codec(WireProvider::kDecnet, kDecnetLimits);
  const Bytes sixteen(16, 'd');
  const Bytes seventeen(17, 'd');
  EXPECT_EQ(hear(*decnet, encoded(*decnet, DisconnectUnit{sixteen})).units.size(), 1U);
  EXPECT_EQ(hear(*decnet, encoded(*decnet, DisconnectUnit{seventeen})).malformed,
            Malformed::kTooLong);
  const auto other = make_frame_codec(WireProvider::kDecnet, kDecnetLimits);
  EXPECT_EQ(hear(*other, encoded(*other, RequestUnit{seventeen, {}})).malformed,
            Malformed::kTooLong);
}

TEST(FrameCodec, QosNeedsAProviderThatHasIt) {
  const auto stream = stream_codec();
  const auto decnet = make_frame_codec(WireProvider::kDecnet, kDecnetLimits);
  EXPECT_EQ(hear(*decnet, encoded(*stream, QosUnit{kQos, 1})).malformed, Malformed::kUnknownFrame);
  const Bytes octets = encoded(*decnet, RequestUnit{{}, kQos});
  EXPECT_EQ(hear(*make_frame_codec(WireProvider::kDecnet, kDecnetLimits), octets).malformed,
            Malformed::kTooLong);
  const Bytes preamble = {0x57, 0x53, 0x32, 0x43, 1, 3};
  EXPECT_EQ(hear(*make_frame_codec(WireProvider::kDecnet, kDecnetLimits),
                 join({header(1, 6 + 4), preamble, {2, 0, 0, 0}}))
                .malformed,
            Malformed::kBadItem);
  // No room for a provider-specific part where there is none.
  const auto tp4 = make_frame_codec(WireProvider::kTp4, kTp4Limits);
  EXPECT_EQ(hear(*tp4, encoded(*tp4, QosUnit{kQos, 1})).malformed, Malformed::kTooLong);
  const auto other = make_frame_codec(WireProvider::kTp4, kTp4Limits);
  Qos plain = kQos;
  plain.provider_specific.clear();
  EXPECT_EQ(hear(*other, encoded(*other, QosUnit{plain, 1})).units.size(), 1U);
}

// No octet may crash it, whatever stands where.
TEST(FrameCodec, EveryOctetChanged) {
  const Bytes octets = join({encoded(*stream_codec(), RequestUnit{bytes_of("data"), kQos}),
                             encoded(*stream_codec(), DataUnit{bytes_of("data"), false}),
                             encoded(*stream_codec(), QosUnit{kQos, 1}),
                             encoded(*stream_codec(), DisconnectUnit{bytes_of("bye")})});
  for (std::size_t at = 0; at < octets.size(); ++at) {
    for (int value = 0; value < 256; ++value) {
      Bytes changed = octets;
      changed[at] = static_cast<std::uint8_t>(value);
      const Heard heard = hear(*stream_codec(), changed, 3);
      EXPECT_LE(heard.consumed, changed.size());
      if (changed == octets) {
        EXPECT_EQ(heard.malformed, Malformed::kNone);
      }
    }
  }
}

}  // namespace
}  // namespace ws2
