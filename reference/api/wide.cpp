#include "api/wide.hpp"

#include <cstdint>

namespace ws2 {
namespace {

constexpr bool is_high(std::uint32_t unit) {
  return unit >= 0xd800 && unit < 0xdc00;
}
constexpr bool is_low(std::uint32_t unit) {
  return unit >= 0xdc00 && unit < 0xe000;
}

void append(std::uint32_t code, std::string& text) {
  if (code < 0x80) {
    text += static_cast<char>(code);
    return;
  }
  // The first octet says how many follow with six bits each.
  const int following = code < 0x800 ? 1 : code < 0x10000 ? 2 : 3;
  constexpr std::uint32_t kMarks[] = {0, 0xc0, 0xe0, 0xf0};
  text += static_cast<char>(kMarks[following] | code >> (6 * following));
  for (int i = following - 1; i >= 0; --i) {
    text += static_cast<char>(0x80 | (code >> (6 * i) & 0x3f));
  }
}

/// The character that `text` begins with, taken from it; nothing for what is no UTF-8, of which one
/// octet is taken.
std::optional<std::uint32_t> take(std::string_view& text) {
  const auto first = static_cast<std::uint8_t>(text.front());
  text.remove_prefix(1);
  if (first < 0x80) return first;
  if (first < 0xc2 || first > 0xf4) return std::nullopt;
  const std::size_t following = first < 0xe0 ? 1 : first < 0xf0 ? 2 : 3;
  if (text.size() < following) return std::nullopt;
  std::uint32_t code = first & (0x3fu >> following);
  for (std::size_t i = 0; i < following; ++i) {
    const auto octet = static_cast<std::uint8_t>(text[i]);
    if ((octet & 0xc0) != 0x80) return std::nullopt;
    code = code << 6 | (octet & 0x3f);
  }
  // Written longer than need be, half of a pair, or beyond Unicode.
  constexpr std::uint32_t kShortest[] = {0, 0x80, 0x800, 0x10000};
  if (code < kShortest[following] || is_high(code) || is_low(code) || code > 0x10ffff) {
    return std::nullopt;
  }
  text.remove_prefix(following);
  return code;
}

}  // namespace

std::optional<std::string> narrow(const WCHAR* text) {
  std::string made;
  for (; *text != 0; ++text) {
    std::uint32_t code = *text;
    if (is_low(code)) return std::nullopt;
    if (is_high(code)) {
      if (!is_low(text[1])) return std::nullopt;
      ++text;
      code = 0x10000 + ((code - 0xd800) << 10) + (static_cast<std::uint32_t>(*text) - 0xdc00);
    }
    append(code, made);
  }
  return made;
}

WideText widen(std::string_view text) {
  WideText made;
  while (!text.empty()) {
    const std::uint32_t code = take(text).value_or(0xfffd);
    if (code < 0x10000) {
      made += static_cast<WCHAR>(code);
    } else {
      made += static_cast<WCHAR>(0xd800 + ((code - 0x10000) >> 10));
      made += static_cast<WCHAR>(0xdc00 + ((code - 0x10000) & 0x3ff));
    }
  }
  return made;
}

}  // namespace ws2
