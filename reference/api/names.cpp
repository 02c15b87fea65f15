// getaddrinfo and GetAddrInfoW.

#include "ws2/names.h"

#include <algorithm>
#include <memory>
#include <type_traits>

#include "api/addresses.hpp"
#include "api/call.hpp"
#include "api/wide.hpp"
#include "provider/resolver.hpp"

namespace ws2 {
namespace {

// What the hints of either width have in common.
struct Hints {
  int flags = 0;
  int family = AF_UNSPEC;
  int type = 0;
  int protocol = 0;
};

template <typename Info>
Hints read(const Info* hints) {
  if (hints == nullptr) return {};
  return {hints->ai_flags, hints->ai_family, hints->ai_socktype, hints->ai_protocol};
}

int judge(const Hints& hints, Query& query) {
  constexpr int kKnown = AI_PASSIVE | AI_CANONNAME | AI_NUMERICHOST | AI_NUMERICSERV;
  if ((hints.flags & ~kKnown) != 0) return WSAEINVAL;
  query.passive = (hints.flags & AI_PASSIVE) != 0;
  query.canonical_name = (hints.flags & AI_CANONNAME) != 0;
  query.numeric_host = (hints.flags & AI_NUMERICHOST) != 0;
  query.numeric_service = (hints.flags & AI_NUMERICSERV) != 0;
  if (query.canonical_name && !query.node) return WSAEINVAL;
  switch (hints.family) {
    case AF_UNSPEC:
      break;
    case AF_INET:
      query.family = Family::kInet;
      break;
    case AF_INET6:
      query.family = Family::kInet6;
      break;
    default:
      return WSAEAFNOSUPPORT;
  }
  const bool has_type =
      hints.type == 0 || hints.type == SOCK_STREAM || hints.type == SOCK_SEQPACKET;
  return has_type ? 0 : WSAESOCKTNOSUPPORT;
}

std::string text_for(const std::string& text, char) {
  return text;
}
WideText text_for(const std::string& text, WCHAR) {
  return widen(text);
}

// An entry, its address and its name are one block each, as release() expects them.
template <typename Info>
Info* make_entry(const Endpoint& endpoint, const Hints& hints) {
  const PublicAddress address(endpoint);
  auto entry = std::make_unique<Info>();
  *entry = {};
  entry->ai_family = family_number(endpoint.family);
  entry->ai_socktype = hints.type;
  entry->ai_protocol = hints.protocol;
  entry->ai_addrlen = static_cast<size_t>(address.size);
  entry->ai_addr = reinterpret_cast<sockaddr*>(new sockaddr_storage(address.storage));
  return entry.release();
}

template <typename Info>
void release(Info* list) {
  while (list != nullptr) {
    const std::unique_ptr<Info> entry(list);
    list = entry->ai_next;
    delete[] entry->ai_canonname;
    delete reinterpret_cast<sockaddr_storage*>(entry->ai_addr);
  }
}

template <typename Info>
struct Release {
  void operator()(Info* list) const { release(list); }
};

// `read_texts` puts the texts into the query, 0 or an error.
template <typename Info, typename ReadTexts>
int look_up(const Info* given, Info** result, ReadTexts read_texts) {
  return call_names([&] {
    if (result == nullptr) return WSAEFAULT;
    *result = nullptr;
    Query query;
    int outcome = read_texts(query);
    if (outcome == 0 && !query.node && !query.service) outcome = WSAHOST_NOT_FOUND;
    const Hints hints = read(given);
    if (outcome == 0) outcome = judge(hints, query);
    Answer answer;
    if (outcome == 0) outcome = resolve(query, answer);
    if (outcome != 0) return outcome;
    std::unique_ptr<Info, Release<Info>> list;
    for (auto endpoint = answer.endpoints.rbegin(); endpoint != answer.endpoints.rend();
         ++endpoint) {
      Info* const entry = make_entry<Info>(*endpoint, hints);
      entry->ai_next = list.release();
      list.reset(entry);
    }
    if (query.canonical_name) {
      using Character = std::remove_pointer_t<decltype(list->ai_canonname)>;
      const auto name = text_for(answer.canonical_name, Character());
      list->ai_canonname = new Character[name.size() + 1];
      std::copy_n(name.c_str(), name.size() + 1, list->ai_canonname);
    }
    *result = list.release();
    return 0;
  });
}

}  // namespace
}  // namespace ws2

int WSAAPI getaddrinfo(const char* node, const char* service, const addrinfo* hints,
                       addrinfo** result) {
  return ws2::look_up(hints, result, [&](ws2::Query& query) {
    if (node != nullptr) query.node = node;
    if (service != nullptr) query.service = service;
    return 0;
  });
}

INT WSAAPI GetAddrInfoW(PCWSTR node, PCWSTR service, const ADDRINFOW* hints, PADDRINFOW* result) {
  return ws2::look_up(hints, result, [&](ws2::Query& query) {
    if (node != nullptr && !(query.node = ws2::narrow(node))) return WSAHOST_NOT_FOUND;
    if (service != nullptr && !(query.service = ws2::narrow(service))) return WSATYPE_NOT_FOUND;
    return 0;
  });
}

void WSAAPI freeaddrinfo(addrinfo* list) {
  ws2::release(list);
}

void WSAAPI FreeAddrInfoW(PADDRINFOW list) {
  ws2::release(list);
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
