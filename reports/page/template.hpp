// Mustache templates with the escaping that every report needs.
#pragma once

#include <kainjow/mustache.hpp>
#include <string>
#include <string_view>

#include "conformance/judge/verdict.hpp"

namespace ws2conform::reports {

using Data = kainjow::mustache::data;
using List = kainjow::mustache::list;

// A parsed template. {{name}} shows its value cleaned and escaped; {{{name}}} is only for what
// another template made. Parsing costs far more than rendering: keep one for repeated use. Throws
// std::logic_error when the template itself is wrong.
class Template {
 public:
  explicit Template(std::string_view source);
  std::string render(const Data& data);

 private:
  kainjow::mustache::mustache mustache_;
};

// The value of a section that is left out when the text is empty (mustache takes "" for present).
Data optional(const std::string& text);

Data number(int value);

// A verdict as the templates show it: `word`, `sign` (never colour alone), `kind` (its CSS class).
Data verdict_data(Verdict verdict);

}  // namespace ws2conform::reports
