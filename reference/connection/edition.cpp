#include "connection/edition.hpp"

namespace ws2 {
namespace {

struct Rule {
  bool Edition::*member;
  std::string_view name;
  std::string_view requirements;
  std::string_view subject;
  std::string_view documented;
  std::string_view windows;
};

constexpr Rule kRules[] = {
    {&Edition::close_overtakes_data, "close_overtakes_data", "EVT-21, WIN-15",
     "FD_CLOSE while data is unread", "recorded once everything before the end was read or dropped",
     "recorded as soon as the end arrives; FD_READ goes on while data remains"},
    {&Edition::reset_closes_as_aborted, "reset_closes_as_aborted", "EVT-20, WIN-16",
     "FD_CLOSE's error after a reset", "WSAECONNRESET",
     "WSAECONNABORTED; receives and sends still fail with WSAECONNRESET"},
    {&Edition::arrivals_record_again, "arrivals_record_again", "EVT-03, WIN-19",
     "data or a request that arrives after FD_READ or FD_ACCEPT was recorded",
     "not recorded again before a receive or accept", "recorded again"},
    {&Edition::faulty_receive_enables_nothing, "faulty_receive_enables_nothing", "EVT-05, WIN-26",
     "a receive that fails with WSAEFAULT while data waits", "FD_READ is recorded again",
     "nothing is recorded"},
    {&Edition::selecting_repeats_nothing, "selecting_repeats_nothing", "EVT-08, WIN-26",
     "selecting again while a condition holds that FD_READ or FD_ACCEPT has told of",
     "recorded again", "not recorded again"},
    {&Edition::reset_overrides_end, "reset_overrides_end", "TEAR-31, WIN-17",
     "receiving after the peer's graceful end and then a reset", "stays graceful",
     "fails with WSAECONNABORTED"},
    {&Edition::reset_drops_unread, "reset_drops_unread", "WIN-22",
     "unread data that arrived before a reset", "stays readable (reference choice)", "is dropped"},
};
static_assert(sizeof(Edition) == std::size(kRules) * sizeof(bool), "every member needs its row");

consteval bool differ_in_every_rule() {
  for (const Rule& rule : kRules) {
    if (kDocumentedEdition.*rule.member || !(kWindowsEdition.*rule.member)) return false;
  }
  return true;
}
static_assert(differ_in_every_rule());

}  // namespace

std::optional<EditionName> edition_named(std::string_view text) {
  for (const EditionName name : {EditionName::kDocumented, EditionName::kWindows}) {
    if (text == to_string(name)) return name;
  }
  return std::nullopt;
}

std::string_view to_string(EditionName name) {
  return name == EditionName::kWindows ? "windows" : "documented";
}

std::string edition_table() {
  std::string text = "| rule | requirements | what about | documented | windows |\n";
  text += "|---|---|---|---|---|\n";
  for (const Rule& rule : kRules) {
    text += "| `" + std::string(rule.name) + "` ";
    for (const std::string_view cell :
         {rule.requirements, rule.subject, rule.documented, rule.windows}) {
      text += "| " + std::string(cell) + " ";
    }
    text += "|\n";
  }
  return text;
}

}  // namespace ws2
