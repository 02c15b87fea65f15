#include "conformance/zoo/matrix/excuses.hpp"

#include "conformance/case/yaml.hpp"

namespace ws2conform::zoo {
namespace {

std::map<std::string, std::string> reasons(const YamlFile& file, const char* what) {
  std::map<std::string, std::string> all;
  const YAML::Node list = file.root[what];
  if (!list) return all;
  if (!list.IsMap()) throw InputError(file.place(list), std::string(what) + " maps IDs to reasons");
  for (const auto& entry : list) {
    all[entry.first.as<std::string>()] = entry.second.as<std::string>();
  }
  return all;
}

}  // namespace

Excuses read_excuses(const std::filesystem::path& path) {
  const YamlFile file = read_yaml(path, path.filename().string());
  require_known_keys(file, file.root, {"requirements", "cases"}, "the zoo's excuses");
  return {reasons(file, "requirements"), reasons(file, "cases")};
}

}  // namespace ws2conform::zoo
