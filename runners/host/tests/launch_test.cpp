#include "runners/host/launch.hpp"

#include <gtest/gtest.h>
#include <poll.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <fstream>
#include <string>
#include <system_error>

#include "conformance/case/tests/scratch.hpp"

namespace ws2conform::host {
namespace {

// A shell that does what it is told and is gone.
class Shell {
 public:
  explicit Shell(const std::string& script, const std::vector<std::string>& variables = {})
      : launched_(launch("/bin/sh", {"-c", script}, variables)) {}
  Shell(const Shell&) = delete;
  Shell& operator=(const Shell&) = delete;
  ~Shell() {
    for (const int end : {launched_.in, launched_.out, launched_.err}) ::close(end);
  }

  void hear(const std::string& line) {
    EXPECT_EQ(::write(launched_.in, line.data(), line.size()), static_cast<ssize_t>(line.size()));
  }
  std::string out() const { return all_of(launched_.out); }
  std::string err() const { return all_of(launched_.err); }
  int pid() const { return launched_.pid; }
  int status() const {
    int status = 0;
    EXPECT_EQ(::waitpid(launched_.pid, &status, 0), launched_.pid);
    return status;
  }

 private:
  static std::string all_of(int output) {
    std::string all;
    for (;;) {
      pollfd readable{output, POLLIN, 0};
      if (::poll(&readable, 1, 20000) != 1) return all + "(and nothing more for 20 seconds)";
      char some[256];
      const ssize_t got = ::read(output, some, sizeof some);
      if (got <= 0) return all;
      all.append(some, static_cast<std::size_t>(got));
    }
  }

  Launched launched_;
};

TEST(Launch, GivesItsArgumentsItsEnvironmentAndItsStandardStreams) {
  Shell shell("read line; echo \"$line, $NAME, ${HOME-no home}\"; echo sorry >&2; exit 7",
              {"NAME=value"});
  shell.hear("heard\n");
  EXPECT_EQ(shell.out(), "heard, value, no home\n");
  EXPECT_EQ(shell.err(), "sorry\n");
  const int status = shell.status();
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 7) << status;
}

TEST(Launch, MakesItLeadAGroupOfItsOwn) {
  Shell shell("read line");
  EXPECT_EQ(::getpgid(shell.pid()), shell.pid());
  EXPECT_NE(::getpgrp(), shell.pid());
  shell.hear("\n");
  shell.status();
}

TEST(Launch, LeavesItSignalsAsTheyAreForAProgram) {
  ::signal(SIGPIPE, SIG_IGN);  // as the suite has it
  for (const int signal : {SIGPIPE, SIGTERM, SIGUSR1}) {
    Shell shell("kill -" + std::to_string(signal) + " $$; echo it goes on");
    EXPECT_EQ(shell.out(), "");
    const int status = shell.status();
    EXPECT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == signal) << status;
  }
}

TEST(Launch, LeavesTheSignalsOfTheSuiteAsTheyWere) {
  sigset_t before;
  sigset_t after;
  ::pthread_sigmask(SIG_SETMASK, nullptr, &before);
  Shell("exit").status();
  ::pthread_sigmask(SIG_SETMASK, nullptr, &after);
  for (const int signal : {SIGINT, SIGTERM, SIGCHLD}) {
    EXPECT_EQ(::sigismember(&before, signal), ::sigismember(&after, signal)) << signal;
  }
}

TEST(Launch, GivesItStandardStreamsWhereTheSuiteHasNone) {
  const int saved = ::dup(STDIN_FILENO);
  ::close(STDIN_FILENO);
  {
    Shell shell("read line; echo \"$line\"");
    shell.hear("heard\n");
    EXPECT_EQ(shell.out(), "heard\n");
    shell.status();
  }
  ::dup2(saved, STDIN_FILENO);
  ::close(saved);
}

TEST(Launch, SaysWhyTheSystemDoesNotStartIt) {
  const ScratchFolder folder;
  const std::string file = folder.path("program");
  std::ofstream(file) << "no program\n";
  ::chmod(file.c_str(), 0700);
  const auto error_of = [](const std::string& program) {
    try {
      launch(program, {}, {});
    } catch (const std::system_error& error) {
      return error.code().value();
    }
    return 0;
  };
  EXPECT_EQ(error_of(file), ENOEXEC);
  EXPECT_EQ(error_of(folder.path("nothing")), ENOENT);
}

}  // namespace
}  // namespace ws2conform::host
