#include "conformance/history/event.hpp"

namespace ws2conform {

std::string_view to_string(Event::Kind kind) {
  switch (kind) {
    case Event::Kind::kCall:
      return "call";
    case Event::Kind::kStarted:
      return "started";
    case Event::Kind::kReturn:
      return "return";
    case Event::Kind::kPartial:
      return "partial";
    case Event::Kind::kIndication:
      return "indication";
    case Event::Kind::kCondition:
      return "condition";
    case Event::Kind::kVerdict:
      return "verdict";
    case Event::Kind::kComputed:
      return "computed";
    case Event::Kind::kBreakdown:
      return "breakdown";
    case Event::Kind::kStderr:
      return "stderr";
    case Event::Kind::kRound:
      return "round";
    case Event::Kind::kRelay:
      return "relay";
  }
  return "";
}

}  // namespace ws2conform
