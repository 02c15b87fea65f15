// What a case says must not be seen, and for how long.
//
//   must-not:
//     - {client: FD_CLOSE, until: 5}
//     - {server: condition, from: 2, until: 4, requirement: ACC-09}
//     - {client: receive, from: 7}
#pragma once

#include "conformance/case/instance.hpp"
#include "conformance/case/model.hpp"
#include "conformance/case/yaml.hpp"

namespace ws2conform {

// `node` is the value of the key `must-not`, `actors` what may stand for an actor, axes included.
// Throws InputError.
std::vector<Prohibition> load_prohibitions(const YamlFile& file, const YAML::Node& node,
                                           const std::vector<std::string>& actors);

// "no FD_CLOSE at client before step 5 begins", "no octets received at client after step 7".
std::string to_string(const Prohibition& prohibition);

// Throws InputError for a prohibition that no schedule can violate, because nobody looks in time,
// and for one that forbids what a step expects.
void lint_prohibitions(const Instance& instance);

}  // namespace ws2conform
