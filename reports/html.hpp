// The report a person reads: one self-contained HTML file.
#pragma once

#include <string>

#include "conformance/judge/result.hpp"

namespace ws2conform::reports {

// The whole page as UTF-8. The same run gives the same bytes. The page asks nothing of the network,
// is complete without scripts, and shows text of an implementation only as text, whatever it holds.
std::string html(const RunResult& run);

}  // namespace ws2conform::reports
