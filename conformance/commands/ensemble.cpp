#include "conformance/commands/ensemble.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <sys/utsname.h>

#include <algorithm>
#include <ctime>
#include <thread>

#include "conformance/case/loader.hpp"
#include "conformance/case/relay.hpp"
#include "conformance/execution/probe.hpp"

namespace ws2conform {
namespace {

std::vector<std::string> names(const Hello& hello) {
  std::vector<std::string> list;
  for (const Provider& provider : hello.providers) list.push_back(provider.name);
  return list;
}

std::vector<std::string> providers_to_try(const Ensemble& ensemble, const Options& options) {
  std::vector<std::string> both;
  for (const std::string& name : names(ensemble.client)) {
    if (ensemble.server.provider(name) != nullptr) both.push_back(name);
  }
  const std::string offered =
      fmt::format("{} offers {}, {} offers {}", ensemble.casting.client.name,
                  fmt::join(names(ensemble.client), ", "), ensemble.casting.server.name,
                  fmt::join(names(ensemble.server), ", "));
  if (both.empty()) throw UsageError("the two implementations share no provider: " + offered);
  if (options.provider.empty()) return both;
  if (std::find(both.begin(), both.end(), options.provider) == both.end()) {
    throw UsageError(fmt::format("no provider \"{}\"{}: {}", options.provider,
                                 did_you_mean(options.provider, both), offered));
  }
  return {options.provider};
}

// Its hello, if it can be believed. What was asked of this process leaves no traces: the run's own
// processes are others.
Hello hello_of(Actors& actors, const host::Iut& iut) {
  Actor& actor = actors.get(iut, 0);
  Hello hello = actor.hello;
  probe(actor, iut, actors.patience());
  actors.retire(iut, 0);
  return hello;
}

RelayPlan relay_plan(const Options& options) {
  RelayPlan plan;
  plan.seed = options.seed;
  try {
    if (!options.relay.empty()) plan.under_all = parse_treatments(options.relay);
  } catch (const std::invalid_argument& error) {
    throw UsageError(std::string("--relay: ") + error.what());
  }
  return plan;
}

}  // namespace

std::string Ensemble::gap(const Instance& instance) const {
  if (relay.under_all && step_that_fills(instance) != nullptr) {
    return "it fills the way to the peer, which with a relay has no end of its own";
  }
  if (!instance.source->edition.empty() && instance.source->edition != edition) {
    return fmt::format("it is about the {} edition", instance.source->edition);
  }
  for (const std::string& actor : instance.source->actors) {
    const bool serves = actor == "server";
    const Hello& hello = serves ? server : client;
    const std::string& iut = casting.iut_of(actor).name;
    const std::string gap = declared_gap(instance, actor, hello, iut);
    if (!gap.empty()) return gap;
    const Provider* provider = hello.provider(instance.provider);
    const std::string elsewhere =
        gap_elsewhere(casting.iut_of(actor), family_of(instance, *provider), instance);
    if (!elsewhere.empty()) return elsewhere;
    if (relay.wanted(instance) && provider->capabilities.count("relayable") == 0) {
      return fmt::format("provider {} of {} does not claim relayable", provider->name, iut);
    }
  }
  return "";
}

// What an actor cannot do where it runs on a machine of its own.
std::string Ensemble::gap_elsewhere(const host::Iut& iut, const std::string& family,
                                    const Instance& instance) const {
  if (iut.addresses.empty()) return "";
  if (iut.home(family).empty()) {
    return fmt::format("{} has no address of {} in its file", iut.name, family);
  }
  if (relay.wanted(instance)) {
    return fmt::format("{} is on a machine of its own, and the relay on the suite's", iut.name);
  }
  const bool looks_up = std::any_of(instance.steps.begin(), instance.steps.end(),
                                    [](const Step& s) { return s.operation == "getaddrinfo"; });
  return looks_up ? fmt::format("it looks up the local host, which {} has for itself", iut.name)
                  : "";
}

Ensemble assemble(const Options& options) {
  Ensemble ensemble;
  ensemble.cases =
      load_case_set(options.cases.empty() ? default_cases() : std::filesystem::path(options.cases));
  const auto iut = [&](const std::string& name) {
    return host::load_iut(name.empty() ? options.iut : name, places());
  };
  ensemble.casting = {iut(options.client), iut(options.server)};
  if (ensemble.casting.client.addresses.empty() != ensemble.casting.server.addresses.empty()) {
    throw UsageError(
        fmt::format("of {} and {} one has addresses in its file and the other has none",
                    ensemble.casting.client.name, ensemble.casting.server.name));
  }
  ensemble.relay = relay_plan(options);
  ensemble.actors =
      std::make_unique<Actors>(Patience().scaled(options.time_factor), ensemble.relay);
  ensemble.client = hello_of(*ensemble.actors, ensemble.casting.client);
  ensemble.server = hello_of(*ensemble.actors, ensemble.casting.server);
  ensemble.edition = options.edition;
  ensemble.providers = providers_to_try(ensemble, options);
  return ensemble;
}

HistoryHeader header_of(const Ensemble& ensemble, const Options& options) {
  HistoryHeader header;
  header.suite_version = WS2CONFORM_VERSION;
  header.case_set = ensemble.cases.hash;
  header.started = fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(std::time(nullptr)));
  header.edition = options.edition;
  utsname machine{};
  ::uname(&machine);
  header.machine = fmt::format("{} {} {}, {} processors", machine.sysname, machine.release,
                               machine.machine, std::thread::hardware_concurrency());
  header.command_line = options.command_line;
  header.options = {{"seed", options.seed},        {"schedules", options.schedules},
                    {"filter", options.filter},    {"time_factor", options.time_factor},
                    {"jobs", options.job_count()}, {"cores", options.job_cores()}};
  // What `run --resume` needs besides.
  const std::pair<const char*, const std::string&> texts[] = {{"client", options.client},
                                                              {"server", options.server},
                                                              {"cases", options.cases},
                                                              {"relay", options.relay}};
  for (const auto& [name, text] : texts) {
    if (!text.empty()) header.options[name] = text;
  }
  header.options["iut"] = options.iut;
  if (options.gtest_filter != "*") header.options["gtest_filter"] = options.gtest_filter;
  if (!options.provider.empty()) header.options["provider"] = options.provider;
  if (const auto shard = options.the_shard()) {
    header.options["shard"] = {{"index", shard->index}, {"total", shard->total}};
  }
  const std::string client = options.client.empty() ? options.iut : options.client;
  const std::string server = options.server.empty() ? options.iut : options.server;
  const auto add = [&](const char* role, const std::string& iut, const Hello& hello) {
    header.implementations.push_back({{"role", role},
                                      {"iut", iut},
                                      {"implementation", hello.implementation},
                                      {"version", hello.version}});
  };
  if (ensemble.casting.client.file == ensemble.casting.server.file) {
    add("client and server", client, ensemble.client);
  } else {
    add("client", client, ensemble.client);
    add("server", server, ensemble.server);
  }
  return header;
}

namespace {

void check_schedules(const Ensemble& ensemble, const std::vector<Instance>& chosen,
                     const Options& options) {
  const std::size_t limit = options.schedule_limit();
  if (limit <= kMostSchedules) return;
  for (const Instance& instance : chosen) {
    if (!ensemble.gap(instance).empty()) continue;
    const auto too_many = too_many_schedules(instance.steps, limit);
    if (!too_many) continue;
    throw UsageError(
        fmt::format("--schedules {0}: {1} has {2}; --schedules {3} runs a seeded sample of those, "
                    "and all of every case that has no more; or choose cases by --filter",
                    options.schedules, instance.name(), too_many->what(), kMostSchedules));
  }
}

}  // namespace

std::vector<Instance> selected_instances(const Ensemble& ensemble, const Options& options) {
  std::vector<Instance> chosen;
  std::vector<std::string> ids;
  for (const Case& source : ensemble.cases.cases) {
    ids.push_back(source.id);
    for (const std::string& provider : ensemble.providers) {
      for (Instance& instance : instances(source, provider)) {
        if (selected(options.filter, source, instance.axes)) chosen.push_back(std::move(instance));
      }
    }
  }
  if (chosen.empty()) {
    throw UsageError("no case is selected by --filter " + options.filter +
                     did_you_mean(options.filter, ids));
  }
  check_schedules(ensemble, chosen, options);
  return chosen;
}

}  // namespace ws2conform
