// Walks: calls in a random order, and what the model says that each must come to.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "conformance/case/instance.hpp"
#include "conformance/model/net.hpp"
#include "connection/limits.hpp"

namespace ws2conform::walks {

// Calls, made one after the other: steps with arguments and no outcomes. A connect may say `until`
// or `by`; whatever else is said of order follows from the order in which they stand.
struct Draft {
  std::string id;
  std::string given = "connected";
  std::string family = "AF_INET";
  std::vector<std::string> actors = {"client", "server"};
  std::vector<Step> steps;
};

// A step of a draft; fields in the form of the loader: scalars are strings.
Step call(const std::string& id, const std::string& actor, const std::string& operation,
          std::vector<std::pair<std::string, nlohmann::json>> fields = {});

struct Derived {
  Case walk;
  // How everything stands at the end, all being delivered.
  std::optional<model::Net> net;
};

// The draft as a case, each step with the outcome that the model gives it. Steps whose outcome
// depends on when things arrive, that may not return, or that the model does not have are left out,
// and `draft` then has them no more. Nothing where the opening is not in the model.
std::optional<Derived> derive(Draft& draft, const std::string& provider, const std::string& edition,
                              const ws2::Limits& limits);

// Whether every schedule of the case, early waits included, does in the model what it expects.
bool holds_in_the_model(const Case& walk, const std::string& provider, const std::string& edition,
                        const ws2::Limits& limits);

}  // namespace ws2conform::walks
