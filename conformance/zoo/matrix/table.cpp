#include "conformance/zoo/matrix/table.hpp"

#include <fnmatch.h>

#include <algorithm>
#include <cstdio>
#include <iterator>
#include <memory>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "conformance/case/operations.hpp"

namespace ws2conform::zoo {
namespace {

bool contains(const std::vector<std::string>& list, std::string_view word) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

bool uses(const std::vector<Step>& steps, const std::vector<std::string>& operations) {
  return std::any_of(steps.begin(), steps.end(), [&](const Step& step) {
    if (contains(operations, step.operation)) return true;
    const Operation* operation = find_operation(step.operation);
    return operation != nullptr &&
           std::any_of(operation->calls.begin(), operation->calls.end(),
                       [&](std::string_view call) { return contains(operations, call); });
  });
}

std::string output_of(const std::string& command) {
  const std::unique_ptr<FILE, int (*)(FILE*)> pipe(::popen(command.c_str(), "r"), ::pclose);
  std::string text;
  char part[4096];
  while (pipe) {
    const std::size_t count = std::fread(part, 1, sizeof part, pipe.get());
    if (count == 0) break;
    text.append(part, count);
  }
  return text;
}

}  // namespace

bool FaultEntry::names(const std::string& case_id) const {
  return contains(cases, case_id);
}

bool FaultEntry::may_be_reached_by(const Instance& instance) const {
  std::vector<std::string> calls;
  bool asks_provider = false;
  bool has_provider = false;
  for (const std::string& word : operations) {
    constexpr std::string_view kProvider = "provider=";
    if (word.rfind(kProvider, 0) == 0) {
      asks_provider = true;
      has_provider = has_provider || word.substr(kProvider.size()) == instance.provider;
    } else {
      calls.push_back(word);
    }
  }
  if (asks_provider && !has_provider) return false;
  return calls.empty() || uses(instance.opening, calls) || uses(instance.steps, calls);
}

bool FaultEntry::explains(const std::string& check) const {
  std::string text = check;
  std::replace(text.begin(), text.end(), ' ', '_');
  return std::any_of(symptoms.begin(), symptoms.end(), [&](const std::string& pattern) {
    return ::fnmatch(pattern.c_str(), text.c_str(), 0) == 0;
  });
}

std::vector<std::string> FaultEntry::vague_symptoms() const {
  const auto is_vague = [](const std::string& symptom) {
    const std::string plain = symptom.substr(0, symptom.find_first_of("*?["));
    if (plain.rfind("INV-", 0) == 0) return plain != symptom;
    if (symptom == "relay") return false;  // what it is to treat never came
    // Names of network events have the separator in them.
    for (std::size_t end = plain.find('_'); end != std::string::npos;
         end = plain.find('_', end + 1)) {
      const std::string operation = plain.substr(0, end);
      if (operation == "must-not" || find_operation(operation) != nullptr) return false;
    }
    return true;
  };
  std::vector<std::string> vague;
  if (is_total()) return vague;
  std::copy_if(symptoms.begin(), symptoms.end(), std::back_inserter(vague), is_vague);
  return vague;
}

std::vector<FaultEntry> read_table(const std::filesystem::path& program) {
  const auto json = nlohmann::json::parse(output_of("'" + program.string() + "' --list"), nullptr,
                                          /*allow_exceptions=*/false);
  if (!json.is_array()) {
    throw std::runtime_error(program.string() + " does not tell its faults: is it built?");
  }
  std::vector<FaultEntry> table;
  for (const auto& fault : json) {
    table.push_back({fault.at("name"), fault.at("description"), fault.at("requirements"),
                     fault.at("operations"), fault.at("symptoms"), fault.at("cases")});
  }
  return table;
}

host::Iut with_fault(const host::Iut& reference, const std::filesystem::path& program,
                     const FaultEntry& fault) {
  host::Iut iut = reference;
  iut.name = fault.name;
  iut.title = fault.description;
  // Adapters are told apart by the file they come from.
  iut.file = "zoo/" + fault.name;
  iut.command.front() = program.string();
  iut.command.insert(iut.command.begin() + 1, {"--fault", fault.name});
  return iut;
}

}  // namespace ws2conform::zoo
