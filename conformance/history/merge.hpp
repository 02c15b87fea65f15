// Several shards of one run as one history.
#pragma once

#include <vector>

#include "conformance/history/history.hpp"

namespace ws2conform {

// In the order of the shards. One that is missing makes the result incomplete and is named in
// `missing`. Throws InputError for histories that are not shards of one run: of another suite, case
// set, implementation or options, or with a case that two of them have.
History merge(std::vector<History> histories);

}  // namespace ws2conform
