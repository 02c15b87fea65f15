// Walks random schedules of the suite's cases twice on an implementation, and compares the
// histories: what a replay shows is what happened. Cases whose outcomes are free are left out.
//
// Usage: replay_check CASES IUTS BUILD IUT COUNT [SEED]
#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <random>

#include "conformance/case/loader.hpp"
#include "conformance/execution/canonical.hpp"
#include "conformance/execution/walk.hpp"

namespace ws2conform {
namespace {

bool applies(const Instance& instance, const Hello& hello, const std::string& iut) {
  for (const std::string& actor : instance.source->actors) {
    if (!declared_gap(instance, actor, hello, iut).empty()) return false;
  }
  return true;
}

// Whether the case itself lets the implementation choose, or race: an outcome has several readings
// or an alternative, or it is how much the system's buffers take.
bool is_free(const Instance& instance) {
  return std::any_of(instance.steps.begin(), instance.steps.end(), [](const Step& step) {
    return !step.readings.empty() || !step.alternatives.empty() || step.operation == "fill" ||
           step.operation == "drain";
  });
}

std::vector<Instance> applicable(const CaseSet& cases, const Hello& hello, const std::string& iut) {
  std::vector<Instance> found;
  for (const Case& source : cases.cases) {
    for (const Provider& provider : hello.providers) {
      for (Instance& instance : instances(source, provider.name)) {
        if (applies(instance, hello, iut) && !is_free(instance))
          found.push_back(std::move(instance));
      }
    }
  }
  return found;
}

std::vector<std::string> walk_once(Actors& actors, const Casting& casting, const Instance& instance,
                                   const Schedule& schedule) {
  Walk walk(actors, casting, instance, {instance, "documented"}, [](const Event&) {});
  return canonical(walk.run(schedule), instance);
}

// 1 where two walks differ.
int check(const host::Iut& iut, const CaseSet& cases, std::size_t count, std::uint64_t seed) {
  Actors actors{Patience()};
  const Casting casting{iut, iut};
  const std::vector<Instance> all = applicable(cases, actors.get(iut, 0).hello, iut.name);
  std::mt19937_64 random(seed);
  std::size_t events = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const Instance& instance = all[random() % all.size()];
    const ScheduleList list = schedules(instance.steps, 1, random());
    const Schedule& schedule = list.schedules.front();
    const auto first = walk_once(actors, casting, instance, schedule);
    const auto second = walk_once(actors, casting, instance, schedule);
    events += first.size();
    if (first == second) continue;
    fmt::print("{} {}\n", instance.name(), to_string(schedule, instance.steps));
    for (std::size_t e = 0; e < std::max(first.size(), second.size()); ++e) {
      const std::string a = e < first.size() ? first[e] : "(nothing)";
      const std::string b = e < second.size() ? second[e] : "(nothing)";
      fmt::print("{} {}\n", a == b ? " " : "-", a);
      if (a != b) fmt::print("+ {}\n", b);
    }
    return 1;
  }
  fmt::print("{} schedules of {} cases with their axes, {} events: each walk like the other\n",
             count, all.size(), events);
  return 0;
}

}  // namespace
}  // namespace ws2conform

int main(int argc, char** argv) {
  if (argc < 6) {
    fmt::print(stderr, "usage: replay_check CASES IUTS BUILD IUT COUNT [SEED]\n");
    return 2;
  }
  const ws2conform::host::Iut iut = ws2conform::host::load_iut(argv[4], {argv[2], argv[3]});
  const std::uint64_t seed = argc > 6 ? std::strtoull(argv[6], nullptr, 10) : 1;
  return ws2conform::check(iut, ws2conform::load_case_set(argv[1]),
                           std::strtoull(argv[5], nullptr, 10), seed);
}
