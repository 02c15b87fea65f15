#include "conformance/model/findings.hpp"

#include <fmt/format.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>

namespace ws2conform::model {
namespace {

// "error WSAECONNRESET because of step 3"
std::string text_of(const Alternative& alternative) {
  std::string text;
  for (const Field& field : alternative.fields) {
    text +=
        fmt::format("{}{} {}", text.empty() ? "" : ", ", field.name,
                    field.value.is_string() ? field.value.get<std::string>() : field.value.dump());
  }
  return text + " because of step " + alternative.because;
}

}  // namespace

std::string_view to_string(Finding::Kind kind) {
  return kind == Finding::Kind::kTooStrict ? "too strict" : "too lax";
}

void CaseFindings::add(const Instance& instance, Explored explored) {
  if (!explored.outside.empty()) {
    complete_ = false;
    return;
  }
  any_ = true;
  steps_.resize(instance.steps.size());
  for (std::size_t i = 0; i < explored.steps.size(); ++i) {
    StepOutcomes& all = steps_[i];
    const StepOutcomes& one = explored.steps[i];
    for (const auto& [text, count] : one.observed) all.observed[text] += count;
    all.as_written = all.as_written || one.as_written;
    all.alternatives.insert(one.alternatives.begin(), one.alternatives.end());
    all.readings.insert(one.readings.begin(), one.readings.end());
  }
  for (Disallowed& disallowed : explored.disallowed) {
    const bool known = std::any_of(strict_.begin(), strict_.end(), [&](const Finding& finding) {
      return finding.step == disallowed.step;
    });
    if (known) continue;
    Finding finding;
    finding.case_id = source_.id;
    finding.step = disallowed.step;
    finding.message =
        fmt::format("{} ({})", disallowed.message, ws2conform::to_string(instance.axes));
    finding.way = std::move(disallowed.way);
    finding.file = source_.place.file;
    finding.line = source_.place.line;
    for (const Step& step : source_.steps) {
      if (step.id == disallowed.step) finding.line = step.place.line;
    }
    strict_.push_back(std::move(finding));
  }
}

void CaseFindings::add_lax(std::size_t step, const std::string& message,
                           std::vector<Finding>& found) const {
  const Step& written = source_.steps[step];
  Finding finding;
  finding.kind = Finding::Kind::kTooLax;
  finding.case_id = source_.id;
  finding.step = written.id;
  finding.message =
      fmt::format("step {} ({} {}): {}", written.id, written.actor, written.operation, message);
  finding.file = written.place.file;
  finding.line = written.place.line;
  found.push_back(std::move(finding));
}

std::vector<Finding> CaseFindings::findings() const {
  std::vector<Finding> found = strict_;
  if (!complete_ || !any_) return found;
  for (std::size_t i = 0; i < steps_.size(); ++i) {
    const Step& written = source_.steps[i];
    const StepOutcomes& seen = steps_[i];
    if (seen.observed.empty()) {
      add_lax(i, "no schedule gets there", found);
      continue;
    }
    if (!seen.as_written && !seen.alternatives.empty()) {
      add_lax(i, "no schedule shows its main outcome", found);
    }
    for (std::size_t a = 0; a < written.alternatives.size(); ++a) {
      if (seen.alternatives.count(a) != 0) continue;
      add_lax(i, "no schedule shows the alternative " + text_of(written.alternatives[a]), found);
    }
  }
  return found;
}

std::vector<Justification> load_justifications(const std::filesystem::path& path) {
  std::vector<Justification> justifications;
  YAML::Node root;
  try {
    root = YAML::LoadFile(path.string());
  } catch (const YAML::Exception& error) {
    throw InputError({path.string(), error.mark.line + 1, error.mark.column + 1}, error.msg);
  }
  for (const auto& entry : root) {
    const SourcePlace place{path.string(), entry.Mark().line + 1, entry.Mark().column + 1};
    Justification justification;
    justification.place = place;
    const auto text = [&](const char* key) {
      if (!entry[key] || !entry[key].IsScalar() || entry[key].Scalar().empty()) {
        throw InputError(place, fmt::format("a justification says `{}`", key));
      }
      return entry[key].Scalar();
    };
    justification.case_id = text("case");
    justification.step = text("step");
    justification.because = text("because");
    const std::string finding = text("finding");
    if (finding != "too strict" && finding != "too lax") {
      throw InputError(place, "`finding` is \"too strict\" or \"too lax\"");
    }
    justification.kind = finding == "too lax" ? Finding::Kind::kTooLax : Finding::Kind::kTooStrict;
    justifications.push_back(std::move(justification));
  }
  return justifications;
}

std::vector<Justification> justify(const std::vector<Justification>& justifications,
                                   std::vector<Finding>& findings) {
  std::vector<Justification> stale;
  for (const Justification& justification : justifications) {
    bool used = false;
    for (Finding& finding : findings) {
      if (finding.case_id != justification.case_id || finding.step != justification.step ||
          finding.kind != justification.kind) {
        continue;
      }
      finding.because = justification.because;
      used = true;
    }
    if (!used) stale.push_back(justification);
  }
  return stale;
}

}  // namespace ws2conform::model
