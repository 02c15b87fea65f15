#include "conformance/zoo/matrix/output.hpp"

#include <fmt/format.h>

namespace ws2conform::zoo {
namespace {

using nlohmann::json;

json to_json(const Cell& cell) {
  json shown = {{"case", cell.case_id},
                {"outcome", to_string(cell.outcome)},
                {"reached", cell.reached},
                {"instance", cell.instance}};
  if (!cell.check.empty()) {
    shown["check"] = cell.check;
    shown["message"] = cell.message;
    shown["replay"] = cell.replay_id;
  }
  return shown;
}

std::string status(const Exposed& row) {
  if (!row.killed_by().empty()) return "killed";
  for (const Cell& cell : row.cells) {
    if (cell.outcome == Outcome::kWrongReason) return "killed for the wrong reason";
  }
  return row.was_reached() ? "survived" : "not reached";
}

json to_json(const Exposed& row) {
  json cells = json::array();
  for (const Cell& cell : row.cells) cells.push_back(to_json(cell));
  return {{"name", row.fault.name},
          {"description", row.fault.description},
          {"kind", row.fault.is_null()    ? "null"
                   : row.fault.is_total() ? "total"
                                          : "fault"},
          {"requirements", row.fault.requirements},
          {"symptoms", row.fault.symptoms},
          {"named_cases", row.fault.cases},
          {"status", status(row)},
          {"killed_by", row.killed_by()},
          {"cells", cells}};
}

}  // namespace

json matrix_json(const std::vector<Exposed>& matrix, const Score& score,
                 const std::vector<Subject>& subjects, const Excuses& excuses) {
  json faults = json::array();
  for (const Exposed& row : matrix) faults.push_back(to_json(row));
  json cases = json::array();
  for (const Subject& subject : subjects) {
    const std::string& id = subject.source->id;
    json shown = {{"id", id},
                  {"area", subject.source->area},
                  {"title", subject.source->title},
                  {"kills", json::array()}};
    if (const auto kills = score.kills.find(id); kills != score.kills.end()) {
      shown["kills"] = kills->second;
    }
    if (const auto by = score.subsumed.find(id); by != score.subsumed.end()) {
      shown["subsumed_by"] = by->second;
    }
    if (const auto excuse = excuses.cases.find(id); excuse != excuses.cases.end()) {
      shown["excuse"] = excuse->second;
    }
    cases.push_back(shown);
  }
  return {
      {"zoo", 1},
      {"score", {{"faults", score.faults}, {"killed", score.killed}, {"percent", score.percent()}}},
      {"faults", faults},
      {"cases", cases},
      {"only_one_killer", score.only_by},
      {"excused_requirements", excuses.requirements},
      {"problems", score.problems}};
}

std::string row_text(const Exposed& row) {
  std::size_t wrong = 0;
  std::size_t reached = 0;
  for (const Cell& cell : row.cells) {
    if (cell.reached) ++reached;
    if (cell.outcome == Outcome::kWrongReason) ++wrong;
  }
  std::string text = fmt::format("{:<45} {:<10} {} of {} cases that reach it", row.fault.name,
                                 status(row), row.killed_by().size(), reached);
  if (wrong > 0) text += fmt::format(", {} for the wrong reason", wrong);
  return text + "\n";
}

std::string summary_text(const Score& score, const std::vector<Subject>& subjects,
                         std::size_t cells) {
  std::string text = "\n";
  for (const std::string& problem : score.problems) text += problem + "\n";
  if (!score.problems.empty()) text += "\n";
  for (const auto& [fault, killer] : score.only_by) {
    text += fmt::format("only {} kills {}\n", killer, fault);
  }
  for (const auto& [id, other] : score.subsumed) {
    text += fmt::format("{} kills nothing that {} does not kill\n", id, other);
  }
  text += fmt::format(
      "{} of {} faults killed ({} %); {} cases, {} of them kill, {} do nothing that another does "
      "not; {} cells\n",
      score.killed, score.faults, score.percent(), subjects.size(), score.kills.size(),
      score.subsumed.size(), cells);
  if (!score.problems.empty()) text += fmt::format("{} problems\n", score.problems.size());
  return text;
}

std::string readme_line(const Score& score) {
  return fmt::format(
      "The suite is held against {} implementations that are wrong in one way each; it catches {} "
      "of them ({} %).\n",
      score.faults, score.killed, score.percent());
}

}  // namespace ws2conform::zoo
