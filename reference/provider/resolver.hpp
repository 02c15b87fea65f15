#pragma once

#include <optional>
#include <string>
#include <vector>

#include "provider/endpoint.hpp"

namespace ws2 {

struct Query {
  std::optional<std::string> node;     ///< absent: the machine itself
  std::optional<std::string> service;  ///< a port or its name
  std::optional<Family> family;
  bool passive = false;          ///< absent node: the wildcard address instead of the loopback one
  bool canonical_name = false;   ///< wanted too
  bool numeric_host = false;     ///< no name, only an address
  bool numeric_service = false;  ///< likewise
};

struct Answer {
  std::vector<Endpoint> endpoints;
  std::string canonical_name;
};

/// What libc's resolver knows. 0 or the WSA number that getaddrinfo returns.
int resolve(const Query& query, Answer& answer);

}  // namespace ws2
