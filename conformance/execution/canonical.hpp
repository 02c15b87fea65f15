// A schedule's history without what differs from run to run and means nothing.
#pragma once

#include <string>
#include <vector>

#include "conformance/case/instance.hpp"
#include "conformance/history/event.hpp"

namespace ws2conform {

// A line for each event: without times, request IDs, the octets of standard error and what the
// relay did when, with ports counted, in each round anew. Of a step made of several calls (a
// network event, `receive`) only its outcome: how often it had to ask depends on the moment. Two
// walks of one schedule that come to the same have equal lines.
std::vector<std::string> canonical(const ScheduleHistory& history, const Instance& instance);

}  // namespace ws2conform
