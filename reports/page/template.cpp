#include "reports/page/template.hpp"

#include <stdexcept>

#include "reports/text/clean.hpp"

namespace ws2conform::reports {
namespace {

std::string escape(const std::string& text) {
  return kainjow::mustache::html_escape(clean(text));
}

const char* sign(Verdict verdict) {
  switch (verdict) {
    case Verdict::kPass:
      return "✓";
    case Verdict::kNotApplicable:
      return "–";
    case Verdict::kKnownFailure:
      return "≈";
    case Verdict::kInconclusive:
      return "?";
    case Verdict::kUnexpectedPass:
      return "↑";
    case Verdict::kFail:
      return "✗";
    case Verdict::kError:
      return "!";
  }
  throw std::logic_error("no such verdict");
}

}  // namespace

Template::Template(std::string_view source) : mustache_(std::string(source)) {
  if (!mustache_.is_valid())
    throw std::logic_error("report template: " + mustache_.error_message());
  mustache_.set_custom_escape(escape);
}

std::string Template::render(const Data& data) {
  std::string text = mustache_.render(data);
  if (!mustache_.is_valid())
    throw std::logic_error("report template: " + mustache_.error_message());
  return text;
}

Data optional(const std::string& text) {
  if (text.empty()) return Data(false);
  return Data(text);
}

Data number(int value) {
  return Data(std::to_string(value));
}

Data verdict_data(Verdict verdict) {
  const std::string word(to_string(verdict));
  std::string kind = word;
  for (char& c : kind)
    if (c == ' ') c = '-';
  Data data;
  data["word"] = word;
  data["sign"] = sign(verdict);
  data["kind"] = kind;
  return data;
}

}  // namespace ws2conform::reports
