#include "conformance/cells/tally.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <stdexcept>

#include "connection/exploration/cells.hpp"

namespace ws2conform {
namespace {

using nlohmann::json;
using ws2::Input;
using ws2::Reach;

constexpr int kInputWidth = 17;
constexpr int kStateWidth = 9;

// The names of the states in two lines: of two words, or of one that is too long for its column.
std::string head() {
  std::string upper(kInputWidth, ' ');
  std::string lower = upper;
  for (std::size_t s = 0; s < ws2::kStateCount; ++s) {
    const std::string name(to_string(static_cast<ws2::State>(s)));
    const std::size_t blank = name.find(' ');
    std::string first;
    std::string second = name;
    if (blank != std::string::npos) {
      first = name.substr(0, blank);
      second = name.substr(blank + 1);
    } else if (name.size() > kStateWidth) {
      first = name.substr(0, kStateWidth - 3) + "-";
      second = name.substr(kStateWidth - 3);
    }
    upper += fmt::format(" {:>{}}", first, kStateWidth);
    lower += fmt::format(" {:>{}}", second, kStateWidth);
  }
  return upper + "\n" + lower;
}

template <typename Function>
void for_each_cell(Function function) {
  for (std::size_t i = 0; i < ws2::kInputCount; ++i) {
    for (std::size_t s = 0; s < ws2::kStateCount; ++s)
      function(static_cast<ws2::State>(s), static_cast<Input>(i));
  }
}

const char* word(Reach reach) {
  switch (reach) {
    case Reach::kTwoEnds:
      return "two ends";
    case Reach::kHostilePeer:
      return "hostile peer";
    case Reach::kNever:
      break;
  }
  return "never";
}

UsedCells cells_of(const ScheduleHistory& schedule) {
  // What an adapter writes may come in pieces.
  std::map<std::string, std::string> written;
  for (const Event& event : schedule.events) {
    if (event.kind == Event::Kind::kStderr) written[event.actor] += event.body->value("text", "");
  }
  UsedCells used;
  for (const auto& [actor, text] : written) add_cells(text, used);
  return used;
}

}  // namespace

void CellTally::take(const History& of, const ScheduleHistory& schedule) {
  UsedCells used;
  try {
    used = cells_of(schedule);
  } catch (const std::runtime_error& error) {
    throw InputError({of.file, 0, 0},
                     fmt::format("schedule {}: {}", schedule.replay_id, error.what()));
  }
  for (std::size_t i = 0; i < used.size(); ++i) {
    if (used[i]) cases_[i].insert(schedule.case_id);
  }
}

bool CellTally::empty() const {
  return std::all_of(cases_.begin(), cases_.end(),
                     [](const std::set<std::string>& cases) { return cases.empty(); });
}

json to_json(const CellTally& tally, const CellReasons& reasons) {
  json states = json::array();
  for (std::size_t s = 0; s < ws2::kStateCount; ++s)
    states.push_back(to_string(static_cast<ws2::State>(s)));
  json inputs = json::array();
  for (std::size_t i = 0; i < ws2::kInputCount; ++i)
    inputs.push_back(to_string(static_cast<Input>(i)));
  json cells = json::array();
  for_each_cell([&](ws2::State state, Input input) {
    const ws2::CellClaim claim = ws2::claim(state, input);
    const auto found = reasons.find(cell_index(state, input));
    cells.push_back(
        {{"state", to_string(state)},
         {"input", to_string(input)},
         {"outcome", ws2::outcome_of(state, input)},
         {"reach", word(claim.reach)},
         {"reason", found == reasons.end() ? std::string(claim.reason) : found->second.because},
         {"cases", tally.of(state, input)}});
  });
  return {{"states", std::move(states)}, {"inputs", std::move(inputs)}, {"cells", cells}};
}

std::string cells_text(const CellTally& tally, const CellReasons& reasons) {
  std::string text = head();
  std::map<std::string, std::vector<std::string>> unreached;  // by reason
  std::size_t possible = 0;
  std::size_t reached = 0;
  for_each_cell([&](ws2::State state, Input input) {
    if (state == ws2::State{}) text += fmt::format("\n{:<{}}", to_string(input), kInputWidth);
    const std::size_t cases = tally.of(state, input).size();
    const Reach reach = ws2::claim(state, input).reach;
    const char* none = reach == Reach::kNever ? "" : reach == Reach::kHostilePeer ? "†" : "-";
    text += fmt::format(" {:>{}}", cases > 0 ? std::to_string(cases) : none, kStateWidth);
    if (reach != Reach::kTwoEnds) return;
    ++possible;
    if (cases > 0) {
      ++reached;
    } else {
      const auto found = reasons.find(cell_index(state, input));
      unreached[found == reasons.end() ? "" : found->second.because].push_back(
          cell_name(cell_index(state, input)));
    }
  });
  text += fmt::format(
      "\n\nThe number of cases that reach a cell; \"-\" where none does, \"†\" where only a peer "
      "could that\nbreaks the protocol, and nothing where nobody can. What the library answers "
      "without "
      "asking the\nconnection (a send on a socket that never was connected) does not count.\n"
      "{} of {} cells that two ends can use are reached\n",
      reached, possible);
  for (const auto& [reason, cells] : unreached) {
    if (reason.empty()) continue;
    text +=
        fmt::format("not reached, {}: {}\n  {}\n", cells.size(), reason, fmt::join(cells, ", "));
  }
  return text;
}

std::vector<std::string> cell_problems(const CellTally& tally, const CellReasons& reasons) {
  std::vector<std::string> problems;
  for_each_cell([&](ws2::State state, Input input) {
    const std::size_t index = cell_index(state, input);
    const bool expected = ws2::claim(state, input).reach == Reach::kTwoEnds;
    const std::set<std::string>& cases = tally.of(index);
    const auto found = reasons.find(index);
    if (expected && cases.empty() && found == reasons.end()) {
      problems.push_back(fmt::format("no case reaches {} ({}), and nothing says why",
                                     cell_name(index), ws2::outcome_of(state, input)));
    } else if (found != reasons.end() && !found->second.sometimes && !cases.empty()) {
      problems.push_back(fmt::format("{} is reached, by {}: it needs no reason", cell_name(index),
                                     *cases.begin()));
    }
  });
  return problems;
}

}  // namespace ws2conform
