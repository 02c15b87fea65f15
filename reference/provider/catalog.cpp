#include "provider/catalog.hpp"

#include <array>

#include "ws2/protocol_info.h"

namespace ws2 {
namespace {

constexpr int kTcp = 6;
// Outside the range of IP's protocol numbers.
constexpr int kStreamProtocol = 1001;

constexpr std::uint32_t kReliable = XP1_GUARANTEED_DELIVERY | XP1_GUARANTEED_ORDER;
constexpr std::uint32_t kUserData = XP1_CONNECT_DATA | XP1_DISCONNECT_DATA;

std::unique_ptr<Codec> stream_codec(const Limits& limits) {
  return make_frame_codec(WireProvider::kStream, limits);
}

std::unique_ptr<Codec> tcp_codec(const Limits&) {
  return make_tcp_codec();
}

struct Kind {
  std::string_view name;
  SocketType type;
  int protocol;
  bool matches_zero;
  std::uint32_t flags;
  std::uint32_t message_size;
  const Limits* limits;
  std::unique_ptr<Codec> (*make_codec)(const Limits& limits);
};

constexpr Kind kKinds[] = {
    {"stream", SocketType::kStream, kStreamProtocol, true,
     kReliable | XP1_GRACEFUL_CLOSE | kUserData, 0, &kStreamLimits, stream_codec},
    {"tcp", SocketType::kStream, kTcp, true, kReliable | XP1_GRACEFUL_CLOSE, 0, &kTcpLimits,
     tcp_codec},
};

constexpr std::size_t kEntries = 2 * std::size(kKinds);

constexpr std::array<ProviderEntry, kEntries> make_entries() {
  std::array<ProviderEntry, kEntries> entries{};
  std::uint32_t id = 1001;
  for (const Kind& kind : kKinds) {
    for (const Family family : {Family::kInet, Family::kInet6}) {
      entries[id - 1001] = {kind.name,     id,
                            family,        kind.type,
                            kind.protocol, kind.matches_zero,
                            kind.flags,    kind.message_size,
                            kind.limits,   kind.make_codec};
      ++id;
    }
  }
  return entries;
}

constexpr auto kTable = make_entries();

}  // namespace

std::span<const ProviderEntry> provider_entries() {
  return kTable;
}

const ProviderEntry* find_provider(std::uint32_t catalog_id) {
  for (const ProviderEntry& entry : kTable) {
    if (entry.catalog_id == catalog_id) return &entry;
  }
  return nullptr;
}

}  // namespace ws2
