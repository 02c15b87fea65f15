#include "connection/event_record.hpp"

#include <bit>
#include <utility>

#include "ws2/errors.h"

namespace ws2 {
namespace {

/// Bits that no function re-enables (EVT-04).
constexpr int kOnce = fd::kConnect | fd::kClose;
/// Bits that are recorded for as long as there is something to take.
constexpr int kLevels = fd::kRead | fd::kAccept;

}  // namespace

void EventRecord::enable(int bits) {
  spent_ &= ~bits;
  delivered_ &= ~bits;
}

bool EventRecord::record(int bit, int error) {
  if ((mask_ & bit) == 0 || ((spent_ | delivered_) & bit) != 0) return false;
  spent_ |= bit;
  record_.bits |= bit;
  record_.errors[static_cast<std::size_t>(std::countr_zero(static_cast<unsigned>(bit)))] = error;
  return true;
}

bool EventRecord::select(int mask, const Conditions& now) {
  mask_ = mask;
  record_ = {};
  // What was recorded under the old mask and never fetched is recorded anew, so that replacing a
  // registration cannot swallow an end; what was fetched stays fetched (EVT-23).
  spent_ = 0;
  return note(now);
}

bool EventRecord::note(const Conditions& now) {
  const bool has_data = std::exchange(arrivals_, now.arrivals) != now.arrivals;
  const bool has_request = std::exchange(requests_, now.requests) != now.requests;
  if (edition_.arrivals_record_again) {
    if (has_data) enable(fd::kRead);
    if (has_request) enable(fd::kAccept);
  }
  bool signal = false;
  if (now.connect_outcome) signal |= record(fd::kConnect, *now.connect_outcome);
  if (now.acceptable) signal |= record(fd::kAccept, 0);
  if (now.writable) signal |= record(fd::kWrite, 0);
  if (now.readable) signal |= record(fd::kRead, 0);
  if (now.qos_changed) signal |= record(fd::kQos, 0);
  if (now.close_indication) signal |= record(fd::kClose, *now.close_indication);
  return signal;
}

bool EventRecord::after_receive(int error, const Conditions& now) {
  if (error != WSAEFAULT || !edition_.faulty_receive_enables_nothing) enable(fd::kRead | fd::kOob);
  return note(now);
}

bool EventRecord::after_send(bool would_block, const Conditions& now) {
  if (would_block) enable(fd::kWrite);
  return note(now);
}

bool EventRecord::after_accept(const Conditions& now) {
  enable(fd::kAccept);
  return note(now);
}

bool EventRecord::after_get_qos(const Conditions& now) {
  spent_ &= ~fd::kQos;
  return note(now);
}

void EventRecord::after_connect() {
  enable(fd::kConnect);
}

NetworkEvents EventRecord::take() {
  const NetworkEvents taken = record_;
  record_ = {};
  delivered_ |= taken.bits & (edition_.selecting_repeats_nothing ? kOnce | kLevels : kOnce);
  return taken;
}

void EventRecord::write_state(StateWriter& out) const {
  out.put(mask_);
  out.put(record_.bits);
  for (const int error : record_.errors) out.put(error);
  out.put(spent_);
  out.put(delivered_);
  out.put(arrivals_);
  out.put(requests_);
}

}  // namespace ws2
