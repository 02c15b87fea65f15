#pragma once

#include <algorithm>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <new>
#include <shared_mutex>
#include <utility>
#include <vector>

namespace ws2 {

/// Handles for objects. A handle is never 0, fits into 31 bits, is a multiple of four plus `kTag`,
/// and is not given out again until thousands of others were: a dead handle stays dead for a while.
template <typename Object, std::uintptr_t kTag>
class HandleTable {
 public:
  static_assert(kTag < 4);

  /// 0 when there is no handle left.
  std::uintptr_t add(std::shared_ptr<Object> object) {
    const std::unique_lock lock(mutex_);
    std::size_t index = slots_.size();
    if (free_.size() > kReserve || (index == kMost && !free_.empty())) {
      index = free_.front();
      free_.pop_front();
    } else if (index < kMost) {
      slots_.emplace_back();
    } else {
      return 0;
    }
    slots_[index].object = std::move(object);
    none_before_ = std::min(none_before_, index);
    return handle(index);
  }

  /// nullptr for what is no handle, or no more.
  std::shared_ptr<Object> find(std::uintptr_t value) const {
    const std::shared_lock lock(mutex_);
    const std::size_t index = index_of(value);
    return index < slots_.size() && handle(index) == value ? slots_[index].object : nullptr;
  }

  /// The object it was the handle of; nullptr as for find().
  std::shared_ptr<Object> remove(std::uintptr_t value) {
    const std::unique_lock lock(mutex_);
    const std::size_t index = index_of(value);
    if (index >= slots_.size() || handle(index) != value || !slots_[index].object) return nullptr;
    return take(index);
  }

  /// Any that is left; nullptr when the table is empty.
  std::shared_ptr<Object> remove_any() {
    const std::unique_lock lock(mutex_);
    while (none_before_ < slots_.size() && !slots_[none_before_].object) ++none_before_;
    return none_before_ < slots_.size() ? take(none_before_) : nullptr;
  }

  /// `function` must not use the table.
  template <typename Function>
  void for_each(Function function) const {
    const std::shared_lock lock(mutex_);
    for (const Slot& slot : slots_) {
      if (slot.object) function(*slot.object);
    }
  }

 private:
  static constexpr int kIndexBits = 16;
  static constexpr std::size_t kMost = (1u << kIndexBits) - 1;
  static constexpr std::uint32_t kGenerations = 1u << 13;
  /// Slots that rest before one is used again.
  static constexpr std::size_t kReserve = 16;

  struct Slot {
    std::shared_ptr<Object> object;
    std::uint32_t generation = 0;
  };

  /// What is in the slot, which becomes free; out of memory it stays unused.
  std::shared_ptr<Object> take(std::size_t index) {
    auto object = std::exchange(slots_[index].object, nullptr);
    slots_[index].generation = (slots_[index].generation + 1) % kGenerations;
    try {
      free_.push_back(index);
    } catch (const std::bad_alloc&) {
    }
    return object;
  }

  std::uintptr_t handle(std::size_t index) const {
    const std::uintptr_t number = index + 1;
    return ((static_cast<std::uintptr_t>(slots_[index].generation) << kIndexBits | number) << 2) |
           kTag;
  }
  /// Beyond every slot for what cannot be a handle.
  static std::size_t index_of(std::uintptr_t value) { return ((value >> 2) & kMost) - 1; }

  mutable std::shared_mutex mutex_;
  std::vector<Slot> slots_;
  std::deque<std::size_t> free_;
  std::size_t none_before_ = 0;  ///< slots in front of it are empty
};

}  // namespace ws2
