#include "conformance/history/seal.hpp"

#include <fmt/compile.h>
#include <fmt/format.h>

#include <iterator>

#include "conformance/case/hash.hpp"

namespace ws2conform {
namespace {

constexpr std::string_view kMember = ",\"sum\":\"";
constexpr std::size_t kDigits = 16;
constexpr std::size_t kLength = kMember.size() + kDigits + 2;  // and `"}`

}  // namespace

void seal(std::string& text, std::size_t begin, std::uint64_t& sum) {
  sum = fnv1a(std::string_view(text).substr(begin), sum);
  text.pop_back();
  text += kMember;
  fmt::format_to(std::back_inserter(text), FMT_COMPILE("{:016x}\"}}"), sum);
}

void check_seal(std::string_view line, std::uint64_t& sum) {
  const std::size_t at = line.size() < kLength ? 0 : line.size() - kLength;
  if (line.substr(at, kMember.size()) != kMember || line.substr(line.size() - 2) != "\"}") {
    throw std::runtime_error("has no sum: it is no record of a history, or was changed");
  }
  const std::string record = std::string(line.substr(0, at)) + "}";
  sum = fnv1a(record, sum);
  const std::string_view stated = line.substr(at + kMember.size(), kDigits);
  if (stated != fmt::format("{:016x}", sum)) {
    throw std::runtime_error(
        "does not fit its sum: it was changed, or a record before it was removed, added or moved");
  }
}

}  // namespace ws2conform
