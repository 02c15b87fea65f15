// The Winsock adapter over the reference, which tells which cells of the state table its
// connections used between one reset and the next. What reset itself does to them does not count.
// What happens in the background after a reset to a connection that was closed before it counts
// with what comes next.
#include <unistd.h>

#include <array>
#include <atomic>

#include "conformance/cells/line.hpp"
#include "connection/input_watch.hpp"
#include "runners/winsock/program.hpp"

namespace {

using namespace ws2conform;

std::array<std::atomic<bool>, UsedCells().size()> used;

void watch(ws2::State state, ws2::Input input) noexcept {
  used[cell_index(state, input)].store(true, std::memory_order_relaxed);
}

UsedCells take() {
  UsedCells taken;
  for (std::size_t i = 0; i < used.size(); ++i)
    taken[i] = used[i].exchange(false, std::memory_order_relaxed);
  return taken;
}

// In one piece, and before the reset is answered.
void tell() {
  const std::string line = cells_line(take());
  [[maybe_unused]] const auto written = ::write(STDERR_FILENO, line.data(), line.size());
}

}  // namespace

int main(int argc, char** argv) {
  ws2::input_watch = &watch;
  return adapter_program(argc, argv, [](const std::function<void()>& reset) {
    tell();
    reset();
    (void)take();
  });
}
