// What the tests of the host look at, and how long they are prepared to wait for it.
#pragma once

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <iterator>

#include "runners/host/adapter.hpp"

namespace ws2conform::host {

inline Clock::time_point soon() {
  return Clock::now() + std::chrono::seconds(30);
}

// Of this process; the one that the count itself takes is among them.
inline std::ptrdiff_t open_descriptors() {
  return std::distance(std::filesystem::directory_iterator("/proc/self/fd"),
                       std::filesystem::directory_iterator{});
}

}  // namespace ws2conform::host
