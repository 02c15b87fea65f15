// What the model says of the cases, for other programs: model.json.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "conformance/model/findings.hpp"

namespace ws2conform::model {

// One case with all its choices of axes.
struct CaseCount {
  const Case* source = nullptr;
  std::size_t instances = 0;
  std::uint64_t schedules = 0;  // of those explored; saturates
  std::size_t states = 0;
  std::size_t sampled = 0;                     // instances in which the bound was hit
  std::map<std::string, std::size_t> outside;  // instances that the model does not have, by reason

  void add(const Instance& instance, const Explored& explored);
  std::size_t count_outside() const;
};

struct ModelReport {
  std::string implementation;
  std::string edition;
  ExplorationBounds bounds;
  std::vector<CaseCount> cases;
  std::vector<Finding> findings;  // with the reasons of those that may stay
};

// The form is told in model.schema.json.
nlohmann::json model_json(const ModelReport& report);

}  // namespace ws2conform::model
