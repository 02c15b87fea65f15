#include <signal.h>

#include <cctype>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>

#include "runners/host/processes.hpp"

namespace ws2conform::host {
namespace {

namespace fs = std::filesystem;

std::string read(const fs::path& path) {
  std::ifstream stream(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

// From the text of /proc/PID/stat or of a thread's: "PID (NAME) STATE ...".
char state_in(const std::string& text) {
  const std::size_t name_end = text.rfind(") ");
  return name_end == std::string::npos ? '\0' : text[name_end + 2];
}

std::string stat_of(int pid) {
  return read("/proc/" + std::to_string(pid) + "/stat");
}

// True when it found some.
bool kill_marked(const std::string& mark) {
  const std::string wanted = '\0' + mark + '\0';
  bool found = false;
  std::error_code error;
  for (fs::directory_iterator entry("/proc", error), end; entry != end; entry.increment(error)) {
    if (error) break;
    const int pid = std::atoi(entry->path().filename().c_str());
    if (pid <= 0 || ('\0' + read(entry->path() / "environ")).find(wanted) == std::string::npos)
      continue;
    const char state = state_of(pid);
    if (state == 'Z' || state == 'X' || state == 0) continue;  // dead; its memory says nothing
    found = ::kill(pid, SIGKILL) == 0 || found;
  }
  return found;
}

}  // namespace

void end_marked(const std::string& mark) {
  constexpr int kMostRounds = 100;  // one that forks faster than it is killed wins in the end
  for (int round = 0; round < kMostRounds && kill_marked(mark); ++round) {
  }
}

char state_of(int pid) {
  return state_in(stat_of(pid));
}

bool is_ending(int pid) {
  constexpr int kFlags = 6;                     // fields after the state
  constexpr unsigned long kPfExiting = 0x0004;  // of the kernel's sched.h
  const std::string text = stat_of(pid);
  const std::size_t name_end = text.rfind(") ");
  if (name_end == std::string::npos) return false;
  std::istringstream fields(text.substr(name_end + 2));
  std::string field;
  for (int i = 0; i <= kFlags; ++i) fields >> field;
  return (std::strtoul(field.c_str(), nullptr, 10) & kPfExiting) != 0;
}

// /proc/PID/task/TID/schedstat begins with the nanoseconds on processors.
Activity activity_of(int pid) {
  Activity all;
  std::error_code error;
  const fs::path threads = "/proc/" + std::to_string(pid) + "/task";
  for (fs::directory_iterator thread(threads, error), end; thread != end; thread.increment(error)) {
    if (error) break;
    const char state = state_in(read(thread->path() / "stat"));
    all.is_ready = all.is_ready || state == 'R' || state == 'D';
    all.used += std::chrono::nanoseconds(std::atoll(read(thread->path() / "schedstat").c_str()));
  }
  return all;
}

}  // namespace ws2conform::host
