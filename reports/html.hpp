// The report a person reads: one self-contained HTML file.
#pragma once

#include <map>
#include <nlohmann/json.hpp>
#include <string>

#include "conformance/judge/result.hpp"

namespace ws2conform::reports {

struct Page {
  std::string html;
  std::map<std::string, std::string> evidence;  // what stands beside it, by path from it
};

// The whole page as UTF-8. The same run gives the same bytes. The page asks nothing of the network,
// is complete without scripts, and shows text of an implementation only as text, whatever it holds.
// `zoo` is what zoo.json holds; nothing is said of it for null.
Page page(const RunResult& run, const nlohmann::json& zoo = nullptr);

// The page without what stands beside it.
std::string html(const RunResult& run);

}  // namespace ws2conform::reports
