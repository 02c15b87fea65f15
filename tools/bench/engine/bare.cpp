// Exchanges that the suite's cases describe, written out by hand: two processes, a client and a
// server, that make the same calls of the reference as a schedule of the case makes, and nothing
// else. What is left of the suite beside them is the harness.
//
//   bare                             the exchanges: case, provider and choice of axes, a line each
//   bare CASE PROVIDER AXES COUNT CPU
//                                    COUNT times that one; CPU -1: where the system puts the two.
//                                    Prints the nanoseconds of all, those of the processors, and
//                                    how many calls were made in each
#include <winsock2.h>
// After winsock2.h.
#include <sched.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace {

constexpr std::string_view kTotal = "3";
constexpr std::string_view kGrandTotal = "45";
constexpr std::string_view kFirst = "first of the stream";

// One of the two processes: its calls, counted, and what is to be closed when an exchange is over.
class Process {
 public:
  Process(int type, int ports) : type_(type), ports_(ports) {}

  // Counts a call, and looks at what it came to.
  int made(int result, const char* call) {
    ++calls_;
    if (result < 0) fail(call);
    return result;
  }
  void expect(bool holds, const char* call) {
    if (!holds) fail(call);
  }
  long long calls() const { return calls_; }

  SOCKET make_socket() {
    // The first provider of the type: stream, message.
    const SOCKET s = socket(AF_INET, type_, 0);
    made(s == INVALID_SOCKET ? -1 : 0, "socket");
    return keep(s);
  }
  SOCKET keep(SOCKET s) {
    sockets_.push_back(s);
    return s;
  }

  // A listener, whose port the client is told.
  SOCKET listener() {
    const SOCKET s = make_socket();
    sockaddr_in name = loopback(0);
    made(bind(s, reinterpret_cast<sockaddr*>(&name), sizeof name), "bind");
    made(listen(s, SOMAXCONN), "listen");
    int length = sizeof name;
    made(getsockname(s, reinterpret_cast<sockaddr*>(&name), &length), "getsockname");
    if (write(ports_, &name.sin_port, sizeof name.sin_port) < 0) fail("a pipe");
    return s;
  }
  // Where it listens.
  sockaddr_in peer() {
    sockaddr_in name = loopback(0);
    if (read(ports_, &name.sin_port, sizeof name.sin_port) <= 0) fail("a pipe");
    return name;
  }

  SOCKET accept_plainly(SOCKET listener) {
    sockaddr_in caller;
    int length = sizeof caller;
    const SOCKET s = accept(listener, reinterpret_cast<sockaddr*>(&caller), &length);
    made(s == INVALID_SOCKET ? -1 : 0, "accept");
    return keep(s);
  }
  // A connected socket: `given: connected`.
  SOCKET connected() {
    const SOCKET s = make_socket();
    sockaddr_in name = peer();
    made(connect(s, reinterpret_cast<sockaddr*>(&name), sizeof name), "connect");
    int length = sizeof name;
    made(getsockname(s, reinterpret_cast<sockaddr*>(&name), &length), "getsockname");
    return s;
  }

  void select_events(SOCKET s, long events) {
    event_ = WSACreateEvent();
    made(event_ == WSA_INVALID_EVENT ? -1 : 0, "WSACreateEvent");
    made(WSAEventSelect(s, event_, events), "WSAEventSelect");
    recorded_ = 0;
  }
  // Until the event is recorded; one that came together with another is not waited for again.
  void wait_for(SOCKET s, long event) {
    while ((recorded_ & event) == 0) {
      made(WSAWaitForMultipleEvents(1, &event_, FALSE, 5000, FALSE) == WSA_WAIT_EVENT_0 ? 0 : -1,
           "WSAWaitForMultipleEvents");
      WSANETWORKEVENTS events;
      made(WSAEnumNetworkEvents(s, event_, &events), "WSAEnumNetworkEvents");
      recorded_ |= events.lNetworkEvents;
    }
    recorded_ &= ~event;
  }

  void send_all(SOCKET s, std::string_view octets) {
    const int size = static_cast<int>(octets.size());
    expect(made(send(s, octets.data(), size, 0), "send") == size, "send");
  }
  void receive_all(SOCKET s, std::string_view octets) {
    char buffer[64];
    std::size_t have = 0;
    while (have < octets.size()) {
      const int size = static_cast<int>(octets.size() - have);
      const int count = made(recv(s, buffer + have, size, 0), "recv");
      expect(count > 0, "recv");
      have += static_cast<std::size_t>(count);
    }
    expect(std::memcmp(buffer, octets.data(), have) == 0, "recv");
  }
  void receive_end(SOCKET s) {
    char octet;
    expect(made(recv(s, &octet, 1, 0), "recv") == 0, "recv");
  }
  void receive_end_of_messages(SOCKET s) {
    char octet;
    WSABUF buffer{1, &octet};
    DWORD count = 0;
    DWORD flags = 0;
    const int result = WSARecv(s, &buffer, 1, &count, &flags, nullptr, nullptr);
    expect(made(result == SOCKET_ERROR ? 0 : -1, "WSARecv") == 0, "WSARecv");
    expect(WSAGetLastError() == WSAEDISCON, "WSARecv");
  }
  void disconnect(SOCKET s, std::string_view octets) {
    WSABUF data{static_cast<ULONG>(octets.size()), const_cast<CHAR*>(octets.data())};
    made(WSASendDisconnect(s, &data), "WSASendDisconnect");
  }
  void fetch(SOCKET s, std::string_view octets) {
    char buffer[1024];
    WSABUF data{sizeof buffer, buffer};
    made(WSARecvDisconnect(s, &data), "WSARecvDisconnect");
    expect(std::string_view(buffer, data.len) == octets, "WSARecvDisconnect");
  }
  void close(SOCKET s) {
    made(closesocket(s), "closesocket");
    for (SOCKET& kept : sockets_) {
      if (kept == s) kept = INVALID_SOCKET;
    }
  }

  // As an adapter does between two schedules; not counted.
  void reset() {
    for (const SOCKET s : sockets_) {
      if (s == INVALID_SOCKET) continue;
      const linger abortive{1, 0};
      setsockopt(s, SOL_SOCKET, SO_LINGER, reinterpret_cast<const char*>(&abortive),
                 sizeof abortive);
      closesocket(s);
    }
    sockets_.clear();
    if (event_ != WSA_INVALID_EVENT) WSACloseEvent(event_);
    event_ = WSA_INVALID_EVENT;
  }

 private:
  [[noreturn]] static void fail(const char* call) {
    throw std::runtime_error(std::string(call) + ": " + std::to_string(WSAGetLastError()));
  }
  static sockaddr_in loopback(std::uint16_t port) {
    sockaddr_in name{};
    name.sin_family = AF_INET;
    name.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    name.sin_port = htons(port);
    return name;
  }

  int type_;
  int ports_;  // a pipe
  long long calls_ = 0;
  std::vector<SOCKET> sockets_;
  WSAEVENT event_ = WSA_INVALID_EVENT;
  long recorded_ = 0;
};

// close-is-graceful-by-default

void server_that_is_left(Process& me) {
  const SOCKET s = me.accept_plainly(me.listener());
  me.receive_all(s, "01234");
  me.receive_end(s);
}

void client_that_leaves(Process& me) {
  const SOCKET s = me.connected();
  me.send_all(s, "01234");
  me.close(s);
}

// callee-data-reaches-the-caller

int CALLBACK accept_with_data(LPWSABUF, LPWSABUF caller_data, LPQOS, LPQOS, LPWSABUF,
                              LPWSABUF callee_data, GROUP*, DWORD_PTR) {
  std::memcpy(callee_data->buf, caller_data->buf, caller_data->len);
  callee_data->len = caller_data->len;
  return CF_ACCEPT;
}

SOCKET accept_by(SOCKET listener, LPCONDITIONPROC condition) {
  sockaddr_in caller;
  int length = sizeof caller;
  return WSAAccept(listener, reinterpret_cast<sockaddr*>(&caller), &length, condition, 0);
}

void server_with_callee_data(Process& me) {
  const SOCKET s = accept_by(me.listener(), accept_with_data);
  me.made(s == INVALID_SOCKET ? -1 : 0, "WSAAccept");
  me.keep(s);
  me.send_all(s, kFirst);
}

void client_with_caller_data(Process& me) {
  const SOCKET s = me.make_socket();
  const sockaddr_in name = me.peer();
  char octets[16] = "fifteen octets.";
  char answer[512];
  WSABUF caller_data{sizeof octets, octets};
  WSABUF callee_data{sizeof answer, answer};
  me.made(WSAConnect(s, reinterpret_cast<const sockaddr*>(&name), sizeof name, &caller_data,
                     &callee_data, nullptr, nullptr),
          "WSAConnect");
  me.expect(callee_data.len == sizeof octets && std::memcmp(answer, octets, sizeof octets) == 0,
            "callee data");
  me.receive_all(s, kFirst);
}

// totals-answered-by-grand-total

template <void (*notice)(Process&, SOCKET), long selected>
void server_with_the_grand_total(Process& me) {
  const SOCKET s = me.accept_plainly(me.listener());
  if (selected != 0) me.select_events(s, selected);
  notice(me, s);
  me.fetch(s, kTotal);
  me.disconnect(s, kGrandTotal);
  me.close(s);
}

void by_event(Process& me, SOCKET s) {
  me.wait_for(s, FD_CLOSE);
}
void by_recv(Process& me, SOCKET s) {
  me.receive_end(s);
}
void by_wsarecv(Process& me, SOCKET s) {
  me.receive_end_of_messages(s);
}

void client_with_a_total(Process& me) {
  const SOCKET s = me.connected();
  me.select_events(s, FD_CLOSE);
  me.disconnect(s, kTotal);
  me.wait_for(s, FD_CLOSE);
  me.fetch(s, kGrandTotal);
  me.close(s);
}

// events-tell-of-data-and-then-the-end

void server_that_is_told(Process& me) {
  const SOCKET s = me.accept_plainly(me.listener());
  me.select_events(s, FD_READ | FD_CLOSE);
  me.wait_for(s, FD_READ);
  me.receive_all(s, "x");
  me.wait_for(s, FD_CLOSE);
  me.fetch(s, "the end");
}

void client_that_ends(Process& me) {
  const SOCKET s = me.connected();
  me.send_all(s, "x");
  me.disconnect(s, "the end");
}

// rejected-while-pending

int CALLBACK reject(LPWSABUF, LPWSABUF, LPQOS, LPQOS, LPWSABUF, LPWSABUF, GROUP*, DWORD_PTR) {
  return CF_REJECT;
}

void server_that_rejects(Process& me) {
  const SOCKET listener = me.listener();
  me.made(accept_by(listener, reject) == INVALID_SOCKET ? 0 : -1, "WSAAccept");
  me.expect(WSAGetLastError() == WSAECONNREFUSED, "WSAAccept");
  int value = 0;
  int length = sizeof value;
  me.made(getsockopt(listener, SOL_SOCKET, SO_ACCEPTCONN, reinterpret_cast<char*>(&value), &length),
          "getsockopt");
  me.expect(value == 1, "getsockopt");
}

void client_that_is_rejected(Process& me) {
  const SOCKET s = me.make_socket();
  const sockaddr_in name = me.peer();
  const int result = WSAConnect(s, reinterpret_cast<const sockaddr*>(&name), sizeof name, nullptr,
                                nullptr, nullptr, nullptr);
  me.made(result == SOCKET_ERROR ? 0 : -1, "WSAConnect");
  me.expect(WSAGetLastError() == WSAECONNREFUSED, "WSAConnect");
}

struct Exchange {
  std::string_view of_case;
  std::string_view provider;
  std::string_view axes;  // as a history has them, without the provider
  void (*server)(Process&);
  void (*client)(Process&);
};

constexpr Exchange kExchanges[] = {
    {"close-is-graceful-by-default", "stream", "initiator=client,octets=5", server_that_is_left,
     client_that_leaves},
    {"callee-data-reaches-the-caller", "stream", "octets=16", server_with_callee_data,
     client_with_caller_data},
    {"totals-answered-by-grand-total", "stream", "notice=FD_CLOSE",
     server_with_the_grand_total<by_event, FD_CLOSE>, client_with_a_total},
    {"totals-answered-by-grand-total", "stream", "notice=recv-zero",
     server_with_the_grand_total<by_recv, 0>, client_with_a_total},
    {"totals-answered-by-grand-total", "message", "notice=WSAEDISCON",
     server_with_the_grand_total<by_wsarecv, 0>, client_with_a_total},
    {"events-tell-of-data-and-then-the-end", "message", "", server_that_is_told, client_that_ends},
    {"rejected-while-pending", "stream", "", server_that_rejects, client_that_is_rejected},
};

const Exchange* find(std::string_view of_case, std::string_view provider, std::string_view axes) {
  for (const Exchange& exchange : kExchanges) {
    if (exchange.of_case == of_case && exchange.provider == provider && exchange.axes == axes) {
      return &exchange;
    }
  }
  return nullptr;
}

void stay_on(int cpu) {
  if (cpu < 0) return;
  cpu_set_t set;
  CPU_ZERO(&set);
  CPU_SET(cpu, &set);
  if (sched_setaffinity(0, sizeof set, &set) != 0) throw std::runtime_error("cannot be pinned");
}

// The calls that were made.
long long play(void (*part)(Process&), int type, int ports, int count) {
  WSADATA data;
  if (WSAStartup(MAKEWORD(2, 2), &data) != 0) throw std::runtime_error("WSAStartup");
  Process me(type, ports);
  for (int i = 0; i < count; ++i) {
    part(me);
    me.reset();
  }
  WSACleanup();
  return me.calls();
}

double seconds(const timeval& time) {
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
}

double processor_seconds(int whose) {
  rusage usage;
  getrusage(whose, &usage);
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

int measure(const Exchange& exchange, int count, int cpu) {
  const int type = exchange.provider == "message" ? SOCK_SEQPACKET : SOCK_STREAM;
  int ports[2];
  int calls[2];
  if (pipe(ports) != 0 || pipe(calls) != 0) throw std::runtime_error("no pipe");
  stay_on(cpu);
  const auto begin = std::chrono::steady_clock::now();
  const pid_t client = fork();
  if (client < 0) throw std::runtime_error("no process");
  if (client == 0) {
    close(ports[1]);
    try {
      const long long its = play(exchange.client, type, ports[0], count);
      _exit(write(calls[1], &its, sizeof its) == sizeof its ? 0 : 1);
    } catch (const std::exception& error) {
      std::fprintf(stderr, "bare, client of %s: %s\n", exchange.of_case.data(), error.what());
      _exit(1);
    }
  }
  close(ports[0]);
  long long all = 0;
  try {
    all = play(exchange.server, type, ports[1], count);
  } catch (...) {
    close(ports[1]);  // the client's next look for a port ends it
    throw;
  }
  int status = 0;
  waitpid(client, &status, 0);
  long long its = 0;
  if (status != 0 || read(calls[0], &its, sizeof its) != sizeof its) return 1;
  const std::chrono::nanoseconds took = std::chrono::steady_clock::now() - begin;
  const double busy = processor_seconds(RUSAGE_SELF) + processor_seconds(RUSAGE_CHILDREN);
  std::printf("%lld %.0f %.2f\n", static_cast<long long>(took.count()), busy * 1e9,
              static_cast<double>(all + its) / count);
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    if (argc == 1) {
      for (const Exchange& exchange : kExchanges) {
        std::printf("%s %s %s\n", exchange.of_case.data(), exchange.provider.data(),
                    exchange.axes.data());
      }
      return 0;
    }
    const Exchange* exchange = argc == 6 ? find(argv[1], argv[2], argv[3]) : nullptr;
    if (exchange != nullptr) return measure(*exchange, std::atoi(argv[4]), std::atoi(argv[5]));
  } catch (const std::exception& error) {
    std::fprintf(stderr, "bare: %s\n", error.what());
    return 1;
  }
  std::fprintf(stderr, "usage: bare, or bare CASE PROVIDER AXES COUNT CPU\n");
  return 2;
}
