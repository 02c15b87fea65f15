// What entries of the page are filtered by.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "conformance/judge/result.hpp"
#include "reports/page/template.hpp"

namespace ws2conform::reports {

// The provider an instance ran on; empty when its case is about none.
std::string provider_of(const InstanceResult& instance);

// The providers of a run in its order; one is empty where cases are about none.
std::vector<std::string> providers(const RunResult& run);

// IDs of the requirements its case lists and those its violations are of.
std::set<std::string> named_requirements(const InstanceResult& instance);

// `kind` (the verdict), `provider`, `area` and `requirements`, the IDs with a blank between.
Data facets_data(const InstanceResult& instance);

}  // namespace ws2conform::reports
