#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <utility>

#include "runners/host/launch.hpp"

namespace ws2conform::host {
namespace {

[[noreturn]] void fail(int error, const char* what) {
  throw std::system_error(error, std::generic_category(), what);
}

class Descriptor {
 public:
  // The standard streams of the suite itself may be closed, and those numbers free; they are what
  // the process is given its own under.
  explicit Descriptor(int number) : number_(number) {
    if (number > STDERR_FILENO) return;
    number_ = ::fcntl(number, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
    const int error = errno;
    ::close(number);
    if (number_ < 0) fail(error, "fcntl");
  }
  Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  Descriptor& operator=(Descriptor&&) = delete;
  ~Descriptor() { close(); }

  int get() const { return number_; }
  int release() { return std::exchange(number_, -1); }
  void close() {
    if (number_ >= 0) ::close(release());
  }

 private:
  int number_;
};

struct Pipe {
  Descriptor read;
  Descriptor write;
};

Pipe make_pipe() {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) fail(errno, "pipe2");
  return {Descriptor(ends[0]), Descriptor(ends[1])};
}

std::vector<char*> pointers(const std::vector<std::string>& texts) {
  std::vector<char*> all;
  all.reserve(texts.size() + 1);
  for (const std::string& text : texts) all.push_back(const_cast<char*>(text.c_str()));
  all.push_back(nullptr);
  return all;
}

struct Start {
  const char* program;
  char* const* arguments;
  char* const* variables;
  int in;
  int out;
  int err;
  int failed;  // where it says with which error
  sigset_t signals;
};

// In the new process, and in the memory of the suite: system calls, and nothing else.
[[noreturn]] void become(const Start& start) {
  ::setpgid(0, 0);
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  ::signal(SIGPIPE, SIG_DFL);
  ::dup2(start.in, STDIN_FILENO);
  ::dup2(start.out, STDOUT_FILENO);
  ::dup2(start.err, STDERR_FILENO);
  ::close_range(STDERR_FILENO + 1, ~0U, CLOSE_RANGE_CLOEXEC);
  ::sigprocmask(SIG_SETMASK, &start.signals, nullptr);
  ::execve(start.program, start.arguments, start.variables);
  const int error = errno;
  [[maybe_unused]] const ssize_t told = ::write(start.failed, &error, sizeof error);
  ::_exit(127);
}

pid_t begin(const Start& start) {
  const pid_t pid = ::vfork();
  if (pid == 0) become(start);
  return pid;
}

// No signal is handled in the new process: what its handler did would be done to the suite.
pid_t begin_without_signals(Start start) {
  sigset_t all;
  ::sigfillset(&all);
  ::pthread_sigmask(SIG_SETMASK, &all, &start.signals);
  const pid_t pid = begin(start);
  const int error = errno;
  ::pthread_sigmask(SIG_SETMASK, &start.signals, nullptr);
  if (pid < 0) fail(error, "vfork");
  return pid;
}

}  // namespace

Launched launch(const std::string& program, const std::vector<std::string>& arguments,
                const std::vector<std::string>& variables) {
  std::vector<std::string> line = {program};
  line.insert(line.end(), arguments.begin(), arguments.end());
  Pipe in = make_pipe();
  Pipe out = make_pipe();
  Pipe err = make_pipe();
  Pipe failed = make_pipe();
  const std::vector<char*> argv = pointers(line);
  const std::vector<char*> envp = pointers(variables);
  const pid_t pid = begin_without_signals({program.c_str(),
                                           argv.data(),
                                           envp.data(),
                                           in.read.get(),
                                           out.write.get(),
                                           err.write.get(),
                                           failed.write.get(),
                                           {}});
  ::setpgid(pid, pid);  // whoever comes first; the loser's call fails harmlessly
  failed.write.close();
  int error = 0;
  if (::read(failed.read.get(), &error, sizeof error) > 0) {
    ::waitpid(pid, nullptr, 0);
    throw std::system_error(error, std::generic_category());
  }
  for (const int own_end : {in.write.get(), out.read.get(), err.read.get()}) {
    ::fcntl(own_end, F_SETFL, O_NONBLOCK);
  }
  return {pid, in.write.release(), out.read.release(), err.read.release()};
}

}  // namespace ws2conform::host
