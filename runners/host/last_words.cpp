#include "runners/host/last_words.hpp"

#include <algorithm>

namespace ws2conform::host {
namespace {

constexpr std::size_t kKept = 4096;

bool is_of_cells(std::string_view line) {
  return line.rfind("cells: ", 0) == 0;
}

void keep_end(std::string& text) {
  if (text.size() > kKept) text.erase(0, text.size() - kKept);
}

}  // namespace

void LastWords::add(std::string_view text) {
  for (auto end = text.find('\n'); end != std::string_view::npos; end = text.find('\n')) {
    unfinished_.append(text.substr(0, end + 1));
    if (!is_of_cells(unfinished_)) lines_ += unfinished_;
    unfinished_.clear();
    text.remove_prefix(end + 1);
  }
  unfinished_.append(text);
  if (is_of_cells(unfinished_)) {
    unfinished_.resize(std::min(unfinished_.size(), kKept));  // its beginning tells what it is
  } else {
    keep_end(unfinished_);
  }
  keep_end(lines_);
}

std::string LastWords::text() const {
  std::string text = lines_;
  if (!is_of_cells(unfinished_)) text += unfinished_;
  keep_end(text);
  while (!text.empty() && text.back() == '\n') text.pop_back();
  return text;
}

}  // namespace ws2conform::host
