// What an adapter offers an operation for, where that is not everything: `only` in its hello.
#pragma once

#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "conformance/case/model.hpp"

namespace ws2conform {

// Operation ("condition" for its decision) -> field, or "state" -> the values that are known.
// Numbers are texts, as in a case. A field that is not there may have every value.
using Offer = std::map<std::string, std::map<std::string, std::vector<nlohmann::json>>>;

// Throws std::runtime_error saying what is wrong.
Offer parse_offer(const nlohmann::json& only);

// Every word that `state` can have.
std::vector<std::string> socket_states();

// One actor's steps, in their order: in what state each finds its socket.
class OfferedSteps {
 public:
  OfferedSteps(const Offer& offer, const std::string& actor) : offer_(offer), actor_(actor) {}

  // What the adapter does not offer of this step, such as "shutdown with how SD_BOTH"; empty where
  // it offers it. Must be called for every step of the actor.
  std::string gap(const Step& step);

 private:
  std::string gap_of(const std::string& call, const Step& step) const;
  std::string state_of(const Step& step) const;
  void follow(const Step& step);

  const Offer& offer_;
  std::string actor_;
  std::map<std::string, std::string> states_;  // by the socket's name
};

}  // namespace ws2conform
