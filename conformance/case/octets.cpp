#include "conformance/case/octets.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace ws2conform {
namespace {

constexpr std::string_view kBase64 =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

constexpr std::array<int, 256> base64_values() {
  std::array<int, 256> values{};
  for (int& value : values) value = -1;
  for (std::size_t i = 0; i < kBase64.size(); ++i) {
    values[static_cast<unsigned char>(kBase64[i])] = static_cast<int>(i);
  }
  return values;
}

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

}  // namespace

std::string to_base64(std::string_view octets) {
  std::string text((octets.size() + 2) / 3 * 4, '=');
  char* digit = text.data();
  for (std::size_t i = 0; i < octets.size(); i += 3) {
    const std::size_t count = std::min<std::size_t>(3, octets.size() - i);
    unsigned group = 0;
    for (std::size_t j = 0; j < 3; ++j) {
      group = group << 8 | (j < count ? static_cast<unsigned char>(octets[i + j]) : 0U);
    }
    for (std::size_t j = 0; j <= count; ++j) digit[j] = kBase64[group >> (18 - 6 * j) & 63U];
    digit += 4;
  }
  return text;
}

std::optional<std::string> from_base64(std::string_view text) {
  static constexpr auto kValues = base64_values();
  if (text.size() % 4 != 0) return std::nullopt;
  std::size_t padding = 0;
  while (padding < 2 && padding < text.size() && text[text.size() - 1 - padding] == '=') ++padding;
  std::string octets(text.size() / 4 * 3 - padding, '\0');
  char* octet = octets.data();
  for (std::size_t i = 0; i < text.size(); i += 4) {
    const std::size_t digits = i + 4 == text.size() ? 4 - padding : 4;
    unsigned group = 0;
    int wrong = 0;
    for (std::size_t j = 0; j < 4; ++j) {
      const int value = j < digits ? kValues[static_cast<unsigned char>(text[i + j])] : 0;
      wrong |= value;  // negative if any of them is
      group = group << 6 | (static_cast<unsigned>(value) & 63U);
    }
    if (wrong < 0) return std::nullopt;
    if ((group & ((1U << (8 * (4 - digits))) - 1)) != 0) return std::nullopt;  // nobody wrote them
    for (std::size_t j = 0; j + 1 < digits; ++j)
      *octet++ = static_cast<char>(group >> (16 - 8 * j));
  }
  return octets;
}

std::optional<std::string> from_hex(std::string_view digits) {
  if (digits.size() % 2 != 0) return std::nullopt;
  std::string octets;
  for (std::size_t i = 0; i < digits.size(); i += 2) {
    const int high = hex_value(digits[i]);
    const int low = hex_value(digits[i + 1]);
    if (high < 0 || low < 0) return std::nullopt;
    octets += static_cast<char>(high * 16 + low);
  }
  return octets;
}

std::string octet_pattern(std::size_t count) {
  std::string octets(count, '\0');
  for (std::size_t i = 0; i < count; ++i) octets[i] = static_cast<char>(i & 255U);
  return octets;
}

std::string show_octets(std::string_view octets) {
  constexpr std::size_t kShown = 64;
  const std::string_view shown = octets.substr(0, kShown);
  const bool printable =
      std::all_of(shown.begin(), shown.end(), [](char c) { return c >= ' ' && c <= '~'; });
  std::string text;
  if (printable) {
    text = fmt::format("\"{}\"", shown);
  } else {
    text = "hex ";
    for (const char c : shown) text += fmt::format("{:02x}", static_cast<unsigned char>(c));
  }
  if (octets.size() > kShown) text += fmt::format("... ({} octets)", octets.size());
  return text;
}

}  // namespace ws2conform
