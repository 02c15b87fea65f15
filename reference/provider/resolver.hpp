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

/// What to be called what, for name_of().
struct NameQuery {
  bool fully_qualified = true;
  bool numeric_host = false;
  bool name_required = false;  ///< an address is not good enough
  bool numeric_service = false;
};

struct Names {
  std::string host;
  std::string service;
};

/// Back from an address to its names. 0 or the WSA number that getnameinfo returns.
int name_of(const Endpoint& endpoint, const NameQuery& query, Names& names);

/// What libc's resolver knows. 0 or the WSA number that getaddrinfo returns.
int resolve(const Query& query, Answer& answer);

}  // namespace ws2
