// Takes the processor away from a process.
#pragma once

#include <gtest/gtest.h>
#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <stdexcept>
#include <string>
#include <system_error>

namespace ws2conform::host {

// Takes all of a processor that others would need, until its end.
class Hog {
 public:
  Hog() : pid_(::fork()) {
    // To kill -1 would be to kill everybody.
    if (pid_ < 0) throw std::runtime_error("no process for a hog");
    if (pid_ != 0) return;
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    while (true) {
    }
  }
  ~Hog() {
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
  }
  Hog(const Hog&) = delete;
  Hog& operator=(const Hog&) = delete;
  int pid() const { return pid_; }

 private:
  int pid_;
};

// While it exists, `pid` shares a processor with two that would take all of it.
class Crowded {
 public:
  explicit Crowded(int pid) : pid_(pid) {
    cpu_set_t one;
    CPU_ZERO(&one);
    CPU_SET(::sched_getcpu(), &one);
    for (const int each : {first_.pid(), second_.pid(), pid}) {
      EXPECT_EQ(::sched_setaffinity(each, sizeof one, &one), 0);
    }
  }
  // Those of its threads that came after everybody else are to end soon.
  ~Crowded() {
    const sched_param none{};
    std::error_code error;
    const std::filesystem::path threads = "/proc/" + std::to_string(pid_) + "/task";
    for (std::filesystem::directory_iterator thread(threads, error), end; thread != end;
         thread.increment(error)) {
      if (error) break;
      ::sched_setscheduler(std::stoi(thread->path().filename()), SCHED_OTHER, &none);
    }
  }
  Crowded(const Crowded&) = delete;
  Crowded& operator=(const Crowded&) = delete;

 private:
  const int pid_;
  const Hog first_;
  const Hog second_;
};

// And comes after them.
class Starved {
 public:
  explicit Starved(int pid) : crowded_(pid) {
    const sched_param none{};
    EXPECT_EQ(::sched_setscheduler(pid, SCHED_IDLE, &none), 0);
  }

 private:
  const Crowded crowded_;
};

}  // namespace ws2conform::host
