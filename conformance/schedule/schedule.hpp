// Schedules: the orders, allowed by a case, in which calls are issued and waits are begun.
//
// The steps of one actor run in the order written, those of each of its lanes where it has several;
// `after` orders steps of different actors or lanes; nothing else is ordered. A call that waits for
// the other side is scheduled both ways: issued late, when all its causes have happened, as one
// item; and issued early, before its last cause, as two items, its begin and its end, other steps
// in between. Besides, each pair of calls of different actors or lanes that nothing orders is
// issued together in one schedule (together.hpp).
#pragma once

#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "conformance/case/instance.hpp"

namespace ws2conform {

struct ScheduleItem {
  enum class Kind : std::uint8_t {
    kWhole,     // issue the call and await its return; or await the upcall and answer it
    kBegin,     // issue the call, do not await its return
    kEnd,       // await the return of a call begun earlier
    kTogether,  // issue the call, and the next item's, and only then await both returns
  };
  Kind kind = Kind::kWhole;
  std::size_t step = 0;  // index into the steps

  friend bool operator==(const ScheduleItem&, const ScheduleItem&) = default;
};

using Schedule = std::vector<ScheduleItem>;

// "1 2 3 5 6( 5a 6) 7 8": "6(" begins a wait, "6)" ends it; "5a+7" are issued together.
std::string to_string(const Schedule& schedule, const std::vector<Step>& steps);

// Of one case and choice of axes no more are made than this: each takes memory, and a moment to
// run.
inline constexpr std::size_t kMostSchedules = 100'000;

// More were asked for, and there are more.
class TooManySchedules : public std::runtime_error {
 public:
  explicit TooManySchedules(std::uint64_t possible);

  std::uint64_t possible;  // saturates at the largest value
};

struct ScheduleList {
  std::vector<Schedule> schedules;
  std::uint64_t possible = 0;  // how many there are; saturates at the largest value
  std::size_t together = 0;    // how many of those issue two calls together
  bool sampled = false;        // `schedules` is a sample
};

// All schedules of `steps`, those with calls issued together last; or, where there are more than
// `limit`, a sample of that many without repetition, each order as likely as any other, determined
// by `seed`. Of a sample at most a quarter issues calls together, or what the orders leave room
// for. Schedules that differ only in the order of adjacent ends are one schedule. Throws InputError
// where steps wait for one another, and TooManySchedules where there are more than kMostSchedules
// and `limit` is above that as well.
ScheduleList schedules(const std::vector<Step>& steps, std::size_t limit, std::uint64_t seed);

// Those that a run makes of an instance. With rounds that is one, the first, whose rounds take all
// of them in turn.
ScheduleList schedules(const Instance& instance, std::size_t limit, std::uint64_t seed);

// What a reader is told of one of them: as above, and how many rounds there are.
std::string order_text(const Instance& instance, const Schedule& schedule);

// The orders that the rounds of an instance take in turn; a sample where there are many.
std::vector<Schedule> schedules_of_rounds(const Instance& instance);

// What schedules() would throw, found without making one: none where it throws nothing.
std::optional<TooManySchedules> too_many_schedules(const std::vector<Step>& steps,
                                                   std::size_t limit);

// The fixed schedule of an opening: in the order written, connects begun before their accepts.
Schedule opening_schedule(const std::vector<Step>& steps);

// Eight letters and digits that name a schedule of an instance; the same on every machine.
std::string replay_id(const std::string& instance_name, const std::string& order);

}  // namespace ws2conform
