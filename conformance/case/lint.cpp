#include "conformance/case/lint.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "conformance/case/bindings.hpp"
#include "conformance/case/capability.hpp"
#include "conformance/case/instance.hpp"
#include "conformance/case/operations.hpp"
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
    const auto belongs = [&](const std::string& id) {
      return std::any_of(source.steps.begin(), source.steps.end(), [&](const Step& other) {
        return other.id == id && other.actor == step.actor;
      });
    };
    for (const std::string& id : step.after) {
      if (!belongs(id)) continue;
      throw InputError(step.place,
                       "step " + step.id + " is `after: " + id +
                           "`, a step of the same actor: those run in the order written");
    }
  }
  for (const Axis& axis : source.axes) {
    if (axis.name == "provider") {
      throw InputError(source.place, "the axis \"provider\" is there in every case, unasked");
    }
  }
}

// What holds for the steps of one choice of axes.
class InstanceLint {
 public:
  explicit InstanceLint(const Instance& instance) : instance_(instance) {}

  void run() {
    note_sockets(instance_.opening);
    for (const Step& step : instance_.opening) bind_outcomes(step);
    for (std::size_t i = 0; i < instance_.steps.size(); ++i) check(i);
    const Plan plan(instance_.steps);  // unknown IDs and cycles
  }

 private:
  const std::vector<Step>& steps() const { return instance_.steps; }

  const Step* previous_of_actor(std::size_t index) const {
    for (std::size_t i = index; i-- > 0;) {
      if (steps()[i].actor == steps()[index].actor) return &steps()[i];
    }
    return nullptr;
  }

  const Step* next_of_actor(std::size_t index) const {
    for (std::size_t i = index + 1; i < steps().size(); ++i) {
      if (steps()[i].actor == steps()[index].actor) return &steps()[i];
    }
    return nullptr;
  }

  void check(std::size_t index) {
    const Step& step = steps()[index];
    const Operation& operation = *find_operation(step.operation);
    check_waiting(index, operation);
    check_fields(step, operation);
    check_selected(step, operation);
    bind_outcomes(step);
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
      const Step* accept = previous_of_actor(index);
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
    if (has_condition(step)) {
      const Step* next = next_of_actor(index);
      if (next == nullptr || next->operation != "condition") {
        throw InputError(step.place,
                         "WSAAccept with `condition: true` is followed by the actor's "
                         "condition step");
      }
    }
    const auto& lacks = instance_.source->lacks;
    const bool waits_for_verdict =
        std::find(lacks.begin(), lacks.end(), "delayed-accept") == lacks.end();
    if (operation.waiting == Waiting::kInitiates && waits_for_verdict && !step.until && !step.by) {
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

  void check_fields(const Step& step, const Operation& operation) const {
    for (const Field& field : step.fields) {
      for (const std::string& name : references(field.value)) {
        const bool may_bind = operation.outcome(field.name) != nullptr && is_reference(field.value);
        if (!may_bind && bound_.count(name) == 0) {
          throw InputError(field.place,
                           "$" + name + " has no value yet: no earlier step yields it");
        }
      }
      if (operation.waiting == Waiting::kInternal) {
        check_expression(field);
        continue;
      }
      const FieldSpec* spec = operation.argument(field.name);
      if (spec == nullptr) spec = operation.outcome(field.name);
      if (spec != nullptr) check_literal(spec->type, field.value, field.place);
      const bool ours = spec != nullptr || field.name == "returns" || field.name == "error";
      if (!ours) {
        throw InputError(field.place, "\"" + field.name + "\" means nothing to " + step.operation);
      }
    }
    for (const FieldSpec& spec : operation.arguments) require_field(step, spec);
    for (const FieldSpec& spec : operation.outcomes) require_field(step, spec);
  }

  void check_expression(const Field& field) const {
    if (!field.value.is_string()) {
      throw InputError(field.place, "an expression is expected here");
    }
    Bindings ones;
    for (const std::string& name : bound_) ones[name] = {FieldType::kNumber, 1};
    evaluate(field.value.get<std::string>(), ones, field.place);
  }

  static void require_field(const Step& step, const FieldSpec& spec) {
    const bool given = std::any_of(step.fields.begin(), step.fields.end(),
                                   [&](const Field& field) { return field.name == spec.name; });
    if (spec.required && !given) {
      throw InputError(step.place, fmt::format("{} needs `{}`", step.operation, spec.name));
    }
  }

  void check_selected(const Step& step, const Operation& operation) const {
    if (!operation.is_indication()) return;
    std::string socket = step.actor;
    for (const Field& field : step.fields) {
      if (field.name == "socket" && field.value.is_string()) socket = field.value;
    }
    if (selected_.count({step.actor, socket}) == 0) {
      throw InputError(step.place, "nobody selected " + step.operation + " for socket \"" + socket +
                                       "\" of " + step.actor +
                                       ": the opening does so for the sockets it makes; for others "
                                       "say WSAEventSelect first");
    }
  }

  void note_sockets(const std::vector<Step>& opening) {
    for (const Step& step : opening) note_selected(step);
  }

  void note_selected(const Step& step) {
    if (step.operation != "WSAEventSelect") return;
    std::string socket = step.actor;
    for (const Field& field : step.fields) {
      if (field.name == "socket" && field.value.is_string()) socket = field.value;
    }
    selected_.insert({step.actor, socket});
  }

  void bind_outcomes(const Step& step) {
    const Operation& operation = *find_operation(step.operation);
    note_selected(step);
    for (const Field& field : step.fields) {
      if (operation.waiting == Waiting::kInternal) bound_.insert(field.name);
      if (operation.outcome(field.name) != nullptr && is_reference(field.value)) {
        bound_.insert(field.value.get<std::string>().substr(1));
      }
    }
  }

  const Instance& instance_;
  std::set<std::string> bound_;
  std::set<std::pair<std::string, std::string>> selected_;
};

}  // namespace

void lint(const Case& source, const Requirements& requirements) {
  check_requirements(source, requirements);
  check_capabilities(source);
  check_structure(source);
  for (const Instance& instance : instances(source, "any")) InstanceLint(instance).run();
}

}  // namespace ws2conform
