// The frame decoder over arbitrary octets: how they are cut makes no difference, and whatever is
// taken for a frame is what the encoder would have written, octet for octet.
//
// Input: provider, seed of the cuts, then the octets of a peer.

#include <algorithm>
#include <string>

#include "connection/tests/recorded_unit.hpp"
#include "fuzz/fuzz_target.hpp"
#include "fuzz/octet_source.hpp"
#include "fuzz/providers.hpp"
#include "wire/frame.hpp"

namespace ws2 {
namespace {

/// What a decoder made of all octets.
struct Reading {
  /// The units one after the other; pieces of one DATA frame are joined.
  std::vector<RecordedUnit> units;
  Malformed malformed = Malformed::kNone;
  /// Octets consumed when the last unit was whole, or all.
  std::size_t consumed = 0;
};

bool same(const RecordedUnit& one, const RecordedUnit& other) {
  const Unit left = one.view();
  const Unit right = other.view();
  if (left.index() != right.index() || one.bytes() != other.bytes()) return false;
  if (one.is<DataUnit>()) return one.end_of_message() == other.end_of_message();
  if (one.is<RejectUnit>()) return one.reason() == other.reason();
  return one.qos() == other.qos();
}

/// Feeds the octets in pieces that `cut` chooses.
template <typename Cut>
Reading read(const FuzzedProvider& provider, ByteView octets, Cut cut) {
  const auto codec = provider.make_codec(provider.limits);
  Reading reading;
  Bytes data;  // of the stretch of DATA that is arriving
  const auto end_data = [&](bool end_of_message) {
    if (data.empty() && !end_of_message) return;
    reading.units.emplace_back(DataUnit{data, end_of_message});
    data.clear();
  };
  while (reading.consumed < octets.size()) {
    const ByteView rest = octets.subspan(reading.consumed);
    ByteView piece = rest.first(cut(rest.size()));
    while (!piece.empty()) {
      const Decoded decoded = codec->decode(piece);
      FUZZ_CHECK(decoded.consumed <= piece.size());
      FUZZ_CHECK(decoded.unit || decoded.malformed != Malformed::kNone ||
                 decoded.consumed == piece.size());
      FUZZ_CHECK(decoded.consumed > 0 || decoded.malformed != Malformed::kNone);
      reading.consumed += decoded.consumed;
      piece = piece.subspan(decoded.consumed);
      if (decoded.malformed != Malformed::kNone) {
        end_data(false);
        reading.malformed = decoded.malformed;
        return reading;
      }
      if (!decoded.unit) continue;
      if (const auto* unit = std::get_if<DataUnit>(&*decoded.unit)) {
        data.insert(data.end(), unit->bytes.begin(), unit->bytes.end());
        if (unit->end_of_message) end_data(true);
        continue;
      }
      end_data(false);
      reading.units.emplace_back(*decoded.unit);
    }
  }
  end_data(false);
  return reading;
}

void check_same(const Reading& whole, const Reading& cut) {
  FUZZ_CHECK(whole.malformed == cut.malformed);
  FUZZ_CHECK(whole.consumed == cut.consumed);
  FUZZ_CHECK(std::ranges::equal(whole.units, cut.units, same));
}

/// Frame after frame, each decoded from exactly its own octets.
void check_round_trip(const FuzzedProvider& provider, ByteView octets) {
  const auto codec = provider.make_codec(provider.limits);
  while (octets.size() >= wire::kHeaderSize) {
    const auto [header, malformed] = wire::parse_header(octets, provider.limits);
    const std::size_t size = wire::kHeaderSize + header.length;
    if (malformed != Malformed::kNone || octets.size() < size) return;
    const ByteView frame = octets.first(size);
    const Decoded decoded = codec->decode(frame);
    if (decoded.malformed != Malformed::kNone) return;
    FUZZ_CHECK(decoded.unit && decoded.consumed == size);
    ByteQueue written;
    codec->encode(*decoded.unit, written);
    FUZZ_CHECK(std::ranges::equal(written.front(), frame));
    octets = octets.subspan(size);
  }
}

}  // namespace
}  // namespace ws2

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace ws2;
  OctetSource source({data, size});
  const FuzzedProvider& provider = kFuzzedProviders[source.octet() % kFuzzedProviders.size()];
  std::uint32_t state = source.octet();
  const ByteView octets = source.octets(size);

  const Reading whole = read(provider, octets, [](std::size_t rest) { return rest; });
  check_same(whole, read(provider, octets, [](std::size_t) { return std::size_t{1}; }));
  check_same(whole, read(provider, octets, [&state](std::size_t rest) {
               state = state * 1664525 + 1013904223;
               return 1 + (state >> 16) % std::min<std::size_t>(rest, 32);
             }));
  if (provider.has_frames) check_round_trip(provider, octets);
  return 0;
}
