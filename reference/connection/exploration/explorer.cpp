#include "connection/exploration/explorer.hpp"

#include <algorithm>
#include <limits>
#include <unordered_map>

#include "connection/exploration/promises.hpp"

namespace ws2 {
namespace {

using Id = std::uint32_t;
constexpr Id kNobody = std::numeric_limits<Id>::max();

struct Node {
  World world;
  Promises promises;
};

class Search {
 public:
  Search(const Limits& limits, const Bounds& bounds) : scratch_{World(limits, bounds), {}} {}

  Exploration run() {
    (void)find(kNobody, {});
    std::vector<Node> level = {scratch_};
    while (!level.empty() && !found_.broken) {
      next_.clear();
      for (Id i = 0; i < level.size() && !found_.broken; ++i) expand(first_of_level_ + i, level[i]);
      first_of_level_ += static_cast<Id>(level.size());
      std::swap(level, next_);
    }
    found_.states = came_from_.size();
    if (!found_.broken) look_for_traps();
    return std::move(found_);
  }

 private:
  struct Step {
    Id from;
    Action action;
  };

  /// The number of scratch_'s state, and whether it is new.
  std::pair<Id, bool> find(Id from, Action action) {
    key_.clear();
    StateWriter writer(key_);
    writer.put(scratch_.world);
    scratch_.promises.write_state(scratch_.world, writer);
    const auto next = static_cast<Id>(came_from_.size());
    const auto [entry, is_new] = ids_.try_emplace(std::string(key_.begin(), key_.end()), next);
    if (is_new) {
      came_from_.push_back({from, action});
      if (scratch_.world.is_over(Side::kCaller) && scratch_.world.is_over(Side::kAcceptor))
        over_.push_back(next);
    }
    return {entry->second, is_new};
  }

  void expand(Id id, const Node& node) {
    node.world.enabled(actions_);
    const bool by_itself = std::any_of(actions_.begin(), actions_.end(), [](const Action& action) {
      return comes_by_itself(action.act);
    });
    if (auto broken = Promises::waits_in_vain(node.world, by_itself))
      return fail(*broken, id, std::nullopt);
    for (const Action action : actions_) {
      scratch_ = node;
      const Outcome outcome = scratch_.world.apply(action);
      ++found_.transitions;
      for (const auto& cell : outcome.cells) {
        if (cell) found_.cells.set(index_of(cell->first, cell->second));
      }
      if (auto broken = scratch_.promises.check(node.world, action, outcome, scratch_.world))
        return fail(*broken, id, action);
      const auto [to, is_new] = find(id, action);
      if (is_new) next_.push_back(scratch_);
      if (to != id) edges_.push_back({id, to});
    }
  }

  void fail(std::string broken, Id id, std::optional<Action> last) {
    found_.broken = std::move(broken);
    if (last) found_.way.push_back(*last);
    for (; came_from_[id].from != kNobody; id = came_from_[id].from)
      found_.way.push_back(came_from_[id].action);
    std::reverse(found_.way.begin(), found_.way.end());
  }

  /// Backwards from where both ends are over.
  void look_for_traps() {
    std::vector<Id> first(came_from_.size() + 1, 0);
    for (const auto& [from, to] : edges_) ++first[to + 1];
    for (std::size_t i = 1; i < first.size(); ++i) first[i] += first[i - 1];
    std::vector<Id> sources(edges_.size());
    std::vector<Id> at(first.begin(), first.end() - 1);
    for (const auto& [from, to] : edges_) sources[at[to]++] = from;
    std::vector<bool> has_exit(came_from_.size());
    std::vector<Id> open = over_;
    for (const Id id : open) has_exit[id] = true;
    while (!open.empty()) {
      const Id id = open.back();
      open.pop_back();
      for (Id i = first[id]; i < first[id + 1]; ++i) {
        if (has_exit[sources[i]]) continue;
        has_exit[sources[i]] = true;
        open.push_back(sources[i]);
      }
    }
    const auto trap = std::find(has_exit.begin(), has_exit.end(), false);
    if (trap != has_exit.end())
      fail("both ends can always come to their end", static_cast<Id>(trap - has_exit.begin()), {});
  }

  Exploration found_;
  Node scratch_;
  Bytes key_;
  std::vector<Action> actions_;
  std::unordered_map<std::string, Id> ids_;
  std::vector<Step> came_from_;
  std::vector<std::pair<Id, Id>> edges_;
  std::vector<Id> over_;
  std::vector<Node> next_;
  Id first_of_level_ = 0;
};

}  // namespace

Exploration explore(const Limits& limits, const Bounds& bounds) {
  return Search(limits, bounds).run();
}

std::string report(const Exploration& exploration) {
  if (!exploration.broken) return "every promise holds";
  std::string text = "broken: " + *exploration.broken + "\n";
  for (const Action action : exploration.way) text += "  " + to_string(action) + "\n";
  return text;
}

}  // namespace ws2
