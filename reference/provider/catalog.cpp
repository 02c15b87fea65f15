#include "provider/catalog.hpp"

#include <array>

#include "ws2/protocol_info.h"

namespace ws2 {
namespace {

constexpr int kTcp = 6;
// Outside the range of IP's protocol numbers.
constexpr int kStreamProtocol = 1001;
constexpr int kMessageProtocol = 1002;
constexpr int kDecnetProtocol = 1003;
constexpr int kTp4Protocol = 1004;

constexpr std::uint32_t kReliable = XP1_GUARANTEED_DELIVERY | XP1_GUARANTEED_ORDER;
constexpr std::uint32_t kUserData = XP1_CONNECT_DATA | XP1_DISCONNECT_DATA;

template <WireProvider provider>
std::unique_ptr<Codec> frame_codec(const Limits& limits) {
  return make_frame_codec(provider, limits);
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

constexpr std::uint32_t size_of_message(const Limits& limits) {
  return static_cast<std::uint32_t>(limits.message);
}

// One-shot providers take messages whole only; the first of the message-oriented ones is what
// socket() means by protocol 0.
constexpr Kind kKinds[] = {
    {"stream", SocketType::kStream, kStreamProtocol, true,
     kReliable | XP1_GRACEFUL_CLOSE | kUserData, 0, &kStreamLimits,
     frame_codec<WireProvider::kStream>},
    {"message", SocketType::kSequencedPacket, kMessageProtocol, true,
     kReliable | XP1_MESSAGE_ORIENTED | XP1_PARTIAL_MESSAGE | XP1_GRACEFUL_CLOSE | kUserData,
     size_of_message(kMessageLimits), &kMessageLimits, frame_codec<WireProvider::kMessage>},
    {"tcp", SocketType::kStream, kTcp, true, kReliable | XP1_GRACEFUL_CLOSE, 0, &kTcpLimits,
     tcp_codec},
    {"decnet", SocketType::kSequencedPacket, kDecnetProtocol, false,
     kReliable | XP1_MESSAGE_ORIENTED | XP1_GRACEFUL_CLOSE | kUserData,
     size_of_message(kDecnetLimits), &kDecnetLimits, frame_codec<WireProvider::kDecnet>},
    {"tp4", SocketType::kSequencedPacket, kTp4Protocol, false,
     kReliable | XP1_MESSAGE_ORIENTED | kUserData, size_of_message(kTp4Limits), &kTp4Limits,
     frame_codec<WireProvider::kTp4>},
};

constexpr std::size_t kEntries = 2 * std::size(kKinds);

template <EditionName edition>
constexpr auto kLimits = [] {
  std::array<Limits, std::size(kKinds)> all;
  for (std::size_t i = 0; i < all.size(); ++i) {
    all[i] = *kKinds[i].limits;
    all[i].edition = edition_of(edition);
  }
  return all;
}();

using Table = std::array<ProviderEntry, kEntries>;

template <EditionName edition>
constexpr Table make_table() {
  Table entries{};
  std::uint32_t id = 1001;
  for (std::size_t i = 0; i < std::size(kKinds); ++i) {
    const Kind& kind = kKinds[i];
    const Limits& limits = kLimits<edition>[i];
    for (const Family family : {Family::kInet, Family::kInet6}) {
      const std::uint32_t qos = limits.qos ? XP1_QOS_SUPPORTED : 0;
      entries[id - 1001] = {kind.name,        id,
                            family,           kind.type,
                            kind.protocol,    kind.matches_zero,
                            kind.flags | qos, kind.message_size,
                            &limits,          kind.make_codec};
      ++id;
    }
  }
  return entries;
}

constexpr Table kTables[kEditionCount] = {make_table<EditionName::kDocumented>(),
                                          make_table<EditionName::kWindows>()};

}  // namespace

std::span<const ProviderEntry> provider_entries(EditionName edition) {
  return kTables[static_cast<std::size_t>(edition)];
}

const ProviderEntry* find_provider(std::uint32_t catalog_id, EditionName edition) {
  for (const ProviderEntry& entry : provider_entries(edition)) {
    if (entry.catalog_id == catalog_id) return &entry;
  }
  return nullptr;
}

}  // namespace ws2
