#include "conformance/walks/series.hpp"

#include <fmt/format.h>

#include "conformance/model/observation.hpp"

namespace ws2conform::walks {

Series::Series(const std::vector<std::pair<std::string, ws2::Limits>>& providers,
               const std::string& edition, std::uint64_t seed)
    : seed_(seed) {
  for (const auto& [provider, limits] : providers) {
    generators_.emplace_back(provider, edition, limits, seed * 1'000'003 + providers_.size());
    providers_.push_back(provider);
  }
}

Series::Next Series::next() {
  const std::size_t turn = made_ % generators_.size();
  Next next{fmt::format("walk-{}-{}", seed_, ++made_), providers_[turn], std::nullopt};
  next.generated = generators_[turn].walk(next.id);
  return next;
}

std::vector<Schedule> schedules_of_a_walk(const Instance& instance, std::uint64_t seed) {
  constexpr std::size_t kSampled = 2;
  std::vector<Schedule> chosen = schedules(instance.steps, kSampled, seed).schedules;
  chosen.insert(chosen.begin(), model::in_order(instance.steps));
  return chosen;
}

}  // namespace ws2conform::walks
