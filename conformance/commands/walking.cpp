#include "conformance/commands/walking.hpp"

#include "conformance/model/limits.hpp"

namespace ws2conform {

ws2::Limits walk_limits(const Ensemble& ensemble, const std::string& provider,
                        const Options& options) {
  return model::limits_of(*ensemble.client.provider(provider), options.edition);
}

walks::Series walk_series(const Ensemble& ensemble, const Options& options) {
  std::vector<std::pair<std::string, ws2::Limits>> providers;
  for (const std::string& provider : ensemble.providers) {
    providers.emplace_back(provider, walk_limits(ensemble, provider, options));
  }
  return {providers, options.edition, options.seed};
}

}  // namespace ws2conform
