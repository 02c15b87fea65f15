// What lint finds, for code hosts and editors: SARIF 2.1.0.
#pragma once

#include <string>
#include <vector>

#include "conformance/case/source.hpp"

namespace ws2conform::reports {

struct Finding {
  SourcePlace place;
  std::string message;
};

// A log with one run of `ws2conform lint`. Paths are relative to where it ran.
std::string sarif(const std::vector<Finding>& findings, const std::string& version);

}  // namespace ws2conform::reports
