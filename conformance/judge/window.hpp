// Windows: waits for what must not come, where no later event could tell that it will not.
#pragma once

#include <chrono>
#include <vector>

#include "conformance/case/model.hpp"
#include "conformance/history/event.hpp"
#include "conformance/judge/result.hpp"

namespace ws2conform {

// What a window is measured by: how long the slowest call of a schedule's opening took, as far as
// its events go. 0 for none.
std::chrono::nanoseconds slowest_call(const std::vector<Step>& opening,
                                      const std::vector<Event>& events);

// The windows that a schedule had, in the order of their calls.
std::vector<Window> windows_of(const std::vector<Event>& events);

}  // namespace ws2conform
