#include "conformance/judge/judge.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include "conformance/case/asked.hpp"
#include "conformance/judge/baseline.hpp"
#include "conformance/judge/window.hpp"
#include "conformance/judge/wording.hpp"

namespace ws2conform {
namespace {

std::string relay_text(const nlohmann::json& body) {
  if (!body.contains("saw")) return body.value("does", body.value("did", ""));
  return body.value("saw", "") + (body.value("arrived", false) ? " passed on" : " came");
}

// What the relay saw of the wire.
std::vector<WireMark> wire_of(const std::vector<Event>& events) {
  std::vector<WireMark> wire;
  for (const Event& event : events) {
    if (event.kind != Event::Kind::kRelay || !event.body->contains("saw")) continue;
    const std::string way = event.body->value("way", "");
    const std::size_t arrow = way.find("->");
    if (arrow == std::string::npos) continue;
    wire.push_back({event.at, way.substr(0, arrow), way.substr(arrow + 2),
                    event.body->value("arrived", false), event.body->value("saw", "")});
  }
  std::stable_sort(wire.begin(), wire.end(),
                   [](const WireMark& a, const WireMark& b) { return a.at < b.at; });
  return wire;
}

ConversationLine conversation_line(const Event& event) {
  ConversationLine line;
  line.at = event.at;
  line.actor = event.actor;
  switch (event.kind) {
    case Event::Kind::kCall:
    case Event::Kind::kVerdict:
      line.direction = ">";
      line.text = event.body->dump();
      break;
    case Event::Kind::kStderr:
      line.direction = "!";
      line.text = event.body->value("text", "");
      break;
    case Event::Kind::kRound:
      line.direction = "=";
      line.text = fmt::format("round {}", event.body->dump());
      break;
    case Event::Kind::kRelay:
      line.direction = "~";
      line.text = "relay, " + event.body->value("way", "") + ": " + relay_text(*event.body);
      break;
    case Event::Kind::kBreakdown:
      line.direction = "!";
      line.text = event.body->value("kind", "") + ": " + event.body->value("detail", "");
      break;
    default:
      line.direction = "<";
      line.text = event.body->dump();
  }
  return line;
}

bool of_the_pipe(Event::Kind kind) {
  return kind != Event::Kind::kComputed && kind != Event::Kind::kIndication;
}

const Case& find_case(const CaseSet& cases, const std::string& id, const std::string& history) {
  const auto found = std::find_if(cases.cases.begin(), cases.cases.end(),
                                  [&](const Case& c) { return c.id == id; });
  if (found == cases.cases.end()) {
    throw InputError({history, 0, 0}, "it is of a case \"" + id + "\" that is not there any more");
  }
  return *found;
}

Instance instance_of(const Case& source, const AxisChoice& axes) {
  if (auto found = find_instance(source, axes)) return *std::move(found);
  throw InputError(source.place, "it has no axes " + to_string(axes) + " any more");
}

void put_in_words(std::vector<StepRecord>& records, const Instance& instance) {
  auto record = records.begin();
  for (const auto* steps : {&instance.opening, &instance.steps}) {
    for (const Step& step : *steps) {
      record->call = call_text(step);
      record->expected = expectation_text(step);
      record->observed = observed_text(step, *record);
      record->reply = {};
      ++record;
    }
  }
}

std::vector<StepRecord> readings_of(const std::vector<StepRecord>& records) {
  std::vector<StepRecord> shown;
  for (const StepRecord& record : records) {
    if (record.reading.empty()) continue;
    shown.emplace_back();
    shown.back().id = record.id;
    shown.back().requirement = record.requirement;
    shown.back().reading = record.reading;
  }
  return shown;
}

// A run that was cut off may have left the schedules out that would have shown more.
void note_cut_off(const HistoryInstance& recorded, InstanceResult& result) {
  if (recorded.ended || result.verdict > Verdict::kInconclusive) return;
  result.verdict = Verdict::kInconclusive;
  result.reason = recorded.begun ? "the run was cut off in the middle of this case"
                                 : "the run was cut off before this case";
}

InstanceResult judge_instance(const Instance& instance, const HistoryInstance& recorded,
                              std::vector<ScheduleResult> schedules) {
  const Case& source = *instance.source;
  InstanceResult result;
  result.case_id = source.id;
  result.title = source.title;
  result.area = source.area;
  result.file = source.place.file;
  result.line = source.place.line;
  result.requirements = source.requirements;
  result.axes = instance.axes;
  result.schedules_possible = recorded.possible;
  const bool has_run = recorded.begun && recorded.not_applicable.empty();
  if (has_run && !recorded.asked.empty() && recorded.asked != asked_hash(instance)) {
    result.verdict = Verdict::kInconclusive;
    result.reason = "the case asks for other calls now than when it was run";
    return result;
  }
  result.schedules = std::move(schedules);
  for (const ScheduleResult& judged : result.schedules) {
    if (judged.verdict > result.verdict) {
      result.reason = judged.violations.empty() ? judged.reason : judged.violations.front().message;
    }
    result.verdict = worst(result.verdict, judged.verdict);
  }
  if (!recorded.not_applicable.empty()) {
    result.verdict = worst(result.verdict, Verdict::kNotApplicable);
    result.reason = recorded.not_applicable;
  } else if (recorded.ended && result.schedules.empty()) {
    result.verdict = Verdict::kInconclusive;
    result.reason = "no schedule of it has run";
  }
  note_cut_off(recorded, result);
  if (recorded.left_out > 0) {
    result.reason += fmt::format(" ({} more schedules were not run after {} had broken an adapter)",
                                 recorded.left_out, result.schedules.size());
  }
  return result;
}

Progress followed(Progress fresh, const ScheduleHistory& history) {
  for (const Event& event : history.events) fresh.on(event);
  return fresh;
}

}  // namespace

ScheduleResult judge_schedule(const Instance& instance, const ScheduleHistory& history,
                              const std::string& edition) {
  const Progress progress = followed({instance, edition}, history);
  ScheduleResult result = judge_schedule(instance, history, progress);
  result.steps = progress.records();
  put_in_words(result.steps, instance);
  return result;
}

ScheduleResult judge_schedule(const Instance& instance, const ScheduleHistory& history,
                              const Progress& progress) {
  ScheduleResult result;
  result.replay_id = history.replay_id;
  result.order = history.order;
  result.duration = history.duration;
  result.verdict = progress.verdict();
  result.violations = progress.violations();
  result.reason = progress.error().empty() ? progress.undecided() : progress.error();
  result.slowest_opening = slowest_call(instance.opening, history.events);
  result.wire = wire_of(history.events);
  result.windows = windows_of(history.events);
  if (result.verdict == Verdict::kPass && !history.complete) {
    result.verdict = Verdict::kInconclusive;
    result.reason = "the run was cut off in the middle of this schedule";
  }
  // A case that has grown since the history was written, or a harness that left something out.
  if (result.verdict == Verdict::kPass) {
    const Step* left_out = progress.unreached();
    if (left_out != nullptr) {
      result.verdict = Verdict::kInconclusive;
      result.reason = "step " + left_out->id + " was not reached";
    }
  }
  if (result.verdict == Verdict::kPass && progress.rounds() < instance.rounds) {
    result.verdict = Verdict::kInconclusive;
    result.reason = fmt::format("{} of {} rounds were taken", progress.rounds(), instance.rounds);
  }
  if (result.verdict != Verdict::kPass) {
    std::optional<std::size_t> before_rounds;
    for (const Event& event : history.events) {
      if (event.kind == Event::Kind::kRound) {
        if (!before_rounds) before_rounds = result.conversation.size();
        result.conversation.resize(*before_rounds);  // of the rounds the last is shown
      }
      if (of_the_pipe(event.kind)) result.conversation.push_back(conversation_line(event));
    }
    // What the relay did is known at the end only, and belongs where it happened. Without one the
    // record is in order: what was sent ahead stands behind the answer to what was made before it.
    const bool is_relayed = std::any_of(result.conversation.begin(), result.conversation.end(),
                                        [](const auto& line) { return line.direction == "~"; });
    if (is_relayed) {
      std::stable_sort(result.conversation.begin(), result.conversation.end(),
                       [](const auto& a, const auto& b) { return a.at < b.at; });
    }
  }
  return result;
}

RunResult judge_history(const CaseSet& cases, const History& history) {
  Judging judging(cases);
  for (const ScheduleHistory& schedule : history.schedules) judging.take(history, schedule);
  return judging.result(history);
}

void Judging::take(const History& of, const ScheduleHistory& schedule) {
  const auto [found, fresh] =
      judged_.try_emplace(schedule.case_id + "/" + to_string(schedule.axes));
  Judged& judged = found->second;
  if (fresh) {
    judged.first = schedule.replay_id;
    try {
      judged.instance = instance_of(find_case(cases_, schedule.case_id, of.file), schedule.axes);
      judged.fresh.emplace(*judged.instance, of.header.edition);
    } catch (const InputError&) {  // told when it is known what else there is
    }
  }
  if (!judged.instance) return;
  const Progress progress = followed(*judged.fresh, schedule);
  ScheduleResult result = judge_schedule(*judged.instance, schedule, progress);
  result.steps = progress.records();
  // Of passing schedules the reports show the first one's steps; of the others which readings of
  // the ambiguous they have shown.
  const auto passed = [](const ScheduleResult& s) { return s.verdict == Verdict::kPass; };
  if (passed(result) && std::any_of(judged.schedules.begin(), judged.schedules.end(), passed)) {
    result.steps = readings_of(result.steps);
  } else {
    put_in_words(result.steps, *judged.instance);
  }
  judged.schedules.push_back(std::move(result));
}

RunResult Judging::result(const History& history) {
  RunResult run;
  run.suite_version = history.header.suite_version;
  run.case_set = history.header.case_set;
  run.started = history.header.started;
  run.edition = history.header.edition;
  run.machine = history.header.machine;
  run.command_line = history.header.command_line;
  run.requirements = cases_.requirements;
  run.duration = history.duration;
  run.complete = history.complete;
  run.missing = history.missing;
  for (const auto& [name, value] : history.header.options.items()) {
    run.options.emplace_back(name, value.is_string() ? value.get<std::string>() : value.dump());
  }
  for (const auto& info : history.header.implementations) {
    run.implementations.push_back(
        {info.at("role"), info.at("iut"), info.at("implementation"), info.at("version")});
  }

  std::set<std::string> names;
  for (const HistoryInstance& recorded : history.instances) names.insert(recorded.name());
  for (const auto& [name, judged] : judged_) {
    if (names.count(name) > 0) continue;
    throw InputError(
        {history.file, 0, 0},
        fmt::format("schedule {} is of {}, which is not among its instances", judged.first, name));
  }
  for (const HistoryInstance& recorded : history.instances) {
    const Case& source = find_case(cases_, recorded.case_id, history.file);
    Judged& judged = judged_[recorded.name()];
    if (!judged.instance) judged.instance = instance_of(source, recorded.axes);
    run.instances.push_back(
        judge_instance(*judged.instance, recorded, std::move(judged.schedules)));
    judged_.erase(recorded.name());
  }
  if (!history.header.baseline.is_null()) {
    run.stale = apply_baseline(baseline_from(history.header.baseline), run);
  }
  return run;
}

}  // namespace ws2conform
