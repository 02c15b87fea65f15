// What commands that work on histories begin with.
#pragma once

#include <string>
#include <vector>

#include "conformance/case/model.hpp"
#include "conformance/commands/options.hpp"
#include "conformance/history/history.hpp"

namespace ws2conform {

// Of --cases, or the suite's own.
CaseSet cases_of(const Options& options);

// One history, or the shards of one run. Throws InputError.
History read_histories(const std::vector<std::string>& files);

// --baseline, checked against the cases, in the form that a header has; null without one.
nlohmann::json baseline_json(const Options& options, const CaseSet& cases);

}  // namespace ws2conform
