#include "lanes.hpp"

#include <algorithm>

namespace ws2conform {

Lane::Lane(Channel& channel, Answer answer)
    : channel_(channel), answer_(std::move(answer)), thread_([this] { serve(); }) {}

Lane::~Lane() {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    is_over_ = true;
  }
  has_come_.notify_one();
  thread_.join();
}

void Lane::give(Json message) {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    is_busy_ = true;
    inbox_.push_back(std::move(message));
  }
  has_come_.notify_one();
}

bool Lane::is_busy() {
  const std::lock_guard<std::mutex> lock(mutex_);
  return is_busy_;
}

Json Lane::read() {
  std::unique_lock<std::mutex> lock(mutex_);
  has_come_.wait(lock, [this] { return is_over_ || !inbox_.empty(); });
  if (is_over_) throw SuiteGone{""};
  Json message = std::move(inbox_.front());
  inbox_.pop_front();
  return message;
}

void Lane::serve() {
  try {
    for (;;) {
      const Json reply = answer_(*this, read());
      {
        const std::lock_guard<std::mutex> lock(mutex_);
        is_busy_ = !inbox_.empty();
      }
      channel_.write(reply);
    }
  } catch (const SuiteGone&) {
    // The thread that reads finds that, too.
  }
}

void Lanes::give(Json message) {
  const Json number = message["lane"];
  message.erase("lane");
  const bool known = number.is_number_integer() && number >= 1 && number <= kMost;
  if (!known) throw AdapterError("there is no lane " + number.dump());
  // A lane that has announced its call gets the processor to make it, where they share one.
  if (any_busy()) std::this_thread::yield();
  lanes_.try_emplace(number.get<std::int64_t>(), channel_, answer_)
      .first->second.give(std::move(message));
}

bool Lanes::any_busy() {
  return std::any_of(lanes_.begin(), lanes_.end(),
                     [](auto& lane) { return lane.second.is_busy(); });
}

}  // namespace ws2conform
