#include "runners/relay/flow.hpp"

#include <algorithm>

namespace ws2conform::relay {
void Flow::open(Clock::time_point now) {
  push(now, Item::Kind::kOpen, "");
}

void Flow::octets(Clock::time_point now, std::string_view octets) {
  if (ended_ || cut_at_) return;
  if (!left_before_cut_) {
    pass(now, octets);
    return;
  }
  const std::size_t count = std::min(octets.size(), *left_before_cut_);
  *left_before_cut_ -= count;
  pass(now, octets.substr(0, count));
  check_cut(now);
}

void Flow::fin(Clock::time_point now) {
  if (ended_ || cut_at_) return;
  ended_ = true;
  flush(now);
  push(now, Item::Kind::kFin, "");
}

void Flow::reset(Clock::time_point now) {
  ended_ = true;
  flush(now);
  push(now, Item::Kind::kReset, "");
}

void Flow::treat(Clock::time_point now, const Treatment& treatment) {
  switch (treatment.kind) {
    case Treatment::Kind::kSplit:
      split_ = treatment.octets;
      break;
    case Treatment::Kind::kCoalesce:
      coalesce_ = treatment.octets;
      break;
    case Treatment::Kind::kDelay:
      least_ = treatment.least;
      most_ = treatment.most;
      break;
    case Treatment::Kind::kHold:
      held_ = true;
      break;
    case Treatment::Kind::kCut:
      if (ended_ || cut_at_) break;
      left_before_cut_ = treatment.octets;
      cut_by_ = treatment.end;
      check_cut(now);
      break;
  }
}

void Flow::check_cut(Clock::time_point now) {
  if (*left_before_cut_ > 0) return;
  cut_at_ = now;
  flush(now);
  if (cut_by_ == Treatment::End::kSilence) return;
  push(now, cut_by_ == Treatment::End::kReset ? Item::Kind::kReset : Item::Kind::kFin, "");
}

void Flow::pass(Clock::time_point now, std::string_view octets) {
  gathered_ += octets;
  queued_ += octets.size();
  if (gathered_.size() >= coalesce_) flush(now);
}

void Flow::flush(Clock::time_point now) {
  const std::string all = std::move(gathered_);
  gathered_.clear();
  const std::size_t piece = split_ > 0 ? split_ : all.size();
  for (std::size_t at = 0; at < all.size(); at += piece) {
    push(now, Item::Kind::kOctets, all.substr(at, piece));
  }
}

void Flow::push(Clock::time_point now, Item::Kind kind, std::string octets) {
  Clock::time_point due = now + least_;
  if (most_ > least_) {
    const auto span = static_cast<std::uint64_t>((most_ - least_).count()) + 1;
    due += std::chrono::microseconds(cable_.random() % span);
  }
  const bool apart = split_ > 0 && kind == Item::Kind::kOctets;
  due = std::max(due, cable_.last_due + (apart ? kBetweenPieces : std::chrono::microseconds(0)));
  cable_.last_due = due;
  if (held_ && !held_at_) held_at_ = now;
  came_after_hold_ = came_after_hold_ || released_for_nothing_;
  items_.push_back({kind, std::move(octets), due});
}

const Item* Flow::ready(Clock::time_point now) const {
  if (held_ || items_.empty() || items_.front().due > now) return nullptr;
  return &items_.front();
}

void Flow::took(std::size_t octets) {
  Item& item = items_.front();
  queued_ -= octets;
  if (octets < item.octets.size()) {
    item.octets.erase(0, octets);
  } else {
    items_.pop_front();
  }
}

bool Flow::reset_is_due(Clock::time_point now) const {
  return !held_ && std::any_of(items_.begin(), items_.end(), [&](const Item& item) {
    return item.kind == Item::Kind::kReset && item.due <= now;
  });
}

void Flow::drop_to_reset() {
  while (items_.front().kind != Item::Kind::kReset) {
    queued_ -= items_.front().octets.size();
    items_.pop_front();
  }
}

std::optional<Clock::time_point> Flow::next(Clock::time_point now) const {
  if (held_) return std::nullopt;
  // What is due already waits for the receiver, but a reset behind it does not.
  const auto coming =
      std::find_if(items_.begin(), items_.end(), [&](const Item& item) { return item.due > now; });
  if (coming == items_.end()) return std::nullopt;
  return coming->due;
}

}  // namespace ws2conform::relay
