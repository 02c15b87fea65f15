#pragma once

#include <cstddef>
#include <string>

namespace soak {

/// Holds `count` connections of the provider open at once between two processes, with data
/// exchanged over each of them, and measures what an idle one takes of the heap and what accepting
/// and an event cost when there are few and when there are many, both processes on one core
/// (stay_on_one_core, called before it). Prints it. Throws what went wrong, also when an idle
/// connection takes more than kMostIdleHeap or the costs grow with the number.
void run_crowd(const std::string& provider, std::size_t count);
/// The other process's part.
void serve_crowd(const std::string& provider);

inline constexpr std::size_t kMostIdleHeap = 2048;  ///< octets, in each process
/// How many times as much an accept or an event may cost among ten times as many connections: far
/// below ten, which a cost proportional to their number would be.
inline constexpr double kMostGrowth = 3;

}  // namespace soak
