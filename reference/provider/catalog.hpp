#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

#include "connection/limits.hpp"
#include "provider/endpoint.hpp"
#include "wire/codec.hpp"

namespace ws2 {

/// The values of SOCK_*.
enum class SocketType : int { kStream = 1, kSequencedPacket = 5 };

/// One entry of WSAEnumProtocols: a provider in one address family.
struct ProviderEntry {
  std::string_view name;  ///< szProtocol
  std::uint32_t catalog_id;
  Family family;
  SocketType type;
  int protocol;                ///< iProtocol, what socket() is called with
  bool matches_zero;           ///< may be chosen by protocol 0
  std::uint32_t flags;         ///< XP1_*
  std::uint32_t message_size;  ///< dwMessageSize: 0 for a byte stream
  const Limits* limits;
  std::unique_ptr<Codec> (*make_codec)(const Limits& limits);
};

/// All entries of one edition, in the order in which socket() looks for one that fits. Editions
/// differ in the limits only.
std::span<const ProviderEntry> provider_entries(EditionName edition = EditionName::kDocumented);
/// nullptr when there is no entry of that number.
const ProviderEntry* find_provider(std::uint32_t catalog_id,
                                   EditionName edition = EditionName::kDocumented);

}  // namespace ws2
