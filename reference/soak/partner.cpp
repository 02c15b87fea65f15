#include "soak/partner.hpp"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <iostream>
#include <stdexcept>

extern char** environ;

namespace soak {
namespace {

std::array<int, 2> make_pipe() {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
  return ends;
}

}  // namespace

Partner::Partner(const std::vector<std::string>& arguments) {
  const auto to = make_pipe();
  const auto from = make_pipe();
  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_adddup2(&actions, to[0], STDIN_FILENO);
  ::posix_spawn_file_actions_adddup2(&actions, from[1], STDOUT_FILENO);
  std::vector<std::string> all = {"/proc/self/exe"};
  all.insert(all.end(), arguments.begin(), arguments.end());
  std::vector<char*> argv;
  for (std::string& one : all) argv.push_back(one.data());
  argv.push_back(nullptr);
  const int error = ::posix_spawn(&pid_, argv[0], &actions, nullptr, argv.data(), environ);
  ::posix_spawn_file_actions_destroy(&actions);
  ::close(to[0]);
  ::close(from[1]);
  in_ = ::fdopen(to[1], "w");
  out_ = ::fdopen(from[0], "r");
  if (error != 0 || in_ == nullptr || out_ == nullptr) throw std::runtime_error("no partner");
}

Partner::~Partner() {
  if (pid_ <= 0) return;
  ::kill(pid_, SIGKILL);
  finish();
}

void Partner::say(const std::string& line) {
  std::fprintf(in_, "%s\n", line.c_str());
  std::fflush(in_);
}

std::string Partner::hear() {
  std::string line;
  for (int octet; (octet = std::fgetc(out_)) != '\n';) {
    if (octet == EOF) throw std::runtime_error("the other process has ended");
    line.push_back(static_cast<char>(octet));
  }
  return line;
}

int Partner::finish() {
  std::fclose(in_);
  std::fclose(out_);
  int status = 0;
  ::waitpid(pid_, &status, 0);
  pid_ = -1;
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128;
}

bool told(std::string& line) {
  return static_cast<bool>(std::getline(std::cin, line));
}

void answer(const std::string& line) {
  std::cout << line << std::endl;
}

}  // namespace soak
