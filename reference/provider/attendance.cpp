#include "provider/attendance.hpp"

#include <utility>

#include "provider/clock.hpp"

namespace ws2 {

bool Attendance::begin(Reactor::Watch watch, int fd) {
  if (is_attended_) return false;
  is_attended_ = true;
  if (!std::exchange(is_paused_, true)) Reactor::instance().pause(watch, fd);
  return true;
}

void Attendance::end(Reactor::Watch watch) {
  is_attended_ = false;
  ended_at_ = now();
  if (is_paused_ && !has_deadline_) set_deadline(watch);
}

void Attendance::set_deadline(Reactor::Watch watch) {
  has_deadline_ = true;
  Reactor::instance().set_deadline(watch, ended_at_ + kPatience);
}

void Attendance::give_back(Reactor::Watch watch, int fd) {
  if (std::exchange(is_paused_, false)) Reactor::instance().resume(watch, fd);
}

void Attendance::on_deadline(Reactor::Watch watch, int fd) {
  has_deadline_ = false;
  // While somebody is there nothing is to be timed.
  if (is_attended_) return;
  if (is_paused_ && now() < ended_at_ + kPatience) {
    set_deadline(watch);
  } else {
    give_back(watch, fd);
  }
}

}  // namespace ws2
