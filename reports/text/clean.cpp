#include "reports/text/clean.hpp"

#include <algorithm>
#include <cstdint>

namespace ws2conform::reports {
namespace {

constexpr char32_t kReplacement = 0xFFFD;

struct Decoded {
  char32_t character = kReplacement;
  std::size_t bytes = 1;
};

// One code point from the front of a text that is not empty. A malformed sequence, an overlong form
// or a surrogate takes one byte and gives the replacement character.
Decoded decode(std::string_view text) {
  const auto first = static_cast<std::uint8_t>(text[0]);
  if (first < 0x80) return {first, 1};
  const std::size_t bytes = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
  if (first < 0xC2 || first > 0xF4 || text.size() < bytes) return {};
  char32_t character = first & (0x7Fu >> bytes);
  for (std::size_t i = 1; i < bytes; ++i) {
    const auto next = static_cast<std::uint8_t>(text[i]);
    if ((next & 0xC0) != 0x80) return {};
    character = character << 6 | (next & 0x3Fu);
  }
  constexpr char32_t kSmallest[] = {0, 0, 0x80, 0x800, 0x10000};
  const bool surrogate = character >= 0xD800 && character <= 0xDFFF;
  if (character < kSmallest[bytes] || character > 0x10FFFF || surrogate) return {};
  return {character, bytes};
}

bool reorders(char32_t c) {
  return c == 0x061C || c == 0x200E || c == 0x200F || (c >= 0x202A && c <= 0x202E) ||
         (c >= 0x2066 && c <= 0x2069);
}

char32_t shown(char32_t c) {
  if (c == '\t' || c == '\n') return c;
  if (c < 0x20) return 0x2400 + c;
  if (c == 0x7F) return 0x2421;
  if (c >= 0x80 && c < 0xA0) return kReplacement;
  const bool not_a_character = (c & 0xFFFE) == 0xFFFE || (c >= 0xFDD0 && c <= 0xFDEF);
  return not_a_character || reorders(c) ? kReplacement : c;
}

void append(std::string& out, char32_t c) {
  const auto tail = [&](int shift) { out += static_cast<char>(0x80 | (c >> shift & 0x3F)); };
  if (c < 0x80) {
    out += static_cast<char>(c);
  } else if (c < 0x800) {
    out += static_cast<char>(0xC0 | c >> 6);
    tail(0);
  } else if (c < 0x10000) {
    out += static_cast<char>(0xE0 | c >> 12);
    tail(6);
    tail(0);
  } else {
    out += static_cast<char>(0xF0 | c >> 18);
    tail(12);
    tail(6);
    tail(0);
  }
}

// Bytes of the first `limit` code points.
std::size_t prefix(std::string_view clean_text, std::size_t limit) {
  std::size_t at = 0;
  for (; limit > 0 && at < clean_text.size(); --limit) at += decode(clean_text.substr(at)).bytes;
  return at;
}

}  // namespace

std::string clean(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const Decoded next = decode(text);
    append(out, shown(next.character));
    text.remove_prefix(next.bytes);
  }
  return out;
}

std::size_t length(std::string_view clean_text) {
  return static_cast<std::size_t>(std::count_if(clean_text.begin(), clean_text.end(),
                                                [](char c) { return (c & 0xC0) != 0x80; }));
}

std::string clip(std::string_view text, std::size_t limit) {
  std::string out = clean(text);
  const std::size_t all = length(out);
  if (all <= limit) return out;
  out.resize(prefix(out, limit));
  return out + " … (" + std::to_string(all - limit) + " more characters)";
}

std::string shorten(std::string_view text, std::size_t limit) {
  std::string out = clean(text);
  std::replace_if(
      out.begin(), out.end(), [](char c) { return c == '\n' || c == '\t'; }, ' ');
  if (length(out) <= limit) return out;
  out.resize(prefix(out, limit > 0 ? limit - 1 : 0));
  return out + "…";
}

}  // namespace ws2conform::reports
