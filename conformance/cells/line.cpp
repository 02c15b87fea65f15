#include "conformance/cells/line.hpp"

#include <algorithm>
#include <functional>
#include <map>
#include <stdexcept>

namespace ws2conform {
namespace {

constexpr std::string_view kPrefix = "cells: ";
constexpr std::string_view kBetween = ", ";

}  // namespace

std::string cell_name(std::size_t index) {
  const auto state = static_cast<ws2::State>(index / ws2::kInputCount);
  const auto input = static_cast<ws2::Input>(index % ws2::kInputCount);
  return std::string(to_string(state)) + "/" + std::string(to_string(input));
}

std::optional<std::size_t> cell_named(std::string_view name) {
  static const auto kIndices = [] {
    std::map<std::string, std::size_t, std::less<>> indices;
    for (std::size_t i = 0; i < UsedCells().size(); ++i) indices.emplace(cell_name(i), i);
    return indices;
  }();
  const auto found = kIndices.find(name);
  if (found == kIndices.end()) return std::nullopt;
  return found->second;
}

std::string cells_line(const UsedCells& used) {
  std::string line;
  for (std::size_t i = 0; i < used.size(); ++i) {
    if (!used[i]) continue;
    line += line.empty() ? kPrefix : kBetween;
    line += cell_name(i);
  }
  return line.empty() ? line : line + "\n";
}

void add_cells(std::string_view text, UsedCells& used) {
  while (!text.empty()) {
    std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    if (!line.starts_with(kPrefix)) continue;
    line.remove_prefix(kPrefix.size());
    while (!line.empty()) {
      const std::string_view name = line.substr(0, line.find(kBetween));
      const auto index = cell_named(name);
      if (!index) {
        throw std::runtime_error("the state table has no cell \"" + std::string(name) + "\"");
      }
      used.set(*index);
      line.remove_prefix(std::min(name.size() + kBetween.size(), line.size()));
    }
  }
}

}  // namespace ws2conform
