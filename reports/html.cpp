#include "reports/html.hpp"

#include "reports/page/embedded.hpp"
#include "reports/page/sections.hpp"
#include "reports/page/template.hpp"
#include "reports/readings.hpp"
#include "reports/text/format.hpp"
#include "reports/text/tighten.hpp"

namespace ws2conform::reports {
namespace {

std::string page_title(const RunResult& run) {
  std::string names;
  for (const ImplementationInfo& info : run.implementations)
    names += (names.empty() ? "" : " and ") +
             (info.implementation.empty() ? info.iut : info.implementation);
  return names.empty() ? "ws2conform" : names + " · ws2conform";
}

Data number(std::size_t value) {
  return Data(std::to_string(value));
}

}  // namespace

Page page(const RunResult& run, const Appendices& appendices) {
  Evidence evidence;
  const Summary summary = summarize(run);
  const Links links(run);
  Figure figure;
  const auto instances = [&](Verdict verdict) { return summary.instances.at(verdict); };
  const std::size_t failures =
      instances(Verdict::kFail) + instances(Verdict::kError) + instances(Verdict::kUnexpectedPass);
  Data data;
  data["page_title"] = page_title(run);
  data["markers"] = std::string(embedded::markers_svg);
  data["style"] = std::string(embedded::style_css);
  data["style_hash"] = std::string(embedded::style_css_sha256);
  data["script"] = std::string(embedded::script_js);
  data["script_hash"] = std::string(embedded::script_js_sha256);
  data["banner"] = banner_section(run, summary, appendices);
  data["failures"] = optional(failures_section(run, links, figure, evidence));
  data["failure_count"] = number(failures);
  data["inconclusive"] = optional(listing_section(run, links, Verdict::kInconclusive));
  data["inconclusive_count"] = number(instances(Verdict::kInconclusive));
  data["known"] = optional(listing_section(run, links, Verdict::kKnownFailure));
  data["known_count"] = number(instances(Verdict::kKnownFailure));
  data["kills"] = optional(kills_section(run, appendices.zoo));
  data["model"] = optional(model_section(appendices.model));
  data["windows"] = optional(windows_section(run));
  data["cells"] = optional(cells_section(run, appendices.cells));
  data["matrix"] = matrix_section(run);
  data["requirements"] = requirements_section(run);
  data["requirement_count"] = number(requirement_results(run).size());
  data["readings"] = optional(readings_section(run));
  data["readings_count"] = number(readings(run).size());
  data["cases"] = cases_section(run, links, figure);
  data["case_count"] = number(summary.cases);
  data["not_applicable"] = optional(listing_section(run, links, Verdict::kNotApplicable));
  data["not_applicable_count"] = number(instances(Verdict::kNotApplicable));
  data["environment"] = environment_section(run);
  return {tighten(Template(embedded::page_mustache).render(data)), evidence.files()};
}

std::string html(const RunResult& run) {
  return page(run).html;
}

}  // namespace ws2conform::reports
