#include "conformance/case/loader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <set>

#include "conformance/case/hash.hpp"
#include "conformance/case/lint.hpp"
#include "conformance/case/operations.hpp"
#include "conformance/case/prohibition.hpp"
#include "conformance/case/relay.hpp"
#include "conformance/case/yaml.hpp"
#include "conformance/schema.hpp"

namespace ws2conform {
namespace {

namespace fs = std::filesystem;

const std::vector<std::string> kCaseKeys = {"id",      "title", "requirements", "needs", "lacks",
                                            "actors",  "axes",  "given",        "steps", "notes",
                                            "edition", "relay", "must-not",     "rounds"};
const std::vector<std::string> kStepKeys = {
    "id", "lane", "after", "until", "by", "requirement", "provenance", "readings", "windows", "or"};

std::vector<std::string> strings(const YAML::Node& node) {
  if (!node) return {};
  if (node.IsScalar()) return {node.Scalar()};
  std::vector<std::string> list;
  for (const auto& item : node) list.push_back(item.Scalar());
  return list;
}

// The keys that a step with this operation may have, besides its actor.
std::vector<std::string> step_keys(const Operation* operation) {
  std::vector<std::string> keys = kStepKeys;
  if (operation == nullptr) return keys;
  for (const FieldSpec& field : operation->arguments) keys.emplace_back(field.name);
  for (const FieldSpec& field : operation->outcomes) keys.emplace_back(field.name);
  if (operation->waiting != Waiting::kUpcall) {
    if (!operation->is_indication()) keys.emplace_back("returns");
    keys.emplace_back("error");
  }
  return keys;
}

// What can come back from the operation, by its name.
std::vector<std::string> outcome_keys(const Operation* operation) {
  std::vector<std::string> keys = {"error", "returns"};
  if (operation == nullptr) return keys;
  for (const FieldSpec& field : operation->outcomes) keys.emplace_back(field.name);
  return keys;
}

std::vector<Field> load_outcomes(const YamlFile& file, const YAML::Node& node,
                                 std::vector<std::string> keys, const std::string& what) {
  require_known_keys(file, node, keys, what);
  std::vector<Field> fields;
  for (const auto& member : node) {
    fields.push_back(
        {member.first.Scalar(), to_json_strings(member.second), file.place(member.first)});
  }
  return fields;
}

std::vector<Reading> load_readings(const YamlFile& file, const YAML::Node& node,
                                   const Operation* operation) {
  std::vector<std::string> keys = outcome_keys(operation);
  keys.emplace_back("because");
  std::vector<Reading> readings;
  for (const auto& member : node) {
    Reading reading;
    reading.name = member.first.Scalar();
    reading.place = file.place(member.first);
    reading.fields = load_outcomes(file, member.second, keys, "reading " + reading.name);
    for (auto field = reading.fields.begin(); field != reading.fields.end(); ++field) {
      if (field->name != "because") continue;
      reading.because = field->value.get<std::string>();
      reading.fields.erase(field);
      break;
    }
    readings.push_back(std::move(reading));
  }
  return readings;
}

// What the key of a step may say for its actor: an actor, or "$axis" for an axis whose values are
// actors; with an axis `initiator` and two actors also "$responder", the other one.
std::vector<std::string> actor_names(const Case& source) {
  std::vector<std::string> names = source.actors;
  for (const Axis& axis : source.axes) {
    const bool of_actors = std::all_of(axis.values.begin(), axis.values.end(), [&](const auto& v) {
      return std::find(source.actors.begin(), source.actors.end(), v) != source.actors.end();
    });
    if (!of_actors) continue;
    names.push_back("$" + axis.name);
    if (axis.name == "initiator" && source.actors.size() == 2) names.emplace_back("$responder");
  }
  return names;
}

// `or: {error: WSAECONNRESET, because: 3}`, or a list of such maps.
std::vector<Alternative> load_alternatives(const YamlFile& file, const YAML::Node& node,
                                           const Operation* operation) {
  std::vector<YAML::Node> nodes;
  if (node.IsSequence()) {
    for (const auto& item : node) nodes.push_back(item);
  } else {
    nodes.push_back(node);
  }
  std::vector<std::string> keys = {"because", "returns", "error"};
  if (operation != nullptr) {
    for (const FieldSpec& outcome : operation->outcomes) keys.emplace_back(outcome.name);
  }
  std::vector<Alternative> alternatives;
  for (const YAML::Node& written : nodes) {
    require_known_keys(file, written, keys, "an alternative");
    Alternative alternative;
    alternative.place = file.place(written);
    for (const auto& member : written) {
      if (member.first.Scalar() == "because") {
        alternative.because = member.second.Scalar();
      } else {
        alternative.fields.push_back(
            {member.first.Scalar(), to_json_strings(member.second), file.place(member.first)});
      }
    }
    if (alternative.because.empty()) {
      throw InputError(alternative.place,
                       "an alternative says `because:` which step makes it possible");
    }
    alternatives.push_back(std::move(alternative));
  }
  return alternatives;
}

Step load_step(const YamlFile& file, const YAML::Node& node, std::size_t ordinal,
               const std::vector<std::string>& actors) {
  Step step;
  step.place = file.place(node);
  step.id = std::to_string(ordinal);
  if (!node.IsMap()) {
    throw InputError(step.place, "a step is a map such as {id: 1, client: connect}");
  }
  for (const auto& member : node) {
    if (std::find(actors.begin(), actors.end(), member.first.Scalar()) == actors.end()) continue;
    if (!step.actor.empty()) {
      throw InputError(file.place(member.first), "a step has one actor, this one has \"" +
                                                     step.actor + "\" and \"" +
                                                     member.first.Scalar() + "\"");
    }
    step.actor = member.first.Scalar();
    if (!member.second.IsScalar()) {
      throw InputError(file.place(member.second), "an operation's name is expected here");
    }
    step.operation = member.second.Scalar();
  }
  if (step.actor.empty()) {
    std::string wrong;
    for (const auto& member : node) {
      const std::string key = member.first.Scalar();
      if (wrong.empty() && find_operation(member.second.IsScalar() ? member.second.Scalar() : ""))
        wrong = key;
    }
    throw InputError(
        step.place,
        wrong.empty()
            ? fmt::format("the step names no actor; the actors are {}", fmt::join(actors, ", "))
            : fmt::format("unknown actor \"{}\"; the actors are {}{}", wrong,
                          fmt::join(actors, ", "), did_you_mean(wrong, actors)));
  }
  const bool is_axis = !step.operation.empty() && step.operation.front() == '$';
  const Operation* operation = is_axis ? nullptr : find_operation(step.operation);
  if (operation == nullptr && !is_axis) {
    throw InputError(file.place(node[step.actor]),
                     "unknown operation \"" + step.operation + "\"" +
                         did_you_mean(step.operation, operation_names()));
  }
  if (operation == nullptr || operation->waiting != Waiting::kInternal) {
    std::vector<std::string> keys = step_keys(operation);
    keys.push_back(step.actor);
    if (is_axis) keys.insert(keys.end(), {"socket", "error", "data", "length"});
    require_known_keys(file, node, keys, "step " + step.operation);
  }
  const bool computes = operation != nullptr && operation->waiting == Waiting::kInternal;
  for (const auto& member : node) {
    const std::string key = member.first.Scalar();
    const YAML::Node& value = member.second;
    if (key == step.actor) continue;
    if (key == "id") {
      step.id = value.Scalar();
    } else if (key == "lane") {
      step.lane = value.as<int>();
    } else if (key == "after") {
      step.after = strings(value);
    } else if (key == "until") {
      step.until = value.Scalar();
    } else if (key == "by") {
      step.by = value.Scalar();
    } else if (key == "requirement") {
      step.requirement = value.Scalar();
    } else if (key == "or") {
      step.alternatives = load_alternatives(file, value, operation);
    } else if (key == "readings") {
      step.readings = load_readings(file, value, operation);
    } else if (key == "windows") {
      step.windows = load_outcomes(file, value, outcome_keys(operation), "`windows`");
    } else if (key == "provenance") {
      step.provenance = parse_provenance(value.Scalar(), file.place(value));
    } else {
      step.fields.push_back({key, to_json_strings(value), file.place(member.first)});
    }
  }
  if (computes && step.fields.empty()) {
    throw InputError(step.place,
                     "compute needs a name and an expression, such as `sum: 1 + $total`");
  }
  return step;
}

Rounds load_rounds(const YamlFile& file, const YAML::Node& node) {
  Rounds rounds;
  rounds.count = node["count"].as<int>();
  for (const auto& value : node["start"]) {
    const std::string name = value.first.Scalar();
    if (name == kRound) {
      throw InputError(file.place(value.first), "$round is the number of the round");
    }
    rounds.start[name] = value.second.as<long long>();
  }
  return rounds;
}

std::string read_file(const fs::path& path) {
  std::ifstream stream(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

// *.yaml below `directory`, in a fixed order.
std::vector<fs::path> yaml_files(const fs::path& directory) {
  std::error_code error;
  if (!fs::is_directory(directory, error)) {
    throw InputError({directory.string(), 0, 0}, "is no directory");
  }
  std::vector<fs::path> files;
  for (const auto& entry : fs::recursive_directory_iterator(directory)) {
    if (!entry.is_regular_file()) continue;
    if (entry.path().extension() == ".yml") {
      throw InputError({entry.path().string(), 0, 0}, "would be overlooked: call it *.yaml");
    }
    if (entry.path().extension() == ".yaml") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace

std::string to_string(const AxisChoice& axes) {
  std::string text;
  for (const auto& [name, value] : axes)
    text += fmt::format("{}{}={}", text.empty() ? "" : ",", name, value);
  return text;
}

Case load_case(const fs::path& path, const std::string& name, const std::string& area) {
  const YamlFile file = read_yaml(path, name);
  require_known_keys(file, file.root, kCaseKeys, "a case");
  require_known_relay_keys(file, file.root["relay"]);
  if (file.root["rounds"]) {
    require_known_keys(file, file.root["rounds"], {"count", "start"}, "`rounds`");
  }
  validate(file, kCaseSchema);
  const YAML::Node& root = file.root;

  Case result;
  result.place = file.place(root);
  result.area = area;
  result.id = root["id"].Scalar();
  result.title = root["title"].Scalar();
  result.requirements = strings(root["requirements"]);
  result.needs = strings(root["needs"]);
  result.lacks = strings(root["lacks"]);
  result.actors = strings(root["actors"]);
  if (result.actors.empty()) result.actors = {"client", "server"};
  result.given = root["given"] ? root["given"].Scalar() : "nothing";
  result.given_place = root["given"] ? file.place(root["given"]) : result.place;
  if (root["edition"]) result.edition = root["edition"].Scalar();
  if (root["notes"]) result.notes = root["notes"].Scalar();
  if (root["axes"]) {
    for (const auto& axis : root["axes"])
      result.axes.push_back({axis.first.Scalar(), strings(axis.second)});
  }
  const std::vector<std::string> names = actor_names(result);
  if (root["rounds"]) result.rounds = load_rounds(file, root["rounds"]);
  if (root["relay"]) result.relay = load_relay(file, root["relay"], names);
  for (const auto& node : root["steps"]) {
    result.steps.push_back(load_step(file, node, result.steps.size() + 1, names));
  }
  if (root["must-not"]) result.must_not = load_prohibitions(file, root["must-not"], names);
  return result;
}

CaseSet load_case_set(const fs::path& directory) {
  CaseSet set;
  std::string contents;
  std::map<std::string, SourcePlace> ids;
  const std::string shown = directory.filename().empty()
                                ? directory.parent_path().filename().string()
                                : directory.filename().string();
  std::vector<std::pair<fs::path, std::string>> case_files;
  for (const fs::path& path : yaml_files(directory)) {
    const fs::path relative = path.lexically_relative(directory);
    const std::string area = relative.parent_path().generic_string();
    const std::string name = (fs::path(shown) / relative).generic_string();
    contents += name + '\0' + read_file(path) + '\0';
    if (area == "requirements") {
      load_requirements(path, name, set.requirements);
    } else if (area != "baselines") {
      case_files.emplace_back(path, name);
    }
  }
  for (const auto& [path, name] : case_files) {
    const std::string area = path.lexically_relative(directory).parent_path().generic_string();
    Case loaded = load_case(path, name, area);
    const auto [known, added] = ids.emplace(loaded.id, loaded.place);
    if (!added) {
      throw InputError(loaded.place, "case ID \"" + loaded.id +
                                         "\" is used already: " + to_string(known->second));
    }
    lint(loaded, set.requirements);
    set.cases.push_back(std::move(loaded));
  }
  std::stable_sort(set.cases.begin(), set.cases.end(), [](const Case& a, const Case& b) {
    return std::tie(a.area, a.id) < std::tie(b.area, b.id);
  });
  set.hash = fmt::format("{:016x}", fnv1a(contents));
  return set;
}

}  // namespace ws2conform
