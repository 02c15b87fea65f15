#include "conformance/judge/age.hpp"

#include <fmt/format.h>

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <optional>
#include <regex>

#include "conformance/judge/wording.hpp"

namespace ws2conform {
namespace {

using Days = std::chrono::sys_days;

// The date that a text begins with.
std::optional<Days> date_of(const std::string& text) {
  static const std::regex kDate(R"((\d{4})-(\d{2})-(\d{2})([T ].*)?)");
  std::smatch parts;
  if (!std::regex_match(text, parts, kDate)) return std::nullopt;
  const auto number = [&](int part) { return std::stoi(parts[part]); };
  const std::chrono::year_month_day date{std::chrono::year(number(1)),
                                         std::chrono::month(static_cast<unsigned>(number(2))),
                                         std::chrono::day(static_cast<unsigned>(number(3)))};
  return date.ok() ? std::optional(Days(date)) : std::nullopt;
}

// In whole days, and where they are many in months or years of the usual length.
std::string length(std::uint64_t days) {
  constexpr std::uint64_t kMonth = 30;
  constexpr std::uint64_t kYear = 365;
  if (days < 3 * kMonth) return plural(days, "day");
  return days < 2 * kYear ? plural(days / kMonth, "month") : plural(days / kYear, "year");
}

}  // namespace

bool is_since(const std::string& since) {
  static const std::regex kVersion(R"(\d+(\.\d+)+([-+.~].+)?)");
  return date_of(since).has_value() || std::regex_match(since, kVersion);
}

std::string age_text(const std::string& since, const std::string& now) {
  if (since.empty()) return "";
  const auto begin = date_of(since);
  if (!begin) return "known since version " + since;
  const auto end = date_of(now);
  if (!end || *end < *begin) return "known since " + since;
  return fmt::format("known since {}, for {}", since,
                     length(static_cast<std::uint64_t>((*end - *begin).count())));
}

}  // namespace ws2conform
