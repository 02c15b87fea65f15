#include "conformance/case/instance.hpp"

#include <algorithm>

#include "conformance/case/operations.hpp"

namespace ws2conform {
namespace {

void substitute(nlohmann::json& value, const AxisChoice& axes) {
  if (value.is_string()) {
    for (const auto& [name, chosen] : axes) {
      if (value.get_ref<const std::string&>() == "$" + name) {
        value = chosen;
        return;
      }
    }
  } else if (value.is_structured()) {
    for (auto& item : value) substitute(item, axes);
  }
}

std::string substituted(const std::string& text, const AxisChoice& axes) {
  nlohmann::json value = text;
  substitute(value, axes);
  return value.get<std::string>();
}

// The axes, and `responder`: the one of two actors that is not the initiator.
AxisChoice with_responder(const Case& source, AxisChoice axes) {
  const std::string initiator = axis_value(axes, "initiator", "");
  if (initiator.empty() || source.actors.size() != 2) return axes;
  axes.emplace_back("responder",
                    initiator == source.actors[0] ? source.actors[1] : source.actors[0]);
  return axes;
}

std::vector<Step> with_axes(std::vector<Step> steps, const AxisChoice& axes) {
  for (Step& step : steps) {
    nlohmann::json actor = step.actor;
    substitute(actor, axes);
    step.actor = actor.get<std::string>();
    for (Field& field : step.fields) substitute(field.value, axes);
    for (Alternative& alternative : step.alternatives) {
      for (Field& field : alternative.fields) substitute(field.value, axes);
    }
    for (Field& field : step.windows) substitute(field.value, axes);
    for (Reading& reading : step.readings) {
      for (Field& field : reading.fields) substitute(field.value, axes);
    }
    nlohmann::json operation = step.operation;
    substitute(operation, axes);
    step.operation = operation.get<std::string>();
    if (find_operation(step.operation) == nullptr) {
      throw InputError(step.place, "\"" + step.operation + "\" is no operation" +
                                       did_you_mean(step.operation, operation_names()));
    }
  }
  return steps;
}

void combine(const Case& source, AxisChoice chosen, std::size_t next,
             std::vector<AxisChoice>& combinations) {
  if (next == source.axes.size()) {
    combinations.push_back(std::move(chosen));
    return;
  }
  for (const std::string& value : source.axes[next].values) {
    AxisChoice longer = chosen;
    longer.emplace_back(source.axes[next].name, value);
    combine(source, std::move(longer), next + 1, combinations);
  }
}

std::vector<AxisChoice> axis_choices(const Case& source, const std::string& provider) {
  std::vector<AxisChoice> combinations;
  combine(source, {{"provider", provider}}, 0, combinations);
  return combinations;
}

Instance instance_with(const Case& source, AxisChoice axes) {
  Instance instance;
  instance.source = &source;
  instance.provider = axis_value(axes, "provider", "");
  const AxisChoice names = with_responder(source, axes);
  instance.axes = std::move(axes);
  instance.steps = with_axes(source.steps, names);
  instance.rounds = source.rounds.count;
  instance.must_not = source.must_not;
  for (Prohibition& prohibition : instance.must_not) {
    for (std::string* text : {&prohibition.actor, &prohibition.operation, &prohibition.socket}) {
      *text = substituted(*text, names);
    }
  }
  instance.opening = with_axes(opening_steps(source, instance.steps, instance.must_not), names);
  instance.relay = source.relay;
  for (RelayRule& rule : instance.relay) {
    for (std::string* text : {&rule.sender, &rule.receiver, &rule.value, &rule.with}) {
      *text = substituted(*text, names);
    }
  }
  return instance;
}

}  // namespace

std::string Instance::name() const {
  return source->id + "/" + to_string(axes);
}

bool is_windowed(const Step& step) {
  return std::any_of(step.fields.begin(), step.fields.end(), [](const Field& field) {
    return field.name == "timeout" && field.value == "window";
  });
}

int lanes_of(const Instance& instance, const std::string& actor) {
  int lanes = 1;
  for (const Step& step : instance.steps) {
    if (step.actor == actor) lanes = std::max(lanes, step.lane);
  }
  return lanes;
}

std::string axis_value(const AxisChoice& axes, const std::string& name,
                       const std::string& otherwise) {
  for (const auto& [axis, value] : axes) {
    if (axis == name) return value;
  }
  return otherwise;
}

std::vector<Instance> instances(const Case& source, const std::string& provider) {
  std::vector<Instance> result;
  for (AxisChoice& axes : axis_choices(source, provider)) {
    result.push_back(instance_with(source, std::move(axes)));
  }
  return result;
}

std::optional<Instance> find_instance(const Case& source, const AxisChoice& axes) {
  const auto choices = axis_choices(source, axis_value(axes, "provider", ""));
  if (std::find(choices.begin(), choices.end(), axes) == choices.end()) return std::nullopt;
  return instance_with(source, axes);
}

}  // namespace ws2conform
