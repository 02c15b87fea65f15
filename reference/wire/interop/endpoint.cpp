// One end of connections, driven by lines on standard input, answered by one line each on standard
// output: what the wire tests have the reference do. Octets are in hexadecimal, "-" for none.
//
//   listen PROVIDER BACKLOG      the port
//   accept OCTETS                the caller data; OCTETS are the callee data
//   reject                       "ok"
//   connect PROVIDER PORT OCTETS [qos]   the callee data
//   send OCTETS [part]           "ok"
//   receive                      octets of a message, or what there is of a stream; "end"
//   disconnect OCTETS, close, abort, close-listener   "ok"
//   disconnect-data              the peer's disconnect data
//
// What fails is answered with "error NUMBER".

#include <winsock2.h>

#include <iostream>
#include <sstream>
#include <string>
#include <vector>

namespace {

std::string to_hex(const std::string& octets) {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string hex;
  for (const char octet : octets) {
    const auto value = static_cast<unsigned char>(octet);
    hex += {kDigits[value >> 4], kDigits[value & 15]};
  }
  return hex.empty() ? "-" : hex;
}

std::string from_hex(const std::string& hex) {
  std::string octets;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
    octets.push_back(static_cast<char>(std::stoi(hex.substr(i, 2), nullptr, 16)));
  }
  return octets;
}

struct Verdict {
  int value = CF_ACCEPT;
  std::string callee_data;
  std::string caller_data;
};

int CALLBACK decide(LPWSABUF, LPWSABUF caller_data, LPQOS, LPQOS, LPWSABUF, LPWSABUF callee_data,
                    GROUP*, DWORD_PTR context) {
  auto& verdict = *reinterpret_cast<Verdict*>(context);
  if (caller_data != nullptr) verdict.caller_data.assign(caller_data->buf, caller_data->len);
  verdict.callee_data.copy(callee_data->buf, callee_data->len);
  callee_data->len = static_cast<ULONG>(verdict.callee_data.size());
  return verdict.value;
}

class Endpoint {
 public:
  std::string obey(const std::string& line) {
    std::istringstream words(line);
    std::string what, first, second, third, fourth;
    words >> what >> first >> second >> third >> fourth;
    if (what == "listen") return listen(first, std::stoi(second));
    if (what == "accept") return accept({CF_ACCEPT, from_hex(first), {}});
    if (what == "reject") return accept({CF_REJECT, {}, {}});
    if (what == "connect") return connect(first, std::stoi(second), from_hex(third), fourth);
    if (what == "send") return send(from_hex(first), second == "part" ? MSG_PARTIAL : 0);
    if (what == "receive") return receive();
    if (what == "disconnect") return disconnect(from_hex(first));
    if (what == "disconnect-data") return disconnect_data();
    if (what == "close") return result(closesocket(socket_));
    if (what == "close-listener") return result(closesocket(listener_));
    if (what == "abort") {
      const linger hard{1, 0};
      setsockopt(socket_, SOL_SOCKET, SO_LINGER, reinterpret_cast<const char*>(&hard), sizeof hard);
      return result(closesocket(socket_));
    }
    return "unknown";
  }

 private:
  static std::string result(int value) {
    return value == 0 ? "ok" : "error " + std::to_string(WSAGetLastError());
  }

  static SOCKET open(const std::string& provider) {
    std::vector<WSAPROTOCOL_INFO> entries(64);
    auto size = static_cast<DWORD>(entries.size() * sizeof(WSAPROTOCOL_INFO));
    const int count = WSAEnumProtocols(nullptr, entries.data(), &size);
    for (int i = 0; i < count; ++i) {
      WSAPROTOCOL_INFO& entry = entries[static_cast<std::size_t>(i)];
      if (entry.szProtocol != provider || entry.iAddressFamily != AF_INET) continue;
      return WSASocket(FROM_PROTOCOL_INFO, FROM_PROTOCOL_INFO, FROM_PROTOCOL_INFO, &entry, 0,
                       WSA_FLAG_OVERLAPPED);
    }
    return INVALID_SOCKET;
  }

  static sockaddr_in loopback(int port) {
    sockaddr_in name{};
    name.sin_family = AF_INET;
    name.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    name.sin_port = htons(static_cast<u_short>(port));
    return name;
  }

  std::string listen(const std::string& provider, int backlog) {
    listener_ = open(provider);
    sockaddr_in name = loopback(0);
    int size = sizeof name;
    if (bind(listener_, reinterpret_cast<sockaddr*>(&name), size) != 0 ||
        ::listen(listener_, backlog) != 0 ||
        getsockname(listener_, reinterpret_cast<sockaddr*>(&name), &size) != 0) {
      return result(SOCKET_ERROR);
    }
    return std::to_string(ntohs(name.sin_port));
  }

  std::string accept(Verdict verdict) {
    socket_ = WSAAccept(listener_, nullptr, nullptr, decide, reinterpret_cast<DWORD_PTR>(&verdict));
    if (socket_ != INVALID_SOCKET) return to_hex(verdict.caller_data);
    if (verdict.value == CF_REJECT && WSAGetLastError() == WSAECONNREFUSED) return "ok";
    return result(SOCKET_ERROR);
  }

  std::string connect(const std::string& provider, int port, std::string caller_data,
                      const std::string& with) {
    socket_ = open(provider);
    const sockaddr_in name = loopback(port);
    WSABUF caller{static_cast<ULONG>(caller_data.size()), caller_data.data()};
    std::string callee_data(512, '\0');
    WSABUF callee{512, callee_data.data()};
    char specific[] = "ps";
    QOS qos{{1, 2, 3, 4, 5, SERVICETYPE_CONTROLLEDLOAD, 7, 8},
            {QOS_NOT_SPECIFIED, QOS_NOT_SPECIFIED, QOS_NOT_SPECIFIED, QOS_NOT_SPECIFIED,
             QOS_NOT_SPECIFIED, SERVICETYPE_BESTEFFORT, QOS_NOT_SPECIFIED, QOS_NOT_SPECIFIED},
            {2, specific}};
    if (WSAConnect(socket_, reinterpret_cast<const sockaddr*>(&name), sizeof name,
                   caller_data.empty() ? nullptr : &caller, &callee, with == "qos" ? &qos : nullptr,
                   nullptr) != 0) {
      return result(SOCKET_ERROR);
    }
    callee_data.resize(callee.len);
    return to_hex(callee_data);
  }

  std::string send(std::string octets, DWORD flags) {
    WSABUF buffer{static_cast<ULONG>(octets.size()), octets.data()};
    DWORD count = 0;
    return result(WSASend(socket_, &buffer, 1, &count, flags, nullptr, nullptr));
  }

  std::string receive() {
    std::string octets(65536, '\0');
    WSABUF buffer{65536, octets.data()};
    DWORD count = 0;
    DWORD flags = 0;
    if (WSARecv(socket_, &buffer, 1, &count, &flags, nullptr, nullptr) != 0) {
      return WSAGetLastError() == WSAEDISCON ? "end" : result(SOCKET_ERROR);
    }
    octets.resize(count);
    return count == 0 && !is_message_oriented() ? "end" : to_hex(octets);
  }

  bool is_message_oriented() const {
    int type = 0;
    int size = sizeof type;
    getsockopt(socket_, SOL_SOCKET, SO_TYPE, reinterpret_cast<char*>(&type), &size);
    return type == SOCK_SEQPACKET;
  }

  std::string disconnect(std::string octets) {
    WSABUF buffer{static_cast<ULONG>(octets.size()), octets.data()};
    return result(WSASendDisconnect(socket_, octets.empty() ? nullptr : &buffer));
  }

  std::string disconnect_data() {
    std::string octets(512, '\0');
    WSABUF buffer{512, octets.data()};
    if (WSARecvDisconnect(socket_, &buffer) != 0) return result(SOCKET_ERROR);
    octets.resize(buffer.len);
    return to_hex(octets);
  }

  SOCKET listener_ = INVALID_SOCKET;
  SOCKET socket_ = INVALID_SOCKET;
};

}  // namespace

int main() {
  WSADATA started;
  if (WSAStartup(MAKEWORD(2, 2), &started) != 0) return 1;
  Endpoint endpoint;
  for (std::string line; std::getline(std::cin, line);) {
    std::cout << endpoint.obey(line) << std::endl;
  }
  return 0;
}
