#include "conformance/history/ports.hpp"

#include <fmt/format.h>

#include <regex>

namespace ws2conform {

std::string PortNames::operator()(std::string_view text) {
  static const std::regex kAddress(R"((\d+\.\d+\.\d+\.\d+|\[[0-9a-fA-F:.]+\]):([1-9]\d*))");
  std::string result;
  std::string rest(text);
  for (std::smatch found; std::regex_search(rest, found, kAddress);) {
    const std::size_t ordinal = known_.emplace(found[2], known_.size() + 1).first->second;
    result += fmt::format("{}{}:#{}", found.prefix().str(), found[1].str(), ordinal);
    rest = found.suffix();
  }
  return result + rest;
}

}  // namespace ws2conform
