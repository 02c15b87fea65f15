// Steps written in C++, for tests that need no file.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "conformance/case/model.hpp"

namespace ws2conform::testing_steps {

inline Step step(std::string id, std::string actor, std::string operation,
                 std::vector<std::string> after = {}) {
  Step made;
  made.id = std::move(id);
  made.actor = std::move(actor);
  made.operation = std::move(operation);
  made.after = std::move(after);
  made.place = {"steps.yaml", 1, 1};
  return made;
}

// A connect that is pending until `decision`.
inline Step pending(std::string id, std::string actor, std::string decision,
                    std::vector<std::string> after = {}) {
  Step made = step(std::move(id), std::move(actor), "connect", std::move(after));
  made.until = std::move(decision);
  return made;
}

// A WSAAccept that passes a condition function.
inline Step conditional(std::string id, std::string actor, std::vector<std::string> after = {}) {
  Step made = step(std::move(id), std::move(actor), "WSAAccept", std::move(after));
  made.fields.push_back({"condition", "true", made.place});
  return made;
}

}  // namespace ws2conform::testing_steps
