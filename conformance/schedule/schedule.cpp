#include "conformance/schedule/schedule.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <limits>
#include <random>
#include <set>
#include <unordered_map>

#include "conformance/case/hash.hpp"
#include "conformance/case/operations.hpp"
#include "conformance/schedule/plan.hpp"
#include "conformance/schedule/together.hpp"

namespace ws2conform {
namespace {

constexpr std::uint64_t kMany = std::numeric_limits<std::uint64_t>::max();

// Walks the tree of schedules of one plan; counts are remembered by state.
class Generator {
 public:
  explicit Generator(const Plan& plan) : plan_(plan) {}

  std::uint64_t count() { return count_from(plan_.initial(), {}); }

  void enumerate(std::vector<Schedule>& found) {
    Schedule prefix;
    enumerate_from(plan_.initial(), {}, prefix, found);
  }

  // One schedule, each as likely as any other.
  Schedule sample(std::mt19937_64& random) {
    Schedule schedule;
    Plan::State state = plan_.initial();
    Plan::Tail tail;
    while (!plan_.finished(state)) {
      const auto options = plan_.options(state, tail);
      std::uint64_t total = 0;
      std::vector<std::uint64_t> weights;
      for (const ScheduleItem& item : options) {
        weights.push_back(count_after(state, tail, item));
        total = weights.back() > kMany - total ? kMany : total + weights.back();
      }
      std::uint64_t pick = random() % total;
      std::size_t chosen = 0;
      while (chosen + 1 < options.size() && pick >= weights[chosen]) pick -= weights[chosen++];
      schedule.push_back(options[chosen]);
      Plan::apply(state, options[chosen]);
      tail = plan_.followed_by(tail, options[chosen]);
    }
    return schedule;
  }

 private:
  std::uint64_t count_after(Plan::State state, const Plan::Tail& tail, const ScheduleItem& item) {
    Plan::apply(state, item);
    return count_from(std::move(state), plan_.followed_by(tail, item));
  }

  std::uint64_t count_from(Plan::State state, Plan::Tail tail) {
    const std::vector<ScheduleItem> options = plan_.options_ahead(state, tail);
    if (options.empty()) return plan_.finished(state) ? 1 : 0;
    std::string key = state;
    for (const ScheduleItem& item : tail) key += fmt::format("/{}", item.step);
    if (const auto known = counts_.find(key); known != counts_.end()) return known->second;
    std::uint64_t total = 0;
    for (const ScheduleItem& item : options) {
      const std::uint64_t more = count_after(state, tail, item);
      total = more > kMany - total ? kMany : total + more;
    }
    counts_.emplace(std::move(key), total);
    return total;
  }

  void enumerate_from(Plan::State state, Plan::Tail tail, Schedule& prefix,
                      std::vector<Schedule>& found) {
    const std::size_t length = prefix.size();
    const std::vector<ScheduleItem> options = plan_.options_ahead(state, tail, &prefix);
    if (plan_.finished(state)) found.push_back(prefix);
    for (const ScheduleItem& item : options) {
      Plan::State next = state;
      Plan::apply(next, item);
      prefix.push_back(item);
      enumerate_from(std::move(next), plan_.followed_by(tail, item), prefix, found);
      prefix.pop_back();
    }
    prefix.resize(length);
  }

  const Plan& plan_;
  std::unordered_map<std::string, std::uint64_t> counts_;
};

// `count` distinct orders, or all where there are no more.
void sample(Generator& generator, const std::vector<Step>& steps, std::size_t count,
            std::mt19937_64& random, std::vector<Schedule>& found) {
  if (generator.count() <= count) {
    generator.enumerate(found);
    return;
  }
  std::set<std::string> seen;
  // A draw may repeat an earlier one; where the count is close to the number of schedules that
  // takes long, so the draws are bounded.
  for (std::size_t draws = 0; found.size() < count && draws < 20 * count; ++draws) {
    Schedule schedule = generator.sample(random);
    if (seen.insert(to_string(schedule, steps)).second) found.push_back(std::move(schedule));
  }
}

// Leaves `most` of them, in their order. Drawn by hand: the library's own choice differs from one
// standard library to another, and a sample's schedules must have the same IDs everywhere.
void thin_out(std::vector<Schedule>& schedules, std::size_t most, std::mt19937_64& random) {
  while (schedules.size() > most) {
    schedules.erase(schedules.begin() + static_cast<std::ptrdiff_t>(random() % schedules.size()));
  }
}

std::uint64_t sum(std::uint64_t orders, std::size_t together) {
  return orders > kMany - together ? kMany : orders + together;
}

bool too_many(std::uint64_t possible, std::size_t limit) {
  return possible > kMostSchedules && limit > kMostSchedules;
}

}  // namespace

TooManySchedules::TooManySchedules(std::uint64_t count)
    : std::runtime_error(
          fmt::format("{}{} schedules, more than the {} that are made of one case and its axes",
                      count == kMany ? "at least " : "", count, kMostSchedules)),
      possible(count) {}

std::string to_string(const Schedule& schedule, const std::vector<Step>& steps) {
  std::string text;
  bool together = false;
  for (const ScheduleItem& item : schedule) {
    if (!text.empty()) text += together ? '+' : ' ';
    text += steps[item.step].id;
    if (item.kind == ScheduleItem::Kind::kBegin) text += '(';
    if (item.kind == ScheduleItem::Kind::kEnd) text += ')';
    together = item.kind == ScheduleItem::Kind::kTogether;
  }
  return text;
}

ScheduleList schedules(const std::vector<Step>& steps, std::size_t limit, std::uint64_t seed) {
  const Plan plan(steps);
  Generator generator(plan);
  const std::uint64_t orders = generator.count();
  std::vector<Schedule> together = schedules_together(plan, steps);
  ScheduleList list;
  list.together = together.size();
  list.possible = sum(orders, together.size());
  if (too_many(list.possible, limit)) throw TooManySchedules(list.possible);
  list.sampled = list.possible > limit;
  std::mt19937_64 random(seed);
  if (list.sampled) {
    const std::size_t room = orders < limit ? limit - orders : 0;
    thin_out(together, std::max(limit / 4, room), random);
    sample(generator, steps, limit - together.size(), random, list.schedules);
  } else {
    generator.enumerate(list.schedules);
  }
  std::move(together.begin(), together.end(), std::back_inserter(list.schedules));
  return list;
}

ScheduleList schedules(const Instance& instance, std::size_t limit, std::uint64_t seed) {
  if (instance.rounds == 0) return schedules(instance.steps, limit, seed);
  ScheduleList list;
  list.schedules = {schedules_of_rounds(instance).front()};
  list.possible = 1;
  return list;
}

std::string order_text(const Instance& instance, const Schedule& schedule) {
  const std::string order = to_string(schedule, instance.steps);
  if (instance.rounds == 0) return order;
  return fmt::format("{} rounds, of which the last is shown; the first: {}", instance.rounds,
                     order);
}

std::vector<Schedule> schedules_of_rounds(const Instance& instance) {
  constexpr std::size_t kMostOfRounds = 256;
  return schedules(instance.steps, kMostOfRounds, /*seed=*/1).schedules;
}

std::optional<TooManySchedules> too_many_schedules(const std::vector<Step>& steps,
                                                   std::size_t limit) {
  if (limit <= kMostSchedules) return std::nullopt;
  const Plan plan(steps);
  const std::uint64_t possible =
      sum(Generator(plan).count(), schedules_together(plan, steps).size());
  if (!too_many(possible, limit)) return std::nullopt;
  return TooManySchedules(possible);
}

Schedule opening_schedule(const std::vector<Step>& steps) {
  const Plan plan(steps);
  Schedule schedule;
  Plan::State state = plan.initial();
  while (!plan.finished(state)) {
    const auto options = plan.options(state, {});
    // The first step written that can be issued, else the first end. Waits are not begun early.
    const ScheduleItem* chosen = &options.front();
    for (const ScheduleItem& item : options) {
      const Operation* operation = find_operation(steps[item.step].operation);
      const bool early =
          item.kind == ScheduleItem::Kind::kBegin && operation->waiting == Waiting::kWaits;
      if (!early && item.kind != ScheduleItem::Kind::kEnd) {
        chosen = &item;
        break;
      }
    }
    schedule.push_back(*chosen);
    Plan::apply(state, *chosen);
  }
  return schedule;
}

std::string replay_id(const std::string& instance_name, const std::string& order) {
  // Crockford's base 32: no letters that are read as digits.
  constexpr std::string_view kDigits = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
  std::uint64_t hash = fnv1a(instance_name + " " + order);
  std::string id;
  for (int i = 0; i < 8; ++i) {
    id += kDigits[hash & 31U];
    hash >>= 5;
  }
  return id;
}

}  // namespace ws2conform
