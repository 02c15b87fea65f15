#include "conformance/case/requirement.hpp"

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

Provenance parse_provenance(const std::string& word, const SourcePlace& place) {
  for (const Provenance provenance :
       {Provenance::kDocumented, Provenance::kWindows, Provenance::kReferenceChoice}) {
    if (word == to_string(provenance)) return provenance;
  }
  throw InputError(
      place,
      "provenance is \"documented\", \"windows\" or \"reference choice\", not \"" + word + "\"");
}

void load_requirements(const std::filesystem::path& path, const std::string& name,
                       Requirements& requirements) {
  const YamlFile file = read_yaml(path, name);
  if (!file.root.IsSequence()) {
    throw InputError(file.place(file.root), "a requirement file is a list of requirements");
  }
  for (const auto& item : file.root) {
    require_known_keys(file, item, {"id", "statement", "level", "source", "provenance"},
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
