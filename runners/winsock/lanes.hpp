#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <thread>

#include "channel.hpp"

namespace ws2conform {

// A thread that makes the calls of one lane in the order in which they come.
class Lane : public Messages {
 public:
  // Makes the call that is asked for; the reply. What is to be told the lane meanwhile, the
  // decision of a condition function and requests made while it is open, is read from `more`.
  using Answer = std::function<Json(Messages& more, Json request)>;

  Lane(Channel& channel, Answer answer);
  // Ends the thread. Nothing may be open.
  ~Lane() override;
  Lane(const Lane&) = delete;
  Lane& operator=(const Lane&) = delete;

  // For the thread that reads: what comes next for this lane.
  void give(Json message);
  // A request has come and was not answered.
  bool is_busy();

  // For the lane's own thread. Throws SuiteGone once the lane is to end.
  Json read() override;

 private:
  void serve();

  Channel& channel_;
  const Answer answer_;
  std::mutex mutex_;
  std::condition_variable has_come_;
  std::deque<Json> inbox_;  // these three are guarded by mutex_
  bool is_busy_ = false;
  bool is_over_ = false;
  std::thread thread_;
};

// The lanes that the suite has used, by number.
class Lanes {
 public:
  // How many calls can be open at once.
  static constexpr int kMost = 16;

  Lanes(Channel& channel, Lane::Answer answer) : channel_(channel), answer_(std::move(answer)) {}

  // Hands a message with a member "lane" to that lane. Throws AdapterError for a lane that there
  // cannot be.
  void give(Json message);
  bool any_busy();

 private:
  Channel& channel_;
  const Lane::Answer answer_;
  std::map<std::int64_t, Lane> lanes_;
};

}  // namespace ws2conform
