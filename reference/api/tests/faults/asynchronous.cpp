// One thread, event objects and overlapped operations.

#include "api/tests/faults/session.hpp"

namespace ws2::faults {
namespace {

/// Beyond this what is waited for does not come, in milliseconds.
constexpr DWORD kPatience = 10'000;

class Event {
 public:
  Event() : handle_(in([] { return WSACreateEvent(); })) {}
  ~Event() {
    if (handle_ != WSA_INVALID_EVENT) in([this] { return WSACloseEvent(handle_); });
  }
  Event(const Event&) = delete;
  Event& operator=(const Event&) = delete;
  WSAEVENT operator*() const { return handle_; }
  explicit operator bool() const { return handle_ != WSA_INVALID_EVENT; }

 private:
  WSAEVENT handle_;
};

/// False when a call fails.
bool wait_for(WSAEVENT event, const char* what) {
  const DWORD outcome =
      in([&] { return WSAWaitForMultipleEvents(1, &event, FALSE, kPatience, FALSE); });
  if (outcome == WSA_WAIT_TIMEOUT) give_up(std::string("never comes: ") + what);
  return outcome == WSA_WAIT_EVENT_0;
}

bool select_events(SOCKET s, const Event& event, long mask) {
  return in([&] { return WSAEventSelect(s, *event, mask); }) == 0;
}

/// The error that comes with the event; nothing when a call fails. All that came with it go to
/// `together`.
std::optional<int> next(SOCKET s, const Event& event, int bit_number, const char* what,
                        long* together = nullptr) {
  while (true) {
    if (!wait_for(*event, what)) return std::nullopt;
    WSANETWORKEVENTS events{};
    if (in([&] { return WSAEnumNetworkEvents(s, *event, &events); }) != 0) return std::nullopt;
    if ((events.lNetworkEvents >> bit_number & 1) == 0) continue;
    if (together != nullptr) *together = events.lNetworkEvents;
    return events.iErrorCode[bit_number];
  }
}

/// An overlapped send or receive.
class Operation {
 public:
  explicit Operation(std::string octets) : octets_(std::move(octets)) {
    overlapped_.hEvent = *event_;
  }

  /// Whether it was started, or is complete already.
  bool send(SOCKET s) {
    WSABUF buffer = room();
    return event_ && was_started(in([&] {
             return WSASend(s, &buffer, 1, nullptr, 0, &overlapped_, nullptr);
           }));
  }
  bool receive(SOCKET s) {
    WSABUF buffer = room();
    DWORD flags = 0;
    return event_ && was_started(in([&] {
             return WSARecv(s, &buffer, 1, nullptr, &flags, &overlapped_, nullptr);
           }));
  }
  /// 0 or what it failed with.
  int finish(SOCKET s, const char* what) {
    if (!wait_for(*event_, what)) return WSAENOBUFS;
    DWORD flags;
    const BOOL is_done =
        in([&] { return WSAGetOverlappedResult(s, &overlapped_, &bytes_, FALSE, &flags); });
    return is_done ? 0 : WSAGetLastError();
  }
  std::string text() const { return octets_.substr(0, bytes_); }
  /// Before the room may go: closing the socket has ended it.
  void expect_over() const {
    if (!HasOverlappedIoCompleted(&overlapped_)) give_up("an operation outlives its socket");
  }

 private:
  WSABUF room() { return {static_cast<ULONG>(octets_.size()), octets_.data()}; }
  static bool was_started(int result) { return result == 0 || WSAGetLastError() == WSA_IO_PENDING; }

  std::string octets_;
  Event event_;
  WSAOVERLAPPED overlapped_{};
  DWORD bytes_ = 0;
};

/// `text` from one end to the other. False when something failed.
bool carry(SOCKET from, SOCKET to, const std::string& text) {
  // They are not to go before the operations are over, which closing sees to.
  static thread_local std::optional<Operation> receive;
  static thread_local std::optional<Operation> send;
  receive.emplace(std::string(text.size(), '\0'));
  send.emplace(text);
  if (!receive->receive(to) || !send->send(from)) return false;
  if (send->finish(from, "the end of a send") != 0) return false;
  std::string got;
  while (true) {
    if (receive->finish(to, "data") != 0) return false;
    if (receive->text().empty()) give_up("the end came before the data");
    got += receive->text();
    if (got.size() >= text.size()) break;
    receive.emplace(std::string(text.size() - got.size(), '\0'));
    if (!receive->receive(to)) return false;
  }
  if (got != text) give_up("the data is not what was sent");
  return true;
}

/// One end disconnects, the other sees it.
bool disconnect(SOCKET from, SOCKET to, const Event& event, const Texts& texts,
                const std::string& data) {
  if (!send_disconnect(from, texts, data)) return false;
  const auto error = next(to, event, FD_CLOSE_BIT, "FD_CLOSE");
  if (!error || *error != (texts.is_graceful ? 0 : WSAECONNRESET)) return false;
  char octet;
  const int outcome = in([&] { return recv(to, &octet, 1, 0); });
  if (!is_end(texts, outcome, WSAGetLastError())) {
    if (outcome >= 0) give_up("more than was sent");
    return false;
  }
  return receive_disconnect(to, texts, data);
}

}  // namespace

bool run_asynchronous(const Scenario& scenario) {
  const Texts texts = texts_of(scenario.provider);
  const Event listening;
  const Event calling;
  const Event serving;
  if (!listening || !calling || !serving) return false;
  // Written to until the client is closed.
  std::string room(64, '\0');
  WSABUF callee{static_cast<ULONG>(room.size()), room.data()};
  sockaddr_in name;
  Socket listener = open_listener(scenario.provider, name);
  Socket client = open(scenario.provider);
  if (!listener || !client) return false;
  if (!select_events(*listener, listening, FD_ACCEPT)) return false;
  if (!select_events(*client, calling, FD_CONNECT | FD_CLOSE)) return false;
  if (begin_connect(*client, name, texts, texts.has_user_data ? &callee : nullptr) == 0 ||
      WSAGetLastError() != WSAEWOULDBLOCK) {
    return false;
  }
  // A caller who fails never gets as far as the listener: its failure comes instead.
  Socket server;
  while (!server) {
    WSAEVENT both[] = {*listening, *calling};
    const DWORD woken =
        in([&] { return WSAWaitForMultipleEvents(2, both, FALSE, kPatience, FALSE); });
    if (woken == WSA_WAIT_TIMEOUT) give_up("never comes: FD_ACCEPT or FD_CONNECT");
    if (woken == WSA_WAIT_FAILED) return false;
    if (woken == WSA_WAIT_EVENT_0) {
      if (next(*listener, listening, FD_ACCEPT_BIT, "FD_ACCEPT") != 0) return false;
      server = accept(*listener, texts);
      if (!server) return false;
    } else {
      long together = 0;
      const auto error = next(*client, calling, FD_CONNECT_BIT, "FD_CONNECT", &together);
      if (!error || *error != 0 || (together & FD_CLOSE) != 0) return false;
      // Connected before anybody accepted: on bare TCP.
      if (texts.has_user_data) give_up("connected, and nobody has accepted");
      // Unless it is lost before it gets there.
      const DWORD next_woken =
          in([&] { return WSAWaitForMultipleEvents(2, both, FALSE, kPatience, FALSE); });
      if (next_woken == WSA_WAIT_TIMEOUT) give_up("never comes: FD_ACCEPT or FD_CLOSE");
      if (next_woken != WSA_WAIT_EVENT_0) return false;
      server = accept(*listener, texts);
      if (!server) return false;
    }
  }
  if (texts.has_user_data) {
    const auto error = next(*client, calling, FD_CONNECT_BIT, "FD_CONNECT");
    if (!error || *error != 0) return false;
    if (room.substr(0, callee.len) != texts.callee) {
      give_up("the callee data is not what was sent");
    }
  }
  if (!select_events(*server, serving, FD_CLOSE)) return false;
  return carry(*client, *server, texts.ping) && carry(*server, *client, texts.pong) &&
         disconnect(*client, *server, serving, texts, texts.bye) &&
         (!texts.is_answered || disconnect(*server, *client, calling, texts, texts.ciao)) &&
         client.close() && server.close() && listener.close();
}

}  // namespace ws2::faults
