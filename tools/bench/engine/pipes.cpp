// The two ends that the engine's benchmark needs and that cost next to nothing themselves:
//
//   pipes adapter                   an adapter whose calls do nothing
//   pipes pingpong COUNT CPU FILE   COUNT times the request and the reply in FILE (a line each)
//                                   between two processes over two pipes; prints the nanoseconds of
//                                   one; CPU -1: wherever the system puts them
#include <sched.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <stdexcept>
#include <string>
#include <string_view>

namespace {

constexpr std::string_view kHello =
    R"({"hello":1,"implementation":"nothing","version":"1","operations":["socket","setsockopt"],)"
    R"("providers":[{"name":"none","type":"SOCK_STREAM","flags":[],"families":["AF_INET"]}]})";

void write_all(int to, std::string_view text) {
  if (::write(to, text.data(), text.size()) != static_cast<ssize_t>(text.size())) {
    throw std::runtime_error("a pipe broke");
  }
}

// The text of a member whose value is a number or a string without escapes; empty where it is not
// there. `name` is in quotes, with the colon.
std::string_view member(std::string_view line, std::string_view name) {
  const std::size_t at = line.find(name);
  if (at == std::string_view::npos) return {};
  const std::size_t begin = at + name.size();
  const bool text = line[begin] == '"';
  const std::size_t end = text ? line.find('"', begin + 1) + 1 : line.find_first_of(",}", begin);
  return line.substr(begin, end - begin);
}

std::string reply_to(std::string_view line) {
  const std::string_view as = member(line, R"("as":)");
  const std::string_view op = member(line, R"("op":)");
  const bool known = op == "\"socket\"" || op == "\"setsockopt\"" || op == "\"reset\"";
  std::string reply = R"({"id":)";
  reply += member(line, R"("id":)");
  if (known) {
    reply += R"(,"returns":)";
    reply += as.empty() ? "0" : as;
  } else {
    reply += R"(,"unsupported":)";
    reply += op;
  }
  return reply += "}\n";
}

int serve() {
  write_all(1, std::string(kHello) + "\n");
  std::string unread;
  std::array<char, 4096> chunk;
  for (ssize_t got = 0; (got = ::read(0, chunk.data(), chunk.size())) > 0;) {
    unread.append(chunk.data(), static_cast<std::size_t>(got));
    std::size_t begin = 0;
    for (std::size_t end = 0; (end = unread.find('\n', begin)) != unread.npos; begin = end + 1) {
      write_all(1, reply_to(std::string_view(unread).substr(begin, end - begin)));
    }
    unread.erase(0, begin);
  }
  return 0;
}

void stay_on(int cpu) {
  if (cpu < 0) return;
  cpu_set_t set;
  CPU_ZERO(&set);
  CPU_SET(cpu, &set);
  if (::sched_setaffinity(0, sizeof set, &set) != 0) throw std::runtime_error("cannot be pinned");
}

void read_all(int from, std::string& text) {
  for (std::size_t got = 0; got < text.size();) {
    const ssize_t count = ::read(from, text.data() + got, text.size() - got);
    if (count <= 0) throw std::runtime_error("a pipe broke");
    got += static_cast<std::size_t>(count);
  }
}

int pingpong(int count, int cpu, const char* file) {
  std::ifstream lines(file);
  std::string request;
  std::string reply;
  if (!std::getline(lines, request) || !std::getline(lines, reply)) {
    throw std::runtime_error("a request and a reply are expected in the file");
  }
  request += '\n';
  reply += '\n';
  stay_on(cpu);
  int there[2];
  int back[2];
  if (::pipe(there) != 0 || ::pipe(back) != 0) throw std::runtime_error("no pipe");
  const pid_t child = ::fork();
  if (child < 0) throw std::runtime_error("no process");
  std::string buffer(child == 0 ? request.size() : reply.size(), ' ');
  if (child == 0) {
    for (int i = 0; i < count; ++i) {
      read_all(there[0], buffer);
      write_all(back[1], reply);
    }
    ::_exit(0);
  }
  const auto begin = std::chrono::steady_clock::now();
  for (int i = 0; i < count; ++i) {
    write_all(there[1], request);
    read_all(back[0], buffer);
  }
  const std::chrono::nanoseconds took = std::chrono::steady_clock::now() - begin;
  ::waitpid(child, nullptr, 0);
  std::printf("%lld\n", static_cast<long long>(took.count() / count));
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    const std::string what = argc > 1 ? argv[1] : "";
    if (what == "adapter") return serve();
    if (what == "pingpong" && argc == 5) {
      return pingpong(std::atoi(argv[2]), std::atoi(argv[3]), argv[4]);
    }
  } catch (const std::exception& error) {
    std::fprintf(stderr, "pipes: %s\n", error.what());
    return 1;
  }
  std::fprintf(stderr, "usage: pipes adapter | pipes pingpong COUNT CPU FILE\n");
  return 2;
}
