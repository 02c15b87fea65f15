// The report a person reads: one self-contained HTML file.
#pragma once

#include <map>
#include <nlohmann/json.hpp>
#include <string>

#include "conformance/judge/result.hpp"

namespace ws2conform::reports {

// What is known besides the run; nothing is said of what is null.
struct Appendices {
  nlohmann::json zoo;    // what zoo.json holds
  nlohmann::json model;  // what model.json holds: conformance/model/model.schema.json
  nlohmann::json cells;  // the cells of the reference's state table: conformance/cells/tally.hpp
};

struct Page {
  std::string html;
  std::map<std::string, std::string> evidence;  // what stands beside it, by path from it
};

// The whole page as UTF-8. The same run gives the same bytes. The page asks nothing of the network,
// is complete without scripts, and shows text of an implementation only as text, whatever it holds.
// Throws nlohmann::json::exception for appendices of another form.
Page page(const RunResult& run, const Appendices& appendices = {});

// The page without what stands beside it.
std::string html(const RunResult& run);

}  // namespace ws2conform::reports
