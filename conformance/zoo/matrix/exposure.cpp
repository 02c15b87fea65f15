#include "conformance/zoo/matrix/exposure.hpp"

#include <algorithm>

#include "conformance/case/hash.hpp"
#include "conformance/zoo/matrix/seen.hpp"

namespace ws2conform::zoo {
namespace {

constexpr int kRounds = 10;  // of a case that the fault does not name

// The adapters of one fault, at two measures of patience.
class Exposure {
 public:
  Exposure(const FaultEntry& fault, const host::Iut& iut, const ExposureSettings& settings)
      : fault_(fault),
        casting_{iut, iut},
        settings_(settings),
        hasty_(settings.patience),
        certain_(settings.certainty) {}

  Cell run(const Subject& subject) {
    Cell cell;
    cell.case_id = subject.source->id;
    const bool named = fault_.names(cell.case_id) || fault_.is_null();
    for (const Instance* able : chosen(subject, named)) {
      Instance instance = *able;
      if (!named) instance.rounds = std::min(instance.rounds, kRounds);
      const ScheduleList list = schedules(
          instance, named ? settings_.named_schedules : settings_.schedules, settings_.seed);
      for (const Schedule& schedule : list.schedules) {
        run(instance, schedule, subject.takes_time, cell);
        if (cell.outcome == Outcome::kKilled || cell.outcome == Outcome::kWrongReason) return cell;
      }
    }
    return cell;
  }

 private:
  // For cases that are not named a sample, another for each fault.
  std::vector<const Instance*> chosen(const Subject& subject, bool named) const {
    std::vector<const Instance*> able;
    for (const Instance& instance : subject.instances) {
      if (fault_.may_be_reached_by(instance)) able.push_back(&instance);
    }
    const std::size_t most = named              ? settings_.named_instances
                             : fault_.is_null() ? 2 * settings_.instances
                                                : settings_.instances;
    if (able.size() <= most) return able;
    const std::size_t first = fnv1a(fault_.name + subject.source->id) % able.size();
    std::vector<const Instance*> some;
    for (std::size_t i = 0; i < most; ++i) {
      some.push_back(able[(first + i * able.size() / most) % able.size()]);
    }
    return some;
  }

  void run(const Instance& instance, const Schedule& schedule, bool takes_time, Cell& cell) {
    Seen seen = walk(takes_time ? certain_ : hasty_, instance, schedule);
    // A red that the fault does not explain may be an accident of a busy machine.
    if (seen.red && !is_right(seen)) {
      seen = walk(certain_, instance, schedule);
      cell.takes_time = cell.takes_time || !seen.red;
    }
    cell.reached = cell.reached || seen.reached;
    cell.instance = instance.name();
    if (!seen.red) {
      if (seen.reached) cell.outcome = Outcome::kPassed;
      return;
    }
    cell.outcome = is_right(seen) ? Outcome::kKilled : Outcome::kWrongReason;
    cell.check = seen.check;
    cell.message = seen.message;
    cell.replay_id = replay_id(instance.name(), to_string(schedule, instance.steps));
  }

  bool is_right(const Seen& seen) const { return seen.reached && fault_.explains(seen.check); }

  Seen walk(Actors& actors, const Instance& instance, const Schedule& schedule) {
    Walk walk(actors, casting_, instance, {instance, settings_.edition}, [](const Event&) {});
    return look(instance, walk.run(schedule), settings_.edition);
  }

  const FaultEntry& fault_;
  Casting casting_;
  const ExposureSettings& settings_;
  Actors hasty_;
  Actors certain_;
};

}  // namespace

std::string_view to_string(Outcome outcome) {
  switch (outcome) {
    case Outcome::kNotReached:
      return "not reached";
    case Outcome::kPassed:
      return "passed";
    case Outcome::kKilled:
      return "killed";
    case Outcome::kWrongReason:
      return "killed for the wrong reason";
  }
  return "";
}

std::vector<Cell> expose(const FaultEntry& fault, const host::Iut& iut,
                         const std::vector<Subject>& subjects, const ExposureSettings& settings) {
  Exposure exposure(fault, iut, settings);
  std::vector<Cell> cells;
  for (const Subject& subject : subjects) {
    const bool may_reach =
        std::any_of(subject.instances.begin(), subject.instances.end(),
                    [&](const Instance& i) { return fault.may_be_reached_by(i); });
    if (may_reach) cells.push_back(exposure.run(subject));
  }
  return cells;
}

}  // namespace ws2conform::zoo
