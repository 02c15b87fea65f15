#pragma once

#include <map>
#include <string>
#include <utility>
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

// Providers' names and what they are to be called instead.
using Renames = std::map<std::string, std::string>;

// "tcp/ip=tcp"; throws std::invalid_argument.
std::pair<std::string, std::string> parse_rename(const std::string& text);

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
// claim or a renaming that no provider matches. Claims use the new names.
std::vector<Provider> list_providers(const std::vector<Claim>& claims, const Renames& renames);

}  // namespace ws2conform
