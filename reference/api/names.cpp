// getaddrinfo.

#include "ws2/names.h"

#include <cstring>
#include <memory>

#include "api/addresses.hpp"
#include "api/call.hpp"
#include "provider/resolver.hpp"

namespace {

int read_hints(const addrinfo* hints, ws2::Query& query) {
  if (hints == nullptr) return 0;
  constexpr int kKnown = AI_PASSIVE | AI_CANONNAME | AI_NUMERICHOST | AI_NUMERICSERV;
  if ((hints->ai_flags & ~kKnown) != 0) return WSAEINVAL;
  query.passive = (hints->ai_flags & AI_PASSIVE) != 0;
  query.canonical_name = (hints->ai_flags & AI_CANONNAME) != 0;
  query.numeric_host = (hints->ai_flags & AI_NUMERICHOST) != 0;
  query.numeric_service = (hints->ai_flags & AI_NUMERICSERV) != 0;
  if (query.canonical_name && !query.node) return WSAEINVAL;
  switch (hints->ai_family) {
    case AF_UNSPEC:
      break;
    case AF_INET:
      query.family = ws2::Family::kInet;
      break;
    case AF_INET6:
      query.family = ws2::Family::kInet6;
      break;
    default:
      return WSAEAFNOSUPPORT;
  }
  const int type = hints->ai_socktype;
  return type == 0 || type == SOCK_STREAM || type == SOCK_SEQPACKET ? 0 : WSAESOCKTNOSUPPORT;
}

// An entry, its address and its name are one block each, as freeaddrinfo expects them.
addrinfo* make_entry(const ws2::Endpoint& endpoint, const addrinfo* hints) {
  const ws2::PublicAddress address(endpoint);
  auto entry = std::make_unique<addrinfo>();
  *entry = {};
  entry->ai_family = ws2::family_number(endpoint.family);
  entry->ai_socktype = hints != nullptr ? hints->ai_socktype : 0;
  entry->ai_protocol = hints != nullptr ? hints->ai_protocol : 0;
  entry->ai_addrlen = static_cast<size_t>(address.size);
  entry->ai_addr = reinterpret_cast<sockaddr*>(new sockaddr_storage(address.storage));
  return entry.release();
}

}  // namespace

int WSAAPI getaddrinfo(const char* node, const char* service, const addrinfo* hints,
                       addrinfo** result) {
  int outcome = WSANOTINITIALISED;
  ws2::call([&] {
    if (result == nullptr) return outcome = WSAEFAULT;
    *result = nullptr;
    ws2::Query query;
    if (node != nullptr) query.node = node;
    if (service != nullptr) query.service = service;
    if (!query.node && !query.service) return outcome = WSAHOST_NOT_FOUND;
    outcome = read_hints(hints, query);
    if (outcome != 0) return outcome;
    ws2::Answer answer;
    outcome = ws2::resolve(query, answer);
    addrinfo** next = result;
    for (const ws2::Endpoint& endpoint : answer.endpoints) {
      *next = make_entry(endpoint, hints);
      next = &(*next)->ai_next;
    }
    if (outcome == 0 && query.canonical_name) {
      (*result)->ai_canonname = new char[answer.canonical_name.size() + 1];
      std::strcpy((*result)->ai_canonname, answer.canonical_name.c_str());
    }
    return outcome;
  });
  return outcome;
}

void WSAAPI freeaddrinfo(addrinfo* list) {
  while (list != nullptr) {
    const std::unique_ptr<addrinfo> entry(list);
    list = entry->ai_next;
    delete[] entry->ai_canonname;
    delete reinterpret_cast<sockaddr_storage*>(entry->ai_addr);
  }
}

char* WSAAPI gai_strerrorA(int error) {
  const char* text = "unknown error of getaddrinfo";
  switch (error) {
    case 0:
      text = "success";
      break;
    case EAI_AGAIN:
      text = "the name cannot be resolved at present";
      break;
    case EAI_BADFLAGS:
      text = "a flag of the hints is not valid";
      break;
    case EAI_FAIL:
      text = "the name cannot be resolved, now or later";
      break;
    case EAI_FAMILY:
      text = "the address family is not supported";
      break;
    case EAI_MEMORY:
      text = "not enough memory";
      break;
    case EAI_NONAME:
      text = "there is no such host";
      break;
    case EAI_SERVICE:
      text = "there is no such service";
      break;
    case EAI_SOCKTYPE:
      text = "the socket type is not supported";
      break;
    default:
      break;
  }
  return const_cast<char*>(text);
}
