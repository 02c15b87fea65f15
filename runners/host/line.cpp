#include "runners/host/line.hpp"

#include <fmt/format.h>

#include <string>
#include <utility>

#include "conformance/case/json_line.hpp"

namespace ws2conform::host {

using nlohmann::json;

std::string parse_line(const std::string& line, json& message) {
  // Values nested beyond all reason would overflow the stack of whoever copies or prints them.
  constexpr std::size_t kDeepest = 64;
  if (line.find('\0') != std::string::npos) return "wrote a line with a NUL octet in it";
  if (line.compare(0, 3, "\xEF\xBB\xBF") == 0)
    return "wrote a line that begins with a byte order mark";
  ReadJson read = read_json(line, kDeepest);
  if (read.fault == ReadJson::Fault::kTooDeep) {
    return fmt::format("wrote values nested more than {} deep", kDeepest);
  }
  if (!read.value.is_object()) return "wrote a line that is no JSON object";
  if (!read.twice.empty()) return fmt::format("wrote \"{}\" twice in one object", read.twice);
  message = std::move(read.value);
  return "";
}

}  // namespace ws2conform::host
