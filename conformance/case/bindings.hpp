// Values during a schedule: literals, $bindings and the arithmetic of `compute`, in the form that
// travels on the adapter protocol ("wire": octets as base64, addresses as text).
#pragma once

#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "conformance/case/operations.hpp"
#include "conformance/case/source.hpp"

namespace ws2conform {

struct Binding {
  FieldType type = FieldType::kAnything;
  nlohmann::json wire;
};

using Bindings = std::map<std::string, Binding>;

// The value of an argument as it is sent. Throws InputError for a literal that is not of the
// field's type and for a binding that is not there or does not fit.
nlohmann::json argument_value(FieldType type, const nlohmann::json& written,
                              const Bindings& bindings, const SourcePlace& place);

// Octets that `written` stands for; nothing for null. Throws InputError as argument_value does.
std::optional<std::string> octets_value(const nlohmann::json& written, const Bindings& bindings,
                                        const SourcePlace& place);

// A literal checked without its bindings: for lint. Throws InputError.
void check_literal(FieldType type, const nlohmann::json& written, const SourcePlace& place);

// Whether a value that came back is of the form that the adapter protocol gives the field.
bool is_wire_value(FieldType type, const nlohmann::json& wire);

struct Comparison {
  bool holds = true;
  std::string expected;  // both for people, and empty where it holds
  std::string observed;
};

// Compares what came back with what is written. A $name that is not bound yet matches anything and
// is bound to it.
Comparison compare(FieldType type, const nlohmann::json& written, const nlohmann::json& observed,
                   Bindings& bindings, const SourcePlace& place);

// "42 + $client_total": integers, bindings, + - *, parentheses. Throws InputError for bad syntax
// and std::domain_error for a binding that is no number, or a result that 64 bits do not hold.
long long evaluate(const std::string& expression, const Bindings& bindings,
                   const SourcePlace& place);

// Names that `written` refers to, as "$name" or inside an expression.
std::vector<std::string> references(const nlohmann::json& written);

// A value as it would be written in a case: {linger: 60, onoff: 1}; members by their names.
std::string flow_text(const nlohmann::json& value);

// A wire value for people.
std::string show(FieldType type, const nlohmann::json& wire);

// True for "$name".
bool is_reference(const nlohmann::json& written);

}  // namespace ws2conform
