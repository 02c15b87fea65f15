#include "soak/winsock.hpp"

#include <algorithm>
#include <stdexcept>

namespace soak {
namespace {

struct Answer {
  std::string (*reply)(const std::string&);
  std::string caller_data;
};

int CALLBACK decide(LPWSABUF, LPWSABUF caller_data, LPQOS, LPQOS, LPWSABUF, LPWSABUF callee_data,
                    GROUP*, DWORD_PTR context) {
  auto& answer = *reinterpret_cast<Answer*>(context);
  answer.caller_data.clear();
  if (caller_data != nullptr) answer.caller_data.assign(caller_data->buf, caller_data->len);
  const std::string reply = answer.reply(answer.caller_data);
  if (reply.size() > callee_data->len) return CF_REJECT;
  std::copy(reply.begin(), reply.end(), callee_data->buf);
  callee_data->len = static_cast<ULONG>(reply.size());
  return CF_ACCEPT;
}

sockaddr_in loopback(unsigned port) {
  sockaddr_in name{};
  name.sin_family = AF_INET;
  name.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  name.sin_port = htons(static_cast<u_short>(port));
  return name;
}

WSABUF buffer_of(std::string& octets) {
  return {static_cast<ULONG>(octets.size()), octets.data()};
}

}  // namespace

void start_up() {
  WSADATA started;
  if (WSAStartup(MAKEWORD(2, 2), &started) != 0) throw std::runtime_error("WSAStartup");
}

void require(bool holds, const std::string& call) {
  if (!holds) throw std::runtime_error(call + ": " + std::to_string(WSAGetLastError()));
}

void require_same(const std::string& found, const std::string& expected, const std::string& what) {
  if (found == expected) return;
  throw std::runtime_error(what + ": " + std::to_string(found.size()) + " octets '" + found +
                           "' instead of '" + expected + "'");
}

SOCKET open_socket(const std::string& provider) {
  std::vector<WSAPROTOCOL_INFO> entries(64);
  auto size = static_cast<DWORD>(entries.size() * sizeof(WSAPROTOCOL_INFO));
  const int count = WSAEnumProtocols(nullptr, entries.data(), &size);
  for (int i = 0; i < count; ++i) {
    WSAPROTOCOL_INFO& entry = entries[static_cast<std::size_t>(i)];
    if (entry.szProtocol != provider || entry.iAddressFamily != AF_INET) continue;
    const SOCKET s = WSASocket(FROM_PROTOCOL_INFO, FROM_PROTOCOL_INFO, FROM_PROTOCOL_INFO, &entry,
                               0, WSA_FLAG_OVERLAPPED);
    require(s != INVALID_SOCKET, "WSASocket");
    return s;
  }
  throw std::runtime_error("no provider " + provider);
}

SOCKET open_listener(const std::string& provider, unsigned& port) {
  const SOCKET s = open_socket(provider);
  sockaddr_in name = loopback(0);
  int size = sizeof name;
  require(bind(s, reinterpret_cast<sockaddr*>(&name), size) == 0, "bind");
  require(listen(s, SOMAXCONN) == 0, "listen");
  require(getsockname(s, reinterpret_cast<sockaddr*>(&name), &size) == 0, "getsockname");
  port = ntohs(name.sin_port);
  return s;
}

std::string connect_to(SOCKET s, unsigned port, std::string caller_data) {
  const sockaddr_in name = loopback(port);
  WSABUF caller = buffer_of(caller_data);
  std::string callee_data(512, '\0');
  WSABUF callee = buffer_of(callee_data);
  require(WSAConnect(s, reinterpret_cast<const sockaddr*>(&name), sizeof name, &caller, &callee,
                     nullptr, nullptr) == 0,
          "WSAConnect");
  callee_data.resize(callee.len);
  return callee_data;
}

SOCKET accept_one(SOCKET listener, std::string (*reply)(const std::string&),
                  std::string& caller_data) {
  Answer answer{reply, {}};
  const SOCKET s =
      WSAAccept(listener, nullptr, nullptr, decide, reinterpret_cast<DWORD_PTR>(&answer));
  require(s != INVALID_SOCKET, "WSAAccept");
  caller_data = answer.caller_data;
  return s;
}

void send_all(SOCKET s, const std::string& octets) {
  const int count = send(s, octets.data(), static_cast<int>(octets.size()), 0);
  require(count == static_cast<int>(octets.size()), "send");
}

std::string receive(SOCKET s, std::size_t count) {
  std::string octets(count, '\0');
  for (std::size_t have = 0; have < count;) {
    const int got = recv(s, octets.data() + have, static_cast<int>(count - have), 0);
    require(got > 0, "recv");
    have += static_cast<std::size_t>(got);
  }
  return octets;
}

void expect_end(SOCKET s) {
  char octet;
  const int got = recv(s, &octet, 1, 0);
  require(got == 0 || (got < 0 && WSAGetLastError() == WSAEDISCON), "recv at the end");
}

void send_disconnect(SOCKET s, std::string data) {
  WSABUF buffer = buffer_of(data);
  require(WSASendDisconnect(s, &buffer) == 0, "WSASendDisconnect");
}

std::string receive_disconnect(SOCKET s) {
  std::string data(512, '\0');
  WSABUF buffer = buffer_of(data);
  require(WSARecvDisconnect(s, &buffer) == 0, "WSARecvDisconnect");
  data.resize(buffer.len);
  return data;
}

void close(SOCKET s) {
  require(closesocket(s) == 0, "closesocket");
}

}  // namespace soak
