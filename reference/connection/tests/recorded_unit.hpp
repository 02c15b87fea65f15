#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "connection/unit.hpp"

namespace ws2 {

inline Bytes bytes_of(std::string_view text) {
  return {text.begin(), text.end()};
}
inline std::string text_of(ByteView bytes) {
  return {bytes.begin(), bytes.end()};
}

/// A unit that owns its octets, so that it can be kept, compared and delivered later.
class RecordedUnit {
 public:
  explicit RecordedUnit(const Unit& unit) : unit_(unit) {
    std::visit([this](auto& alternative) { keep(alternative); }, unit_);
  }

  [[nodiscard]] Unit view() const {
    Unit unit = unit_;
    std::visit([this](auto& alternative) { show(alternative); }, unit);
    return unit;
  }
  template <typename Alternative>
  [[nodiscard]] bool is() const {
    return std::holds_alternative<Alternative>(unit_);
  }
  [[nodiscard]] const Bytes& bytes() const { return bytes_; }
  [[nodiscard]] std::string text() const { return text_of(bytes_); }
  [[nodiscard]] bool end_of_message() const { return std::get<DataUnit>(unit_).end_of_message; }
  [[nodiscard]] RejectReason reason() const { return std::get<RejectUnit>(unit_).reason; }
  [[nodiscard]] std::optional<Qos> qos() const {
    if (const auto* request = std::get_if<RequestUnit>(&unit_)) return request->qos;
    if (const auto* accept = std::get_if<AcceptUnit>(&unit_)) return accept->qos;
    if (const auto* change = std::get_if<QosUnit>(&unit_)) return change->qos;
    return std::nullopt;
  }

 private:
  static ByteView& octets(RequestUnit& unit) { return unit.caller_data; }
  static ByteView& octets(AcceptUnit& unit) { return unit.callee_data; }
  static ByteView& octets(DataUnit& unit) { return unit.bytes; }
  static ByteView& octets(DisconnectUnit& unit) { return unit.data; }

  template <typename Alternative>
  void keep(Alternative& unit) {
    bytes_.assign(octets(unit).begin(), octets(unit).end());
    octets(unit) = {};
  }
  void keep(RejectUnit&) {}
  void keep(QosUnit&) {}
  template <typename Alternative>
  void show(Alternative& unit) const {
    octets(unit) = bytes_;
  }
  void show(RejectUnit&) const {}
  void show(QosUnit&) const {}

  Unit unit_;
  Bytes bytes_;
};

struct RecordingSink final : UnitSink {
  void put(const Unit& unit) override { units.emplace_back(unit); }
  std::vector<RecordedUnit> units;
};

}  // namespace ws2
