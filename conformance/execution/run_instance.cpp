#include "conformance/execution/run_instance.hpp"

#include <algorithm>
#include <set>

#include "conformance/judge/judge.hpp"

namespace ws2conform {

InstanceResult InstanceRunner::run(const Instance& instance, const std::string& gap,
                                   const InstanceResult* so_far) {
  ScheduleList list;
  if (gap.empty()) list = schedules(instance, settings_.schedule_limit, settings_.seed);
  HistoryInstance recorded;
  recorded.case_id = instance.source->id;
  recorded.axes = instance.axes;
  recorded.possible = list.possible;
  recorded.not_applicable = gap;
  if (so_far == nullptr) writer_.begin(recorded);
  InstanceResult result;
  result.case_id = instance.source->id;
  result.axes = instance.axes;
  result.schedules_possible = list.possible;
  result.file = instance.source->place.file;
  result.line = instance.source->place.line;
  if (so_far != nullptr) {
    result.schedules = so_far->schedules;
    for (const ScheduleResult& schedule : result.schedules) note(instance, schedule, result);
  }
  if (!gap.empty()) {
    result.verdict = Verdict::kNotApplicable;
    result.reason = gap;
  } else {
    walk_all(instance, list, result);
  }
  recorded.left_out = list.schedules.size() - result.schedules.size();
  recorded.verdict = to_string(result.verdict);
  writer_.end(recorded);
  return result;
}

// A call that hangs, or an adapter that breaks, costs a time-out or a restart each time: after a
// few of them the verdict is clear and the rest is left out, which the history says.
void InstanceRunner::walk_all(const Instance& instance, const ScheduleList& list,
                              InstanceResult& result) {
  constexpr std::size_t kMostBreakdowns = 3;
  std::size_t breakdowns = 0;
  const Progress fresh(instance, settings_.edition);
  std::set<std::string> known;
  for (const ScheduleResult& ran : result.schedules) known.insert(ran.replay_id);
  for (const Schedule& schedule : list.schedules) {
    if (breakdowns == kMostBreakdowns) break;
    const std::string id = replay_id(instance.name(), to_string(schedule, instance.steps));
    if (!known.insert(id).second) continue;
    if (walk(instance, schedule, id, fresh, result)) ++breakdowns;
  }
}

// Whether the conversation with an adapter broke.
bool InstanceRunner::walk(const Instance& instance, const Schedule& schedule, const std::string& id,
                          const Progress& fresh, InstanceResult& result) {
  ScheduleHistory described;
  described.case_id = instance.source->id;
  described.axes = instance.axes;
  described.order = order_text(instance, schedule);
  described.replay_id = id;
  const std::size_t number = writer_.begin(described);
  Walk walk(actors_, casting_, instance, fresh, [&](const Event& event) {
    if (!interrupted_) writer_.event(number, event);
  });
  ScheduleHistory history = walk.run(schedule);
  // Adapters were ended on the way: what they seem to have done is none of their doing.
  if (interrupted_) throw Interrupted();
  described.events = std::move(history.events);
  described.duration = history.duration;
  described.complete = true;
  writer_.end(number, described);
  ScheduleResult judged = judge_schedule(instance, described, walk.progress());
  note(instance, judged, result);
  judged.conversation.clear();
  result.schedules.push_back(std::move(judged));
  return std::any_of(described.events.begin(), described.events.end(),
                     [](const Event& event) { return event.kind == Event::Kind::kBreakdown; });
}

void InstanceRunner::note(const Instance& instance, const ScheduleResult& judged,
                          InstanceResult& result) {
  if (judged.verdict > result.verdict) {
    result.reason = judged.violations.empty() ? judged.reason : judged.violations.front().message;
    result.line =
        judged.violations.empty() ? instance.source->place.line : judged.violations.front().line;
  }
  result.verdict = worst(result.verdict, judged.verdict);
}

}  // namespace ws2conform
