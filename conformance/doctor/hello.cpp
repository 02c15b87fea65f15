// The hello, and whether what it claims fits together.
#include <fmt/format.h>

#include <algorithm>

#include "conformance/case/operations.hpp"
#include "conformance/case/source.hpp"
#include "conformance/doctor/examination.hpp"

namespace ws2conform::doctor {
namespace {

constexpr const char* kStarted = "the adapter was started, and nothing was sent";

std::vector<std::string> all_calls() {
  std::vector<std::string> names = {"reset"};
  for (const std::string& name : operation_names()) {
    for (const std::string& call : adapter_calls(*find_operation(name))) {
      if (std::find(names.begin(), names.end(), call) == names.end()) names.push_back(call);
    }
  }
  return names;
}

// A flag or capability, and what must stand beside it.
void check_limits(const Examination& examination, const Provider& provider) {
  const auto claims = [&](const char* flag) { return provider.flags.count(flag) > 0; };
  const auto limit = [&](bool claimed, const char* flag, long long value, const char* name) {
    const std::string subject = fmt::format("provider {}: {} and {}", provider.name, flag, name);
    if (claimed && value == 0) {
      examination.found(note(
          subject, "the hello", fmt::format("{} without {}", flag, name),
          fmt::format("give {} if data travels that way: with a limit of 0 the cases that need "
                      "it are not applicable",
                      name)));
    } else if (!claimed && value > 0) {
      examination.found(
          bad(subject, "the hello", fmt::format("{} is {}, {} is not set", name, value, flag),
              "both or neither",
              fmt::format("set {}, or leave {} out: cases go by the flag", flag, name)));
    }
  };
  limit(claims("XP1_CONNECT_DATA"), "XP1_CONNECT_DATA", provider.caller_data_max,
        "caller_data_max");
  limit(claims("XP1_DISCONNECT_DATA"), "XP1_DISCONNECT_DATA", provider.disconnect_data_max,
        "disconnect_data_max");
  if (provider.families.empty()) {
    examination.found(bad(fmt::format("provider {}: families", provider.name), "the hello",
                          "no families", R"("families": ["AF_INET"] or the like)",
                          "without a family no case applies"));
  }
  for (const std::string& capability : provider.capabilities) {
    const auto known = capability_names();
    if (std::find(known.begin(), known.end(), capability) != known.end()) continue;
    examination.found(bad(fmt::format("provider {}: capabilities", provider.name), "the hello",
                          "\"" + capability + "\"", "words of PROTOCOL.md only",
                          "no case asks for it" + did_you_mean(capability, known)));
  }
}

void check_operations(const Examination& examination) {
  const std::vector<std::string> known = all_calls();
  std::vector<std::string> gaps;
  for (const std::string& name : known) {
    if (!examination.offers(name)) gaps.push_back(name);
  }
  for (const std::string& name : examination.hello.operations) {
    if (std::find(known.begin(), known.end(), name) != known.end()) continue;
    examination.found(note("an operation that no case uses", "the hello", name,
                           "harmless if it is meant" + did_you_mean(name, known)));
  }
  if (!examination.offers("reset")) {
    examination.found(bad("reset", "the hello", "not among the operations",
                          "\"reset\" among the operations",
                          "without it a process cannot be used for a second schedule"));
  }
  if (gaps.empty()) return;
  examination.found(note("operations that are not offered", "the hello",
                         fmt::format("{}", fmt::join(gaps, ", ")),
                         "cases that need them are not applicable; nothing to mend if that is so"));
}

// Words of `only` that no case can meet are mistakes.
void check_offers(const Examination& examination) {
  constexpr const char* kMend = "\"only\" names operations of the hello and their fields";
  const auto unknown = [&](const std::string& what, const std::vector<std::string>& known) {
    examination.found(bad("only: " + what, "the hello", "\"" + what + "\"",
                          "operations, fields and states of PROTOCOL.md",
                          kMend + did_you_mean(what.substr(what.rfind('.') + 1), known)));
  };
  for (const auto& [name, fields] : examination.hello.only) {
    const Operation* operation = find_operation(name);
    if (operation == nullptr || (name != "condition" && !examination.offers(name))) {
      unknown(name, all_calls());
      continue;
    }
    std::vector<std::string> known_fields = {"state"};
    for (const FieldSpec& field : operation->arguments) known_fields.emplace_back(field.name);
    for (const auto& [field, values] : fields) {
      // Of what comes back only the whole can be missing.
      const bool is_missing = values.empty() && operation->outcome(field) != nullptr;
      if (!is_missing &&
          std::find(known_fields.begin(), known_fields.end(), field) == known_fields.end()) {
        unknown(name + "." + field, known_fields);
      }
      const auto states = socket_states();
      for (const auto& value : values) {
        const bool known = std::any_of(states.begin(), states.end(), [&](const std::string& state) {
          return value.is_string() && value.get_ref<const std::string&>() == state;
        });
        if (field != "state" || known) continue;
        unknown(name + ".state." + (value.is_string() ? value.get<std::string>() : value.dump()),
                states);
      }
    }
  }
}

}  // namespace

bool examine_hello(Examination& examination) {
  const auto patient = examination.fresh();
  const Answer& hello = patient->hello();
  constexpr const char* kShape =
      R"({"hello": 1, "implementation": "...", "version": "...", "operations": [...], )"
      R"("providers": [{"name": "...", ...}]} on one line, flushed)";
  if (!hello.broke.empty()) {
    examination.found(
        bad("hello", kStarted, hello.broke, kShape,
            "write the hello before anything is read, flush it, and keep everything else off "
            "standard output"));
    return false;
  }
  try {
    examination.hello = parse_hello(hello.body);
  } catch (const std::runtime_error& error) {
    examination.found(bad("hello", kStarted, hello.text() + " (" + error.what() + ")", kShape,
                          "PROTOCOL.md, \"Hello\", says what each field means"));
    return false;
  }
  examination.found(
      good("hello", kStarted,
           fmt::format(
               "{} {}, {} operations, {} lanes, providers {}, after {} ms",
               examination.hello.implementation, examination.hello.version,
               examination.hello.operations.size(), examination.hello.lanes,
               [&] {
                 std::string names;
                 for (const Provider& each : examination.hello.providers)
                   names += (names.empty() ? "" : ", ") + each.name;
                 return names;
               }(),
               std::chrono::duration_cast<std::chrono::milliseconds>(hello.took).count())));
  check_operations(examination);
  check_offers(examination);
  for (const Provider& provider : examination.hello.providers) check_limits(examination, provider);
  return true;
}

bool examine(Examination& examination) {
  if (!examine_hello(examination)) return false;
  std::size_t well = 0;
  const auto found = examination.found;
  examination.found = [&](Finding finding) {
    well += finding.grade == Finding::Grade::kGood ? 1 : 0;
    found(std::move(finding));
  };
  examine_manners(examination);
  examination.found = found;
  if (well == 0) {
    examination.found(note("everything else", "nothing", "no request was answered as it should be",
                           "mend what is named above and examine again"));
    examine_time_and_end(examination);
    return true;
  }
  examine_gaps(examination);
  examine_names(examination);
  examine_calls(examination);
  examine_lanes(examination);
  examine_reading_ahead(examination);
  examine_time_and_end(examination);
  return true;
}

}  // namespace ws2conform::doctor
