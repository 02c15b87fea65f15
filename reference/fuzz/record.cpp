#include "fuzz/record.hpp"

#include <algorithm>

namespace ws2 {
namespace {

template <typename Alternative>
std::size_t index_of() {
  return Unit(Alternative{}).index();
}

}  // namespace

bool Stretch::begins_with(const Stretch& front) const {
  return front.size() <= size() &&
         std::equal(front.elements_.begin(), front.elements_.end(), elements_.begin());
}

void Record::add(ByteView octets) {
  while (!octets.empty() && is_well_formed()) {
    const Decoded decoded = codec_->decode(octets);
    malformed_ = decoded.malformed;
    is_whole_ = decoded.unit.has_value();
    if (decoded.unit) take(*decoded.unit);
    octets = octets.subspan(decoded.consumed);
  }
}

void Record::take(const Unit& unit) {
  if (const auto* data = std::get_if<DataUnit>(&unit)) {
    if (order_.empty() || order_.back() != unit.index()) order_.push_back(unit.index());
    return data_.add(data->bytes, limits_, data->end_of_message);
  }
  // Goes wherever DATA may.
  if (std::holds_alternative<QosUnit>(unit)) {
    if (order_.empty() || order_.back() != index_of<DataUnit>())
      order_.push_back(index_of<DataUnit>());
    return;
  }
  order_.push_back(unit.index());
  if (const auto* disconnect = std::get_if<DisconnectUnit>(&unit)) {
    if (!has_disconnect_) disconnect_data_.assign(disconnect->data.begin(), disconnect->data.end());
    has_disconnect_ = true;
  }
}

bool Record::is_in_order(Role role) const {
  if (!limits_.delayed_accept) return true;
  const std::vector<std::size_t> accepted = {
      role == Role::kCaller ? index_of<RequestUnit>() : index_of<AcceptUnit>(),
      index_of<DataUnit>(), index_of<DisconnectUnit>()};
  if (order_.empty()) return true;
  if (role == Role::kAcceptor && order_ == std::vector{index_of<RejectUnit>()}) return true;
  if (order_.front() != accepted.front()) return false;
  // The rest in that order, each at most once.
  return std::ranges::is_sorted(order_) && std::ranges::adjacent_find(order_) == order_.end() &&
         std::ranges::count(order_, index_of<RejectUnit>()) == 0;
}

}  // namespace ws2
