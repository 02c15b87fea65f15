// The default for what a case says nothing about: a call that fails leaves its out-parameters
// alone.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "conformance/case/model.hpp"

namespace ws2conform {

// The out-parameters that a failing call has written to although its documentation says nothing of
// it, by their names in the adapter protocol. Those that `expected` names are its own business. An
// adapter that does not say what was touched is not asked.
//
// The specification is silent here, so this is told and held against nobody (reference choice).
std::vector<std::string> wrongly_touched(const nlohmann::json& request, const nlohmann::json& reply,
                                         const std::vector<Field>& expected);

}  // namespace ws2conform
