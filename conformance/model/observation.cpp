#include "conformance/model/observation.hpp"

#include <algorithm>
#include <unordered_set>

namespace ws2conform::model {
namespace {

using nlohmann::json;

// So many different states say that the calls are not worth it.
constexpr std::size_t kMostStates = 400;

class Doubt : public std::exception {};

std::string key_of(const Player& player) {
  ws2::Bytes key;
  ws2::StateWriter writer(key);
  player.write_state(writer);
  return {key.begin(), key.end()};
}

// All states that come of these by themselves; where a step is awaited, those in which it is done.
std::vector<Player> later(const std::vector<Player>& from) {
  std::vector<Player> open;
  std::vector<Player> found;
  std::unordered_set<std::string> seen;
  const auto add = [&](const Player& player) {
    if (seen.insert(key_of(player)).second) open.push_back(player);
    if (seen.size() > kMostStates) throw Doubt();
  };
  for (const Player& player : from) add(player);
  while (!open.empty()) {
    const auto player = std::make_unique<Player>(std::move(open.back()));
    open.pop_back();
    bool ends = true;
    for (const Move& move : player->moves()) {
      if (move.kind == Move::Kind::kItem) continue;
      ends = false;
      if (!player->awaited() && move.kind == Move::Kind::kArrival) continue;
      Player next = *player;
      next.make(move);
      if (player->awaited() && !next.awaited()) {
        found.push_back(std::move(next));
      } else {
        add(next);
      }
    }
    if (ends && player->awaited()) throw Doubt();
    if (!player->awaited()) found.push_back(*player);
  }
  return found;
}

std::vector<Player> distinct(std::vector<Player> players) {
  std::vector<Player> found;
  std::unordered_set<std::string> seen;
  for (Player& player : players) {
    if (seen.insert(key_of(player)).second) found.push_back(std::move(player));
  }
  return found;
}

json without_id(json reply) {
  if (reply.is_object()) reply.erase("id");
  return reply;
}

// Plays one item from each of these; gives what its step came to. Throws Doubt.
json play(const ScheduleItem& item, std::vector<Player>& players) {
  std::vector<Player> done;
  std::vector<Player> waiting;
  std::optional<json> outcome;
  const auto note = [&](const Player& player) {
    const json came = without_id(player.outcome());
    if (item.kind == ScheduleItem::Kind::kBegin) return;
    if (outcome && *outcome != came) throw Doubt();
    outcome = came;
  };
  for (const Player& player : later(players)) {
    Player next = player;
    next.make({Move::Kind::kItem, {}, {}, item});
    (next.awaited() ? waiting : done).push_back(std::move(next));
  }
  if (!waiting.empty()) {
    for (Player& player : later(waiting)) done.push_back(std::move(player));
  }
  for (const Player& player : done) note(player);
  players = distinct(std::move(done));
  return outcome.value_or(json());
}

}  // namespace

Schedule in_order(const std::vector<Step>& steps) {
  const Plan plan(steps);
  Plan::State state = plan.initial();
  Schedule schedule;
  while (true) {
    const auto options = plan.options(state, {});
    if (options.empty()) return schedule;
    schedule.push_back(*std::min_element(
        options.begin(), options.end(),
        [](const ScheduleItem& a, const ScheduleItem& b) { return a.step < b.step; }));
    Plan::apply(state, schedule.back());
  }
}

Observation observe(const Instance& instance, const std::string& edition,
                    const ws2::Limits& limits) {
  const Plan plan(instance.steps);
  std::vector<Player> players;
  players.emplace_back(instance, plan, edition, limits, false);
  Observation observation;
  observation.outcomes.resize(instance.steps.size());
  for (const auto& [name, binding] : players.front().progress().bindings()) {
    if (binding.type == FieldType::kAddress) observation.addresses[binding.wire] = name;
  }
  for (const ScheduleItem& item : in_order(instance.steps)) {
    try {
      const json outcome = play(item, players);
      if (item.kind != ScheduleItem::Kind::kBegin) observation.outcomes[item.step] = outcome;
    } catch (const Doubt&) {
      observation.doubtful = item.step;
    } catch (const Outside&) {
      observation.doubtful = item.step;
    }
    if (observation.doubtful) return observation;
  }
  Net net = players.front().net();
  for (auto next = net.enabled(); !next.empty(); next = net.enabled()) net.apply(next.front());
  observation.net = std::move(net);
  return observation;
}

}  // namespace ws2conform::model
