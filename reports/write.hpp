// Puts the reports of a run into a folder.
#pragma once

#include <filesystem>

#include "conformance/judge/result.hpp"
#include "reports/compare/comparison.hpp"
#include "reports/html.hpp"

namespace ws2conform::reports {

// Writes index.html, what stands beside it in evidence/, junit.xml, ctrf.json, report.tap and
// badge.json, making the folder where it is missing. Each file appears whole or not at all, and an
// older one stays until the new one is complete. Throws std::runtime_error with the path and the
// reason.
void write(const RunResult& run, const std::filesystem::path& directory,
           const Appendices& appendices = {});

// The page of several runs, beside the folders of their own reports. `interop`: as in
// compare/comparison.hpp.
void write_comparison(const std::vector<ComparedRun>& runs, const nlohmann::json& interop,
                      const std::filesystem::path& directory);

}  // namespace ws2conform::reports
