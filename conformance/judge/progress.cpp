#include "conformance/judge/progress.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "conformance/case/octets.hpp"
#include "conformance/case/operations.hpp"
#include "conformance/case/prohibition.hpp"
#include "conformance/judge/prohibited.hpp"
#include "conformance/judge/untouched.hpp"
#include "conformance/judge/wording.hpp"
#include "conformance/schedule/plan.hpp"

namespace ws2conform {
namespace {

using nlohmann::json;

// Whether a reply fails or succeeds as these fields say, whatever its out-parameters.
bool is_result_of(const std::vector<Field>& fields, const json& reply) {
  const auto named = [&](const char* name) {
    return std::find_if(fields.begin(), fields.end(),
                        [&](const Field& field) { return field.name == name; });
  };
  if (const auto error = named("error"); error != fields.end()) {
    return reply.contains("error") && show(FieldType::kAnything, reply.at("error")) ==
                                          show(FieldType::kAnything, error->value);
  }
  if (!reply.contains("returns")) return false;
  const auto returns = named("returns");
  return returns == fields.end() || show(FieldType::kAnything, reply.at("returns")) ==
                                        show(FieldType::kAnything, returns->value);
}

bool is_anything_told(const StepRecord& record) {
  return !record.observed.empty() || !record.reply->is_null();
}

}  // namespace

Progress::Progress(const Instance& instance, std::string edition)
    : instance_(instance),
      edition_(std::move(edition)),
      invariants_(std::count(instance.source->needs.begin(), instance.source->needs.end(),
                             "delayed-accept") > 0) {
  Positions positions;
  for (const Step& step : instance.opening) add(step, positions);
  for (const Step& step : instance.steps) add(step, positions);
  positions_ = std::make_shared<const Positions>(std::move(positions));
  if (instance.rounds == 0) return;
  for (const auto& [name, value] : instance.source->rounds.start) {
    bindings_[name] = {FieldType::kNumber, value};
    carried_.insert(name);
  }
  bindings_[kRound] = {FieldType::kNumber, 1};
}

void Progress::add(const Step& step, Positions& positions) {
  positions.emplace(step.id, tracked_.size());
  tracked_.push_back({&step, find_operation(step.operation), records_.size(), {}, {}});
  records_.emplace_back();
}

StepRecord Progress::record(std::size_t number) const {
  const Step& step = *tracked_[number].step;
  StepRecord record = records_[number];
  record.id = step.id;
  record.actor = step.actor;
  record.lane = step.lane;
  record.after = step.after;
  record.until = step.until.value_or("");
  record.line = step.place.line;
  record.requirement = step.requirement.value_or("");
  record.opening = step.opening;
  return record;
}

std::vector<StepRecord> Progress::records() const {
  std::vector<StepRecord> records;
  for (std::size_t i = 0; i < tracked_.size(); ++i) records.push_back(record(i));
  return records;
}

const Step* Progress::unreached() const {
  const auto found = std::find_if(tracked_.begin(), tracked_.end(), [&](const Tracked& tracked) {
    return records_[tracked.record].status == StepRecord::Status::kNotReached;
  });
  return found == tracked_.end() ? nullptr : found->step;
}

Progress::Tracked* Progress::find(const std::string& step_id) {
  const auto found = positions_->find(step_id);
  return found == positions_->end() ? nullptr : &tracked_[found->second];
}

void Progress::on(const Event& event) {
  if (stopped()) {
    if (event.kind == Event::Kind::kBreakdown && event.step.empty()) on_death(event);
    // It was sent before that was known.
    Tracked* const sent = event.kind == Event::Kind::kCall ? find(event.step) : nullptr;
    if (sent != nullptr) records_[sent->record].observed = "sent, and not judged";
    return;
  }
  if (event.kind == Event::Kind::kRound) {
    begin_round(event.body->is_number_integer() ? event.body->get<int>() : 0);
    return;
  }
  Tracked* tracked = find(event.step);
  if (event.kind == Event::Kind::kBreakdown) {
    on_breakdown(tracked, event);
    return;
  }
  if (tracked != nullptr) {
    switch (event.kind) {
      case Event::Kind::kCall:
        on_call(*tracked, event);
        break;
      case Event::Kind::kReturn:
      case Event::Kind::kIndication:
        on_outcome(*tracked, event);
        break;
      case Event::Kind::kCondition:
        on_condition(*tracked, event);
        break;
      case Event::Kind::kVerdict:
        tracked->effect = event.at;
        if (tracked->step->operation == "decide") {
          StepRecord& record = records_[tracked->record];
          record.began = record.ended = event.at;
          record.observed = "done";
          record.status = StepRecord::Status::kMet;
        }
        break;
      case Event::Kind::kComputed:
        on_computed(*tracked, event);
        break;
      default:
        break;
    }
  }
  if (tracked != nullptr) check_prohibitions(*tracked, event);
  // A step whose own expectation is violated says more than an invariant does.
  for (const InvariantViolation& found : invariants_.on(event)) {
    if (stopped()) break;
    Violation violation;
    violation.check = found.invariant->id;
    violation.step = event.step;
    violation.requirements = {std::string(found.invariant->requirement)};
    if (tracked != nullptr && tracked->step->requirement) {
      violation.requirements.push_back(*tracked->step->requirement);
    }
    violation.file = instance_.source->place.file;
    violation.line = tracked ? tracked->step->place.line : instance_.source->place.line;
    violation.expected = found.expected;
    violation.observed = found.observed;
    violation.message = fmt::format(
        "{}: expected {}, observed {} ({}: {})",
        tracked ? place_of(*tracked->step) : fmt::format("step {} ({})", event.step, event.actor),
        found.expected, found.observed, found.invariant->id, found.invariant->statement);
    if (tracked != nullptr) records_[tracked->record].status = StepRecord::Status::kViolated;
    violations_.push_back(std::move(violation));
  }
}

void Progress::begin_round(int number) {
  if (round_ == 0) {
    for (const auto& [name, binding] : bindings_) carried_.insert(name);
  }
  round_ = number;
  for (auto binding = bindings_.begin(); binding != bindings_.end();) {
    binding = carried_.count(binding->first) > 0 ? std::next(binding) : bindings_.erase(binding);
  }
  bindings_[kRound] = {FieldType::kNumber, number};
  for (Tracked& tracked : tracked_) {
    if (tracked.step->opening) continue;
    tracked.request = {};
    tracked.effect.reset();
    StepRecord& record = records_[tracked.record];
    record.began.reset();
    record.ended.reset();
    record.observed.clear();
    record.reply = {};
    record.status = StepRecord::Status::kNotReached;
  }
  alternatives_.clear();
}

std::string Progress::round_text() const {
  return round_ > 0 ? fmt::format("round {}, ", round_) : "";
}

// "step s3 (server recv)", "round 17, step s3 (server recv)"
std::string Progress::place_of(const Step& step) const {
  return fmt::format("{}step {} ({} {})", round_text(), step.id, step.actor, step.operation);
}

void Progress::on_call(Tracked& tracked, const Event& event) {
  StepRecord& record = records_[tracked.record];
  if (!record.began) record.began = event.at;
  if (!tracked.effect) tracked.effect = event.at;
  tracked.request = event.body;
}

void Progress::on_outcome(Tracked& tracked, const Event& event) {
  StepRecord& record = records_[tracked.record];
  const Operation& operation = *tracked.operation;
  if (!record.began) record.began = event.at;
  record.ended = event.at;
  record.observed.clear();
  record.reply = event.body;
  if (tracked.request->is_object() && tracked.request->contains(kWindowed)) {
    record.observed += fmt::format(" (windowed: {} ms)", tracked.request->value("timeout", 0));
  }
  record.status = StepRecord::Status::kMet;
  if (event.body->contains("unsupported") || event.body->contains("adapter_error")) {
    error_ = fmt::format("{}: the adapter answers {}", place_of(*tracked.step), event.body->dump());
    record.status = StepRecord::Status::kViolated;
    return;
  }
  if (operation.waiting == Waiting::kUpcall) {
    violate_for_good(
        tracked, "call", "the condition function is called",
        "WSAAccept came back without calling it: " + observed_text(*tracked.step, record));
    return;
  }
  const Step* written = std::exchange(tracked.step, as_came(tracked, event));
  check_pending(tracked, event);
  if (!stopped()) check_reply(tracked, *event.body);
  if (!stopped() && event.kind == Event::Kind::kReturn) note_touched(tracked, *event.body);
  tracked.step = written;
}

void Progress::note_touched(const Tracked& tracked, const json& reply) {
  const auto touched = wrongly_touched(*tracked.request, reply, tracked.step->fields);
  if (touched.empty()) return;
  records_[tracked.record].observed +=
      " " + differs_text(
                Provenance::kReferenceChoice,
                fmt::format("a call that fails leaves {} as it was", fmt::join(touched, " and ")));
}

// The step with the outcome that it is to be held to: its own, or that of an alternative which is
// what came and whose cause the history shows.
const Step* Progress::as_came(Tracked& tracked, const Event& event) {
  const Step& step = *tracked.step;
  std::string& observed = records_[tracked.record].observed;
  if (step.alternatives.empty() || is_result_of(step.fields, *event.body)) return &step;
  for (const Alternative& alternative : step.alternatives) {
    if (!is_result_of(alternative.fields, *event.body)) continue;
    const Tracked* cause = find(alternative.because);
    if (cause == nullptr || !cause->effect || *cause->effect > event.at) {
      observed += fmt::format(" (possible because of step {} only, which had not begun)",
                              alternative.because);
      continue;
    }
    observed += fmt::format(" (possible because of step {})", alternative.because);
    Step came = step;
    const Operation& operation = *find_operation(step.operation);
    came.fields.erase(std::remove_if(came.fields.begin(), came.fields.end(),
                                     [&](const Field& field) {
                                       return operation.argument(field.name) == nullptr;
                                     }),
                      came.fields.end());
    came.fields.insert(came.fields.end(), alternative.fields.begin(), alternative.fields.end());
    alternatives_.push_back(std::move(came));
    return &alternatives_.back();
  }
  return &step;
}

void Progress::check_pending(Tracked& tracked, const Event& event) {
  if (!tracked.step->until) return;
  const Tracked* decision = find(*tracked.step->until);
  if (decision != nullptr && decision->effect && *decision->effect <= event.at) return;
  violate(tracked, "pending", "pending until step " + *tracked.step->until,
          "it returned before that: " + observed_text(*tracked.step, records_[tracked.record]));
}

bool Progress::had_effect(const std::string& step_id, std::chrono::nanoseconds by) {
  const Tracked* step = find(step_id);
  return step != nullptr && step->effect && *step->effect <= by;
}

void Progress::check_reply(Tracked& tracked, const json& reply) {
  const Step& step = *tracked.step;
  if (!step.readings.empty()) {
    check_readings(tracked, reply);
    return;
  }
  const bool as_windows = edition_ == "windows" && !step.windows.empty();
  const auto mismatch =
      as_windows ? compare_reply(tracked, replaced(step.fields, step.windows), reply, bindings_)
                 : compare_reply(tracked, step.fields, reply, bindings_);
  if (!mismatch || stopped()) return;
  std::string observed = mismatch->observed;
  if (!as_windows && !step.windows.empty()) {
    Bindings ignored = bindings_;
    if (!compare_reply(tracked, replaced(step.fields, step.windows), reply, ignored)) {
      observed += " (as Windows does)";
    }
  }
  violate(tracked, mismatch->what, mismatch->expected, observed);
}

// One of the readings must hold: the first that does is kept.
void Progress::check_readings(Tracked& tracked, const json& reply) {
  const Step& step = *tracked.step;
  StepRecord& record = records_[tracked.record];
  for (const Reading& reading : step.readings) {
    if (reading.because && !had_effect(*reading.because, *record.ended)) continue;
    Bindings bindings = bindings_;
    if (compare_reply(tracked, replaced(step.fields, reading.fields), reply, bindings)) continue;
    if (stopped()) return;
    bindings_ = std::move(bindings);
    record.reading = reading.name;
    return;
  }
  if (!stopped()) violate(tracked, "reading", expectation_text(step), observed_text(step, record));
}

std::optional<Progress::Mismatch> Progress::compare_reply(const Tracked& tracked,
                                                          const std::vector<Field>& fields,
                                                          const json& reply, Bindings& bindings) {
  if (tracked.operation->waiting != Waiting::kUpcall) {
    if (auto mismatch = compare_result(tracked, fields, reply, bindings)) return mismatch;
  }
  return compare_outcomes(tracked, fields, reply, bindings);
}

std::optional<Progress::Mismatch> Progress::compare_result(const Tracked& tracked,
                                                           const std::vector<Field>& fields,
                                                           const json& reply,
                                                           const Bindings& bindings) {
  const Step& step = *tracked.step;
  const Operation& operation = *tracked.operation;
  const auto differs = [&](const char* what, const std::string& expected) {
    return Mismatch{what, expected, observed_text(step, records_[tracked.record])};
  };
  std::string wanted_error;
  if (const Field* error = find_field(fields, "error")) {
    wanted_error = show(FieldType::kWord,
                        argument_value(FieldType::kWord, error->value, bindings, error->place));
  } else if (step.operation == "WSAEDISCON") {
    wanted_error = "WSAEDISCON";
  }
  if (!wanted_error.empty()) {
    const std::string error =
        reply.contains("error") ? show(FieldType::kAnything, reply.at("error")) : "";
    if (error == wanted_error) return std::nullopt;
    return differs("error", (operation.is_indication() ? "error " : "fails with ") + wanted_error);
  }
  if (operation.is_indication()) {
    if (reply.contains("network_event")) return std::nullopt;
    return differs("event", "recorded");
  }
  if (!reply.contains("returns")) return differs("returns", result_text(operation, step, fields));
  const json& returned = reply.at("returns");
  json wanted;
  if (const Field* returns = find_field(fields, "returns")) {
    wanted = argument_value(FieldType::kWord, returns->value, bindings, returns->place);
  } else if (operation.success) {
    wanted = *operation.success;
  } else if (step.operation == "send" || step.operation == "WSASend") {
    const auto data = from_base64(tracked.request->value("data", ""));
    wanted = data ? data->size() : 0;
  } else if (returned.is_number() && !returned.is_number_integer()) {
    error_ = fmt::format("{}: the adapter gives returns as {}", place_of(step), returned.dump());
    return std::nullopt;
  } else if (returned.is_number_integer() && returned.get<long long>() < 0) {
    return differs("returns", "succeeds");
  }
  if (wanted.is_null() || wanted == returned) return std::nullopt;
  return differs("returns", "returns " + show(FieldType::kWord, wanted));
}

std::optional<Progress::Mismatch> Progress::compare_outcomes(const Tracked& tracked,
                                                             const std::vector<Field>& fields,
                                                             const json& reply,
                                                             Bindings& bindings) {
  static const json kNull;
  const Operation& operation = *tracked.operation;
  for (const FieldSpec& outcome : operation.outcomes) {
    const Field* field = find_field(fields, outcome.name);
    if (field == nullptr) continue;
    const std::string name(outcome.name);
    const auto member = reply.find(name);
    const json& observed = member == reply.end() ? kNull : *member;
    if (!is_wire_value(outcome.type, observed)) {
      error_ = fmt::format("{}: the adapter gives {} as {}", place_of(*tracked.step), name,
                           observed.dump());
      records_[tracked.record].status = StepRecord::Status::kViolated;
      return std::nullopt;
    }
    const Comparison comparison =
        compare(outcome.type, field->value, observed, bindings, field->place);
    if (!comparison.holds) {
      return Mismatch{name, name + " " + comparison.expected, name + " " + comparison.observed};
    }
  }
  return std::nullopt;
}

void Progress::on_condition(Tracked& tracked, const Event& event) {
  StepRecord& record = records_[tracked.record];
  if (tracked.step->operation != "condition") {
    violate_for_good(tracked, "condition", "no further call of the condition function",
                     "one more call of it");
    return;
  }
  record.began = event.at;
  record.ended = event.at;
  record.status = StepRecord::Status::kMet;
  record.observed = "called: " + reply_text(*find_operation("condition"), *event.body);
  check_reply(tracked, *event.body);
}

void Progress::on_computed(Tracked& tracked, const Event& event) {
  StepRecord& record = records_[tracked.record];
  record.began = record.ended = event.at;
  record.status = StepRecord::Status::kMet;
  if (event.body->contains("error")) {
    violate(tracked, "compute", "a number", event.body->at("error").get<std::string>());
    return;
  }
  for (const auto& [name, value] : event.body->items()) {
    bindings_[name] = {FieldType::kNumber, value};
    carried_.insert(name);
    record.observed +=
        fmt::format("{}{} = {}", record.observed.empty() ? "" : ", ", name, value.dump());
  }
}

void Progress::on_breakdown(Tracked* tracked, const Event& event) {
  const std::string kind = event.body->value("kind", "");
  const std::string detail = event.body->value("detail", "");
  // A call of the case that never returns is the IUT's doing: something it waits for did not come,
  // or it blocks where it must not. Everything else that breaks is the adapter's or the harness's.
  const bool hang = kind == "silent" && tracked != nullptr && !tracked->step->opening;
  if (hang) {
    violate_for_good(*tracked, "hang", expectation_text(*tracked->step), detail);
    return;
  }
  if (tracked != nullptr) {
    StepRecord& record = records_[tracked->record];
    record.status = StepRecord::Status::kViolated;
    record.observed = kind + ": " + detail;
    record.reply = {};
    error_ = fmt::format("{}step {} ({} {}, {}): {}: {}", round_text(), tracked->step->id,
                         tracked->step->actor, tracked->step->operation,
                         to_string(tracked->step->place), kind, detail);
  } else {
    error_ = fmt::format("{}: {}", kind, detail);
  }
}

// Of an adapter, found when a step had gone otherwise than it should: that explains nothing about
// whoever was blamed.
void Progress::on_death(const Event& event) {
  if (!error_.empty()) return;
  on_breakdown(nullptr, event);
  violations_.clear();
  undecided_.clear();
}

bool Progress::judged(Provenance provenance) const {
  return provenance == Provenance::kDocumented ||
         (provenance == Provenance::kWindows && edition_ == "windows");
}

// Whether it holds when that comes.
bool Progress::forbids(const Prohibition& prohibition, const Event& event) {
  const std::chrono::nanoseconds at = event.at;
  if (prohibition.from == event.step) return false;  // what ends it comes before its end
  const auto record_of = [&](const std::string& id) { return records_[find(id)->record]; };
  if (prohibition.from) {
    const auto ended = record_of(*prohibition.from).ended;
    if (!ended || *ended > at) return false;
  }
  if (!prohibition.until) return true;
  const auto began = record_of(*prohibition.until).began;
  return !began || *began > at;
}

void Progress::check_prohibitions(Tracked& tracked, const Event& event) {
  for (const Prohibition& prohibition : instance_.must_not) {
    const std::string seen = shown(prohibition, event, *tracked.request);
    if (stopped() || seen.empty() || !forbids(prohibition, event)) continue;
    const std::string expected = to_string(prohibition);
    StepRecord& record = records_[tracked.record];
    if (!judged(prohibition.provenance)) {
      record.observed += (is_anything_told(record) ? " " : "") +
                         differs_text(prohibition.provenance, expected + ", but " + seen);
      continue;
    }
    record.status = StepRecord::Status::kViolated;
    Violation violation =
        violation_of(prohibition.requirement, prohibition.place, prohibition.provenance);
    violation.check = fmt::format("must-not {} {}{}", prohibition.actor, prohibition.operation,
                                  interval_text(prohibition));
    violation.step = event.step;
    violation.expected = expected;
    violation.observed = seen;
    violation.message =
        fmt::format("{}: expected {}, observed that {}", place_of(*tracked.step), expected, seen);
    violations_.push_back(std::move(violation));
  }
}

// A violation after which the conversation cannot go on as the case says, whoever is held to it.
void Progress::violate_for_good(Tracked& tracked, const std::string& what,
                                const std::string& expected, const std::string& observed) {
  violate(tracked, what, expected, observed);
  if (judged(tracked.step->provenance)) return;
  undecided_ = fmt::format(
      "{} cannot be held against anyone, and nothing can come after it: expected {}, observed {}",
      place_of(*tracked.step), expected, observed);
}

void Progress::violate(Tracked& tracked, const std::string& what, const std::string& expected,
                       const std::string& observed) {
  const Step& step = *tracked.step;
  StepRecord& record = records_[tracked.record];
  if (!is_anything_told(record)) record.observed = observed;
  // What Windows does and what the reference chose are reported; only the documented can be
  // violated (and, in the Windows edition, what Windows does).
  if (!judged(step.provenance)) {
    record.observed += " " + differs_text(step.provenance, expected);
    return;
  }
  record.status = StepRecord::Status::kViolated;
  Violation violation = violation_of(step.requirement, step.place, step.provenance);
  violation.check = "step " + step.id + " " + what;
  violation.step = step.id;
  violation.expected = expected;
  violation.observed = observed;
  violation.message =
      fmt::format("{}: expected {}, observed {}", place_of(step), expected, observed);
  violations_.push_back(std::move(violation));
}

Violation Progress::violation_of(const std::optional<std::string>& requirement,
                                 const SourcePlace& place, Provenance provenance) const {
  Violation violation;
  violation.requirements =
      requirement ? std::vector<std::string>{*requirement} : instance_.source->requirements;
  violation.file = place.file;
  violation.line = place.line;
  violation.provenance = provenance;
  return violation;
}

Verdict Progress::verdict() const {
  if (!error_.empty()) return Verdict::kError;
  if (!violations_.empty()) return Verdict::kFail;
  return undecided_.empty() ? Verdict::kPass : Verdict::kInconclusive;
}

}  // namespace ws2conform
