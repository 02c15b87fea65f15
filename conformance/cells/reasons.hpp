// Why no case reaches a cell that two well-behaved ends can use: unreached.yaml.
#pragma once

#include <filesystem>
#include <map>
#include <string>

#include "conformance/cells/line.hpp"

namespace ws2conform {

struct CellReason {
  std::string because;
  bool sometimes = false;  // cases do reach it, in some runs: it depends on a race
};

// By cell_index().
using CellReasons = std::map<std::size_t, CellReason>;

// Throws InputError: also for a cell that is not there, stands twice, or needs no reason because
// only a peer that breaks the protocol uses it, or nobody.
CellReasons read_cell_reasons(const std::filesystem::path& path);

}  // namespace ws2conform
