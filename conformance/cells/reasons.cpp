#include "conformance/cells/reasons.hpp"

#include <fmt/format.h>

#include "conformance/case/yaml.hpp"
#include "connection/exploration/cells.hpp"

namespace ws2conform {
namespace {

std::size_t reasonable_cell(const std::string& name, const SourcePlace& place) {
  const auto index = cell_named(name);
  if (!index) throw InputError(place, "the state table has no cell \"" + name + "\"");
  const auto state = static_cast<ws2::State>(*index / ws2::kInputCount);
  const auto input = static_cast<ws2::Input>(*index % ws2::kInputCount);
  if (ws2::claim(state, input).reach != ws2::Reach::kTwoEnds) {
    throw InputError(place, "nobody expects a case to reach " + name);
  }
  return *index;
}

}  // namespace

CellReasons read_cell_reasons(const std::filesystem::path& path) {
  const YamlFile file = read_yaml(path, path.filename().string());
  if (!file.root.IsSequence()) throw InputError(file.place(file.root), "a list of reasons");
  CellReasons reasons;
  for (const auto& entry : file.root) {
    require_known_keys(file, entry, {"because", "cells", "sometimes"}, "a reason");
    if (!entry["because"] || !entry["cells"] || !entry["cells"].IsSequence()) {
      throw InputError(file.place(entry), "a reason says `because`, and a list of `cells`");
    }
    for (const auto& cell : entry["cells"]) {
      const SourcePlace place = file.place(cell);
      const std::size_t index = reasonable_cell(cell.as<std::string>(), place);
      const bool sometimes = entry["sometimes"] && entry["sometimes"].as<bool>();
      const CellReason reason{entry["because"].as<std::string>(), sometimes};
      if (!reasons.emplace(index, reason).second) {
        throw InputError(place, "a second reason for " + cell_name(index));
      }
    }
  }
  return reasons;
}

}  // namespace ws2conform
