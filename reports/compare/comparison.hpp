// Several runs in one page.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "conformance/judge/result.hpp"

namespace ws2conform::reports {

struct ComparedRun {
  RunResult run;
  std::string link;  // to its own report, from the page; empty for none
};

// The page as UTF-8: the runs, what changed where two that follow each other are of one
// implementation, which requirement holds on which, and who can talk to whom. `interop` is what
// matrix.json holds, or null. The same runs give the same bytes; scripts it has none. Throws
// nlohmann::json::exception for an `interop` of another form.
std::string comparison(const std::vector<ComparedRun>& runs, const nlohmann::json& interop);

}  // namespace ws2conform::reports
