#include "reports/text/tighten.hpp"

#include <algorithm>

namespace ws2conform::reports {
namespace {

struct Escape {
  std::string_view written;
  char meant;
};
constexpr Escape kQuotes[] = {{"&quot;", '"'}, {"&apos;", '\''}};

// A run of text, from one tag to the next.
void add_text(std::string_view text, std::string& out) {
  const auto is_blank = [](char c) { return c == ' ' || c == '\n' || c == '\t' || c == '\r'; };
  if (std::all_of(text.begin(), text.end(), is_blank)) {
    if (!text.empty()) out += text.find('\n') == std::string_view::npos ? ' ' : '\n';
    return;
  }
  while (!text.empty()) {
    const auto escape = std::find_if(std::begin(kQuotes), std::end(kQuotes),
                                     [&](const Escape& e) { return text.starts_with(e.written); });
    const bool found = escape != std::end(kQuotes);
    out += found ? escape->meant : text.front();
    text.remove_prefix(found ? escape->written.size() : 1);
  }
}

// What has to stay as it is after this tag: how long, to the end of the element.
std::size_t verbatim(std::string_view tag, std::string_view rest) {
  for (const std::string_view name : {"style", "script"}) {
    if (tag != "<" + std::string(name) + ">") continue;
    const std::size_t end = rest.find("</" + std::string(name) + ">");
    return end == std::string_view::npos ? rest.size() : end;
  }
  return 0;
}

}  // namespace

std::string tighten(std::string_view html) {
  std::string out;
  out.reserve(html.size());
  while (!html.empty()) {
    const std::size_t tag = std::min(html.find('<'), html.size());
    add_text(html.substr(0, tag), out);
    html.remove_prefix(tag);
    const std::size_t end = html.find('>');
    const std::size_t size = end == std::string_view::npos ? html.size() : end + 1;
    const std::size_t kept = size + verbatim(html.substr(0, size), html.substr(size));
    out += html.substr(0, kept);
    html.remove_prefix(kept);
  }
  return out;
}

}  // namespace ws2conform::reports
