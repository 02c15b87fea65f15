#pragma once

#include <gtest/gtest.h>
#include <winsock2.h>
// After winsock2.h.
#include <ws2tcpip.h>

#include <functional>
#include <optional>
#include <string>
#include <thread>

namespace ws2 {

/// What a wait that should end at once may take before it counts as a hang, in milliseconds.
inline constexpr DWORD kPatience = 10'000;

/// A connection and where it came from.
struct Pair {
  SOCKET listener;
  SOCKET client;
  SOCKET server;
};

/// A started Winsock and shorthands over its C functions. Sockets that a test leaves open are
/// closed.
class Winsock : public testing::Test {
 protected:
  Winsock();
  ~Winsock() override;

  /// A socket of the provider of that name, in AF_INET or AF_INET6.
  static SOCKET open(const std::string& provider, int family = AF_INET);
  /// Bound to the loopback address and listening.
  static SOCKET open_listener(const std::string& provider, int backlog = SOMAXCONN,
                              int family = AF_INET);
  static sockaddr_storage name_of(SOCKET s);
  /// Of the sockets' size in that family.
  static int size_of(const sockaddr_storage& name);

  static int connect_to(SOCKET s, SOCKET listener);
  /// WSAConnect with data both ways; nothing stands for NULL.
  static int connect_to(SOCKET s, SOCKET listener, std::optional<std::string> caller_data,
                        std::string* callee_data = nullptr, ULONG capacity = 512);

  /// A connected pair of the provider.
  static Pair connected(const std::string& provider);

  static int send_text(SOCKET s, const std::string& text);
  /// What one recv gives; fails the test when it fails.
  static std::string receive_text(SOCKET s, int most = 4096);
  /// Until `count` octets are there, or the end.
  static std::string receive_exactly(SOCKET s, std::size_t count);
  static int send_disconnect(SOCKET s, std::string data);
  /// Nothing when it fails.
  static std::optional<std::string> receive_disconnect(SOCKET s, ULONG capacity = 512);
  static void set_nonblocking(SOCKET s);
  static void set_linger(SOCKET s, u_short on, u_short seconds);

  /// Waits for the object, enumerates, and expects no more than the recorded events.
  static WSANETWORKEVENTS next_events(SOCKET s, WSAEVENT event);
  /// Until `bit` is among them; returns its error.
  static int wait_for_event(SOCKET s, WSAEVENT event, int bit_number);
};

inline constexpr const char* kProviders[] = {"stream", "message", "tcp", "decnet", "tp4"};

/// A test over each provider.
class EachProvider : public Winsock, public testing::WithParamInterface<const char*> {
 protected:
  SOCKET open(int family = AF_INET) { return Winsock::open(GetParam(), family); }
  SOCKET open_listener(int backlog = SOMAXCONN) {
    return Winsock::open_listener(GetParam(), backlog);
  }
  bool has_user_data() const { return std::string(GetParam()) != "tcp"; }
  bool is_message_oriented() const {
    const std::string name = GetParam();
    return name != "stream" && name != "tcp";
  }
  Pair connected() { return Winsock::connected(GetParam()); }
};

/// A caller that has asked and does not wait: the verdict comes as FD_CONNECT.
class PendingCaller {
 public:
  PendingCaller(SOCKET socket, const std::function<int(SOCKET)>& connect);

  SOCKET socket() const { return socket_; }
  WSAEVENT event() const { return event_; }
  bool is_pending() const;

 private:
  SOCKET socket_;
  WSAEVENT event_;
};

/// What a condition function was shown, and what it answers.
class Condition {
 public:
  int verdict = CF_ACCEPT;
  std::string callee_data;
  /// Claims this length whatever it wrote.
  std::optional<ULONG> claimed;
  /// Called while the function runs.
  std::function<void()> meanwhile;

  int calls = 0;
  std::optional<std::string> caller_data;
  sockaddr_in caller{};
  sockaddr_in callee{};
  ULONG capacity = 0;
  /// What lpSQOS was.
  std::optional<QOS> qos;
  std::string qos_specific;
  bool has_group_qos = false;
  /// Alters it.
  std::function<void(QOS&)> alter;
  GROUP group = 0;  ///< on entry
  GROUP wanted_group = 0;
  std::thread::id thread;

  SOCKET accept(SOCKET listener);

 private:
  static int CALLBACK function(LPWSABUF caller_id, LPWSABUF caller_data, LPQOS sqos, LPQOS gqos,
                               LPWSABUF callee_id, LPWSABUF callee_data, GROUP* g,
                               DWORD_PTR context);
};

}  // namespace ws2
