#pragma once

#include <functional>

#include "contender.hpp"

namespace bench {

/// What both ends of one run of one contender do.
struct Job {
  /// What is done before the time begins to count, on either end.
  std::function<void(Server&)> prepare_server = [](Server&) {};
  std::function<void(Client&, std::uint16_t defer_port)> prepare_client = [](Client&,
                                                                             std::uint16_t) {};
  std::function<void(Server&)> serve;
  std::function<void(Client&)> call;
  bool needs_defer_port = false;
};

struct Measured {
  double seconds = 0;      ///< as the client's clock has it
  double cpu_seconds = 0;  ///< user and system time of both processes
  double switches = 0;     ///< how often a thread of either waited
};

inline constexpr int kAnywhere = -1;

/// Runs the job in two new processes, both on processor `cpu` only, or kAnywhere. Throws when
/// either fails, or is not done after `patience` seconds.
Measured run_round(const Contender& contender, const Job& job, int cpu, unsigned patience = 120);

}  // namespace bench
