#include "runners/host/iut.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <sstream>

#include "conformance/case/yaml.hpp"
#include "conformance/schema.hpp"

namespace ws2conform::host {
namespace {

namespace fs = std::filesystem;

void replace_all(std::string& text, const std::string& from, const std::string& to) {
  for (std::size_t at = text.find(from); at != std::string::npos;
       at = text.find(from, at + to.size())) {
    text.replace(at, from.size(), to);
  }
}

std::string expand(std::string text, const fs::path& here, const Places& places) {
  replace_all(text, "{here}", here.string());
  replace_all(text, "{build}", places.build.string());
  return text;
}

Iut load(const fs::path& path, const std::string& shown, const Places& places) {
  const YamlFile file = read_yaml(path, shown);
  require_known_keys(
      file, file.root,
      {"name", "title", "command", "environment", "addresses", "requires", "install"},
      "an IUT file");
  validate(file, kIutSchema);
  const fs::path here = fs::absolute(path).parent_path();
  Iut iut;
  iut.file = shown;
  iut.name = file.root["name"].Scalar();
  iut.title = file.root["title"].Scalar();
  for (const auto& part : file.root["command"]) {
    iut.command.push_back(expand(part.Scalar(), here, places));
  }
  if (file.root["environment"]) {
    for (const auto& variable : file.root["environment"]) {
      iut.environment[variable.first.Scalar()] = expand(variable.second.Scalar(), here, places);
    }
  }
  if (file.root["addresses"]) {
    for (const auto& address : file.root["addresses"]) {
      iut.addresses[address.first.Scalar()] = address.second.Scalar();
    }
  }
  if (file.root["requires"]) {
    for (const auto& program : file.root["requires"]) {
      iut.required_programs.push_back(expand(program.Scalar(), here, places));
    }
  }
  if (file.root["install"]) iut.install = file.root["install"].Scalar();
  return iut;
}

// One of the files that are called by their names.
Iut load_listed(const fs::path& path, const Places& places) {
  Iut iut = load(path, path.filename().string(), places);
  if (iut.name != path.stem().string()) {
    throw InputError({iut.file, 0, 0}, fmt::format("its `name` is \"{}\", which is not the file's "
                                                   "name, \"{}\"",
                                                   iut.name, path.stem().string()));
  }
  return iut;
}

bool is_program(const fs::path& path) {
  return fs::is_regular_file(path) && ::access(path.c_str(), X_OK) == 0;
}

}  // namespace

std::string Iut::home(const std::string& family) const {
  const auto found = addresses.find(family);
  if (found == addresses.end()) return "";
  return family == "AF_INET6" ? "[" + found->second + "]" : found->second;
}

Iut load_iut(const std::string& name_or_path, const Places& places) {
  const fs::path by_name = places.iuts / (name_or_path + ".yaml");
  if (fs::is_regular_file(by_name)) return load_listed(by_name, places);
  if (fs::is_regular_file(name_or_path)) return load(name_or_path, name_or_path, places);
  std::vector<std::string> names;
  for (const Iut& iut : list_iuts(places)) names.push_back(iut.name);
  throw InputError(
      {name_or_path, 0, 0},
      fmt::format("is neither an implementation in {} ({}) nor a file{}", places.iuts.string(),
                  fmt::join(names, ", "), did_you_mean(name_or_path, names)));
}

std::vector<Iut> list_iuts(const Places& places) {
  std::error_code error;
  if (!fs::is_directory(places.iuts, error)) {
    throw InputError({places.iuts.string(), 0, 0}, "is no directory");
  }
  std::vector<Iut> iuts;
  for (const auto& entry : fs::directory_iterator(places.iuts)) {
    if (entry.path().extension() == ".yml") {
      throw InputError({entry.path().string(), 0, 0}, "would be overlooked: call it *.yaml");
    }
    if (entry.path().extension() != ".yaml") continue;
    iuts.push_back(load_listed(entry.path(), places));
  }
  std::sort(iuts.begin(), iuts.end(), [](const Iut& a, const Iut& b) { return a.name < b.name; });
  return iuts;
}

std::string find_program(const std::string& program) {
  if (program.find('/') != std::string::npos) return is_program(program) ? program : "";
  const char* path = std::getenv("PATH");
  std::istringstream directories(path ? path : "/usr/bin:/bin");
  std::string directory;
  while (std::getline(directories, directory, ':')) {
    const fs::path candidate = fs::path(directory.empty() ? "." : directory) / program;
    if (is_program(candidate)) return candidate.string();
  }
  return "";
}

std::vector<std::string> missing_programs(const Iut& iut) {
  std::vector<std::string> missing;
  const auto want = [&](const std::string& program, bool found) {
    const bool listed = std::find(missing.begin(), missing.end(), program) != missing.end();
    if (!listed && !found) missing.push_back(program);
  };
  for (const std::string& required : iut.required_programs) {
    const bool is_path = required.find('/') != std::string::npos;
    want(required, is_path ? fs::exists(required) : !find_program(required).empty());
  }
  want(iut.command.front(), !find_program(iut.command.front()).empty());
  return missing;
}

}  // namespace ws2conform::host
