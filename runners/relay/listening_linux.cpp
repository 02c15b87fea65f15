#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <netinet/tcp.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <vector>

#include "runners/relay/listening.hpp"

namespace ws2conform::relay {
namespace {

struct Request {
  nlmsghdr header{};
  inet_diag_req_v2 body{};
};

bool is_at(const inet_diag_sockid& id, std::uint8_t family, const Address& address) {
  if (ntohs(id.idiag_sport) != address.port()) return false;
  const std::string wanted = address.octets();
  const std::string bound(reinterpret_cast<const char*>(id.idiag_src), family == AF_INET6 ? 16 : 4);
  const bool any = std::all_of(bound.begin(), bound.end(), [](char octet) { return octet == 0; });
  return any || bound == wanted;
}

// True when the answer is complete; `found` is set on the way.
bool scan(const char* data, std::size_t size, const Address& address, bool& found) {
  for (auto* header = reinterpret_cast<const nlmsghdr*>(data); NLMSG_OK(header, size);
       header = NLMSG_NEXT(header, size)) {
    if (header->nlmsg_type == NLMSG_DONE || header->nlmsg_type == NLMSG_ERROR) return true;
    inet_diag_msg message{};
    std::memcpy(&message, NLMSG_DATA(header), sizeof message);
    found = found || is_at(message.id, message.idiag_family, address);
  }
  return false;
}

bool listens_in(std::uint8_t family, const Address& address) {
  const int netlink = ::socket(AF_NETLINK, SOCK_DGRAM | SOCK_CLOEXEC, NETLINK_SOCK_DIAG);
  if (netlink < 0) return false;
  Request request;
  request.header.nlmsg_len = sizeof request;
  request.header.nlmsg_type = SOCK_DIAG_BY_FAMILY;
  request.header.nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
  request.body.sdiag_family = family;
  request.body.sdiag_protocol = IPPROTO_TCP;
  request.body.idiag_states = 1U << TCP_LISTEN;
  bool found = false;
  bool complete = ::send(netlink, &request, sizeof request, 0) != sizeof request;
  alignas(nlmsghdr) char answer[16384];
  while (!complete) {
    const ssize_t size = ::recv(netlink, answer, sizeof answer, 0);
    complete = size <= 0 || scan(answer, static_cast<std::size_t>(size), address, found);
  }
  ::close(netlink);
  return found;
}

}  // namespace

bool is_listening(const Address& address) {
  // A listener of IPv6 at the unspecified address may serve IPv4 as well.
  return listens_in(address.storage.ss_family, address) ||
         (!address.is_ipv6() && listens_in(AF_INET6, address));
}

}  // namespace ws2conform::relay
