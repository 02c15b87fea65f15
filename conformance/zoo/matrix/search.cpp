#include "conformance/zoo/matrix/search.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "conformance/zoo/matrix/seen.hpp"

namespace ws2conform::zoo {
namespace {

constexpr int kRepeats = 2;  // that a failure is seen again in, to be believed

class Search {
 public:
  Search(const FaultEntry& fault, const host::Iut& iut, const ExposureSettings& settings)
      : casting_{iut, iut},
        settings_(settings),
        hasty_(settings.patience),
        certain_(settings.certainty) {
    row_.fault = fault;
  }

  Searched run(const std::vector<Trial>& trials) {
    for (std::size_t i = 0; i < trials.size() && !row_.found; ++i) {
      const Trial& trial = trials[i];
      if (!row_.fault.may_be_reached_by(trial.instance)) continue;
      auto red = fails(hasty_, trial);
      for (int again = 0; red && again < kRepeats; ++again) red = fails(certain_, trial);
      if (!red) continue;
      row_.found = i;
      row_.id = trial.instance.source->id;
      row_.check = red->check;
      row_.message = red->message;
    }
    return std::move(row_);
  }

 private:
  // The first that is red for what the fault has done, if any.
  std::optional<Seen> fails(Actors& actors, const Trial& trial) {
    for (const Schedule& schedule : trial.schedules) {
      Walk walk(actors, casting_, trial.instance, {trial.instance, settings_.edition},
                [](const Event&) {});
      ScheduleHistory history = walk.run(schedule);
      history.complete = true;
      Seen seen = look(trial.instance, history, settings_.edition);
      row_.reached = row_.reached || seen.reached;
      // Whatever is red of the null fault is a false alarm.
      if (seen.red && (seen.reached || row_.fault.is_null())) return seen;
    }
    return std::nullopt;
  }

  Casting casting_;
  const ExposureSettings& settings_;
  Actors hasty_;
  Actors certain_;
  Searched row_;
};

// The null fault has nothing to be found.
bool counts(const Searched& row) {
  return !row.fault.is_null() && !row.fault.is_total();
}

std::size_t count_found(const std::vector<Searched>& rows) {
  return static_cast<std::size_t>(std::count_if(
      rows.begin(), rows.end(), [](const Searched& row) { return counts(row) && row.found; }));
}

std::size_t count_all(const std::vector<Searched>& rows) {
  return static_cast<std::size_t>(std::count_if(rows.begin(), rows.end(), counts));
}

}  // namespace

Searched search(const FaultEntry& fault, const host::Iut& iut, const std::vector<Trial>& trials,
                const ExposureSettings& settings) {
  return Search(fault, iut, settings).run(trials);
}

std::string row_text(const Searched& row) {
  if (row.found) {
    return fmt::format("{:<45} {}, {}: {}\n", row.fault.name, row.id, row.check, row.message);
  }
  return fmt::format("{:<45} not found, {}\n", row.fault.name,
                     row.reached ? "though reached" : "and not reached");
}

std::string figure(const std::vector<Searched>& rows, const Walks& walks) {
  const std::size_t all = count_all(rows);
  const std::size_t found = count_found(rows);
  return fmt::format("{} random walks find {} of {} faults ({} %).\n", walks.budget, found, all,
                     all == 0 ? 0 : 100 * found / all);
}

nlohmann::json search_json(const std::vector<Searched>& rows, const Walks& walks) {
  nlohmann::json faults = nlohmann::json::array();
  for (const Searched& row : rows) {
    nlohmann::json shown = {{"name", row.fault.name}, {"reached", row.reached}};
    if (row.found) {
      shown["number"] = *row.found;
      shown["walk"] = row.id;
      shown["check"] = row.check;
      shown["message"] = row.message;
      shown["named"] = row.fault.explains(row.check);
    }
    faults.push_back(shown);
  }
  return {{"zoo-explored", 2},      {"walks", walks.budget},     {"edition", walks.edition},
          {"digest", walks.digest}, {"faults", count_all(rows)}, {"found", count_found(rows)},
          {"rows", faults}};
}

std::vector<Searched> rows_of_search(const nlohmann::json& json, const Walks& walks,
                                     const std::vector<FaultEntry>& faults) {
  std::vector<Searched> rows;
  if (!json.is_object() || json.value("zoo-explored", 0) != 2) return rows;
  if (json.at("walks") != walks.budget || json.at("edition") != walks.edition ||
      json.at("digest") != walks.digest) {
    return rows;
  }
  for (const nlohmann::json& shown : json.at("rows")) {
    const auto fault = std::find_if(faults.begin(), faults.end(), [&](const FaultEntry& one) {
      return one.name == shown.at("name").get<std::string>();
    });
    if (fault == faults.end()) continue;
    Searched& row = rows.emplace_back();
    row.fault = *fault;
    row.reached = shown.at("reached");
    if (!shown.contains("walk")) continue;
    row.found = shown.at("number").get<std::size_t>();
    row.id = shown.at("walk");
    row.check = shown.at("check");
    row.message = shown.at("message");
  }
  return rows;
}

}  // namespace ws2conform::zoo
