#include "conformance/model/exploration.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <random>
#include <unordered_set>

#include "conformance/judge/wording.hpp"

namespace ws2conform::model {
namespace {

// The moves that led somewhere, shared between the places that they led to.
struct Way {
  std::shared_ptr<const Way> before;
  Move move;
};

struct Place {
  Player player;
  std::shared_ptr<const Way> way;
};

class Search {
 public:
  Search(const Instance& instance, const std::string& edition, const ws2::Limits& limits,
         const ExplorationBounds& bounds)
      : instance_(instance),
        plan_(instance.steps),
        start_{Player(instance, plan_, edition, limits), nullptr},
        bounds_(bounds),
        random_(bounds.seed) {
    found_.steps.resize(instance.steps.size());
  }

  Explored run() {
    std::vector<Place> open;
    (void)is_new(start_.player);
    open.push_back(start_);
    while (!open.empty()) {
      const Place place = std::move(open.back());
      open.pop_back();
      if (found_.states >= bounds_.states) {
        found_.sampled = true;
        break;
      }
      ++found_.states;
      for (const Move& move : next(place)) {
        Place there = after(place, move);
        if (is_new(there.player)) open.push_back(std::move(there));
      }
    }
    open.clear();
    for (std::size_t i = 0; found_.sampled && i < bounds_.samples; ++i) sample();
    return std::move(found_);
  }

 private:
  // Looks at what has come of it, too.
  std::vector<Move> next(const Place& place) {
    std::vector<Move> moves = place.player.moves();
    if (moves.empty() && !place.player.finished() && !place.player.progress().stopped()) {
      waits_in_vain(place);
    }
    return moves;
  }

  Place after(const Place& place, const Move& move) {
    Place there{place.player, std::make_shared<const Way>(Way{place.way, move})};
    try {
      there.player.make(move);
    } catch (const InputError& error) {
      disallow(there, "", "stuck", error.what());
    }
    note(there);
    return there;
  }

  void sample() {
    std::optional<Place> place = start_;
    while (true) {
      const std::vector<Move> moves = next(*place);
      if (moves.empty()) return;
      place.emplace(after(*place, moves[random_() % moves.size()]));
    }
  }

  bool is_new(const Player& player) {
    key_.clear();
    ws2::StateWriter writer(key_);
    player.write_state(writer);
    return seen_.insert(std::string(key_.begin(), key_.end())).second;
  }

  void note(const Place& place) {
    const Progress& progress = place.player.progress();
    for (const std::size_t index : place.player.just_done()) {
      const Step& step = instance_.steps[index];
      const StepRecord record = place.player.record(index);
      StepOutcomes& outcomes = found_.steps[index];
      const std::string observed = observed_text(step, record);
      ++outcomes.observed[observed];
      if (record.status == StepRecord::Status::kViolated) continue;
      if (!record.reading.empty()) outcomes.readings.insert(record.reading);
      bool as_alternative = false;
      for (std::size_t i = 0; i < step.alternatives.size(); ++i) {
        const Alternative& alternative = step.alternatives[i];
        const auto fits = [&](const Field& field) {
          const std::string value =
              field.value.is_string() ? field.value.get<std::string>() : field.value.dump();
          return observed.find(value) != std::string::npos;
        };
        if (observed.find("because of step " + alternative.because) == std::string::npos ||
            !std::all_of(alternative.fields.begin(), alternative.fields.end(), fits)) {
          continue;
        }
        outcomes.alternatives.insert(i);
        as_alternative = true;
      }
      if (!as_alternative) outcomes.as_written = true;
    }
    for (const Violation& violation : progress.violations()) {
      disallow(place, violation.step, violation.check, violation.message);
    }
    if (!progress.error().empty()) disallow(place, "", "error", progress.error());
  }

  void waits_in_vain(const Place& place) {
    const auto awaited = place.player.awaited();
    const std::string step = awaited ? instance_.steps[*awaited].id : "";
    disallow(place, step, "hang",
             awaited
                 ? fmt::format("step {} ({} {}) may never return", step,
                               instance_.steps[*awaited].actor, instance_.steps[*awaited].operation)
                 : "nothing more can happen before all steps are done");
  }

  void disallow(const Place& place, const std::string& step, const std::string& check,
                const std::string& message) {
    const bool known =
        std::any_of(found_.disallowed.begin(), found_.disallowed.end(),
                    [&](const Disallowed& d) { return d.step == step && d.check == check; });
    if (known) return;
    Disallowed disallowed{step, check, message, {}};
    for (auto way = place.way; way; way = way->before) {
      disallowed.way.push_back(to_string(way->move, instance_));
    }
    std::reverse(disallowed.way.begin(), disallowed.way.end());
    found_.disallowed.push_back(std::move(disallowed));
  }

  const Instance& instance_;
  const Plan plan_;
  const Place start_;
  const ExplorationBounds bounds_;
  std::mt19937_64 random_;
  Explored found_;
  ws2::Bytes key_;
  std::unordered_set<std::string> seen_;
};

}  // namespace

Explored explore(const Instance& instance, const std::string& edition, const ws2::Limits& limits,
                 const ExplorationBounds& bounds) {
  try {
    return Search(instance, edition, limits, bounds).run();
  } catch (const Outside& outside) {
    Explored nothing;
    nothing.outside = outside.what();
    nothing.steps.resize(instance.steps.size());
    return nothing;
  }
}

std::string to_string(const Move& move, const Instance& instance) {
  const char* side = move.happening.side == ws2::Side::kCaller ? "caller" : "acceptor";
  switch (move.kind) {
    case Move::Kind::kArrival:
      return move.actor + "'s call returns";
    case Move::Kind::kItem:
      return to_string({move.item}, instance.steps);
    case Move::Kind::kHappening:
      break;
  }
  switch (move.happening.kind) {
    case Happening::Kind::kDeliver:
      return fmt::format("the next arrives at the {} of connection {}", side, move.happening.link);
    case Happening::Kind::kOvertake:
      return fmt::format("a reset overtakes the rest to the {} of connection {}", side,
                         move.happening.link);
    case Happening::Kind::kFinish:
      break;
  }
  return fmt::format("the {} of connection {} is done", side, move.happening.link);
}

}  // namespace ws2conform::model
