#pragma once

#include <cstdint>
#include <string>

// Octets of wire/WIRE.md, right and wrong, written without the codec.

namespace ws2::hostile {

enum Type : char { kRequest = 1, kAccept = 2, kReject = 3, kData = 4, kDisconnect = 5 };

inline std::string be16(std::size_t value) {
  return {static_cast<char>(value >> 8), static_cast<char>(value)};
}
inline std::string be32(std::size_t value) {
  return be16(value >> 16) + be16(value & 0xffff);
}
inline std::string header(char type, std::size_t length, char flags = 0) {
  return std::string{type, flags, 0, 0} + be32(length);
}
inline std::string frame(char type, const std::string& body, char flags = 0) {
  return header(type, body.size(), flags) + body;
}
inline std::string preamble(char provider = 1, char version = 1) {
  return std::string("WS2C") + version + provider;
}
inline std::string item(char type, const std::string& value) {
  return std::string{type, 0} + be16(value.size()) + value;
}

inline std::string request(const std::string& caller_data, char provider = 1) {
  return frame(kRequest, preamble(provider) + (caller_data.empty() ? "" : item(1, caller_data)));
}
inline std::string accept(const std::string& callee_data = {}) {
  return frame(kAccept, preamble() + (callee_data.empty() ? "" : item(1, callee_data)));
}
inline std::string reject(char reason = 1) {
  return frame(kReject, preamble() + reason);
}
inline std::string data(const std::string& octets, bool is_message = false) {
  return frame(kData, octets, is_message ? 1 : 0);
}
inline std::string disconnect(const std::string& octets = {}) {
  return frame(kDisconnect, octets);
}

}  // namespace ws2::hostile
