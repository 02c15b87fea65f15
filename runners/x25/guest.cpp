#include "guest.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/reboot.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <map>
#include <stdexcept>
#include <vector>

#include "link.hpp"

namespace x25 {
namespace {

constexpr std::size_t kTold = 1024;             // octets that were read, before the keeper is told
constexpr const char* kHostLine = "/dev/tty0";  // the console that the host's pipes are

void write_all(int to, std::string_view data) {
  while (!data.empty()) {
    const ssize_t put = ::write(to, data.data(), data.size());
    if (put < 0 && errno == EINTR) continue;
    if (put <= 0) return;  // who reads has gone; that is noticed elsewhere
    data.remove_prefix(static_cast<std::size_t>(put));
  }
}

// Least significant octet first.
std::string number(std::size_t value, int octets) {
  std::string text;
  for (; octets > 0; --octets, value >>= 8) text += static_cast<char>(value & 255);
  return text;
}

std::string frame(Frame::Kind kind, int channel, std::string_view data) {
  return std::string{kind, static_cast<char>(channel)} + number(data.size(), 2).append(data);
}

void load(const std::string& module) {
  const int file = ::open(module.c_str(), O_RDONLY | O_CLOEXEC);
  must(file, module);
  must(::syscall(SYS_finit_module, file, "", 0), module);
  ::close(file);
}

// Without echo, signals and translations: octets are octets.
int open_host_line() {
  const int line = ::open(kHostLine, O_RDWR | O_NOCTTY | O_CLOEXEC);
  must(line, kHostLine);
  termios raw{};
  must(::tcgetattr(line, &raw), kHostLine);
  ::cfmakeraw(&raw);
  must(::tcsetattr(line, TCSANOW, &raw), kHostLine);
  return line;
}

// One adapter, with what is still to be written to its standard input.
struct Channel {
  pid_t pid = -1;
  int input = -1;
  int output = -1;
  int complaints = -1;
  std::string waiting;
  bool ending = false;  // once all of `waiting` is written
};

class Guest {
 public:
  Guest(int line, int (*adapter)(int)) : line_(line), adapter_(adapter) {}

  void serve() {
    say(Frame::kReady, 0);
    while (true) {
      std::vector<pollfd> polled = {{line_, POLLIN, 0}};
      for (const auto& [number, channel] : channels_) {
        polled.push_back({channel.output, POLLIN, 0});
        polled.push_back({channel.complaints, POLLIN, 0});
        polled.push_back({channel.waiting.empty() ? -1 : channel.input, POLLOUT, 0});
      }
      ::poll(polled.data(), polled.size(), -1);
      std::size_t at = 1;
      for (auto entry = channels_.begin(); entry != channels_.end();) {
        auto& [number, channel] = *entry;
        if (polled[at++].revents != 0) pass(number, Frame::kOutput, channel.output);
        if (polled[at++].revents != 0) pass(number, Frame::kComplaint, channel.complaints);
        if (polled[at++].revents != 0) feed(channel);
        const bool over = channel.output < 0 && channel.complaints < 0;
        if (over) bury(number, channel);
        entry = over ? channels_.erase(entry) : std::next(entry);
      }
      if (polled[0].revents != 0 && !hear()) return;
    }
  }

 private:
  void say(Frame::Kind kind, int channel, std::string_view data = {}) const {
    write_all(line_, frame(kind, channel, data));
  }

  // False where the host has gone.
  bool hear() {
    std::array<char, Frame::kMost> buffer;
    const ssize_t got = ::read(line_, buffer.data(), buffer.size());
    if (got <= 0) return got < 0 && errno == EINTR;
    read_ += static_cast<std::size_t>(got);
    if (read_ >= kTold) {
      say(Frame::kRead, 0, number(read_, 2));
      read_ = 0;
    }
    heard_.append(buffer.data(), static_cast<std::size_t>(got));
    while (heard_.size() >= Frame::kHeader) {
      const std::size_t size = static_cast<unsigned char>(heard_[2]) |
                               static_cast<std::size_t>(static_cast<unsigned char>(heard_[3])) << 8;
      if (heard_.size() < Frame::kHeader + size) break;
      const Frame frame{static_cast<Frame::Kind>(heard_[0]), static_cast<std::uint8_t>(heard_[1]),
                        heard_.substr(Frame::kHeader, size)};
      heard_.erase(0, Frame::kHeader + size);
      take(frame);
    }
    return true;
  }

  void take(const Frame& frame) {
    if (frame.kind == Frame::kOpen) {
      open(frame.channel);
      return;
    }
    const auto found = channels_.find(frame.channel);
    if (found == channels_.end()) return;  // it has just ended
    Channel& channel = found->second;
    if (frame.kind == Frame::kKill) {
      ::kill(channel.pid, SIGKILL);
    } else if (channel.input >= 0) {
      channel.waiting += frame.data;
      channel.ending = channel.ending || frame.kind == Frame::kEnd;
      feed(channel);
    }
  }

  void open(int number) {
    std::array<int, 2> input, output, complaints;
    must(::pipe2(input.data(), O_CLOEXEC), "pipe");
    must(::pipe2(output.data(), O_CLOEXEC), "pipe");
    must(::pipe2(complaints.data(), O_CLOEXEC), "pipe");
    Channel channel;
    channel.pid = ::fork();
    must(channel.pid, "fork");
    if (channel.pid == 0) {
      ::dup2(input[0], STDIN_FILENO);
      ::dup2(output[1], STDOUT_FILENO);
      ::dup2(complaints[1], STDERR_FILENO);
      ::close_range(STDERR_FILENO + 1, ~0U, 0);
      ::signal(SIGPIPE, SIG_DFL);
      ::_exit(adapter_(opened_));
    }
    ::close(input[0]);
    ::close(output[1]);
    ::close(complaints[1]);
    channel.input = input[1];
    channel.output = output[0];
    channel.complaints = complaints[0];
    ::fcntl(channel.input, F_SETFL, O_NONBLOCK);
    channels_[number] = std::move(channel);
    ++opened_;
  }

  void pass(int number, Frame::Kind kind, int& from) const {
    std::array<char, Frame::kMost> buffer;
    const ssize_t got = ::read(from, buffer.data(), buffer.size());
    if (got > 0) {
      say(kind, number, {buffer.data(), static_cast<std::size_t>(got)});
    } else if (got == 0 || errno != EINTR) {
      ::close(from);
      from = -1;
    }
  }

  static void feed(Channel& channel) {
    const ssize_t put = ::write(channel.input, channel.waiting.data(), channel.waiting.size());
    if (put < 0 && errno != EAGAIN) channel.waiting.clear();  // it has ended
    if (put > 0) channel.waiting.erase(0, static_cast<std::size_t>(put));
    if (!channel.waiting.empty() || !channel.ending) return;
    ::close(channel.input);
    channel.input = -1;
  }

  void bury(int channel_number, const Channel& channel) const {
    int status = 0;
    while (::waitpid(channel.pid, &status, 0) < 0 && errno == EINTR) {
    }
    if (channel.input >= 0) ::close(channel.input);
    say(Frame::kExit, channel_number, number(static_cast<std::size_t>(status), 4));
  }

  int line_;
  int (*adapter_)(int);
  int opened_ = 0;
  std::string heard_;
  std::size_t read_ = 0;  // and not told yet
  std::map<int, Channel> channels_;
};

}  // namespace

void keep_guest(const std::string& modules, int (*adapter)(int)) {
  ::signal(SIGPIPE, SIG_IGN);
  int line = -1;
  try {
    line = open_host_line();
    utsname kernel{};
    ::uname(&kernel);
    const std::string folder = modules + "/" + kernel.release + "/kernel/";
    load(folder + "net/x25/x25.ko");
    load(folder + "drivers/net/tun.ko");
    start_link();
    Guest(line, adapter).serve();
  } catch (const std::exception& problem) {
    write_all(line, frame(Frame::kFailed, 0, problem.what()));
    ::tcdrain(line);
  }
  ::reboot(RB_POWER_OFF);
  ::_exit(1);
}

}  // namespace x25
