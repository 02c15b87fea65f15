#include "round.hpp"

#include <sched.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstdio>
#include <exception>
#include <stdexcept>
#include <string>

#include "octets.hpp"

namespace bench {
namespace {

class Pipe {
 public:
  Pipe() {
    if (::pipe(ends_.data()) != 0) fail("no pipe");
  }
  ~Pipe() {
    ::close(ends_[0]);
    close_writer();
  }
  void close_writer() {
    if (ends_[1] >= 0) ::close(ends_[1]);
    ends_[1] = -1;
  }

  template <typename Value>
  void put(const Value& value) const {
    if (::write(ends_[1], &value, sizeof value) != sizeof value) fail("the parent is gone");
  }
  /// False when the writer is gone.
  template <typename Value>
  bool get(Value& value) const {
    return ::read(ends_[0], &value, sizeof value) == sizeof value;
  }

 private:
  std::array<int, 2> ends_;
};

struct Ports {
  std::uint16_t main;
  std::uint16_t defer;
};

double seconds(const timeval& time) {
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
}

struct Spent {
  double cpu_seconds;
  double switches;
};

Spent spent() {
  rusage usage;
  ::getrusage(RUSAGE_SELF, &usage);
  return {seconds(usage.ru_utime) + seconds(usage.ru_stime), static_cast<double>(usage.ru_nvcsw)};
}

template <typename Work>
Measured measure(Work&& work) {
  const Spent spent_before = spent();
  const auto before = std::chrono::steady_clock::now();
  work();
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - before;
  const Spent now = spent();
  return {took.count(), now.cpu_seconds - spent_before.cpu_seconds,
          now.switches - spent_before.switches};
}

void pin(int cpu) {
  if (cpu == kAnywhere) return;
  cpu_set_t set;
  CPU_ZERO(&set);
  CPU_SET(cpu, &set);
  if (::sched_setaffinity(0, sizeof set, &set) != 0) fail("sched_setaffinity");
}

/// A process of its own, killed by the alarm when it takes too long.
template <typename Body>
pid_t start(const char* role, const Contender& contender, int cpu, unsigned patience, Body&& body) {
  const pid_t child = ::fork();
  if (child < 0) fail("no process");
  if (child > 0) return child;
  int status = 0;
  try {
    ::alarm(patience);
    pin(cpu);
    body();
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s, %s: %s\n", std::string(contender.name).c_str(), role, error.what());
    status = 1;
  }
  ::_exit(status);
}

bool has_succeeded(pid_t child) {
  int status = 0;
  return ::waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

}  // namespace

Measured run_round(const Contender& contender, const Job& job, int cpu, unsigned patience) {
  Pipe from_server;
  Pipe from_client;
  const pid_t server = start("server", contender, cpu, patience, [&] {
    const auto made = contender.serve();
    from_server.put(
        Ports{made->port(), job.needs_defer_port ? made->defer_port() : std::uint16_t(0)});
    job.prepare_server(*made);
    from_server.put(measure([&] { job.serve(*made); }));
  });
  from_server.close_writer();
  Ports ports{};
  Measured at_client;
  Measured at_server;
  bool is_good = from_server.get(ports);
  if (is_good) {
    const pid_t client = start("client", contender, cpu, patience, [&] {
      const auto made = contender.call(ports.main);
      job.prepare_client(*made, ports.defer);
      from_client.put(measure([&] { job.call(*made); }));
    });
    from_client.close_writer();
    is_good = from_client.get(at_client);
    // Without its client it would wait for ever.
    if (!is_good) ::kill(server, SIGKILL);
    is_good = from_server.get(at_server) && is_good;
    is_good = has_succeeded(client) && is_good;
  }
  is_good = has_succeeded(server) && is_good;
  if (!is_good) {
    throw std::runtime_error(std::string(contender.name) + " did not finish");
  }
  return {at_client.seconds, at_client.cpu_seconds + at_server.cpu_seconds,
          at_client.switches + at_server.switches};
}

}  // namespace bench
