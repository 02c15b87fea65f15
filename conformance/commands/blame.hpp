// Whose fault it is that a case fails between two implementations.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "conformance/judge/result.hpp"

namespace ws2conform {

enum class Blame {
  kClient,
  kServer,
  kBoth,
  kSilent,     // the specification does not say which of the two has to give way
  kUndecided,  // the reference cannot tell
};
std::string_view to_string(Blame blame);

struct Judgement {
  Blame blame = Blame::kUndecided;
  std::string because;  // a sentence
};

// The same case with the same axes when one of the two is replaced by the reference; none where
// that was not run. Not owned.
struct AgainstReference {
  const InstanceResult* client = nullptr;  // the client with the reference as server
  const InstanceResult* server = nullptr;  // the reference as client with the server
  const InstanceResult* itself = nullptr;  // the reference with itself
};

// Whether it counts as failing: the implementation did wrong, or its adapter broke.
bool is_failing(const InstanceResult& instance);

// `failing` is what happened between the two.
Judgement assign_blame(const InstanceResult& failing, const AgainstReference& reference,
                       const Requirements& requirements);

}  // namespace ws2conform
