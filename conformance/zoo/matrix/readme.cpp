#include "conformance/zoo/matrix/readme.hpp"

#include <fmt/format.h>

#include <fstream>
#include <iterator>
#include <stdexcept>

namespace ws2conform::zoo {
namespace {

std::string text_of(const std::filesystem::path& path) {
  std::ifstream file(path);
  if (!file) throw std::runtime_error(path.string() + " cannot be read");
  return {std::istreambuf_iterator<char>(file), {}};
}

std::pair<std::size_t, std::size_t> place_in(const std::string& text, const std::string& what,
                                             const std::filesystem::path& path) {
  const std::string begin_mark =
      fmt::format("<!-- {}: written by ws2conform zoo --readme -->\n", what);
  const std::string end_mark = fmt::format("<!-- end of {} -->", what);
  const std::size_t begin = text.find(begin_mark);
  const std::size_t end = text.find(end_mark);
  if (begin == std::string::npos || end == std::string::npos || end < begin) {
    throw std::runtime_error(fmt::format("{} has no place for the line: \"{}\" and \"{}\"",
                                         path.string(), begin_mark.substr(0, begin_mark.size() - 1),
                                         end_mark));
  }
  return {begin + begin_mark.size(), end};
}

}  // namespace

bool readme_is_current(const std::filesystem::path& path, const std::string& what,
                       const std::string& line) {
  const std::string text = text_of(path);
  const auto [begin, end] = place_in(text, what, path);
  return text.substr(begin, end - begin) == line;
}

void update_readme(const std::filesystem::path& path, const std::string& what,
                   const std::string& line) {
  std::string text = text_of(path);
  const auto [begin, end] = place_in(text, what, path);
  text.replace(begin, end - begin, line);
  std::ofstream(path) << text;
}

}  // namespace ws2conform::zoo
