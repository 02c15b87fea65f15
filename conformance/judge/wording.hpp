// Steps, what they expect and what came of them, in words; and the lists of fields they are made
// of.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "conformance/case/bindings.hpp"
#include "conformance/case/model.hpp"
#include "conformance/case/operations.hpp"
#include "conformance/judge/result.hpp"

namespace ws2conform {

// "1 day", "0 days"
std::string plural(std::uint64_t count, std::string_view noun);

// Null where there is none of that name.
const Field* find_field(const std::vector<Field>& fields, std::string_view name);

// `fields` with those of `others` in the place of what they replace. A result replaces a result:
// where one says `error` and the other `returns`, only the latter counts.
std::vector<Field> replaced(std::vector<Field> fields, const std::vector<Field>& others);

// The step as it reads in a table: "WSASendDisconnect(client, data: "3")".
std::string call_text(const Step& step);

// What must come back: "returns 0, data "45"".
std::string expectation_text(const Step& step);

// The same of a step's main outcome, or of another one's fields.
std::string result_text(const Operation& operation, const Step& step,
                        const std::vector<Field>& fields);

// What came back.
std::string reply_text(const Operation& operation, const nlohmann::json& reply);

// What came of the step, and what is said about it besides.
std::string observed_text(const Step& step, const StepRecord& record);

// What is told and held against nobody.
std::string differs_text(Provenance provenance, const std::string& expected);

// " 3..5": tells the prohibitions of a case apart.
std::string interval_text(const Prohibition& prohibition);

}  // namespace ws2conform
