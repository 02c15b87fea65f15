// Fields of requests and what becomes of them, as the parts of the model read them.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "conformance/case/octets.hpp"
#include "connection/bytes.hpp"

namespace ws2conform::model {

// Octets of a field; nothing where it is absent or null.
inline std::optional<std::string> octets_of(const nlohmann::json& object, const char* name) {
  if (!object.contains(name) || !object.at(name).is_string()) return std::nullopt;
  return from_base64(object.at(name).get<std::string>());
}

inline ws2::ByteView view_of(const std::string& octets) {
  return {reinterpret_cast<const std::uint8_t*>(octets.data()), octets.size()};
}

}  // namespace ws2conform::model
