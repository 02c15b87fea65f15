#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "conformance/case/lint.hpp"
#include "conformance/case/loader.hpp"
#include "conformance/commands/commands.hpp"
#include "conformance/commands/console.hpp"
#include "conformance/commands/ensemble.hpp"
#include "conformance/commands/walking.hpp"
#include "conformance/judge/judge.hpp"
#include "conformance/walks/shrink.hpp"
#include "conformance/walks/yaml_text.hpp"

namespace ws2conform {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostTries = 120;  // walks run to shrink one
constexpr int kRepeats = 2;              // that a failure is seen again in, to be believed

// What a provider must and must not have for a walk to mean the same.
void say_for_whom(Case& walk, const Provider& provider) {
  for (const char* capability :
       {"byte-stream", "message-oriented", "connect-data", "disconnect-data", "delayed-accept",
        "graceful-close", "half-close", "qos"}) {
    const bool claimed = provider.capabilities.count(capability) != 0;
    const bool opposite = std::string_view(capability) == "message-oriented" &&
                          provider.capabilities.count("byte-stream") != 0;
    if (!opposite && (claimed || std::string_view(capability) != "byte-stream")) {
      (claimed ? walk.needs : walk.lacks).emplace_back(capability);
    }
  }
}

class Exploration {
 public:
  Exploration(const Options& options, Ensemble& ensemble)
      : options_(options), ensemble_(ensemble) {}

  int run(std::size_t walks, const fs::path& folder) {
    walks::Series series = walk_series(ensemble_, options_);
    for (std::size_t i = 0; i < walks; ++i) {
      const auto [id, provider, generated] = series.next();
      if (!generated || !applies(generated->walk, provider)) continue;
      ++walked_;
      steps_ += generated->walk.steps.size();
      const auto failure = fails(generated->walk, provider);
      if (!failure) continue;
      if (!again(generated->walk, provider)) {
        ++seen_once_;
        fmt::print("{}, provider {}: {}\n  which did not happen again\n", id, provider, *failure);
        continue;
      }
      keep(generated->draft, provider, folder);
      summary(i + 1);
      return kViolated;
    }
    summary(walks);
    return seen_once_ > 0 ? kInconclusiveExit : kHolds;
  }

 private:
  ws2::Limits limits(const std::string& provider) const {
    return walk_limits(ensemble_, provider, options_);
  }

  bool applies(const Case& walk, const std::string& provider) const {
    return ensemble_.gap(instances(walk, provider).front()).empty();
  }

  // Why the walk fails, if it does under one of a few schedules.
  std::optional<std::string> fails(const Case& walk, const std::string& provider) {
    const Instance instance = instances(walk, provider).front();
    for (const Schedule& schedule : walks::schedules_of_a_walk(instance, options_.seed)) {
      Walk running(*ensemble_.actors, ensemble_.casting, instance, {instance, options_.edition},
                   [](const Event&) {});
      ScheduleHistory history = running.run(schedule);
      history.complete = true;
      const ScheduleResult result = judge_schedule(instance, history, options_.edition);
      ++runs_;
      if (result.verdict == Verdict::kFail) return result.violations.front().message;
      if (result.verdict == Verdict::kError) return result.reason;
    }
    return std::nullopt;
  }

  bool again(const Case& walk, const std::string& provider) {
    for (int i = 0; i < kRepeats; ++i) {
      if (!fails(walk, provider)) return false;
    }
    return true;
  }

  // Makes it as small as it can be and writes it down.
  void keep(const walks::Draft& draft, const std::string& provider, const fs::path& folder) {
    const auto derived = [&](const std::vector<Step>& steps) {
      walks::Draft less = draft;
      less.steps = steps;
      return walks::derive(less, provider, options_.edition, limits(provider));
    };
    const std::vector<Step> steps =
        walks::shrunk(draft.steps, kMostTries, [&](const std::vector<Step>& less) {
          const auto smaller = derived(less);
          if (!smaller || smaller->walk.steps.empty()) return false;
          return walks::holds_in_the_model(smaller->walk, provider, options_.edition,
                                           limits(provider)) &&
                 fails(smaller->walk, provider).has_value();
        });
    Case walk = derived(steps)->walk;
    const auto failure = fails(walk, provider);
    say_for_whom(walk, *ensemble_.client.provider(provider));
    walk.notes = fmt::format("Found by a random walk on {}, provider {}, seed {}.",
                             ensemble_.client.implementation, provider, options_.seed);
    make_folder(folder / "walks");
    fs::copy((options_.cases.empty() ? default_cases() : fs::path(options_.cases)) / "requirements",
             folder / "requirements",
             fs::copy_options::recursive | fs::copy_options::overwrite_existing);
    const fs::path path = folder / "walks" / (walk.id + ".yaml");
    std::ofstream(path) << walks::yaml_text(walk);
    fmt::print("{}, provider {}: {}\n", walk.id, provider,
               failure.value_or("what failed before did not happen again"));
    fmt::print("{} of {} steps are enough:\n\n{}\n", walk.steps.size(), draft.steps.size(),
               walks::yaml_text(walk));
    lint(load_case(path, path.string(), "walks"), ensemble_.cases.requirements);
    fmt::print("written to {}\nagain: ws2conform run {} --cases {} --provider {}\n", path.string(),
               options_.iut, folder.string(), provider);
  }

  void summary(std::size_t tried) const {
    fmt::print("{} walks of {} tried, {} steps, {} schedules run\n", walked_, tried, steps_, runs_);
  }

  const Options& options_;
  Ensemble& ensemble_;
  std::size_t walked_ = 0;
  std::size_t steps_ = 0;
  std::size_t runs_ = 0;
  std::size_t seen_once_ = 0;
};

}  // namespace

int explore_command(std::size_t walks, const std::string& folder, const Options& options) {
  Ensemble ensemble = assemble(options);
  return Exploration(options, ensemble)
      .run(walks, folder.empty() ? default_report().parent_path() / "walks" : fs::path(folder));
}

}  // namespace ws2conform
