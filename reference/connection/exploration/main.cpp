// Explores every provider, or those that are named, and prints how much there was.

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string_view>
#include <vector>

#include "connection/exploration/explorer.hpp"

namespace {

struct Row {
  std::string_view name;
  const ws2::Limits& limits;
};

constexpr Row kRows[] = {{"stream", ws2::kStreamLimits},
                         {"message", ws2::kMessageLimits},
                         {"tcp", ws2::kTcpLimits},
                         {"decnet", ws2::kDecnetLimits},
                         {"tp4", ws2::kTp4Limits}};

constexpr const char* kUsage =
    "usage: ws2-explore [--sends N] [--caller-sends N] [--acceptor-sends N]\n                   "
    "[--qos-changes N] [--edition documented|windows] "
    "[PROVIDER...]\n"
    "Tries everything that two applications and the way between them can do, up to so many sends\n"
    "and changes of the QOS by each application (1 and 0 by default), and checks what must hold.\n";

int fail() {
  std::fputs(kUsage, stderr);
  return 2;
}

}  // namespace

int main(int argc, char** argv) {
  ws2::Bounds bounds;
  ws2::Edition edition;
  std::vector<std::string_view> wanted;
  for (int i = 1; i < argc; ++i) {
    const std::string_view argument = argv[i];
    if (!argument.starts_with("--")) {
      wanted.push_back(argument);
      continue;
    }
    if (++i == argc) return fail();
    if (argument == "--sends") {
      bounds.caller_sends = bounds.acceptor_sends = static_cast<unsigned>(std::atoi(argv[i]));
    } else if (argument == "--caller-sends") {
      bounds.caller_sends = static_cast<unsigned>(std::atoi(argv[i]));
    } else if (argument == "--acceptor-sends") {
      bounds.acceptor_sends = static_cast<unsigned>(std::atoi(argv[i]));
    } else if (argument == "--qos-changes") {
      bounds.qos_changes = static_cast<unsigned>(std::atoi(argv[i]));
    } else if (const auto name = ws2::edition_named(argv[i]); argument == "--edition" && name) {
      edition = ws2::edition_of(*name);
    } else {
      return fail();
    }
  }
  bool holds = true;
  for (const Row& row : kRows) {
    bool is_wanted = wanted.empty();
    for (const std::string_view name : wanted) is_wanted = is_wanted || name == row.name;
    if (!is_wanted) continue;
    ws2::Limits limits = row.limits;
    limits.edition = edition;
    const auto begun = std::chrono::steady_clock::now();
    const ws2::Exploration found = ws2::explore(limits, bounds);
    const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - begun;
    std::printf("%-8s %9zu states %10zu transitions %7.1f s  %s\n", row.name.data(), found.states,
                found.transitions, taken.count(), report(found).c_str());
    std::fflush(stdout);
    holds = holds && !found.broken;
  }
  return holds ? 0 : 1;
}
