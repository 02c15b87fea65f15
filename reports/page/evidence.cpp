#include "reports/page/evidence.hpp"

#include <fmt/format.h>

#include "conformance/case/hash.hpp"
#include "reports/text/format.hpp"

namespace ws2conform::reports {
namespace {

constexpr std::size_t kInPage = 1'000'000;  // octets: a fifth of what a report may weigh

}  // namespace

bool Evidence::fits(std::size_t octets) {
  if (in_page_ + octets > kInPage) return false;
  in_page_ += octets;
  return true;
}

std::string Evidence::keep(const ScheduleResult& schedule) {
  std::string text;
  for (const ConversationLine& line : schedule.conversation)
    text += fmt::format("{} {} {} {}\n", duration(line.at), line.actor, line.direction, line.text);
  std::string path = fmt::format("evidence/{:016x}.txt", fnv1a(text));
  files_.emplace(path, std::move(text));
  return path;
}

}  // namespace ws2conform::reports
