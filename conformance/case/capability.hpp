// What an implementation claims, and whether a case applies to it.
#pragma once

#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

#include "conformance/case/instance.hpp"
#include "conformance/case/offer.hpp"

namespace ws2conform {

// One protocol entry of an IUT, from the adapter's hello.
struct Provider {
  std::string name;
  std::set<std::string> flags;     // XP1_* names
  std::set<std::string> families;  // AF_INET, AF_INET6
  std::set<std::string>
      capabilities;               // the suite's words, those that flags and limits tell included
  long long caller_data_max = 0;  // octets
  long long callee_data_max = 0;
  long long disconnect_data_max = 0;
  long long disconnect_reply_max = 0;
};

// The address family in which a case runs: the one that its axes choose, or AF_INET, or AF_INET6
// for a provider that has no other.
std::string family_of(const Instance& instance, const Provider& provider);

// Its limits by the names that a case gives them (kLimitNames).
std::map<std::string, long long> limits_of(const Provider& provider);

// An adapter's hello, checked.
struct Hello {
  std::string implementation;
  std::string version;
  int lanes = 1;             // calls it can hold open at once
  bool nested = false;       // it makes calls while its condition function is open
  bool reads_ahead = false;  // it is sent requests before it has answered the last
  std::set<std::string> operations;
  Offer only;  // what they are offered for, where that is not everything
  std::vector<Provider> providers;

  const Provider* provider(const std::string& name) const;
};

// Throws std::runtime_error saying which field is wrong.
Hello parse_hello(const nlohmann::json& message);

// Every word that `needs` and `lacks` can use.
std::vector<std::string> capability_names();

// Why `instance` does not apply to an actor on this implementation: the declared gap. Empty when it
// applies. `role` and `iut` are for the sentence.
std::string declared_gap(const Instance& instance, const std::string& actor, const Hello& hello,
                         const std::string& iut);

}  // namespace ws2conform
