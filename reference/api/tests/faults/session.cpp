#include "api/tests/faults/session.hpp"

#include <cstring>
#include <vector>

namespace ws2::faults {
namespace {

WSABUF buffer_of(std::string& text) {
  return {static_cast<ULONG>(text.size()), text.data()};
}

/// With what is to be told from any other at the other end.
QOS asked_qos() {
  FLOWSPEC flow;
  std::memset(&flow, 0xff, sizeof flow);  // QOS_NOT_SPECIFIED
  flow.TokenRate = 4711;
  flow.ServiceType = SERVICETYPE_CONTROLLEDLOAD;
  return {flow, flow, {0, nullptr}};
}

int CALLBACK decide(LPWSABUF, LPWSABUF caller_data, LPQOS qos, LPQOS, LPWSABUF,
                    LPWSABUF callee_data, GROUP*, DWORD_PTR context) {
  const Outside outside;
  const auto& texts = *reinterpret_cast<const Texts*>(context);
  if (!texts.has_user_data) {
    callee_data->len = 0;
    return CF_ACCEPT;
  }
  if (caller_data == nullptr || std::string(caller_data->buf, caller_data->len) != texts.caller) {
    give_up("the caller data is not what was sent");
  }
  if (texts.has_qos && (qos == nullptr || qos->SendingFlowspec.TokenRate != 4711)) {
    give_up("the flow specification is not what was sent");
  }
  if (callee_data->len < texts.callee.size()) give_up("no room for the callee data");
  std::memcpy(callee_data->buf, texts.callee.data(), texts.callee.size());
  callee_data->len = static_cast<ULONG>(texts.callee.size());
  return CF_ACCEPT;
}

}  // namespace

Socket::~Socket() {
  if (handle_ == INVALID_SOCKET) return;
  const linger hard{1, 0};
  in([&] {
    (void)setsockopt(handle_, SOL_SOCKET, SO_LINGER, reinterpret_cast<const char*>(&hard),
                     sizeof hard);
    return closesocket(handle_);
  });
}

bool Socket::close() {
  const SOCKET handle = release();
  return in([&] { return closesocket(handle); }) == 0;
}

Texts texts_of(const std::string& provider) {
  Texts texts;
  texts.has_user_data = provider != "tcp";
  texts.is_answered = provider != "decnet" && provider != "tp4";
  texts.has_qos = provider == "stream" || provider == "message";
  texts.is_graceful = provider != "tp4";
  texts.has_messages = provider == "message" || !texts.is_answered;
  return texts;
}

Socket open(const std::string& provider) {
  std::vector<WSAPROTOCOL_INFO> entries(64);
  auto size = static_cast<DWORD>(entries.size() * sizeof(WSAPROTOCOL_INFO));
  const int count = in([&] { return WSAEnumProtocols(nullptr, entries.data(), &size); });
  for (int i = 0; i < count; ++i) {
    WSAPROTOCOL_INFO& entry = entries[static_cast<std::size_t>(i)];
    if (entry.szProtocol != provider || entry.iAddressFamily != AF_INET) continue;
    return Socket(in([&] {
      return WSASocket(FROM_PROTOCOL_INFO, FROM_PROTOCOL_INFO, FROM_PROTOCOL_INFO, &entry, 0,
                       WSA_FLAG_OVERLAPPED);
    }));
  }
  return Socket();
}

Socket open_listener(const std::string& provider, sockaddr_in& name) {
  Socket made = open(provider);
  name = {};
  name.sin_family = AF_INET;
  name.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  int size = sizeof name;
  auto* const address = reinterpret_cast<sockaddr*>(&name);
  const bool is_listening = made && in([&] {
                              return bind(*made, address, size) == 0 &&
                                     getsockname(*made, address, &size) == 0 &&
                                     listen(*made, SOMAXCONN) == 0;
                            });
  return is_listening ? std::move(made) : Socket();
}

int begin_connect(SOCKET s, const sockaddr_in& name, const Texts& texts, WSABUF* callee) {
  std::string caller = texts.caller;
  WSABUF data = buffer_of(caller);
  QOS qos = asked_qos();
  return in([&] {
    return WSAConnect(s, reinterpret_cast<const sockaddr*>(&name), sizeof name,
                      texts.has_user_data ? &data : nullptr, callee, texts.has_qos ? &qos : nullptr,
                      nullptr);
  });
}

Socket accept(SOCKET listener, const Texts& texts) {
  return Socket(in([&] {
    return WSAAccept(listener, nullptr, nullptr, decide, reinterpret_cast<DWORD_PTR>(&texts));
  }));
}

bool send_disconnect(SOCKET s, const Texts& texts, const std::string& text) {
  std::string data = text;
  WSABUF buffer = buffer_of(data);
  return in([&] { return WSASendDisconnect(s, texts.has_user_data ? &buffer : nullptr); }) == 0;
}

bool receive_disconnect(SOCKET s, const Texts& texts, const std::string& expected) {
  std::string room(64, '\0');
  WSABUF buffer = buffer_of(room);
  if (in([&] { return WSARecvDisconnect(s, texts.has_user_data ? &buffer : nullptr); }) != 0) {
    return false;
  }
  // A lost connection has none to give, and where disconnects are abortive it looks like one.
  if (!texts.is_graceful && buffer.len == 0) return false;
  if (texts.has_user_data && room.substr(0, buffer.len) != expected) {
    give_up("the disconnect data is not what was sent");
  }
  return true;
}

bool is_end(const Texts& texts, int outcome, int error) {
  // Which is also what a lost connection looks like: it claims nothing.
  if (!texts.is_graceful) return outcome == SOCKET_ERROR && error == WSAECONNRESET;
  return texts.has_messages ? outcome == SOCKET_ERROR && error == WSAEDISCON : outcome == 0;
}

bool look_up_names() {
  addrinfo hints{};
  hints.ai_flags = AI_CANONNAME;
  addrinfo* list = nullptr;
  if (in([&] { return getaddrinfo("localhost", "80", &hints, &list); }) != 0) {
    if (list != nullptr) give_up("a look-up that failed leaves a list");
    return false;
  }
  if (list == nullptr || list->ai_canonname == nullptr || list->ai_addr == nullptr) {
    give_up("a look-up that succeeded has no result");
  }
  char host[64];
  const bool is_named = in([&] {
                          return getnameinfo(list->ai_addr, static_cast<int>(list->ai_addrlen),
                                             host, sizeof host, nullptr, 0, NI_NUMERICHOST);
                        }) == 0;
  in([&] {
    freeaddrinfo(list);
    return 0;
  });
  return is_named;
}

bool run(const Scenario& scenario) {
  WSADATA data;
  if (in([&] { return WSAStartup(MAKEWORD(2, 2), &data); }) != 0) return false;
  const bool went_well = look_up_names() && (scenario.is_asynchronous ? run_asynchronous(scenario)
                                                                      : run_blocking(scenario));
  if (in([] { return WSACleanup(); }) != 0) give_up("WSACleanup fails");
  return went_well;
}

}  // namespace ws2::faults
