#include "conformance/history/pattern.hpp"

#include <stdexcept>
#include <string>

#include "conformance/case/octets.hpp"

namespace ws2conform {
namespace {

using nlohmann::json;

constexpr std::size_t kFewest = 64;              // octets; fewer are as short as they are
constexpr long long kMost = 1024 * 1024 * 1024;  // octets that a record is believed to stand for

std::string pattern_from(std::size_t first, std::size_t octets) {
  std::string pattern = octet_pattern(first + octets);
  pattern.erase(0, first);
  return pattern;
}

}  // namespace

json pattern_of(const json& body) {
  if (!body.is_object()) return nullptr;
  const auto member = body.find("data");
  if (member == body.end() || !member->is_string()) return nullptr;
  const auto& text = member->get_ref<const std::string&>();
  if (text.size() / 4 * 3 < kFewest) return nullptr;
  const auto octets = from_base64(text);
  if (!octets || octets->size() < kFewest) return nullptr;
  const auto first = static_cast<unsigned char>(octets->front());
  if (*octets != pattern_from(first, octets->size())) return nullptr;
  return {{"first", first}, {"octets", octets->size()}};
}

void put_back_pattern(json& body, const json& pattern) {
  const auto first = pattern.at("first").get<long long>();
  const auto octets = pattern.at("octets").get<long long>();
  if (!body.is_object() || body.contains("data") || first < 0 || first > 255 || octets < 0 ||
      octets > kMost) {
    throw std::runtime_error("a pattern that stands for nothing");
  }
  body["data"] =
      to_base64(pattern_from(static_cast<std::size_t>(first), static_cast<std::size_t>(octets)));
}

}  // namespace ws2conform
