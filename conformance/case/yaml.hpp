// YAML files with their places, and validation against a JSON Schema.
#pragma once

#include <yaml-cpp/yaml.h>

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "conformance/case/source.hpp"

namespace ws2conform {

// A YAML document and the name under which its places are reported.
struct YamlFile {
  std::string name;
  YAML::Node root;

  SourcePlace place(const YAML::Node& node) const;
};

// Reads and parses; throws InputError for a file that cannot be read, is no YAML, is empty or holds
// more than one document, for a key that is written twice, and for a node that contains itself.
YamlFile read_yaml(const std::filesystem::path& path, const std::string& name);

// Scalars become strings (a plain null becomes null); for values whose type is known elsewhere.
nlohmann::json to_json_strings(const YAML::Node& node);

// Throws InputError for a key of `map` that is not one of `known`.
void require_known_keys(const YamlFile& file, const YAML::Node& map,
                        const std::vector<std::string>& known, std::string_view what);

// Throws InputError at the place of the first member that `schema` (JSON Schema text) forbids.
void validate(const YamlFile& file, std::string_view schema);

}  // namespace ws2conform
