// Each system call and each allocation of the library fails once, one position after the other,
// while a connection is made, used and ended. Whatever is hit: nothing hangs, nothing is claimed
// that is not so, no descriptor is lost, and afterwards all works as before.
//
// What this found: a failed send, recv or shutdown on bare TCP looked like a graceful end to the
// peer, and so did a connection whose name the system could not tell; a failed shutdown left the
// peer waiting; a listener that had run out of descriptors waited for one to be freed here.
// Out of memory: requests stayed for ever, half accepted; disconnects were half taken; a wait for
// event objects was left behind in some of them; WSACleanup and the background thread threw; a name
// was looked up with success and no result.

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <iostream>
#include <thread>
#include <tuple>

#include "api/tests/faults/faults.hpp"
#include "api/tests/faults/scenario.hpp"

namespace ws2::faults {
namespace {

/// What one position may take, in seconds, before it counts as a hang.
constexpr unsigned kPatience = 20;
/// Far more than any scenario has calls.
constexpr int kMostPositions = 5'000;

std::size_t open_descriptors() {
  using Iterator = std::filesystem::directory_iterator;
  return static_cast<std::size_t>(std::distance(Iterator("/proc/self/fd"), Iterator()));
}

/// Until what goes on in the background is over; nothing tells of that.
void expect_descriptors(std::size_t most) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(kPatience) / 2;
  while (open_descriptors() > most) {
    if (std::chrono::steady_clock::now() > deadline) {
      give_up(std::to_string(open_descriptors()) + " descriptors instead of " +
              std::to_string(most));
    }
    std::this_thread::yield();
  }
}

enum Outcome { kDone = 0, kNotReached = 42 };

/// The whole life of a process in which one call fails.
[[noreturn]] void live(const Scenario& scenario, Kind kind, int position) noexcept {
  is_inside = false;
  ::alarm(kPatience);
  // What stays: the background thread's two, and one of a thread that has waited.
  const std::size_t most = open_descriptors() + (scenario.is_asynchronous ? 2 : 3);
  arm(kind, position);
  const bool went_well = run(scenario);
  const bool has_struck = disarm();
  if (!has_struck && !went_well) give_up("failed unharmed");
  if (!run(scenario)) give_up("does not recover");
  expect_descriptors(most);
  ::_exit(has_struck ? kDone : kNotReached);
}

class FailingCalls : public testing::TestWithParam<std::tuple<const char*, bool, Kind>> {};

TEST_P(FailingCalls, OneAfterTheOther) {
  const auto& [provider, is_asynchronous, kind] = GetParam();
  const Scenario scenario{provider, is_asynchronous};
  int position = 0;
  int bad = 0;
  while (++position < kMostPositions && bad < 5) {
    // Of a process that has never used the library.
    const pid_t child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) live(scenario, kind, position);
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    if (WIFEXITED(status) && WEXITSTATUS(status) == kNotReached) break;
    if (WIFEXITED(status) && WEXITSTATUS(status) == kDone) continue;
    ++bad;
    ADD_FAILURE() << "position " << position << ": " << (WIFSIGNALED(status) ? "signal " : "exit ")
                  << (WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status));
  }
  // The library does make such calls.
  EXPECT_GT(position, 1);
  EXPECT_LT(position, kMostPositions);
  RecordProperty("positions", position - 1);
}

std::string name_of(const testing::TestParamInfo<FailingCalls::ParamType>& info) {
  const auto& [provider, is_asynchronous, kind] = info.param;
  const char* const kinds[] = {"interrupted", "short_of", "in_pieces", "reset", "out_of_memory"};
  return std::string(provider) + (is_asynchronous ? "_asynchronous_" : "_blocking_") +
         kinds[static_cast<int>(kind)];
}

INSTANTIATE_TEST_SUITE_P(
    Positions, FailingCalls,
    testing::Combine(testing::Values("stream", "message", "tcp", "decnet", "tp4"), testing::Bool(),
                     testing::Values(Kind::kInterruption, Kind::kShortage, Kind::kPiece,
                                     Kind::kReset, Kind::kMemory)),
    name_of);

}  // namespace

void give_up(const std::string& why) {
  std::cerr << why << std::endl;
  ::_exit(1);
}

}  // namespace ws2::faults
