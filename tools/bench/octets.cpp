#include "octets.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>
#include <string>
#include <vector>

namespace bench {
namespace {

constexpr std::size_t kPeriod = 251;
constexpr std::size_t kGlance = 32;
bool is_thorough = false;

Piece make_piece(Part part) {
  Piece made;
  for (std::size_t i = 0; i < made.size(); ++i) {
    made[i] = static_cast<char>('A' + (static_cast<std::size_t>(part) + i) % 26);
  }
  return made;
}

const std::vector<char>& pattern_block() {
  static const std::vector<char> block = [] {
    std::vector<char> made(kBulkSend + kPeriod);
    for (std::size_t i = 0; i < made.size(); ++i) made[i] = static_cast<char>(i % kPeriod);
    return made;
  }();
  return block;
}

}  // namespace

void fail(const char* what) {
  throw std::runtime_error(what);
}

const Piece& piece(Part part) {
  static const std::array<Piece, 6> pieces = {
      make_piece(Part::kCaller), make_piece(Part::kCallee),    make_piece(Part::kRequest),
      make_piece(Part::kReply),  make_piece(Part::kClientEnd), make_piece(Part::kServerEnd)};
  return pieces[static_cast<std::size_t>(part) - static_cast<std::size_t>(Part::kCaller)];
}

void verify(Part part, std::span<const char> octets) {
  if (!std::ranges::equal(octets, piece(part))) {
    throw std::runtime_error(std::string("other octets than were sent, in part ") +
                             static_cast<char>(part));
  }
}

std::span<const char> pattern(std::uint64_t position, std::size_t size) {
  return std::span(pattern_block()).subspan(position % kPeriod, size);
}

void verify_pattern(std::uint64_t position, std::span<const char> octets) {
  const auto check = [](std::uint64_t at, std::span<const char> part) {
    if (!std::ranges::equal(part, pattern(at, part.size()))) fail("other octets than were sent");
  };
  if (is_thorough || octets.size() <= 2 * kGlance) return check(position, octets);
  check(position, octets.first(kGlance));
  check(position + octets.size() - kGlance, octets.last(kGlance));
}

void set_thorough(bool thorough) {
  is_thorough = thorough;
}

}  // namespace bench
