#include "conformance/case/lint.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include "conformance/case/axes.hpp"
#include "conformance/case/bindings.hpp"
#include "conformance/case/capability.hpp"
#include "conformance/case/instance.hpp"
#include "conformance/case/operations.hpp"
#include "conformance/case/order.hpp"
#include "conformance/case/prohibition.hpp"
#include "conformance/case/relay.hpp"
#include "conformance/case/request.hpp"
#include "conformance/case/sockets.hpp"
#include "conformance/schedule/plan.hpp"

namespace ws2conform {
namespace {

std::vector<std::string> keys(const Requirements& requirements) {
  std::vector<std::string> ids;
  for (const auto& [id, requirement] : requirements) ids.push_back(id);
  return ids;
}

void check_requirements(const Case& source, const Requirements& requirements) {
  for (const std::string& id : source.requirements) {
    if (requirements.count(id) == 0) {
      throw InputError(source.place,
                       "unknown requirement " + id + did_you_mean(id, keys(requirements)));
    }
  }
  for (const Step& step : source.steps) {
    if (!step.requirement) continue;
    const auto& listed = source.requirements;
    if (std::find(listed.begin(), listed.end(), *step.requirement) == listed.end()) {
      throw InputError(
          step.place, "requirement " + *step.requirement + " is not among the case's requirements");
    }
  }
}

void check_capabilities(const Case& source) {
  for (const auto* list : {&source.needs, &source.lacks}) {
    for (const std::string& capability : *list) {
      const auto known = capability_names();
      if (std::find(known.begin(), known.end(), capability) == known.end()) {
        throw InputError(source.place, "unknown capability \"" + capability + "\"" +
                                           did_you_mean(capability, known));
      }
    }
  }
}

void check_structure(const Case& source) {
  if (source.given != "nothing" &&
      std::find(source.actors.begin(), source.actors.end(), "server") == source.actors.end()) {
    throw InputError(source.given_place, "`given: " + source.given + "` needs an actor \"server\"");
  }
  std::set<std::string> ids;
  for (const Step& step : source.steps) {
    if (!ids.insert(step.id).second) {
      throw InputError(step.place, "two steps have the ID \"" + step.id + "\"");
    }
  }
  for (const Axis& axis : source.axes) {
    if (axis.name == "provider") {
      throw InputError(source.place, "the axis \"provider\" is there in every case, unasked");
    }
    if (!uses_axis(source, axis.name)) {
      throw InputError(source.place,
                       "nothing in the case depends on the axis \"" + axis.name + "\"");
    }
  }
}

void check_rounds(const Case& source) {
  if (source.rounds.count == 0) return;
  if (!source.relay.empty()) {
    throw InputError(source.relay.front().place,
                     "a case with `rounds` takes no relay: what the relay does begins and ends "
                     "with steps, which come again");
  }
  if (!source.must_not.empty()) {
    throw InputError(source.must_not.front().place, "a case with `rounds` takes no `must-not`");
  }
  for (const Step& step : source.steps) {
    if (step.operation == "vanish" || step.operation == "select") {
      throw InputError(step.place, "a case with `rounds` has no " + step.operation);
    }
    if (!step.readings.empty()) {
      throw InputError(step.place,
                       "a case with `rounds` has no `readings`: one is kept of each step");
    }
  }
}

// What holds for the steps of one choice of axes.
class InstanceLint {
 public:
  InstanceLint(const Instance& instance, const Requirements& requirements)
      : instance_(instance), requirements_(requirements) {
    bound_.insert(std::begin(kLimitNames), std::end(kLimitNames));
    if (instance.rounds > 0) {
      given_.insert(kRound);
      for (const auto& [name, value] : instance.source->rounds.start) given_.insert(name);
      bound_.insert(given_.begin(), given_.end());
    }
  }

  void run() {
    for (const Step& step : instance_.opening) bind_outcomes(step);
    for (std::size_t i = 0; i < instance_.steps.size(); ++i) check(i);
    const Plan plan(instance_.steps);  // unknown IDs and cycles
    Order order(instance_.steps);
    lint_sockets(instance_, order);
    if (instance_.rounds > 0) check_next_round();
    for (std::size_t i = 0; i < instance_.steps.size(); ++i) check_values_are_there(i, order);
    for (std::size_t i = 0; i < instance_.steps.size(); ++i) check_alternatives(i, order);
    lint_relay(instance_);
    lint_prohibitions(instance_);
    for (const Prohibition& prohibition : instance_.must_not) check_selected(prohibition);
  }

 private:
  const std::vector<Step>& steps() const { return instance_.steps; }

  const Step* previous_of_lane(std::size_t index) const {
    for (std::size_t i = index; i-- > 0;) {
      if (in_one_lane(steps()[i], steps()[index])) return &steps()[i];
    }
    return nullptr;
  }

  const Step* next_of_lane(std::size_t index) const {
    for (std::size_t i = index + 1; i < steps().size(); ++i) {
      if (in_one_lane(steps()[i], steps()[index])) return &steps()[i];
    }
    return nullptr;
  }

  void check(std::size_t index) {
    const Step& step = steps()[index];
    const Operation& operation = *find_operation(step.operation);
    check_actors(step);
    check_lanes(step, operation);
    check_presence(index, operation);
    check_waiting(index, operation);
    check_fields(step, operation);
    check_result(step, operation);
    check_readings(step, operation);
    for (const Field& field : step.windows) check_outcome(field, operation);
    check_selected(step, operation);
    bind_outcomes(step);
  }

  static const Field* find(const Step& step, std::string_view name) {
    for (const Field& field : step.fields) {
      if (field.name == name) return &field;
    }
    return nullptr;
  }

  // Expectations that rule one another out, or that no reply can ever meet or fail.
  static void check_result(const Step& step, const Operation& operation) {
    const Field* error = find(step, "error");
    const Field* returns = find(step, "returns");
    if (error != nullptr && returns != nullptr) {
      throw InputError(error->place,
                       "a contradiction: a call either `returns` or fails with an `error`");
    }
    const bool settled = operation.name == "recv-zero" || operation.name == "WSAEDISCON";
    if (settled && (error != nullptr || returns != nullptr)) {
      throw InputError((error ? error : returns)->place,
                       fmt::format("a contradiction: what {} comes back with goes with its name",
                                   operation.name));
    }
    const bool filled_on_error = operation.name == "WSAConnect" ||
                                 operation.name == "WSARecvDisconnect" || is_repeated(operation);
    if (error == nullptr || operation.is_indication() || filled_on_error) return;
    for (const FieldSpec& outcome : operation.outcomes) {
      const Field* dead = find(step, outcome.name);
      if (dead == nullptr) continue;
      throw InputError(dead->place, fmt::format("a dead expectation: {} yields no `{}` when it "
                                                "fails, and it must fail here",
                                                operation.name, outcome.name));
    }
  }

  void check_actors(const Step& step) const {
    const auto same = [&](const std::string& id) {
      return std::any_of(steps().begin(), steps().end(), [&](const Step& other) {
        return other.id == id && in_one_lane(other, step);
      });
    };
    for (const std::string& id : step.after) {
      if (!same(id)) continue;
      throw InputError(step.place,
                       "step " + step.id + " is `after: " + id +
                           "`, a step of the same actor: those run in the order written");
    }
    const std::pair<const char*, const std::optional<std::string>&> decisions[] = {
        {"until", step.until}, {"by", step.by}};
    for (const auto& [word, id] : decisions) {
      if (!id || !same(*id)) continue;
      throw InputError(step.place,
                       fmt::format("step {} is `{}: {}`, a step of the same actor, which "
                                   "cannot decide on it",
                                   step.id, word, *id));
    }
  }

  // What belongs to the whole of an actor is no matter of one of its lanes.
  void check_lanes(const Step& step, const Operation& operation) const {
    const bool whole = operation.name == "vanish";
    if (!whole && !operation.is_indication()) return;
    for (const Step& other : steps()) {
      if (other.actor != step.actor || other.lane == step.lane) continue;
      if (whole) {
        throw InputError(step.place, fmt::format("step {}: {} vanishes, so it can have one lane "
                                                 "only; step {} is in lane {}",
                                                 step.id, step.actor, other.id, other.lane));
      }
      if (find_operation(other.operation)->is_indication() && socket_of(other) == socket_of(step)) {
        throw InputError(step.place,
                         fmt::format("steps {} and {} wait for events of one socket in two lanes: "
                                     "each may take what the other waits for",
                                     step.id, other.id));
      }
    }
  }

  // Whoever is gone makes no calls.
  void check_presence(std::size_t index, const Operation& operation) const {
    if (operation.waiting == Waiting::kInternal) return;
    const Step& step = steps()[index];
    for (std::size_t i = 0; i < index; ++i) {
      if (steps()[i].actor != step.actor || steps()[i].operation != "vanish") continue;
      throw InputError(step.place, fmt::format("step {}: {} has vanished in step {}", step.id,
                                               step.actor, steps()[i].id));
    }
  }

  void check_waiting(std::size_t index, const Operation& operation) const {
    const Step& step = steps()[index];
    if ((step.until || step.by) && operation.waiting != Waiting::kInitiates) {
      throw InputError(step.place, "`until` and `by` belong to connect and WSAConnect; " +
                                       step.operation + " says `after` what it waits for");
    }
    if (step.until && step.by) {
      throw InputError(step.place, "a step says either `until` or `by`");
    }
    if (operation.waiting == Waiting::kUpcall) {
      const Step* accept = previous_of_lane(index);
      if (accept == nullptr || !has_condition(*accept)) {
        throw InputError(step.place,
                         "a condition step comes right after the actor's WSAAccept with "
                         "`condition: true`");
      }
      if (!step.after.empty()) {
        throw InputError(step.place,
                         "what causes the condition function's call is said at the "
                         "WSAAccept, as its `after`");
      }
    }
    if (operation.name == "condition" || operation.name == "decide") check_decision(index);
    if (has_condition(step)) {
      const Step* next = next_of_lane(index);
      const auto fails = [](const std::vector<Field>& fields) {
        return std::any_of(fields.begin(), fields.end(),
                           [](const Field& field) { return field.name == "error"; });
      };
      const bool fails_first =
          fails(step.fields) ||
          (!step.readings.empty() &&
           std::all_of(step.readings.begin(), step.readings.end(),
                       [&](const Reading& reading) { return fails(reading.fields); }));
      if (!fails_first && (next == nullptr || next->operation != "condition")) {
        throw InputError(step.place,
                         "WSAAccept with `condition: true` is followed by the actor's "
                         "condition step");
      }
    }
    const auto& lacks = instance_.source->lacks;
    const bool waits_for_verdict =
        std::find(lacks.begin(), lacks.end(), "delayed-accept") == lacks.end();
    const bool returns_at_once =
        std::any_of(step.fields.begin(), step.fields.end(), [](const Field& field) {
          return field.name == "error" &&
                 (field.value == "WSAEWOULDBLOCK" || field.value == "WSAEALREADY");
        });
    if (operation.waiting == Waiting::kInitiates && waits_for_verdict && !returns_at_once &&
        !step.until && !step.by) {
      for (const Step& other : steps()) {
        const bool accepts = other.operation == "accept" || other.operation == "WSAAccept";
        if (accepts && std::count(other.after.begin(), other.after.end(), step.id) > 0) {
          throw InputError(step.place, "step " + step.id + " is answered by step " + other.id +
                                           ": say `until:` (it is pending until then) or `by:` (it "
                                           "has returned by then)");
        }
      }
    }
  }

  // A condition that gives no verdict is decided by a later step of its actor.
  void check_decision(std::size_t index) const {
    const Step& step = steps()[index];
    const auto opens = [&](const Step& other) {
      return in_one_lane(other, step) && leaves_open(other);
    };
    const auto decides = [&](const Step& other) {
      return in_one_lane(other, step) && other.operation == "decide";
    };
    const auto begin = steps().begin();
    const auto here = begin + static_cast<std::ptrdiff_t>(index);
    if (leaves_open(step)) {
      const auto decision = std::find_if(here, steps().end(), decides);
      if (decision == steps().end()) {
        throw InputError(step.place,
                         "the condition gives no `verdict`, and no `decide` follows it");
      }
    } else if (step.operation == "decide" &&
               std::count_if(begin, here, opens) <= std::count_if(begin, here, decides)) {
      throw InputError(step.place, "decide comes after a condition that gives no `verdict`");
    }
  }

  // Readings are those of the requirement that the step shows.
  void check_readings(const Step& step, const Operation& operation) {
    if (step.readings.empty()) return;
    if (!step.requirement) {
      throw InputError(step.place, "a step with readings says which `requirement` they are of");
    }
    const auto requirement = requirements_.find(*step.requirement);
    for (const Reading& reading : step.readings) {
      if (requirement != requirements_.end() &&
          requirement->second.readings.count(reading.name) == 0) {
        std::vector<std::string> known;
        for (const auto& [name, meaning] : requirement->second.readings) known.push_back(name);
        throw InputError(reading.place,
                         fmt::format("\"{}\" is no reading of {}{}", reading.name,
                                     *step.requirement, did_you_mean(reading.name, known)));
      }
      if (reading.because && std::none_of(steps().begin(), steps().end(), [&](const Step& other) {
            return other.id == *reading.because;
          })) {
        throw InputError(reading.place, "no step has the ID \"" + *reading.because + "\"");
      }
      for (const Field& field : reading.fields) check_outcome(field, operation);
    }
  }

  void check_outcome(const Field& field, const Operation& operation) {
    for (const std::string& name : references(field.value)) {
      if (bound_.count(name) == 0) {
        throw InputError(field.place, "$" + name + " has no value here");
      }
    }
    const FieldSpec* spec = operation.outcome(field.name);
    check_literal(spec != nullptr ? spec->type : FieldType::kWord, field.value, field.place);
  }

  void check_fields(const Step& step, const Operation& operation) {
    for (const Field& field : step.fields) {
      for (const std::string& name : references(field.value)) {
        if (!binds(operation, field) && bound_.count(name) == 0) {
          throw InputError(field.place,
                           "$" + name + " has no value yet: no earlier step yields it");
        }
      }
      if (operation.waiting == Waiting::kInternal) {
        check_expression(field);
        bound_.insert(field.name);
        continue;
      }
      const FieldSpec* spec = operation.argument(field.name);
      if (spec == nullptr) spec = operation.outcome(field.name);
      if (spec != nullptr) check_literal(spec->type, field.value, field.place);
      const bool result = field.name == "returns" || field.name == "error";
      if (result) check_literal(FieldType::kWord, field.value, field.place);
      if (spec == nullptr && !result) {
        throw InputError(field.place, "\"" + field.name + "\" means nothing to " + step.operation);
      }
    }
    for (const Alternative& alternative : step.alternatives) check_literals(alternative, operation);
    for (const FieldSpec& spec : operation.arguments) require_field(step, spec);
    for (const FieldSpec& spec : operation.outcomes) require_field(step, spec);
  }

  // Each round begins with the sockets of the opening.
  void check_next_round() {
    for (const Step& step : steps()) {
      check_selected(step, *find_operation(step.operation));
      note_selected(step);
    }
    for (std::size_t i = 0; i < steps().size(); ++i) {
      const Step& step = steps()[i];
      if (step.operation != "closesocket") continue;
      const NamedSocket socket{step.actor, socket_of(step)};
      const auto made = [&](const Step& other) { return socket_made_by(other) == socket; };
      const auto next = steps().begin() + static_cast<std::ptrdiff_t>(i) + 1;
      if (std::any_of(instance_.opening.begin(), instance_.opening.end(), made) &&
          std::none_of(next, steps().end(), made)) {
        throw InputError(step.place, fmt::format("the next round has no socket \"{}\": it is of "
                                                 "the opening, and nobody makes it again",
                                                 socket.second));
      }
    }
  }

  static void check_literals(const Alternative& alternative, const Operation& operation) {
    for (const Field& field : alternative.fields) {
      const FieldSpec* spec = operation.outcome(field.name);
      const bool result = field.name == "returns" || field.name == "error";
      if (spec == nullptr && !result) {
        throw InputError(field.place,
                         fmt::format("\"{}\" means nothing to {}", field.name, operation.name));
      }
      check_literal(spec ? spec->type : FieldType::kWord, field.value, field.place);
    }
  }

  // The cause of an alternative can have happened in at least one schedule.
  void check_alternatives(std::size_t index, Order& order) const {
    for (const Alternative& alternative : steps()[index].alternatives) {
      std::vector<std::string> ids;
      std::optional<std::size_t> cause;
      for (std::size_t i = 0; i < steps().size(); ++i) {
        ids.push_back(steps()[i].id);
        if (steps()[i].id == alternative.because) cause = i;
      }
      if (!cause) {
        throw InputError(alternative.place, "no step has the ID \"" + alternative.because + "\"" +
                                                did_you_mean(alternative.because, ids));
      }
      if (*cause == index || order.over_before(*cause).count(index) > 0) {
        throw InputError(alternative.place,
                         fmt::format("a dead alternative: step {} is never begun before step {} is "
                                     "over",
                                     alternative.because, steps()[index].id));
      }
    }
  }

  void check_expression(const Field& field) const {
    if (!field.value.is_string()) {
      throw InputError(field.place, "an expression is expected here");
    }
    Bindings ones;
    for (const std::string& name : bound_) ones[name] = {FieldType::kNumber, 1};
    try {
      evaluate(field.value.get<std::string>(), ones, field.place);
    } catch (const std::domain_error& error) {
      throw InputError(field.place, error.what());
    }
  }

  static void require_field(const Step& step, const FieldSpec& spec) {
    const bool given = std::any_of(step.fields.begin(), step.fields.end(),
                                   [&](const Field& field) { return field.name == spec.name; });
    if (spec.required && !given) {
      throw InputError(step.place, fmt::format("{} needs `{}`", step.operation, spec.name));
    }
  }

  // Whether the field gives its name a value, where it has none. How long `receive` goes on depends
  // on what it waits for.
  static bool binds(const Operation& operation, const Field& field) {
    return operation.outcome(field.name) != nullptr && is_reference(field.value) &&
           operation.name != "receive";
  }

  bool yields(const Step& step, const std::string& name) const {
    const Operation& operation = *find_operation(step.operation);
    return std::any_of(step.fields.begin(), step.fields.end(), [&](const Field& field) {
      if (operation.waiting == Waiting::kInternal) return field.name == name;
      return binds(operation, field) && field.value == "$" + name;
    });
  }

  void check_values_are_there(std::size_t index, Order& order) const {
    const Step& step = steps()[index];
    const Operation& operation = *find_operation(step.operation);
    const bool receives = operation.name == "receive";
    const Order::Steps over = receives ? order.over_after(index) : order.over_before(index);
    for (std::size_t f = 0; f < step.fields.size(); ++f) {
      const Field& field = step.fields[f];
      const bool internal = operation.waiting == Waiting::kInternal;
      if (binds(operation, field)) continue;
      for (const std::string& name : references(field.value)) {
        if (given_.count(name) > 0) continue;
        const auto made_by = [&](const Step& other) { return yields(other, name); };
        const bool just_computed =
            internal && std::any_of(step.fields.begin(), step.fields.begin() + f,
                                    [&](const Field& earlier) { return earlier.name == name; });
        if (just_computed ||
            std::any_of(instance_.opening.begin(), instance_.opening.end(), made_by))
          continue;
        if (std::any_of(over.begin(), over.end(),
                        [&](std::size_t i) { return i != index && made_by(steps()[i]); }))
          continue;
        const auto maker = std::find_if(steps().begin(), steps().end(), made_by);
        throw InputError(
            field.place,
            fmt::format("${} may have no value yet: nothing puts step {}, which yields "
                        "it, before step {}",
                        name, maker->id, step.id));
      }
    }
  }

  void check_selected(const Step& step, const Operation& operation) const {
    if (!operation.is_indication()) return;
    const std::string socket = socket_of(step);
    const auto selection = selected_.find({step.actor, socket});
    if (selection == selected_.end() || selection->second.count(step.operation) == 0) {
      nobody_selected(step.operation, socket, step.actor, step.place);
    }
  }

  // An event that nobody ever selects is never recorded.
  void check_selected(const Prohibition& prohibition) const {
    if (!find_operation(prohibition.operation)->is_indication()) return;
    const auto all = ever_selected_.find({prohibition.actor, prohibition.socket_name()});
    if (all == ever_selected_.end() || all->second.count(prohibition.operation) == 0) {
      nobody_selected(prohibition.operation, prohibition.socket_name(), prohibition.actor,
                      prohibition.place);
    }
  }

  [[noreturn]] static void nobody_selected(const std::string& event, const std::string& socket,
                                           const std::string& actor, const SourcePlace& place) {
    throw InputError(place, "nobody selected " + event + " for socket \"" + socket + "\" of " +
                                actor +
                                ": the opening does so for the sockets it makes; for others "
                                "say WSAEventSelect first");
  }

  // A selection replaces the one before; it is not for a socket that a later round makes.
  void note_selected(const Step& step) {
    const auto made = socket_made_by(step);
    if (made && instance_.rounds > 0) selected_.erase(*made);
    if (step.operation != "WSAEventSelect") return;
    std::set<std::string>& selection = selected_[{step.actor, socket_of(step)}];
    selection.clear();
    for (const Field& field : step.fields) {
      if (field.name != "network_events") continue;
      if (field.value.is_string()) selection.insert(field.value.get<std::string>());
      if (field.value.is_array()) selection = field.value.get<std::set<std::string>>();
    }
    ever_selected_[{step.actor, socket_of(step)}].insert(selection.begin(), selection.end());
  }

  void bind_outcomes(const Step& step) {
    const Operation& operation = *find_operation(step.operation);
    note_selected(step);
    for (const Field& field : step.fields) {
      if (operation.waiting == Waiting::kInternal) continue;  // done already
      if (binds(operation, field)) {
        bound_.insert(field.value.get<std::string>().substr(1));
      }
    }
  }

  const Instance& instance_;
  const Requirements& requirements_;
  std::set<std::string> bound_;
  std::set<std::string> given_;  // of those: what rounds begin with
  // Network events by actor and socket.
  std::map<std::pair<std::string, std::string>, std::set<std::string>> selected_;
  std::map<std::pair<std::string, std::string>, std::set<std::string>> ever_selected_;
};

}  // namespace

void lint(const Case& source, const Requirements& requirements) {
  check_requirements(source, requirements);
  check_capabilities(source);
  check_structure(source);
  check_rounds(source);
  for (const Instance& instance : instances(source, "any")) {
    InstanceLint(instance, requirements).run();
  }
}

}  // namespace ws2conform
