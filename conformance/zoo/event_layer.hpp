#pragma once

#include <mutex>

#include "conformance/zoo/fault.hpp"
#include "conformance/zoo/layer.hpp"

namespace ws2conform::zoo {

inline std::size_t slot_of(int bit) {
  std::size_t slot = 0;
  while (bit >> slot != 1) ++slot;
  return slot;
}

// A layer that changes what WSAEnumNetworkEvents tells, and can add to it.
class EventLayer : public LayeredSocket {
 public:
  using LayeredSocket::LayeredSocket;
  int enumerate_events(ws2::EventObject* object, ws2::NetworkEvents& events) override {
    const int error = LayeredSocket::enumerate_events(object, events);
    if (error != 0) return error;
    {
      const std::lock_guard lock(mutex_);
      for (int bit = 1; bit < 1 << ws2::fd::kCount; bit <<= 1) {
        if ((added_.bits & bit) == 0) continue;
        events.bits |= bit;
        events.errors[slot_of(bit)] = added_.errors[slot_of(bit)];
      }
      added_ = {};
    }
    change(events);
    return 0;
  }

 protected:
  virtual void change(ws2::NetworkEvents&) {}
  // Records an event that has not happened, if it is selected, and signals it.
  bool add(int bit, int error = 0) {
    if ((event_mask() & bit) == 0) return false;
    {
      const std::lock_guard lock(mutex_);
      added_.bits |= bit;
      added_.errors[slot_of(bit)] = error;
    }
    event_object()->set();
    return true;
  }

 private:
  std::mutex mutex_;
  ws2::NetworkEvents added_;
};

}  // namespace ws2conform::zoo
