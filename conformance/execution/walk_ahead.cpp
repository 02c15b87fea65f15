// Requests that are sent before the last is answered, to adapters that read ahead. Each adapter
// makes its calls in the same order as without; what is saved is turns between two processes.
#include <algorithm>
#include <utility>

#include "conformance/case/json_line.hpp"
#include "conformance/case/operations.hpp"
#include "conformance/execution/probe.hpp"
#include "conformance/execution/walk.hpp"

namespace ws2conform {

using nlohmann::json;

void Walk::open() {
  const bool all_read_ahead = std::all_of(roles_.begin(), roles_.end(), [](const auto& role) {
    return role.second.actor->hello.reads_ahead;
  });
  if (!all_read_ahead || relaying_.is_used()) {
    walk(opening_schedule(instance_.opening), instance_.opening);
    return;
  }
  std::vector<const Step*> batch;
  const auto make = [&] {
    while (!batch.empty() && !progress_.stopped()) {
      std::size_t taken = 0;
      attempt(*batch.front(), [&] { taken = take_ahead(batch); });
      batch.erase(batch.begin(), batch.begin() + static_cast<std::ptrdiff_t>(taken));
    }
    batch.clear();
  };
  for (const Step& step : instance_.opening) {
    const Waiting waiting = find_operation(step.operation)->waiting;
    // Who connects must know where to, and comes after those who connected before.
    if (waiting == Waiting::kInitiates) make();
    if (waiting == Waiting::kInternal) {
      tell_limits(step);
    } else {
      batch.push_back(&step);
    }
  }
  make();
}

// Steps that one actor takes one after another from there on, nobody else having a call open: what
// comes between them nobody sees.
std::vector<const Step*> Walk::stretch_of(const Schedule& schedule, std::size_t from,
                                          const std::vector<Step>& steps) const {
  const std::string& actor = steps[schedule[from].step].actor;
  const auto goes_on = [&](std::size_t at) {
    return at < schedule.size() && schedule[at].kind == ScheduleItem::Kind::kWhole &&
           steps[schedule[at].step].actor == actor;
  };
  std::vector<const Step*> stretch;
  if (!goes_on(from + 1) || !is_alone(actor)) return stretch;
  for (std::size_t i = from; goes_on(i); ++i) {
    const Step& step = steps[schedule[i].step];
    if (!is_one_call(step)) break;
    stretch.push_back(&step);
  }
  return stretch;
}

// And reads ahead, in one lane.
bool Walk::is_alone(const std::string& actor) const {
  const Role& role = roles_.at(actor);
  if (role.gone || role.tells_lanes || relaying_.is_used()) return false;
  if (!role.actor->hello.reads_ahead) return false;
  return std::all_of(roles_.begin(), roles_.end(), [](const auto& each) {
    return std::all_of(each.second.lanes.begin(), each.second.lanes.end(), [](const auto& lane) {
      return lane.second.open == 0 && lane.second.suspended == 0;
    });
  });
}

// What is asked of an adapter goes to it in one piece. Asked are all, or those before one that
// cannot be asked for yet, as it needs what they yield, or ever; throws InputError where that is
// the first.
std::vector<Walk::Asked> Walk::ask_at_once(const std::vector<const Step*>& steps) {
  std::vector<std::pair<host::Conversation*, std::string>> lines;
  std::vector<Asked> asked;
  for (const Step* step : steps) {
    running_ = step->id;
    json request;
    try {
      request = request_to_make(*step);
    } catch (const InputError&) {
      if (asked.empty()) throw;
      break;
    }
    Sendable call = prepared(*step, std::move(request), Event::Kind::kCall, false);
    host::Conversation* const conversation = role_of(*step).actor->conversation.get();
    const auto others = std::find_if(lines.begin(), lines.end(),
                                     [&](const auto& each) { return each.first == conversation; });
    if (others == lines.end()) {
      lines.emplace_back(conversation, std::move(call.line));
    } else {
      others->second += "\n" + call.line;
    }
    asked.push_back({step, std::move(call), std::exchange(lane_of(*step), {})});
  }
  for (auto& [conversation, text] : lines) conversation->send_line(std::move(text));
  return asked;
}

// On record a call comes behind the answer to the one before, with the time at which it was sent.
// Where two actors are asked nobody knows which call was made when, so all calls come first; and
// where one accepts, that is answered first: an accept that fails leaves its caller waiting. When
// an answer is not as it should be, those of calls that return in any case are taken nevertheless:
// they are made. Returns how many of the steps are taken.
std::size_t Walk::take_ahead(const std::vector<const Step*>& steps) {
  std::vector<Asked> asked = ask_at_once(steps);
  const auto note_call = [this](Asked& each) {
    record(Event::Kind::kCall, each.call.at, each.step->actor, each.step->id,
           std::move(each.call.body));
  };
  const bool is_of_one = std::all_of(asked.begin(), asked.end(), [&](const Asked& each) {
    return each.step->actor == asked.front().step->actor;
  });
  if (!is_of_one) {
    std::for_each(asked.begin(), asked.end(), note_call);
    std::stable_partition(asked.begin(), asked.end(), [](const Asked& each) {
      return find_operation(each.step->operation)->waiting == Waiting::kWaits;
    });
  }
  bool goes_on = true;
  for (Asked& each : asked) {
    const Step& step = *each.step;
    running_ = step.id;
    if (is_of_one) note_call(each);
    // Open, and so its adapter is ended, where nothing is read.
    lane_of(step) = std::move(each.lane);
    goes_on = goes_on &&
              !(progress_.stopped() && find_operation(step.operation)->waiting != Waiting::kNever);
    goes_on = goes_on && reply(step, Event::Kind::kReturn, answer_deadline(*lane_of(step).request));
  }
  return asked.size();
}

// What went wrong, by actor. A request that nobody has to know, sent after it, is a fence: what the
// adapter says too much, to the last call or to `reset`, comes before the answer to that. All are
// asked before the answer of any is awaited.
std::map<std::string, Walk::Fault> Walk::reset(const std::vector<std::string>& actors) {
  std::map<std::string, Fault> faults;
  std::map<std::string, long long> resets;
  std::map<std::string, long long> fences;
  const auto ask = [&](const std::string& name, const std::vector<const char*>& operations) {
    host::Conversation& conversation = *roles_.at(name).actor->conversation;
    std::string lines;
    for (const std::string operation : operations) {
      const json request = conversation.numbered({{"op", operation}});
      (operation == kMadeUpOperation ? fences : resets)[name] = request.at("id");
      lines += (lines.empty() ? "" : "\n") + json_line(request);
    }
    conversation.send_line(std::move(lines));
  };
  // Nothing where the conversation broke.
  const auto answer = [&](const std::string& name, long long id) -> std::optional<json> {
    auto received = roles_.at(name).actor->conversation->receive(id, deadline());
    if (auto* message = std::get_if<host::Message>(&received)) return std::move(message->body);
    const auto& breakdown = std::get<host::Breakdown>(received);
    faults[name] = {std::string(to_string(breakdown.kind)), breakdown.detail};
    return std::nullopt;
  };
  for (const std::string& name : actors) {
    if (roles_.at(name).actor->hello.reads_ahead) {
      ask(name, {"reset", kMadeUpOperation});
    } else {
      ask(name, {"reset"});
    }
  }
  for (const auto& [name, id] : resets) {
    const std::optional<json> reply = answer(name, id);
    if (reply && !reply->contains("returns")) faults[name] = {"garbage", reply->dump()};
    if (faults.count(name) == 0 && fences.count(name) == 0) ask(name, {kMadeUpOperation});
  }
  for (const auto& [name, id] : fences) {
    if (faults.count(name) > 0) continue;
    const std::optional<json> reply = answer(name, id);
    if (reply && !host::is_reply(*reply)) faults[name] = {"garbage", reply->dump()};
  }
  return faults;
}

}  // namespace ws2conform
