// The zoo: implementations that are wrong in one way each, for proving that the suite goes red.
#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include "conformance/zoo/layer.hpp"

namespace ws2conform::zoo {

struct Fault {
  std::string_view name;
  std::string_view description;
  std::string_view requirement;  // what it violates; empty for the null fault
  std::shared_ptr<ws2::ServiceSocket> (*wrap)(std::shared_ptr<ws2::ServiceSocket> inner, Wrap wrap);
};

// The null fault, which changes nothing, comes first.
const std::vector<Fault>& all_faults();

// nullptr for a name that is no fault.
const Fault* find_fault(std::string_view name);

// Everything that this process opens from now on has the fault.
void install(const Fault& fault);

}  // namespace ws2conform::zoo
