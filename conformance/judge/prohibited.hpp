// Whether the history shows what a case forbids.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "conformance/case/model.hpp"
#include "conformance/history/event.hpp"

namespace ws2conform {

// What `event` shows of it, for people; empty where it shows nothing of the kind, whenever it came.
// `request` is the call that it answers, null for none.
std::string shown(const Prohibition& prohibition, const Event& event,
                  const nlohmann::json& request);

}  // namespace ws2conform
