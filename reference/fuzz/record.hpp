#pragma once

#include <vector>

#include "connection/connection.hpp"
#include "fuzz/providers.hpp"

namespace ws2 {

/// User data of one direction: octets, and where messages end.
class Stretch {
 public:
  void add(ByteView octets, const Limits& limits, bool end_of_message) {
    elements_.insert(elements_.end(), octets.begin(), octets.end());
    if (limits.message_boundaries && end_of_message) elements_.push_back(kBoundary);
  }
  [[nodiscard]] std::size_t size() const { return elements_.size(); }
  [[nodiscard]] bool begins_with(const Stretch& front) const;

 private:
  static constexpr std::uint16_t kBoundary = 256;
  std::vector<std::uint16_t> elements_;
};

/// What one end wrote, understood as it comes by a decoder of its own.
class Record {
 public:
  explicit Record(const FuzzedProvider& provider)
      : limits_(provider.limits), codec_(provider.make_codec(provider.limits)) {}

  void add(ByteView octets);

  [[nodiscard]] bool is_well_formed() const { return malformed_ == Malformed::kNone; }
  /// REQUEST or a verdict first, DATA after, nothing after REJECT or DISCONNECT.
  [[nodiscard]] bool is_in_order(Role role) const;
  /// Nothing of a frame is missing, as far as units tell.
  [[nodiscard]] bool is_whole() const { return is_whole_; }
  [[nodiscard]] bool has_disconnect() const { return has_disconnect_; }
  [[nodiscard]] const Bytes& disconnect_data() const { return disconnect_data_; }
  [[nodiscard]] const Stretch& data() const { return data_; }
  [[nodiscard]] std::size_t data_size() const { return data_.size(); }
  [[nodiscard]] bool data_begins_with(const Stretch& front) const {
    return data_.begins_with(front);
  }

 private:
  void take(const Unit& unit);

  const Limits& limits_;
  std::unique_ptr<Codec> codec_;
  Malformed malformed_ = Malformed::kNone;
  std::vector<std::size_t> order_;  ///< which alternative each unit was, runs of data as one
  bool is_whole_ = true;
  bool has_disconnect_ = false;
  Bytes disconnect_data_;
  Stretch data_;
};

}  // namespace ws2
