#include "conformance/execution/canonical.hpp"

#include <fmt/format.h>

#include <set>

#include "conformance/case/operations.hpp"
#include "conformance/history/ports.hpp"

namespace ws2conform {

std::vector<std::string> canonical(const ScheduleHistory& history, const Instance& instance) {
  std::set<std::string> several;  // steps made of several calls
  for (const Step& step : instance.steps) {
    const Operation& operation = *find_operation(step.operation);
    if (operation.is_indication() || is_repeated(operation)) several.insert(step.id);
  }
  PortNames ports;
  std::vector<std::string> lines;
  for (const Event& event : history.events) {
    if (event.kind == Event::Kind::kStderr || event.kind == Event::Kind::kRelay) continue;
    // Of many rounds' ports the system gives some again, others in each run.
    if (event.kind == Event::Kind::kRound) ports = PortNames();
    const bool outcome = event.kind == Event::Kind::kIndication;
    if (several.count(event.step) > 0 && !outcome) continue;
    nlohmann::json body = *event.body;
    if (body.is_object()) {
      body.erase("id");
      body.erase("timeout");
    }
    lines.push_back(fmt::format("{} ({}) {} {}", event.actor, event.step, to_string(event.kind),
                                ports(body.dump())));
  }
  return lines;
}

}  // namespace ws2conform
