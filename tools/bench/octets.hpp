#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace bench {

/// Octets in each part of the full exchange.
inline constexpr std::size_t kPiece = 64;
/// Octets given to one send of the bulk transfer.
inline constexpr std::size_t kBulkSend = 64 * 1024;

using Piece = std::array<char, kPiece>;

/// What each part of the exchange carries, no two alike. Without zeros and other octets that a
/// header line could not hold.
enum class Part : char { kCaller = 'A', kCallee, kRequest, kReply, kClientEnd, kServerEnd };
const Piece& piece(Part part);
/// Throws unless `octets` are those of `part`.
void verify(Part part, std::span<const char> octets);

/// Octets of the bulk pattern, from any position in it; at most kBulkSend.
std::span<const char> pattern(std::uint64_t position, std::size_t size);
/// Throws unless these octets stand at `position`. Looks at all of them where `thorough`, otherwise
/// at both ends, so as not to be what is measured.
void verify_pattern(std::uint64_t position, std::span<const char> octets);
void set_thorough(bool thorough);

[[noreturn]] void fail(const char* what);

}  // namespace bench
