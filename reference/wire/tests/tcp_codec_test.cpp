#include <gtest/gtest.h>

#include "connection/tests/recorded_unit.hpp"
#include "wire/codec.hpp"

namespace ws2 {
namespace {

TEST(TcpCodec, OctetsAreDataAndNothingElseIsWritten) {
  const auto codec = make_tcp_codec();
  ByteQueue out;
  EXPECT_EQ(codec->encode(RequestUnit{}, out), TransportStep::kNone);
  EXPECT_EQ(codec->encode(AcceptUnit{}, out), TransportStep::kNone);
  EXPECT_EQ(codec->encode(DataUnit{bytes_of("data"), false}, out), TransportStep::kNone);
  EXPECT_EQ(codec->encode(DisconnectUnit{}, out), TransportStep::kHalfClose);
  EXPECT_EQ(text_of(out.front()), "data");
  const Bytes octets = bytes_of("\x01\x02 anything");
  const Decoded decoded = codec->decode(octets);
  EXPECT_EQ(decoded.consumed, octets.size());
  EXPECT_EQ(text_of(std::get<DataUnit>(*decoded.unit).bytes), text_of(octets));
}

TEST(TcpCodec, RejectIsAReset) {  // ACC-42
  ByteQueue out;
  EXPECT_EQ(make_tcp_codec()->encode(RejectUnit{}, out), TransportStep::kAbort);
  EXPECT_TRUE(out.empty());
}

TEST(TcpCodec, TheTransportSpeaks) {
  const auto codec = make_tcp_codec();
  EXPECT_TRUE(std::holds_alternative<AcceptUnit>(*codec->implied_by_connection(Role::kCaller)));
  EXPECT_TRUE(std::holds_alternative<RequestUnit>(*codec->implied_by_connection(Role::kAcceptor)));
  EXPECT_TRUE(std::holds_alternative<DisconnectUnit>(*codec->implied_by_end()));
}

}  // namespace
}  // namespace ws2
