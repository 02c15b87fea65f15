#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <span>
#include <vector>

namespace ws2 {

struct EventWait;

// A manual-reset event object. All of them share one lock, so that a wait for all sees one moment;
// it is taken last, after any other lock.
class EventObject {
 public:
  EventObject() = default;
  EventObject(const EventObject&) = delete;
  EventObject& operator=(const EventObject&) = delete;

  void set();
  void reset();
  // Its handle is gone: whoever waits for it, or begins to, would wait for what nobody can set.
  void close();

  // Waits until one is set, or all are at one moment, or `timeout` is over. Returns the index of
  // the first that is set; nothing after the timeout; the number of objects when one of them is
  // closed. An object may stand in the list more than once.
  static std::optional<std::size_t> wait(std::span<const std::shared_ptr<EventObject>> objects,
                                         bool all,
                                         std::optional<std::chrono::milliseconds> timeout);

 private:
  friend struct EventWait;
  // Whoever waits looks again. The common lock is held.
  void tell();

  bool is_set_ = false;
  bool is_closed_ = false;
  std::vector<EventWait*> waits_;
};

}  // namespace ws2
