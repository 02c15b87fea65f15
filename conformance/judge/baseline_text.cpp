#include "conformance/judge/baseline_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <sstream>

#include "conformance/history/ports.hpp"

namespace ws2conform {
namespace {

constexpr const char* kNoReason = "not explained yet";

// A double-quoted YAML scalar: JSON's strings are that.
std::string quoted(const std::string& text) {
  return nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

std::vector<std::string> entry_lines(const KnownFailure& failure) {
  std::string axes;
  for (const auto& [name, value] : failure.axes) {
    axes += fmt::format("{}{}: {}", axes.empty() ? "" : ", ", name, quoted(value));
  }
  const std::string reason = failure.reason.empty() ? kNoReason : failure.reason;
  std::vector<std::string> lines = {"  - case: " + failure.case_id, "    axes: {" + axes + "}",
                                    "    check: " + quoted(failure.check),
                                    "    expected: " + quoted(failure.expected),
                                    "    reason: " + quoted(reason)};
  if (!failure.since.empty()) lines.push_back("    since: " + quoted(failure.since));
  return lines;
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

std::string trimmed(const std::string& line) {
  const std::size_t begin = line.find_first_not_of(" \t");
  return begin == std::string::npos ? "" : line.substr(begin);
}

bool is_comment(const std::string& line) {
  return trimmed(line).rfind('#', 0) == 0;
}

// A known failure as it stands in the file.
struct Block {
  const KnownFailure* failure;
  std::size_t begin;  // lines, from 0; the comment right above included
  std::size_t end;    // one past the last
};

class Update {
 public:
  Update(const std::string& text, const Baseline& old, const RunResult& run)
      : old_(old), run_(run), lines_(lines_of(text)), fresh_(failures_of(run)) {
    find_blocks();
  }

  BaselineUpdate run() {
    used_.assign(fresh_.size(), false);
    std::vector<bool> goes(blocks_.size(), false);
    for (std::size_t i = 0; i < blocks_.size(); ++i) goes[i] = !stays(blocks_[i]);
    std::vector<std::string> result;
    std::map<std::size_t, std::vector<std::string>> added = additions();
    std::size_t block = 0;
    for (std::size_t line = 0; line <= lines_.size(); ++line) {
      if (const auto more = added.find(line); more != added.end()) {
        result.insert(result.end(), more->second.begin(), more->second.end());
      }
      if (line == lines_.size()) break;
      while (block < blocks_.size() && line >= blocks_[block].end) ++block;
      const bool inside = block < blocks_.size() && line >= blocks_[block].begin;
      if (!inside || !goes[block]) result.push_back(lines_[line]);
    }
    outcome_.removed = static_cast<std::size_t>(std::count(goes.begin(), goes.end(), true));
    const bool empty = outcome_.kept + outcome_.changed + outcome_.added == 0;
    result[failures_line_] = empty ? "failures: []" : "failures:";
    for (const std::string& line : result) outcome_.text += line + "\n";
    return outcome_;
  }

 private:
  void find_blocks() {
    for (std::size_t i = 0; i < lines_.size(); ++i) {
      if (lines_[i].rfind("failures:", 0) == 0) failures_line_ = i;
    }
    for (const KnownFailure& failure : old_.failures) {
      const auto begin = static_cast<std::size_t>(failure.place.line - 1);
      if (begin >= lines_.size() || trimmed(lines_[begin]).rfind("- ", 0) != 0) {
        throw InputError(failure.place,
                         "only a file whose failures begin with \"- \", a line each, "
                         "can be updated");
      }
      blocks_.push_back({&failure, begin, lines_.size()});
    }
    for (std::size_t i = 0; i < blocks_.size(); ++i) {
      std::size_t& begin = blocks_[i].begin;
      while (begin > failures_line_ + 1 && is_comment(lines_[begin - 1])) --begin;
      if (i > 0) blocks_[i - 1].end = begin;
    }
    if (blocks_.empty()) return;
    // Blank lines and comments that end the file belong to nobody.
    std::size_t& end = blocks_.back().end;
    while (end > 0 && (trimmed(lines_[end - 1]).empty() || is_comment(lines_[end - 1]))) --end;
  }

  bool stays(const Block& block) {
    const KnownFailure& failure = *block.failure;
    bool happened = false;
    std::optional<std::size_t> other;  // of fresh_: the same check, of another expectation
    bool told = false;                 // whether the run says anything about it
    for (const InstanceResult& instance : run_.instances) {
      if (!failure.is_of(instance)) continue;
      told = told || instance.verdict == Verdict::kPass || instance.verdict == Verdict::kFail ||
             instance.verdict == Verdict::kNotApplicable;
      for (std::size_t i = 0; i < fresh_.size(); ++i) {
        if (fresh_[i].axes != instance.axes || fresh_[i].case_id != failure.case_id) continue;
        if (fresh_[i].check != failure.check) continue;
        if (fresh_[i].expected == failure.expected) {
          happened = used_[i] = true;
        } else if (!used_[i] && !listed_elsewhere(fresh_[i])) {
          other = i;
        }
      }
    }
    if (happened || !told || failure.intermittent) {
      ++outcome_.kept;
      return true;
    }
    if (!other) return false;
    ++outcome_.changed;
    used_[*other] = true;
    replace_expected(block, fresh_[*other].expected);
    return true;
  }

  bool listed_elsewhere(const KnownFailure& fresh) const {
    return std::any_of(old_.failures.begin(), old_.failures.end(), [&](const KnownFailure& line) {
      return line.case_id == fresh.case_id && line.check == fresh.check &&
             line.expected == fresh.expected;
    });
  }

  void replace_expected(const Block& block, const std::string& expected) {
    for (std::size_t i = block.begin; i < block.end; ++i) {
      const std::size_t at = lines_[i].find("expected:");
      if (at == std::string::npos || is_comment(lines_[i])) continue;
      if (lines_[i].find_first_not_of(" -") != at) break;  // within braces
      lines_[i] = lines_[i].substr(0, at) + "expected: " + quoted(expected);
      return;
    }
    throw InputError(block.failure->place,
                     "its `expected` has changed, and has no line of its own to be updated");
  }

  // By the line that they come before.
  std::map<std::size_t, std::vector<std::string>> additions() {
    std::map<std::size_t, std::vector<std::string>> added;
    for (std::size_t i = 0; i < fresh_.size(); ++i) {
      if (used_[i]) continue;
      std::size_t at = blocks_.empty() ? failures_line_ + 1 : blocks_.back().end;
      for (const Block& block : blocks_) {
        if (block.failure->case_id == fresh_[i].case_id) at = block.end;
      }
      const std::vector<std::string> lines = entry_lines(fresh_[i]);
      added[at].insert(added[at].end(), lines.begin(), lines.end());
      ++outcome_.added;
    }
    return added;
  }

  const Baseline& old_;
  const RunResult& run_;
  std::vector<std::string> lines_;
  std::vector<KnownFailure> fresh_;
  std::vector<bool> used_;  // of fresh_: a line of the old file stands for it
  std::vector<Block> blocks_;
  std::size_t failures_line_ = 0;
  BaselineUpdate outcome_;
};

}  // namespace

std::vector<KnownFailure> failures_of(const RunResult& run) {
  std::vector<KnownFailure> failures;
  for (const InstanceResult& instance : run.instances) {
    if (instance.verdict != Verdict::kFail) continue;
    const std::size_t first = failures.size();
    for (const ScheduleResult& schedule : instance.schedules) {
      for (const Violation& violation : schedule.violations) {
        KnownFailure failure;
        failure.case_id = instance.case_id;
        failure.axes = instance.axes;
        failure.check = violation.check;
        failure.expected = PortNames()(violation.expected);
        failure.since = run.started.substr(0, run.started.find('T'));
        const auto known = std::find_if(failures.begin() + static_cast<std::ptrdiff_t>(first),
                                        failures.end(), [&](const KnownFailure& other) {
                                          return other.check == failure.check &&
                                                 other.expected == failure.expected;
                                        });
        if (known == failures.end()) failures.push_back(std::move(failure));
      }
    }
  }
  return failures;
}

std::string baseline_text(const std::string& implementation, const std::string& suite_version,
                          const std::vector<KnownFailure>& failures) {
  std::string text =
      fmt::format("implementation: {}\nsuite: {}\n{}\n", quoted(implementation),
                  quoted(suite_version), failures.empty() ? "failures: []" : "failures:");
  for (const KnownFailure& failure : failures) {
    for (const std::string& line : entry_lines(failure)) text += line + "\n";
  }
  return text;
}

BaselineUpdate update_baseline(const std::string& text, const Baseline& old, const RunResult& run) {
  return Update(text, old, run).run();
}

}  // namespace ws2conform
