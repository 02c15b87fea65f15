// The sections of the page, each as the HTML that page.mustache puts in place.
#pragma once

#include <nlohmann/json.hpp>
#include <set>
#include <string>

#include "conformance/judge/result.hpp"
#include "reports/html.hpp"
#include "reports/page/evidence.hpp"
#include "reports/page/figure.hpp"
#include "reports/page/links.hpp"
#include "reports/summary.hpp"

namespace ws2conform::reports {

std::string banner_section(const RunResult& run, const Summary& summary,
                           const Appendices& appendices);

// Fail, error and unexpected pass, with the schedule that shows it; instances of one case that
// failed alike stand together. Empty for none.
std::string failures_section(const RunResult& run, const Links& links, Figure& figure,
                             Evidence& evidence);

// Instances of one verdict with their reasons. Empty for none.
std::string listing_section(const RunResult& run, const Links& links, Verdict verdict);

// Areas of the ledger by providers.
std::string matrix_section(const RunResult& run);

std::string requirements_section(const RunResult& run);

// What was chosen where the specification is ambiguous. Empty for none.
std::string readings_section(const RunResult& run);

std::string cases_section(const RunResult& run, const Links& links, Figure& figure);
// Cases that showed an absence by waiting.
struct WindowTally {
  std::set<std::string> cases;  // IDs
  std::size_t schedules = 0;
};
WindowTally tally_windows(const RunResult& run);

// How the windows were calibrated, as plots; empty where no opening was timed.
std::string windows_section(const RunResult& run);

// What the zoo says of the suite, from what zoo.json holds, or of it the score alone; empty for
// null. Throws nlohmann::json::exception for another form.
std::string kill_score(const nlohmann::json& zoo);
std::string kills_section(const RunResult& run, const nlohmann::json& zoo);

// How much of the cases the model explored, from what model.json holds; empty for null. Throws
// nlohmann::json::exception for another form.
std::string model_states(const nlohmann::json& model);
std::string model_section(const nlohmann::json& model);

// The reference's states by inputs, with how many cases reach each; empty for null. Throws
// nlohmann::json::exception for another form.
std::string cells_section(const RunResult& run, const nlohmann::json& cells);

std::string environment_section(const RunResult& run);

}  // namespace ws2conform::reports
