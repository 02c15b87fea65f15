#include "reports/text/format.hpp"

#include <algorithm>
#include <cstdint>

namespace ws2conform::reports {
namespace {

// `value` in units of 10^-decimals.
std::string fixed(std::int64_t value, int decimals) {
  std::string digits = std::to_string(value);
  const auto wanted = static_cast<std::size_t>(decimals);
  if (digits.size() <= wanted) digits.insert(0, wanted + 1 - digits.size(), '0');
  digits.insert(digits.size() - wanted, 1, '.');
  return digits;
}

bool plain(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

std::string shell_word(std::string_view text) {
  const auto safe = [](char c) {
    return plain(c) || std::string_view("_-./:=@%+,").find(c) != std::string_view::npos;
  };
  if (!text.empty() && std::all_of(text.begin(), text.end(), safe)) return std::string(text);
  std::string word = "'";
  for (const char c : text) c == '\'' ? word += "'\\''" : word += c;
  return word + "'";
}

}  // namespace

std::string duration(std::chrono::nanoseconds time) {
  const std::int64_t ns = std::max<std::int64_t>(time.count(), 0);
  if (ns < 1'000'000) return std::to_string(ns / 1'000) + " µs";
  if (ns < 1'000'000'000) return fixed(ns / 100'000, 1) + " ms";
  if (ns < 60'000'000'000) return fixed(ns / 10'000'000, 2) + " s";
  const std::int64_t whole = ns / 1'000'000'000;
  return std::to_string(whole / 60) + " min " + std::to_string(whole % 60) + " s";
}

std::string seconds(std::chrono::nanoseconds time) {
  return fixed(std::max<std::int64_t>(time.count(), 0) / 1'000, 6);
}

std::string grouped(std::size_t number) {
  std::string text = std::to_string(number);
  for (std::size_t at = text.size(); at > 3; at -= 3) text.insert(at - 3, 1, ',');
  return text;
}

std::string moment(std::string_view utc) {
  std::string text(utc);
  const std::size_t middle = text.find('T');
  if (middle == std::string::npos || text.back() != 'Z') return text;
  text[middle] = ' ';
  text.back() = ' ';
  return text + "UTC";
}

std::string count(std::size_t number, std::string_view noun) {
  return grouped(number) + " " + std::string(noun) + (number == 1 ? "" : "s");
}

std::string part(std::size_t some, std::size_t all) {
  if (some >= all) return grouped(some);
  return grouped(some) + " of " + grouped(all);
}

std::string axes(const std::vector<std::pair<std::string, std::string>>& axes) {
  if (axes.empty()) return "no axes";
  std::string text;
  for (const auto& [name, value] : axes) {
    if (!text.empty()) text += ", ";
    text += name + "=" + value;
  }
  return text;
}

std::string place(std::string_view file, int line) {
  return std::string(file) + (line > 0 ? ":" + std::to_string(line) : "");
}

std::string word(Provenance provenance) {
  return provenance == Provenance::kWindows ? "Windows" : std::string(to_string(provenance));
}

std::string anchor(std::string_view text) {
  constexpr char kDigits[] = "0123456789abcdef";
  std::string out;
  for (const char c : text) {
    if (plain(c) || c == '.' || c == '-') {
      out += c;
    } else {
      const auto byte = static_cast<std::uint8_t>(c);
      out += {'_', kDigits[byte >> 4], kDigits[byte & 15]};
    }
  }
  return out;
}

std::string replay_command(std::string_view replay_id,
                           const std::vector<ImplementationInfo>& implementations) {
  std::string command = "ws2conform replay " + shell_word(replay_id);
  for (const ImplementationInfo& info : implementations) {
    if (info.iut.empty()) continue;
    if (info.role == "client" || info.role == "server") {
      command += " --" + info.role + " " + shell_word(info.iut);
    } else if (info.iut != "reference") {
      command += " " + shell_word(info.iut);
    }
  }
  return command;
}

std::string replay_command(std::string_view replay_id, const RunResult& run) {
  std::string command = replay_command(replay_id, run.implementations);
  const std::pair<const char*, const char*> defaults[] = {
      {"cases", ""}, {"schedules", "1000"}, {"seed", "1"}, {"relay", ""}, {"time_factor", "1.0"}};
  for (const auto& [name, usual] : defaults) {
    for (const auto& [option, value] : run.options) {
      if (option != name || value == usual) continue;
      std::string long_name = name;
      std::replace(long_name.begin(), long_name.end(), '_', '-');
      command += " --" + long_name + " " + shell_word(value);
    }
  }
  if (run.edition == "windows") command += " --edition windows";
  return command;
}

}  // namespace ws2conform::reports
