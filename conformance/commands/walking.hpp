// Walks for the implementations of an ensemble.
#pragma once

#include <string>

#include "conformance/commands/ensemble.hpp"
#include "conformance/walks/series.hpp"

namespace ws2conform {

// As the client's provider of that name tells them.
ws2::Limits walk_limits(const Ensemble& ensemble, const std::string& provider,
                        const Options& options);

// On all its providers in turn.
walks::Series walk_series(const Ensemble& ensemble, const Options& options);

}  // namespace ws2conform
