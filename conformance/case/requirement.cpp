#include "conformance/case/requirement.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "conformance/case/capability.hpp"
#include "conformance/case/loader.hpp"
#include "conformance/case/yaml.hpp"
#include "conformance/schema.hpp"

namespace ws2conform {

std::string_view to_string(Provenance provenance) {
  switch (provenance) {
    case Provenance::kDocumented:
      return "documented";
    case Provenance::kWindows:
      return "windows";
    case Provenance::kReferenceChoice:
      return "reference choice";
  }
  return "";
}

std::string_view to_string(Level level) {
  switch (level) {
    case Level::kMust:
      return "must";
    case Level::kShould:
      return "should";
    case Level::kMay:
      return "may";
  }
  return "";
}

std::string_view to_string(State state) {
  switch (state) {
    case State::kOpen:
      return "open";
    case State::kExcluded:
      return "excluded";
    case State::kUntestable:
      return "untestable";
    case State::kSilent:
      return "silent";
    case State::kContradictory:
      return "contradictory";
  }
  return "";
}

Provenance parse_provenance(const std::string& word, const SourcePlace& place) {
  for (const Provenance provenance :
       {Provenance::kDocumented, Provenance::kWindows, Provenance::kReferenceChoice}) {
    if (word == to_string(provenance)) return provenance;
  }
  throw InputError(
      place,
      "provenance is \"documented\", \"windows\" or \"reference choice\", not \"" + word + "\"");
}

namespace {

std::vector<std::string> strings(const YAML::Node& list) {
  std::vector<std::string> result;
  if (list) {
    for (const auto& item : list) result.push_back(item.Scalar());
  }
  return result;
}

std::string text(const YAML::Node& node) {
  return node ? node.Scalar() : "";
}

void load_state(const YamlFile& file, const YAML::Node& item, Requirement& requirement) {
  if (item["state"]) {  // one of four: the schema saw to it
    for (const State state :
         {State::kExcluded, State::kUntestable, State::kSilent, State::kContradictory}) {
      if (item["state"].Scalar() == to_string(state)) requirement.state = state;
    }
  }
  requirement.reason = text(item["reason"]);
  requirement.suite = text(item["suite"]);
  if (item["readings"]) {
    for (const auto& reading : item["readings"]) {
      requirement.readings[reading.first.Scalar()] = reading.second.Scalar();
    }
  }
  const bool open_to_reading =
      requirement.state == State::kSilent || requirement.state == State::kContradictory;
  const auto expect = [&](const char* key, bool wanted) {
    if (static_cast<bool>(item[key]) == wanted) return;
    throw InputError(file.place(wanted ? item : item[key]),
                     fmt::format("requirement {} is {}: it {} `{}`", requirement.id,
                                 to_string(requirement.state), wanted ? "needs" : "has no", key));
  };
  expect("reason", is_left_out(requirement));
  expect("readings", open_to_reading);
  expect("suite", open_to_reading);
}

void load_capabilities(const YamlFile& file, const YAML::Node& item, Requirement& requirement) {
  requirement.needs = strings(item["needs"]);
  requirement.lacks = strings(item["lacks"]);
  const std::vector<std::string> known = capability_names();
  for (const auto* list : {&requirement.needs, &requirement.lacks}) {
    for (const std::string& capability : *list) {
      if (std::find(known.begin(), known.end(), capability) != known.end()) continue;
      throw InputError(file.place(item),
                       fmt::format("requirement {}: unknown capability \"{}\"{}", requirement.id,
                                   capability, did_you_mean(capability, known)));
    }
  }
}

}  // namespace

void load_requirements(const std::filesystem::path& path, const std::string& name,
                       Requirements& requirements) {
  const YamlFile file = read_yaml(path, name);
  if (!file.root.IsSequence()) {
    throw InputError(file.place(file.root), "a requirement file is a list of requirements");
  }
  for (const auto& item : file.root) {
    require_known_keys(file, item,
                       {"id", "statement", "level", "source", "provenance", "needs", "lacks",
                        "state", "reason", "readings", "suite", "wording"},
                       "a requirement");
  }
  validate(file, kRequirementSchema);
  for (const auto& item : file.root) {
    Requirement requirement;
    requirement.id = item["id"].Scalar();
    requirement.statement = item["statement"].Scalar();
    requirement.source = item["source"].Scalar();
    const std::string level = item["level"].Scalar();  // one of three: the schema saw to it
    requirement.level = level == "must"     ? Level::kMust
                        : level == "should" ? Level::kShould
                                            : Level::kMay;
    if (item["provenance"]) {
      requirement.provenance =
          parse_provenance(item["provenance"].Scalar(), file.place(item["provenance"]));
    }
    load_capabilities(file, item, requirement);
    load_state(file, item, requirement);
    requirement.wording = strings(item["wording"]);
    const SourcePlace place = file.place(item);
    requirement.file = place.file;
    requirement.line = place.line;
    const auto [known, added] = requirements.emplace(requirement.id, requirement);
    if (!added) {
      throw InputError(file.place(item["id"]), "requirement " + requirement.id +
                                                   " is there already: " + known->second.file +
                                                   ":" + std::to_string(known->second.line));
    }
  }
}

}  // namespace ws2conform
