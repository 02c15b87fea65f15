// Names that writer and reader of a history share. What the records mean: history.schema.json.
#pragma once

#include <nlohmann/json.hpp>

#include "conformance/case/model.hpp"
#include "conformance/history/event.hpp"
#include "conformance/history/seal.hpp"

namespace ws2conform {

// 2: octets of the pattern are written by where it begins and how many they are. Version 1 has all
// octets, and is read as well.
constexpr int kHistoryVersion = 2;

constexpr const char* kPattern = "pattern";

constexpr Event::Kind kEventKinds[] = {
    Event::Kind::kCall,    Event::Kind::kStarted,    Event::Kind::kReturn,
    Event::Kind::kPartial, Event::Kind::kIndication, Event::Kind::kCondition,
    Event::Kind::kVerdict, Event::Kind::kComputed,   Event::Kind::kBreakdown,
    Event::Kind::kStderr,  Event::Kind::kRound,      Event::Kind::kRelay,
};

inline nlohmann::json axes_json(const AxisChoice& axes) {
  nlohmann::json list = nlohmann::json::array();
  for (const auto& [name, value] : axes) list.push_back({name, value});
  return list;
}

inline AxisChoice axes_from(const nlohmann::json& list) {
  AxisChoice axes;
  for (const nlohmann::json& pair : list) axes.emplace_back(pair.at(0), pair.at(1));
  return axes;
}

}  // namespace ws2conform
