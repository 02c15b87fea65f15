#include "conformance/execution/walk.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "conformance/case/json_line.hpp"
#include "conformance/case/octets.hpp"
#include "conformance/case/operations.hpp"
#include "conformance/case/request.hpp"
#include "conformance/execution/contradiction.hpp"
#include "conformance/execution/probe.hpp"
#include "conformance/judge/window.hpp"
#include "conformance/schedule/plan.hpp"

namespace ws2conform {
namespace {

using host::Clock;
using nlohmann::json;

std::chrono::nanoseconds since(Clock::time_point start, Clock::time_point at) {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(at - start);
}

// A wait for which the case gives no time.
bool is_wait_without_time(const Step& step) {
  if (step.operation != "WSAWaitForMultipleEvents" && step.operation != "select") return false;
  return std::none_of(step.fields.begin(), step.fields.end(),
                      [](const Field& field) { return field.name == "timeout"; });
}

bool waits_for_event(const Step& step) {
  return is_indication(step.operation);
}

using host::is_reply;

}  // namespace

bool is_one_call(const Step& step) {
  const Operation& operation = *find_operation(step.operation);
  if (operation.waiting != Waiting::kNever && operation.waiting != Waiting::kWaits) return false;
  // While WSAAccept is open the implementation may ask.
  for (const char* name : {"decide", "vanish", "WSAAccept"}) {
    if (operation.name == name) return false;
  }
  return !is_repeated(operation) && !waits_for_event(step) && !is_wait_without_time(step) &&
         !is_windowed(step);
}

Walk::Walk(Actors& actors, const Casting& casting, const Instance& instance, Progress progress,
           Sink sink)
    : actors_(actors),
      relaying_(actors.relaying()),
      casting_(casting),
      instance_(instance),
      sink_(std::move(sink)),
      progress_(std::move(progress)) {}

ScheduleHistory Walk::run(const Schedule& schedule) {
  start_ = Clock::now();
  try {
    cast();
    check_silence();
  } catch (const CannotRestart& error) {
    broke("", "", "start", error.what());
  }
  relaying_.begin(instance_, schedule,
                  [this](Clock::time_point at, const std::string& actor, json body) {
                    record(Event::Kind::kRelay, at, actor, running_, std::move(body));
                  });
  open();
  if (instance_.rounds == 0) {
    walk(schedule, instance_.steps);
  } else {
    walk_rounds();
  }
  clean_up();
  history_.duration = since(start_, Clock::now());
  history_.complete = true;
  return std::move(history_);
}

void Walk::cast() {
  std::map<std::string, std::size_t> used;  // adapters taken, by IUT
  for (const std::string& name : instance_.source->actors) {
    const host::Iut& iut = casting_.iut_of(name);
    const std::size_t index = used[iut.file]++;
    Actor& actor = actors_.get(iut, index);
    const Provider* provider = actor.hello.provider(instance_.provider);
    const std::string family = family_of(instance_, provider ? *provider : Provider{});
    roles_[name] = {&iut,   index,
                    &actor, lanes_of(instance_, name) > 1,
                    family, iut.addresses.empty() ? loopback_of(family) : iut.home(family)};
  }
  for (auto& [name, role] : roles_) {
    role.actor->adapter->observe_stderr(
        [this, name = name](Clock::time_point at, const std::string& text) {
          record(Event::Kind::kStderr, at, name, running_, {{"text", text}});
        });
  }
}

// Whoever speaks or ends between two schedules has nothing to do with what this one tests.
void Walk::check_silence() {
  take_what_came();
  for (auto& [name, role] : roles_) {
    const host::Breakdown found = role.actor->conversation->unasked(start_);
    if (found.kind == host::Breakdown::Kind::kSilent) continue;
    broke(name, "", std::string(to_string(found.kind)),
          "before the schedule began: " + found.detail);
  }
}

void Walk::take_what_came() {
  if (actors_.context().stopped()) actors_.context().restart();
  actors_.context().poll();
}

void Walk::walk(const Schedule& schedule, const std::vector<Step>& steps) {
  const Step* earlier = nullptr;  // issued together with the next
  for (std::size_t i = 0; i < schedule.size(); ++i) {
    if (progress_.stopped()) return;
    const ScheduleItem& item = schedule[i];
    const Step& step = steps[item.step];
    running_ = step.id;
    if (earlier == nullptr) {
      const std::vector<const Step*> stretch = stretch_of(schedule, i, steps);
      if (stretch.size() > 1) {
        attempt(step, [&] { i += take_ahead(stretch) - 1; });
        continue;
      }
    }
    attempt(step, [&] {
      if (earlier != nullptr) {
        take_together(*std::exchange(earlier, nullptr), step);
      } else if (item.kind == ScheduleItem::Kind::kTogether) {
        earlier = &step;
      } else {
        take(item, step);
      }
    });
  }
}

void Walk::walk_rounds() {
  const std::vector<Schedule> orders = schedules_of_rounds(instance_);
  while (round_ < instance_.rounds && !progress_.stopped()) {
    const Schedule& order = orders[static_cast<std::size_t>(round_) % orders.size()];
    record(Event::Kind::kRound, Clock::now(), "", "", json(++round_));
    walk(order, instance_.steps);
  }
}

// A closed socket keeps its name in the adapter, so what each round makes gets a name of its own;
// those that it uses are the latest of that name.
void Walk::name_for_round(const std::string& actor, json& request) {
  std::map<std::string, std::string>& latest = latest_names_[actor];
  const auto rename = [&](json& name) {
    const auto found = latest.find(name.get_ref<const std::string&>());
    if (found != latest.end()) name = found->second;
  };
  for (const char* member : {"socket", "event", "overlapped"}) {
    const auto found = request.find(member);
    if (found != request.end() && found->is_string()) rename(*found);
  }
  if (const auto events = request.find("events"); events != request.end()) {
    for (json& event : *events) rename(event);
  }
  if (!request.contains("as")) return;
  const std::string name = request.at("as");
  request["as"] = latest[name] = fmt::format("{}.{}", name, round_);
  if (request.at("op") != "WSACreateEvent") {
    unclaimed_.erase({actor, name});
    event_objects_.erase({actor, name});
  }
}

void Walk::take(const ScheduleItem& item, const Step& step) {
  const Operation& operation = *find_operation(step.operation);
  if (item.kind != ScheduleItem::Kind::kEnd) relaying_.begins(step, actors_.patience().call);
  if (operation.name == "limits") {
    tell_limits(step);
  } else if (operation.name == "decide") {
    decide(step);
  } else if (operation.name == "vanish") {
    vanish(step);
  } else if (operation.waiting == Waiting::kInternal) {
    compute(step);
  } else if (operation.waiting == Waiting::kUpcall) {
    answer_condition(step);
  } else {
    if (item.kind != ScheduleItem::Kind::kEnd) {
      issue(step, item.kind == ScheduleItem::Kind::kBegin);
      if (operation.waiting != Waiting::kNever) relaying_.done_or_waits(step);
    }
    if (item.kind != ScheduleItem::Kind::kBegin && !progress_.stopped()) finish(step);
  }
  const bool waited =
      operation.waiting == Waiting::kWaits || operation.waiting == Waiting::kInitiates;
  if (!waited) relaying_.done_or_waits(step);
}

// Both calls are under way before the return of either is awaited.
void Walk::take_together(const Step& first, const Step& second) {
  for (const Step* step : {&first, &second}) {
    relaying_.begins(*step, actors_.patience().call);
    issue(*step, false);
    relaying_.done_or_waits(*step);
    if (progress_.stopped()) return;
  }
  for (const Step* step : {&first, &second}) {
    running_ = step->id;
    finish(*step);
    if (progress_.stopped()) return;
  }
}

// Asked for several times in a row.
Walk::Role& Walk::role_of(const Step& step) {
  if (last_role_.first != &step) last_role_ = {&step, &roles_.at(step.actor)};
  return *last_role_.second;
}

Clock::time_point Walk::deadline() const {
  return Clock::now() + actors_.patience().call;
}

// A call with a time-out of its own ends by that: its answer may take a little longer.
Clock::time_point Walk::answer_deadline(const json& request) const {
  const bool ends_by_itself =
      request.is_object() && request.contains("timeout") && request.at("timeout").is_number();
  return deadline() + (ends_by_itself ? actors_.patience().call / 2 : Clock::duration::zero());
}

void Walk::record(Event::Kind kind, Clock::time_point at, const std::string& actor,
                  const std::string& step, Event::Body body) {
  Event event{kind, since(start_, at), actor, step, std::move(body)};
  sink_(event);
  progress_.on(event);
  history_.events.push_back(std::move(event));
}

void Walk::broke(const std::string& actor, const std::string& step, const std::string& kind,
                 const std::string& detail) {
  record(Event::Kind::kBreakdown, Clock::now(), actor, step, {{"kind", kind}, {"detail", detail}});
}

json Walk::request_of(const Step& step) const {
  const Role& role = roles_.at(step.actor);
  json request = ws2conform::request_of(step, instance_, role.family, role.home,
                                        progress_.bindings(), actors_.patience().call);
  if (is_windowed(step)) {
    request["timeout"] = window().count();
    request[kWindowed] = true;
  }
  return request;
}

json Walk::request_to_make(const Step& step) {
  json request = request_of(step);
  if (step.operation == "WSAEventSelect" && request.at("event").is_string()) {
    event_objects_[{step.actor, socket_of(step)}] = request.at("event");
  }
  return request;
}

// Calibrated on this implementation, by what it has just done on this machine. Never so long that
// the wait would be taken for one that hangs.
std::chrono::milliseconds Walk::window() const {
  const Patience& patience = actors_.patience();
  const std::chrono::nanoseconds slowest = slowest_call(instance_.opening, history_.events);
  const auto wide = std::chrono::duration_cast<std::chrono::milliseconds>(
      std::chrono::duration<double, std::nano>(slowest) * patience.window_factor);
  return std::min(std::max(wide, patience.least_window), patience.call / 2);
}

void Walk::send(const Step& step, json request, Event::Kind kind, bool announce) {
  // What came before this is sent is taken first: its arrival time must say so.
  if (kind != Event::Kind::kCall) take_what_came();
  Sendable sendable = prepared(step, std::move(request), kind, announce);
  record(kind, sendable.at, step.actor, step.id, std::move(sendable.body));
  role_of(step).actor->conversation->send_line(std::move(sendable.line));
}

Walk::Sendable Walk::prepared(const Step& step, json request, Event::Kind kind, bool announce) {
  Role& role = role_of(step);
  Lane& lane = role.lanes[step.lane];
  const bool windowed = request.erase(kWindowed) > 0;
  if (kind == Event::Kind::kCall) {
    if (announce) request["announce"] = true;
    if (round_ > 0) name_for_round(step.actor, request);
    request = role.actor->conversation->numbered(std::move(request));
    lane.open = request.at("id");
  } else {
    request["id"] = lane.open;
  }
  if (role.tells_lanes) request["lane"] = step.lane;
  request = relaying_.on_the_way(step.actor, std::move(request));
  std::string line = json_line(request);
  const bool is_recorded_as_sent = !relaying_.is_used() && !windowed;
  request = relaying_.for_the_record(std::move(request));
  if (windowed) request[kWindowed] = true;
  auto body = Event::Body::with_text(std::move(request), is_recorded_as_sent ? line : "");
  if (kind == Event::Kind::kCall) lane.request = body;
  return {std::move(line), std::move(body), Clock::now()};
}

std::optional<host::Message> Walk::receive(const Step& step, Clock::time_point deadline) {
  Role& role = role_of(step);
  auto received = role.actor->conversation->receive(role.lanes[step.lane].open, deadline);
  if (const auto* breakdown = std::get_if<host::Breakdown>(&received)) {
    broke(step.actor, step.id, std::string(to_string(breakdown->kind)), breakdown->detail);
    return std::nullopt;
  }
  auto& message = std::get<host::Message>(received);
  if (relaying_.is_used()) {
    message.body = relaying_.for_the_record(std::move(message.body));
    message.line.clear();
  }
  return std::move(message);
}

std::optional<std::pair<Clock::time_point, Event::Body>> Walk::answer(const Step& step,
                                                                      Clock::time_point deadline) {
  auto message = receive(step, deadline);
  if (!message) return std::nullopt;
  if (message->body.contains("condition")) {  // a call that the case has no step for
    record(Event::Kind::kCondition, message->at, step.actor, step.id,
           message->body.at("condition"));
    return std::nullopt;
  }
  if (!is_reply(message->body)) {
    broke(step.actor, step.id, "garbage", "neither a reply nor an upcall: " + message->body.dump());
    return std::nullopt;
  }
  Lane& lane = lane_of(step);
  const std::string wrong = contradiction(*lane.request, message->body);
  if (!wrong.empty()) {
    broke(step.actor, step.id, "garbage",
          role_of(step).iut->name + " contradicts itself: " + wrong + ": " + message->body.dump());
    return std::nullopt;
  }
  lane.open = 0;
  return std::pair{message->at,
                   Event::Body::with_text(std::move(message->body), std::move(message->line))};
}

std::optional<Event::Body> Walk::reply(const Step& step, Event::Kind kind,
                                       Clock::time_point deadline) {
  auto found = answer(step, deadline);
  if (!found) return std::nullopt;
  record(kind, found->first, step.actor, step.id, found->second);
  return std::move(found->second);
}

void Walk::issue(const Step& step, bool announce) {
  Lane& lane = lane_of(step);
  if (waits_for_event(step)) {
    if (unclaimed_[{step.actor, socket_of(step)}].count(step.operation) == 0) {
      wait_for_event(step, deadline(), announce);
    }
  } else {
    send(step, request_to_make(step), Event::Kind::kCall, announce);
  }
  if (!announce || lane.open == 0) return;
  // The wait must have begun before its cause is brought about.
  const auto message = receive(step, deadline());
  if (!message) return;
  if (message->body.contains("unsupported") || message->body.contains("adapter_error")) {
    lane.open = 0;  // the call is not made, so it is not announced either
    record(Event::Kind::kReturn, message->at, step.actor, step.id, message->body);
    return;
  }
  if (!message->body.contains("started")) {
    broke(step.actor, step.id, "garbage",
          "\"started\" was asked for and did not come first: " + message->body.dump());
    return;
  }
  record(Event::Kind::kStarted, message->at, step.actor, step.id, message->body);
}

void Walk::finish(const Step& step) {
  if (waits_for_event(step)) {
    finish_indication(step);
  } else if (step.operation == "receive") {
    if (const auto first = reply(step, Event::Kind::kPartial, deadline())) {
      finish_receive(step, *first);
    }
  } else if (step.operation == "fill" || step.operation == "drain") {
    if (const auto first = reply(step, Event::Kind::kPartial, deadline())) {
      finish_repeated(step, **first);
    }
  } else if (is_wait_without_time(step)) {
    finish_wait(step);
  } else {
    reply(step, Event::Kind::kReturn, answer_deadline(*lane_of(step).request));
  }
}

void Walk::compute(const Step& step) {
  record(Event::Kind::kComputed, Clock::now(), step.actor, step.id,
         computed_values(step, progress_.bindings()));
}

void Walk::answer_condition(const Step& step) {
  Lane& lane = lane_of(step);
  const auto message = receive(step, deadline());
  if (!message) return;
  if (!message->body.contains("condition")) {
    if (!is_reply(message->body)) {
      broke(step.actor, step.id, "garbage",
            "neither a reply nor an upcall: " + message->body.dump());
      return;
    }
    lane.open = 0;
    record(Event::Kind::kReturn, message->at, step.actor, step.id, message->body);
    return;
  }
  record(Event::Kind::kCondition, message->at, step.actor, step.id, message->body.at("condition"));
  if (progress_.stopped()) return;
  if (leaves_open(step)) {
    role_of(step).actor->conversation->begin_nesting();
    lane.suspended = lane.open;
    lane.open = 0;
  } else {
    give_verdict(step);
  }
}

void Walk::decide(const Step& step) {
  Lane& lane = lane_of(step);
  role_of(step).actor->conversation->end_nesting();
  lane.open = lane.suspended;
  lane.suspended = 0;
  give_verdict(step);
}

void Walk::give_verdict(const Step& step) {
  send(step, verdict_of(step, progress_.bindings()), Event::Kind::kVerdict, false);
}

// The process ends without a word. What its kernel does with its connections is the IUT's business.
void Walk::vanish(const Step& step) {
  Role& role = role_of(step);
  record(Event::Kind::kCall, Clock::now(), step.actor, step.id, {{"op", "vanish"}});
  role.actor->adapter->observe_stderr(nullptr);
  actors_.discard(*role.iut, role.index);
  role.gone = true;
  record(Event::Kind::kReturn, Clock::now(), step.actor, step.id, {{"returns", 0}});
}

// What the providers of all actors carry.
void Walk::tell_limits(const Step& step) {
  json limits = json::object();
  for (const auto& [name, role] : roles_) {
    const Provider* provider = role.actor->hello.provider(instance_.provider);
    if (provider == nullptr) continue;
    for (const auto& [limit, octets] : limits_of(*provider)) {
      limits[limit] = std::min(octets, limits.value(limit, octets));
    }
  }
  record(Event::Kind::kComputed, Clock::now(), step.actor, step.id, limits);
}

// Whoever waits for an adapter that has died, or is connected to it, is not to blame for what came
// of that.
void Walk::look_for_dead() {
  if (!progress_.stopped() || !progress_.error().empty()) return;
  for (const auto& [name, role] : roles_) {
    if (role.gone) continue;
    if (const auto end = role.actor->adapter->ended()) {
      broke(name, "", std::string(to_string(end->kind)),
            fmt::format("{}'s adapter had died: {}", name, end->detail));
      return;
    }
  }
}

// Brings every adapter back to a clean state; one that cannot be is ended.
void Walk::clean_up() {
  running_.clear();
  look_for_dead();
  const bool stopped = progress_.stopped();
  const bool trusted = !stopped || progress_.error().empty();
  std::vector<std::string> clean;
  for (const auto& [name, role] : roles_) {
    const bool idle = std::all_of(role.lanes.begin(), role.lanes.end(), [](const auto& lane) {
      return lane.second.open == 0 && lane.second.suspended == 0;
    });
    if (idle && trusted && !role.gone) clean.push_back(name);
  }
  const std::map<std::string, Fault> faults = reset(clean);
  for (auto& [name, role] : roles_) {
    if (role.gone) continue;
    const auto fault = faults.find(name);
    if (fault != faults.end() && !stopped) {
      broke(name, "", fault->second.kind, "at reset: " + fault->second.detail);
    }
    role.actor->adapter->observe_stderr(nullptr);
    const bool is_clean = fault == faults.end() && std::count(clean.begin(), clean.end(), name) > 0;
    if (!is_clean) actors_.discard(*role.iut, role.index);
  }
  const std::string unshown = relaying_.end();
  if (!unshown.empty() && !progress_.stopped()) broke("", "", "relay", unshown);
}

}  // namespace ws2conform
