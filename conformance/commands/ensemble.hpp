// What commands that run cases begin with: cases, implementations, and what applies to them.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "conformance/case/capability.hpp"
#include "conformance/commands/options.hpp"
#include "conformance/execution/walk.hpp"
#include "conformance/history/history.hpp"
#include "conformance/schedule/schedule.hpp"

namespace ws2conform {

struct Ensemble {
  CaseSet cases;
  Casting casting;
  Hello client;  // what the two adapters said
  Hello server;
  std::string edition;                 // that judges
  std::vector<std::string> providers;  // to be tried, in the client's order
  RelayPlan relay;
  std::unique_ptr<Actors> actors;

  // The declared gap that keeps `instance` from applying; empty when it applies.
  std::string gap(const Instance& instance) const;

 private:
  std::string gap_elsewhere(const host::Iut& iut, const std::string& family,
                            const Instance& instance) const;
};

// Loads cases and implementations and starts the adapters. Throws InputError, UsageError (a
// provider that is not there) and CannotDrive.
Ensemble assemble(const Options& options);

HistoryHeader header_of(const Ensemble& ensemble, const Options& options);

// Every case with every choice of axes that --filter selects. Throws UsageError where there is
// none, and where one that applies has more schedules than --schedules may ask for.
std::vector<Instance> selected_instances(const Ensemble& ensemble, const Options& options);

}  // namespace ws2conform
