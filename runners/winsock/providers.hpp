#pragma once

#include <string>
#include <vector>

#include "channel.hpp"
#include "winsock_api.hpp"

namespace ws2conform {

// What the command line claims for a provider: what WSAPROTOCOL_INFO has no field for.
struct Claim {
  std::string provider;
  Json limits = Json::object();  // caller_data_max and its kin
  Json capabilities = Json::array();

  // "stream:caller_data_max=512,conditional-accept"; throws std::invalid_argument, saying what is
  // wrong.
  static Claim parse(const std::string& text);
};

// A connection-oriented provider: the entries of WSAEnumProtocols that share a name, one for each
// address family (or one for all).
struct Provider {
  std::string name;
  std::vector<WSAPROTOCOL_INFOA> entries;
  Claim claim;

  // The entry that serves a family; nullptr when there is none.
  WSAPROTOCOL_INFOA* entry(int family);
  Json to_json() const;
};

// Asks WSAEnumProtocols. Throws std::runtime_error when that fails, and std::invalid_argument for a
// claim that no provider matches.
std::vector<Provider> list_providers(const std::vector<Claim>& claims);

}  // namespace ws2conform
