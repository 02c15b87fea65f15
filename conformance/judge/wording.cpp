#include "conformance/judge/wording.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "conformance/case/octets.hpp"

namespace ws2conform {
namespace {

using nlohmann::json;

// A value as it stands in the case, for people.
std::string written_text(FieldType type, const json& written) {
  if (written.is_null()) return "NULL";
  if (is_reference(written)) return written.get<std::string>();
  if (type == FieldType::kOctets && written.is_string())
    return show_octets(written.get<std::string>());
  if (written.is_object() && written.contains("pattern"))
    return flow_text(written.at("pattern")) + " octets of the pattern";
  return written.is_string() ? written.get<std::string>() : flow_text(written);
}

std::string outcome_text(const std::vector<Field>& fields) {
  std::string text;
  for (const Field& field : fields) {
    text += text.empty() ? "" : ", ";
    text += (field.name == "error" ? "fails with" : field.name) + " " +
            written_text(FieldType::kWord, field.value);
  }
  return text;
}

}  // namespace

std::string plural(std::uint64_t count, std::string_view noun) {
  return fmt::format("{} {}{}", count, noun, count == 1 ? "" : "s");
}

const Field* find_field(const std::vector<Field>& fields, std::string_view name) {
  const auto found = std::find_if(fields.begin(), fields.end(),
                                  [&](const Field& field) { return field.name == name; });
  return found == fields.end() ? nullptr : &*found;
}

std::vector<Field> replaced(std::vector<Field> fields, const std::vector<Field>& others) {
  const auto is_result = [](const Field& field) {
    return field.name == "error" || field.name == "returns";
  };
  const bool results = std::any_of(others.begin(), others.end(), is_result);
  fields.erase(std::remove_if(fields.begin(), fields.end(),
                              [&](const Field& field) {
                                return find_field(others, field.name) != nullptr ||
                                       (results && is_result(field));
                              }),
               fields.end());
  fields.insert(fields.end(), others.begin(), others.end());
  return fields;
}

std::string result_text(const Operation& operation, const Step& step,
                        const std::vector<Field>& fields) {
  std::string text;
  const auto add = [&](const std::string& part) { text += (text.empty() ? "" : ", ") + part; };
  if (const Field* error = find_field(fields, "error")) {
    add((operation.is_indication() ? "error " : "fails with ") +
        written_text(FieldType::kWord, error->value));
  } else if (step.operation == "WSAEDISCON") {
    add("fails with WSAEDISCON");
  } else if (const Field* returns = find_field(fields, "returns")) {
    add("returns " + written_text(FieldType::kWord, returns->value));
  } else if (operation.is_indication()) {
    add("recorded");
  } else if (operation.success) {
    add(fmt::format("returns {}", *operation.success));
  } else if (operation.waiting == Waiting::kUpcall) {
    add("is called");
  } else {
    add("succeeds");
  }
  for (const FieldSpec& outcome : operation.outcomes) {
    if (const Field* field = find_field(fields, outcome.name)) {
      add(fmt::format("{} {}", outcome.name, written_text(outcome.type, field->value)));
    }
  }
  return text;
}

std::string reply_text(const Operation& operation, const json& reply) {
  std::string text;
  const auto add = [&](const std::string& part) { text += (text.empty() ? "" : ", ") + part; };
  if (reply.contains("unsupported")) return "unsupported: " + reply.at("unsupported").dump();
  if (reply.contains("adapter_error")) return "adapter error: " + reply.at("adapter_error").dump();
  // The suite's own words, in place of a reply; an adapter's may be anything.
  if (operation.is_indication() && reply.contains("event") && reply.at("event").is_string()) {
    add(reply.at("event").get<std::string>());
  }
  if (reply.contains("error")) {
    add(operation.is_indication() ? "error " + show(FieldType::kAnything, reply.at("error"))
                                  : "fails with " + show(FieldType::kAnything, reply.at("error")));
  }
  if (reply.contains("returns") && !operation.is_indication()) {
    add("returns " + show(FieldType::kAnything, reply.at("returns")));
  }
  for (const FieldSpec& outcome : operation.outcomes) {
    const std::string name(outcome.name);
    if (reply.contains(name)) add(name + " " + show(outcome.type, reply.at(name)));
  }
  return text.empty() ? "done" : text;
}

std::string observed_text(const Step& step, const StepRecord& record) {
  if (record.reply->is_null()) return record.observed;
  return reply_text(*find_operation(step.operation), *record.reply) + record.observed;
}

std::string differs_text(Provenance provenance, const std::string& expected) {
  return fmt::format("(differs from {}: {})",
                     provenance == Provenance::kWindows ? "Windows" : "the reference's choice",
                     expected);
}

std::string interval_text(const Prohibition& prohibition) {
  if (!prohibition.from && !prohibition.until) return "";
  return fmt::format(" {}..{}", prohibition.from.value_or(""), prohibition.until.value_or(""));
}

std::string call_text(const Step& step) {
  const Operation* operation = find_operation(step.operation);
  std::string arguments;
  for (const Field& field : step.fields) {
    const FieldSpec* spec = operation->argument(field.name);
    const bool internal = operation->waiting == Waiting::kInternal;
    if (spec == nullptr && !internal) continue;
    arguments += fmt::format("{}{}: {}", arguments.empty() ? "" : ", ", field.name,
                             written_text(spec ? spec->type : FieldType::kWord, field.value));
  }
  const std::string lane = step.lane > 1 ? fmt::format("lane {}: ", step.lane) : "";
  if (operation->is_indication() && arguments.empty()) return lane + step.operation;
  return lane + step.operation + "(" + arguments + ")";
}

std::string expectation_text(const Step& step) {
  const Operation* operation = find_operation(step.operation);
  if (operation->waiting == Waiting::kInternal) return "a number";
  std::string text;
  if (step.readings.empty()) {
    text = result_text(*operation, step, step.fields);
  } else {
    for (const Reading& reading : step.readings) {
      text += fmt::format("{}{} [{}]", text.empty() ? "" : " or ",
                          result_text(*operation, step, replaced(step.fields, reading.fields)),
                          reading.name);
    }
  }
  if (!step.windows.empty()) {
    text +=
        " (Windows: " + result_text(*operation, step, replaced(step.fields, step.windows)) + ")";
  }
  if (step.until) text += ", pending until step " + *step.until;
  for (const Alternative& alternative : step.alternatives) {
    text += fmt::format(" or, because of step {}, {}", alternative.because,
                        outcome_text(alternative.fields));
  }
  return text;
}

}  // namespace ws2conform
