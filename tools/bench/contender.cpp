#include "contender.hpp"

#include <algorithm>
#include <array>
#include <string>

#include "contenders/all.hpp"
#include "octets.hpp"

namespace bench {

std::intptr_t Server::accept() {
  fail("this contender accepts and serves in one");
}
void Server::serve_accepted(std::intptr_t) {
  fail("this contender accepts and serves in one");
}
void Server::answer_requests() {
  fail("this contender only does full exchanges");
}
void Server::take_bulk(std::uint64_t) {
  fail("this contender only does full exchanges");
}
void Server::hold_idle(int) {
  fail("this contender holds nothing");
}
std::uint16_t Server::defer_port() {
  fail("this contender holds nothing");
}
void Server::defer() {
  fail("this contender holds nothing");
}

void Client::request_often(int) {
  fail("this contender only does full exchanges");
}
void Client::send_bulk(std::uint64_t) {
  fail("this contender only does full exchanges");
}
void Client::hold_idle(int) {
  fail("this contender holds nothing");
}
void Client::hold_deferred(int, std::uint16_t) {
  fail("this contender holds nothing");
}

std::span<const Contender> contenders() {
  static const std::array all = {raw_tcp(), framed_tcp(), ws2_stream(), ws2_message(),
                                 enet(),    srt(),        beast(),      libfabric()};
  return all;
}

const Contender& contender(std::string_view name) {
  const auto all = contenders();
  const auto found = std::ranges::find(all, name, &Contender::name);
  if (found == all.end()) fail(("there is no contender " + std::string(name)).c_str());
  return *found;
}

}  // namespace bench
