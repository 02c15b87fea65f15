#include "providers.hpp"

#include <algorithm>
#include <charconv>
#include <stdexcept>

#include "names.hpp"

namespace ws2conform {
namespace {

constexpr std::string_view kLimits[] = {"caller_data_max", "callee_data_max", "disconnect_data_max",
                                        "disconnect_reply_max"};
constexpr std::string_view kCapabilities[] = {"conditional-accept", "delayed-accept", "events",
                                              "half-close",         "overlapped",     "relayable",
                                              "connection-timeout", "keep-alive"};

template <typename Range>
bool contains(const Range& range, std::string_view value) {
  return std::find(std::begin(range), std::end(range), value) != std::end(range);
}

template <typename Range>
std::string alternatives(const Range& range) {
  std::string text;
  for (const std::string_view value : range)
    text += (text.empty() ? "" : ", ") + std::string(value);
  return text;
}

bool serves(const WSAPROTOCOL_INFOA& entry, int family) {
  return entry.iAddressFamily == family || entry.iAddressFamily == AF_UNSPEC;
}

bool is_judged(const WSAPROTOCOL_INFOA& entry) {
  if ((entry.dwServiceFlags1 & XP1_CONNECTIONLESS) != 0) return false;
  if (socket_types().name(entry.iSocketType).empty()) return false;
  return std::any_of(families().begin(), families().end(), [&entry](const Name& family) {
    return serves(entry, static_cast<int>(family.value));
  });
}

// szProtocol in lower case and without blanks.
std::string provider_name(const WSAPROTOCOL_INFOA& entry) {
  std::string name;
  for (const char* c = entry.szProtocol; *c != '\0'; ++c) {
    if (*c != ' ') name += *c >= 'A' && *c <= 'Z' ? static_cast<char>(*c - 'A' + 'a') : *c;
  }
  return name;
}

bool alike(const WSAPROTOCOL_INFOA& a, const WSAPROTOCOL_INFOA& b) {
  return a.iSocketType == b.iSocketType && a.dwServiceFlags1 == b.dwServiceFlags1;
}

// Puts an entry to its kind. One of the same name that differs becomes a provider of its own.
void add(std::vector<Provider>& providers, const WSAPROTOCOL_INFOA& entry,
         const std::string& base) {
  std::string name = base;
  for (int copy = 2;; ++copy) {
    const auto same = std::find_if(providers.begin(), providers.end(),
                                   [&name](const Provider& p) { return p.name == name; });
    if (same == providers.end()) {
      providers.push_back({name, {entry}, {}});
      return;
    }
    if (alike(same->entries.front(), entry)) {
      same->entries.push_back(entry);
      return;
    }
    name = base + "-" + std::to_string(copy);
  }
}

std::vector<WSAPROTOCOL_INFOA> all_entries() {
  DWORD size = 0;
  int count = WSAEnumProtocolsA(nullptr, nullptr, &size);
  // The list may grow between two calls.
  while (count == SOCKET_ERROR && WSAGetLastError() == WSAENOBUFS) {
    std::vector<WSAPROTOCOL_INFOA> entries(size / sizeof(WSAPROTOCOL_INFOA) + 1);
    size = static_cast<DWORD>(entries.size() * sizeof(WSAPROTOCOL_INFOA));
    count = WSAEnumProtocolsA(nullptr, entries.data(), &size);
    if (count != SOCKET_ERROR) {
      entries.resize(static_cast<std::size_t>(count));
      return entries;
    }
  }
  if (count == 0) return {};
  throw std::runtime_error("WSAEnumProtocols failed: " + error_name(WSAGetLastError()));
}

}  // namespace

Claim Claim::parse(const std::string& text) {
  const std::size_t colon = text.find(':');
  // A name in the manner of Windows, such as msafdtcpip[tcp/ip], has no colon.
  if (colon == 0 || colon == std::string::npos) {
    throw std::invalid_argument("\"" + text + "\" does not start with a provider and a colon");
  }
  Claim claim;
  claim.provider = text.substr(0, colon);
  std::size_t begin = colon + 1;
  while (begin <= text.size()) {
    const std::size_t end = std::min(text.find(',', begin), text.size());
    const std::string item = text.substr(begin, end - begin);
    const std::size_t equals = item.find('=');
    begin = end + 1;
    if (equals == std::string::npos) {
      if (!contains(kCapabilities, item)) {
        throw std::invalid_argument("\"" + item + "\" is no capability; there are " +
                                    alternatives(kCapabilities));
      }
      claim.capabilities.push_back(item);
      continue;
    }
    const std::string limit = item.substr(0, equals);
    if (!contains(kLimits, limit)) {
      throw std::invalid_argument("\"" + limit + "\" is no limit; there are " +
                                  alternatives(kLimits));
    }
    unsigned octets = 0;
    const char* last = item.data() + item.size();
    const auto [stop, error] = std::from_chars(item.data() + equals + 1, last, octets);
    if (error != std::errc() || stop != last) {
      throw std::invalid_argument("\"" + item + "\" needs a number of octets");
    }
    claim.limits[limit] = octets;
  }
  return claim;
}

WSAPROTOCOL_INFOA* Provider::entry(int family) {
  const auto found = std::find_if(entries.begin(), entries.end(),
                                  [family](const auto& entry) { return serves(entry, family); });
  return found == entries.end() ? nullptr : &*found;
}

Json Provider::to_json() const {
  const WSAPROTOCOL_INFOA& first = entries.front();
  Json served = Json::array();
  for (const Name& family : families()) {
    const int value = static_cast<int>(family.value);
    const auto serves_it = [value](const auto& entry) { return serves(entry, value); };
    if (std::any_of(entries.begin(), entries.end(), serves_it)) served.push_back(family.name);
  }
  Json json = {{"name", name},
               {"type", socket_types().name(first.iSocketType)},
               {"flags", service_flags().list(first.dwServiceFlags1)},
               {"families", served},
               {"capabilities", claim.capabilities}};
  json.update(claim.limits);
  return json;
}

std::pair<std::string, std::string> parse_rename(const std::string& text) {
  const std::size_t equals = text.find('=');
  if (equals == 0 || equals == std::string::npos || equals + 1 == text.size()) {
    throw std::invalid_argument("\"" + text + "\" is not a provider's name, = and a new one");
  }
  return {text.substr(0, equals), text.substr(equals + 1)};
}

std::vector<Provider> list_providers(const std::vector<Claim>& claims, const Renames& renames) {
  std::vector<Provider> providers;
  std::vector<std::string> original;
  for (const WSAPROTOCOL_INFOA& entry : all_entries()) {
    if (!is_judged(entry)) continue;
    original.push_back(provider_name(entry));
    const auto renamed = renames.find(original.back());
    add(providers, entry, renamed == renames.end() ? original.back() : renamed->second);
  }
  const auto require = [](bool found, const std::string& name, const auto& names) {
    if (found) return;
    throw std::invalid_argument("no provider is called \"" + name + "\"; there are " +
                                alternatives(names));
  };
  for (const auto& [name, renamed] : renames) require(contains(original, name), name, original);
  std::vector<std::string_view> names;
  for (const Provider& provider : providers) names.push_back(provider.name);
  for (const Claim& claim : claims) {
    const auto found = std::find_if(providers.begin(), providers.end(),
                                    [&claim](const auto& p) { return p.name == claim.provider; });
    require(found != providers.end(), claim.provider, names);
    found->claim = claim;
  }
  return providers;
}

}  // namespace ws2conform
