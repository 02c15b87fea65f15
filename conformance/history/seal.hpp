// The seal that ends each record of a history: a sum over it and all records before it, so that a
// record that was changed, removed, added or moved is found, with its line. It guards against
// accident and against editing by hand, not against someone who computes new sums.
#pragma once

#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>

namespace ws2conform {

// Before the first record.
constexpr std::uint64_t kUnsealed = 0xcbf29ce484222325U;

// Gives the record that stands in `text` from `begin` on, a JSON object, one more member:
// `,"sum":"0123456789abcdef"}`. The sum is FNV-1a, 64 bits, over the octets of all records so far,
// each without its sum; `sum` goes in as that of the records before, and comes out as this one's.
void seal(std::string& text, std::size_t begin, std::uint64_t& sum);

// The reverse, checked: throws std::runtime_error where the line bears no seal, or not its own.
void check_seal(std::string_view line, std::uint64_t& sum);

}  // namespace ws2conform
