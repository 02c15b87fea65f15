#include "conformance/case/bindings.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <charconv>
#include <stdexcept>

#include "conformance/case/octets.hpp"

namespace ws2conform {
namespace {

using nlohmann::json;

// The characters of a binding's name.
bool in_name(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '.';
}

std::optional<long long> parse_integer(const std::string& text) {
  long long value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || text.empty()) return std::nullopt;
  return value;
}

const Binding& lookup(const std::string& name, const Bindings& bindings, const SourcePlace& place) {
  const auto found = bindings.find(name);
  if (found == bindings.end()) throw InputError(place, "$" + name + " has no value here");
  return found->second;
}

// Octets of a binding: user data as it is, a number as its decimal digits.
std::optional<std::string> bound_octets(const Binding& binding) {
  if (binding.wire.is_null()) return std::nullopt;
  if (!binding.wire.is_string()) return binding.wire.dump();
  const std::string text = binding.wire.get<std::string>();
  return binding.type == FieldType::kOctets ? from_base64(text) : text;
}

long long number_of(const std::string& name, const Binding& binding) {
  if (binding.wire.is_number_integer()) return binding.wire.get<long long>();
  const std::optional<std::string> octets = bound_octets(binding);
  const std::optional<long long> number = octets ? parse_integer(*octets) : std::nullopt;
  if (!number) {
    throw std::domain_error(
        fmt::format("${} is no number: {}", name, octets ? show_octets(*octets) : "NULL"));
  }
  return *number;
}

// An expression in the place of a number.
long long expression_value(const std::string& text, const Bindings& bindings,
                           const SourcePlace& place) {
  try {
    return evaluate(text, bindings, place);
  } catch (const std::domain_error& error) {
    throw InputError(place, error.what());
  }
}

std::optional<std::string> literal_octets(const json& written, const Bindings& bindings,
                                          const SourcePlace& place) {
  if (written.is_null()) return std::nullopt;
  if (written.is_string()) return written.get<std::string>();
  if (written.is_object() && written.size() == 1) {
    const std::string form = written.begin().key();
    const std::string value =
        written.begin()->is_string() ? written.begin()->get<std::string>() : "";
    if (form == "hex") {
      if (const auto octets = from_hex(value)) return octets;
      throw InputError(place, "\"" + value + "\" is not hexadecimal");
    }
    if (form == "pattern") {
      const auto count = value.find('$') == std::string::npos
                             ? parse_integer(value)
                             : std::optional<long long>(expression_value(value, bindings, place));
      if (count && *count >= 0 && *count <= (1 << 24)) return octet_pattern(*count);
      throw InputError(place, "pattern: takes a count of octets, at most 16777216");
    }
  }
  throw InputError(place, "octets are written as text, {hex: 00ff}, {pattern: 512} or null");
}

class Expression {
 public:
  Expression(const std::string& text, const Bindings& bindings, const SourcePlace& place)
      : text_(text), bindings_(bindings), place_(place) {}

  long long value() {
    const long long result = sum();
    skip_blanks();
    if (at_ != text_.size()) fail();
    return result;
  }

 private:
  [[noreturn]] void fail() const {
    throw InputError(place_, fmt::format("\"{}\" is no expression of integers, $names, + - * and "
                                         "parentheses (it goes wrong at character {})",
                                         text_, at_ + 1));
  }
  void skip_blanks() {
    while (at_ < text_.size() && text_[at_] == ' ') ++at_;
  }
  bool take(char c) {
    skip_blanks();
    if (at_ >= text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }
  long long fitting(bool overflows, long long result) const {
    if (!overflows) return result;
    throw std::domain_error(fmt::format("\"{}\" is beyond 64 bits", text_));
  }
  long long sum() {
    long long result = product();
    while (true) {
      long long next = 0;
      if (take('+')) {
        const bool overflows = __builtin_add_overflow(result, product(), &next);
        result = fitting(overflows, next);
      } else if (take('-')) {
        const bool overflows = __builtin_sub_overflow(result, product(), &next);
        result = fitting(overflows, next);
      } else {
        return result;
      }
    }
  }
  long long product() {
    long long result = term();
    while (take('*')) {
      long long next = 0;
      const bool overflows = __builtin_mul_overflow(result, term(), &next);
      result = fitting(overflows, next);
    }
    return result;
  }
  long long term() {
    if (take('(')) {
      const long long result = sum();
      if (!take(')')) fail();
      return result;
    }
    skip_blanks();
    const std::size_t begin = at_;
    if (at_ < text_.size() && text_[at_] == '$') {
      ++at_;
      while (at_ < text_.size() && in_name(text_[at_])) ++at_;
      const std::string name = text_.substr(begin + 1, at_ - begin - 1);
      return number_of(name, lookup(name, bindings_, place_));
    }
    while (at_ < text_.size() && std::isdigit(static_cast<unsigned char>(text_[at_])) != 0) ++at_;
    const auto number = parse_integer(text_.substr(begin, at_ - begin));
    if (!number) fail();
    return *number;
  }

  const std::string& text_;
  const Bindings& bindings_;
  const SourcePlace& place_;
  std::size_t at_ = 0;
};

json literal_value(FieldType type, const json& written, const Bindings& bindings,
                   const SourcePlace& place) {
  const auto expect = [&](bool holds, const char* what) {
    if (!holds) throw InputError(place, fmt::format("{} is expected here", what));
  };
  if (type == FieldType::kOctets) {
    const auto octets = literal_octets(written, bindings, place);
    return octets ? json(to_base64(*octets)) : json(nullptr);
  }
  if (written.is_null()) return nullptr;
  const std::string text = written.is_string() ? written.get<std::string>() : "";
  const std::optional<long long> number = parse_integer(text);
  switch (type) {
    case FieldType::kNumber:
      if (text.find('$') != std::string::npos) return expression_value(text, bindings, place);
      expect(number.has_value(), "a number");
      return *number;
    case FieldType::kBoolean:
      expect(text == "true" || text == "false", "true or false");
      return text == "true";
    case FieldType::kWord:
      expect(!text.empty(), "a name or a number");
      return number ? json(*number) : json(text);
    case FieldType::kWords:
      if (written.is_string()) return json::array({text});
      expect(written.is_array() &&
                 std::all_of(written.begin(), written.end(),
                             [](const json& word) { return word.is_string() && word != ""; }),
             "a list of names");
      return written;
    case FieldType::kAnything:
    case FieldType::kMembers:
      if (written.is_object()) {
        json map = json::object();
        for (const auto& [key, value] : written.items()) {
          map[key] = literal_value(FieldType::kAnything, value, bindings, place);
        }
        return map;
      }
      return number ? json(*number) : written;
    default:
      expect(!text.empty(), "a name");
      return text;
  }
}

// Whether `observed` has every member that `wanted` has, with the same value.
bool has_members(const json& observed, const json& wanted) {
  if (!wanted.is_object() || !observed.is_object()) return observed == wanted;
  for (const auto& [name, value] : wanted.items()) {
    if (!observed.contains(name) || !has_members(observed.at(name), value)) return false;
  }
  return true;
}

}  // namespace

bool is_reference(const json& written) {
  if (!written.is_string()) return false;
  const std::string& text = written.get_ref<const std::string&>();
  return text.size() > 1 && text.front() == '$' &&
         std::all_of(text.begin() + 1, text.end(), in_name);
}

std::optional<std::string> octets_value(const json& written, const Bindings& bindings,
                                        const SourcePlace& place) {
  if (!is_reference(written)) return literal_octets(written, bindings, place);
  return bound_octets(lookup(written.get<std::string>().substr(1), bindings, place));
}

json argument_value(FieldType type, const json& written, const Bindings& bindings,
                    const SourcePlace& place) {
  if (!is_reference(written)) return literal_value(type, written, bindings, place);
  if (type == FieldType::kOctets) {
    const auto octets = octets_value(written, bindings, place);
    return octets ? json(to_base64(*octets)) : json(nullptr);
  }
  const std::string name = written.get<std::string>().substr(1);
  const Binding& binding = lookup(name, bindings, place);
  if (type != FieldType::kNumber || binding.wire.is_null()) return binding.wire;
  try {
    return number_of(name, binding);
  } catch (const std::domain_error& error) {
    throw InputError(place, error.what());
  }
}

void check_literal(FieldType type, const json& written, const SourcePlace& place) {
  if (references(written).empty()) literal_value(type, written, {}, place);
}

bool is_wire_value(FieldType type, const json& wire) {
  if (wire.is_null()) return true;
  switch (type) {
    case FieldType::kOctets:
      return wire.is_string() && from_base64(wire.get<std::string>()).has_value();
    case FieldType::kNumber:
      return wire.is_number_integer();
    case FieldType::kBoolean:
      return wire.is_boolean();
    case FieldType::kAddress:
    case FieldType::kSocket:
    case FieldType::kEvent:
      return wire.is_string();
    default:
      return true;
  }
}

Comparison compare(FieldType type, const json& written, const json& observed, Bindings& bindings,
                   const SourcePlace& place) {
  if (is_reference(written)) {
    const std::string name = written.get<std::string>().substr(1);
    if (bindings.find(name) == bindings.end()) {
      bindings[name] = {type, observed};
      return {};
    }
  }
  const json expected = argument_value(type, written, bindings, place);
  const bool holds =
      type == FieldType::kMembers ? has_members(observed, expected) : expected == observed;
  if (holds) return {};
  return {false, show(type, expected), show(type, observed)};
}

long long evaluate(const std::string& expression, const Bindings& bindings,
                   const SourcePlace& place) {
  return Expression(expression, bindings, place).value();
}

std::vector<std::string> references(const json& written) {
  std::vector<std::string> names;
  if (written.is_structured()) {
    for (const json& item : written) {
      for (std::string& name : references(item)) names.push_back(std::move(name));
    }
  }
  if (!written.is_string()) return names;
  const std::string text = written.get<std::string>();
  for (std::size_t at = text.find('$'); at != std::string::npos; at = text.find('$', at + 1)) {
    std::size_t end = at + 1;
    while (end < text.size() && in_name(text[end])) ++end;
    if (end > at + 1) names.push_back(text.substr(at + 1, end - at - 1));
  }
  return names;
}

std::string flow_text(const json& value) {
  const auto is_plain = [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 ||
           std::string_view("_-+*$.:/").find(c) != std::string_view::npos;
  };
  if (value.is_string()) {
    const auto& text = value.get_ref<const std::string&>();
    const bool plain = !text.empty() && std::all_of(text.begin(), text.end(), is_plain) &&
                       !json::accept(text);  // as a number or true would be
    return plain ? text : value.dump(-1, ' ', false, json::error_handler_t::replace);
  }
  if (!value.is_structured()) return value.dump();
  std::vector<std::string> parts;
  for (const auto& [key, item] : value.items()) {
    parts.push_back((value.is_object() ? key + ": " : "") + flow_text(item));
  }
  const bool is_object = value.is_object();
  return fmt::format("{}{}{}", is_object ? '{' : '[', fmt::join(parts, ", "),
                     is_object ? '}' : ']');
}

std::string show(FieldType type, const json& wire) {
  if (wire.is_null()) return "NULL";
  if (type == FieldType::kOctets && wire.is_string()) {
    const auto octets = from_base64(wire.get<std::string>());
    return octets ? show_octets(*octets) : "(no base64) " + wire.dump();
  }
  return wire.is_string() ? wire.get<std::string>() : flow_text(wire);
}

}  // namespace ws2conform
