// Every client against every server.
#include <fcntl.h>
#include <fmt/format.h>
#include <spawn.h>
#include <sys/wait.h>

#include <algorithm>
#include <cstring>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>

#include "conformance/commands/blame.hpp"
#include "conformance/commands/commands.hpp"
#include "conformance/commands/console.hpp"
#include "conformance/commands/judged.hpp"
#include "conformance/history/reader.hpp"
#include "conformance/judge/judge.hpp"

extern char** environ;

namespace ws2conform {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

// One client with one server.
struct Pair {
  std::string client;
  std::string server;
  std::string folder;  // below the matrix's
  int code = 0;        // of `ws2conform run`
  std::optional<RunResult> result;
  bool is_recorded = false;  // its failing cases ran through the relay
};

using Key = std::pair<std::string, std::string>;  // client, server

// A path to an IUT file is no name of a folder.
std::string label(const std::string& iut) {
  return fs::path(iut).extension() == ".yaml" ? fs::path(iut).stem().string() : iut;
}

std::string last_line(const fs::path& path) {
  std::ifstream stream(path);
  std::string last;
  for (std::string line; std::getline(stream, line);) {
    if (!line.empty()) last = line;
  }
  return last;
}

// The first of its schedules that failed as it did.
const ScheduleResult* failing_schedule(const InstanceResult& instance) {
  for (const ScheduleResult& schedule : instance.schedules) {
    if (schedule.verdict == instance.verdict) return &schedule;
  }
  return nullptr;
}

std::string reason_of(const InstanceResult& instance) {
  const ScheduleResult* schedule = failing_schedule(instance);
  if (schedule != nullptr && !schedule->violations.empty()) {
    return schedule->violations.front().message;
  }
  return schedule != nullptr && !schedule->reason.empty() ? schedule->reason : instance.reason;
}

class Matrix {
 public:
  Matrix(const MatrixOptions& wanted, const Options& options)
      : wanted_(wanted), options_(options), cases_(cases_of(options)) {}

  int run() {
    for (const std::string& client : wanted_.iuts) {
      for (const std::string& server : wanted_.iuts) pair(client, server);
    }
    for (const Key& key : failing()) {
      pair(key.first, wanted_.reference);
      pair(wanted_.reference, key.second);
      pair(wanted_.reference, wanted_.reference);
      record(pairs_.at(key));
    }
    fs::create_directories(wanted_.out);
    std::ofstream(fs::path(wanted_.out) / "matrix.json") << to_json().dump(1) << '\n';
    print();
    return exit_code();
  }

 private:
  bool is_wanted(const std::string& iut) const {
    return std::find(wanted_.iuts.begin(), wanted_.iuts.end(), iut) != wanted_.iuts.end();
  }

  // `ws2conform run` in a process of its own, as GoogleTest runs once in each; its exit code.
  int run_pair(const Pair& pair, const fs::path& report, const std::vector<std::string>& more) {
    std::vector<std::string> words = {"ws2conform",    "run",
                                      "--client",      pair.client,
                                      "--server",      pair.server,
                                      "--filter",      options_.filter,
                                      "--schedules",   options_.schedules,
                                      "--seed",        std::to_string(options_.seed),
                                      "--edition",     options_.edition,
                                      "--time-factor", std::to_string(options_.time_factor),
                                      "--report",      report.string()};
    const auto add = [&](const char* option, const std::string& value) {
      if (!value.empty()) words.insert(words.end(), {option, value});
    };
    add("--provider", options_.provider);
    add("--cases", options_.cases);
    if (options_.jobs > 0) add("--jobs", std::to_string(options_.jobs));
    words.insert(words.end(), more.begin(), more.end());
    std::vector<char*> arguments;
    for (std::string& word : words) arguments.push_back(word.data());
    arguments.push_back(nullptr);
    fs::create_directories(report);
    const std::string log = (report / "run.log").string();
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, 1, log.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0666);
    posix_spawn_file_actions_adddup2(&actions, 1, 2);
    pid_t child = -1;
    const int error =
        ::posix_spawn(&child, "/proc/self/exe", &actions, nullptr, arguments.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    if (error != 0) throw std::runtime_error(fmt::format("a run: {}", std::strerror(error)));
    int status = 0;
    while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    return WIFEXITED(status) ? WEXITSTATUS(status) : static_cast<int>(kNotDriven);
  }

  Pair& pair(const std::string& client, const std::string& server) {
    const auto found = pairs_.find({client, server});
    if (found != pairs_.end()) return found->second;
    Pair& made = pairs_[{client, server}];
    made.client = client;
    made.server = server;
    made.folder = fmt::format("pairs/{}--{}", label(client), label(server));
    fmt::print(stderr, "{} as client, {} as server\n", label(client), label(server));
    const fs::path report = fs::path(wanted_.out) / made.folder;
    made.code = run_pair(made, report, {});
    if (made.code != kWrongInput && made.code != kNotDriven) {
      made.result = judged_histories({(report / "history.jsonl").string()}, cases_).result;
    }
    return made;
  }

  std::vector<Key> failing() const {
    std::vector<Key> keys;
    for (const auto& [key, pair] : pairs_) {
      if (!failures(pair).empty()) keys.push_back(key);
    }
    return keys;
  }

  static std::vector<const InstanceResult*> failures(const Pair& pair) {
    std::vector<const InstanceResult*> failing;
    if (!pair.result) return failing;
    for (const InstanceResult& instance : pair.result->instances) {
      if (is_failing(instance)) failing.push_back(&instance);
    }
    return failing;
  }

  // The failing cases once more through the relay, for its record of what was on the wire.
  void record(Pair& pair) {
    std::set<std::string> suites;
    for (const InstanceResult* instance : failures(pair)) {
      std::string name = instance->case_id;
      std::replace(name.begin(), name.end(), '-', '_');
      suites.insert(name + ".*");
    }
    const fs::path report = fs::path(wanted_.out) / pair.folder / "relayed";
    const int code =
        run_pair(pair, report,
                 {"--relay", "record", fmt::format("--gtest_filter={}", fmt::join(suites, ":"))});
    pair.is_recorded = code != kWrongInput && code != kNotDriven;
  }

  const InstanceResult* same(const std::string& client, const std::string& server,
                             const InstanceResult& wanted) const {
    const auto found = pairs_.find({client, server});
    if (found == pairs_.end() || !found->second.result) return nullptr;
    for (const InstanceResult& instance : found->second.result->instances) {
      if (instance.case_id == wanted.case_id && instance.axes == wanted.axes) return &instance;
    }
    return nullptr;
  }

  Judgement judgement(const Pair& pair, const InstanceResult& instance) const {
    const std::string& reference = wanted_.reference;
    return assign_blame(
        instance,
        {same(pair.client, reference, instance), same(reference, pair.server, instance),
         same(reference, reference, instance)},
        cases_.requirements);
  }

  json to_json(const Pair& pair, const InstanceResult& instance) const {
    const Judgement judged = judgement(pair, instance);
    json axes = json::array();
    for (const auto& [name, value] : instance.axes) axes.push_back({name, value});
    json failure = {{"case", instance.case_id},
                    {"axes", axes},
                    {"verdict", to_string(instance.verdict)},
                    {"reason", reason_of(instance)},
                    {"blame", to_string(judged.blame)},
                    {"because", judged.because}};
    const ScheduleResult* schedule = failing_schedule(instance);
    if (schedule == nullptr) return failure;
    failure["schedule"] = schedule->replay_id;
    if (!schedule->violations.empty()) {
      const Violation& violation = schedule->violations.front();
      failure["check"] = violation.check;
      failure["requirements"] = violation.requirements;
      failure["provenance"] = to_string(violation.provenance);
    }
    return failure;
  }

  json to_json(const Pair& pair) const {
    json made = {{"client", label(pair.client)},
                 {"server", label(pair.server)},
                 {"folder", pair.folder},
                 {"failures", json::array()}};
    if (!pair.result) {
      made["problem"] = last_line(fs::path(wanted_.out) / pair.folder / "run.log");
      return made;
    }
    std::map<std::string, int> counts;
    for (const InstanceResult& instance : pair.result->instances) {
      ++counts[std::string(to_string(instance.verdict))];
    }
    made["verdicts"] = counts;
    for (const InstanceResult* instance : failures(pair)) {
      made["failures"].push_back(to_json(pair, *instance));
    }
    if (pair.is_recorded) made["record"] = pair.folder + "/relayed/relay.pcapng";
    return made;
  }

  json to_json() const {
    json implementations = json::array();
    for (const std::string& iut : wanted_.iuts) {
      json described = {{"iut", label(iut)}};
      for (const auto& [key, pair] : pairs_) {
        if (key.first != iut || !pair.result) continue;
        const ImplementationInfo& info = pair.result->implementations.front();
        described["implementation"] = info.implementation;
        described["version"] = info.version;
      }
      implementations.push_back(described);
    }
    json pairs = json::array();
    for (const auto& [key, pair] : pairs_) {
      json made = to_json(pair);
      made["asked_for"] = is_wanted(key.first) && is_wanted(key.second);
      pairs.push_back(std::move(made));
    }
    return {{"matrix", 1},
            {"suite", WS2CONFORM_VERSION},
            {"case_set", cases_.hash},
            {"edition", options_.edition},
            {"reference", label(wanted_.reference)},
            {"implementations", implementations},
            {"pairs", pairs}};
  }

  std::string cell(const Pair& pair) const {
    if (!pair.result) return pair.code == kNotDriven ? "not driven" : "none";
    std::size_t passed = 0;
    for (const InstanceResult& instance : pair.result->instances) {
      passed += instance.verdict == Verdict::kPass ? 1 : 0;
    }
    const std::size_t failed = failures(pair).size();
    return failed == 0 ? fmt::format("{} pass", passed)
                       : fmt::format("{} pass, {} fail", passed, failed);
  }

  void print() const {
    std::size_t width = std::strlen("client \\ server");
    for (const std::string& iut : wanted_.iuts) width = std::max(width, label(iut).size());
    const std::size_t column = std::max<std::size_t>(width, 20) + 2;
    fmt::print("{:<{}}", "client \\ server", column);
    for (const std::string& server : wanted_.iuts) fmt::print("{:<{}}", label(server), column);
    fmt::print("\n");
    for (const std::string& client : wanted_.iuts) {
      fmt::print("{:<{}}", label(client), column);
      for (const std::string& server : wanted_.iuts) {
        fmt::print("{:<{}}", cell(pairs_.at({client, server})), column);
      }
      fmt::print("\n");
    }
    for (const auto& [key, pair] : pairs_) {
      if (is_wanted(key.first) && is_wanted(key.second)) print_failures(pair);
    }
    fmt::print("\nmatrix: {}\n", (fs::path(wanted_.out) / "matrix.json").string());
  }

  void print_failures(const Pair& pair) const {
    if (pair.result && failures(pair).empty()) return;
    fmt::print("\n{} as client, {} as server\n", label(pair.client), label(pair.server));
    if (!pair.result) {
      fmt::print("  {}\n", last_line(fs::path(wanted_.out) / pair.folder / "run.log"));
    }
    for (const InstanceResult* instance : failures(pair)) {
      const Judgement judged = judgement(pair, *instance);
      fmt::print("  {:<9} {}/{}: {}\n            {}\n", to_string(judged.blame), instance->case_id,
                 to_string(instance->axes), reason_of(*instance), judged.because);
    }
    if (pair.is_recorded) fmt::print("  on the wire: {}/relayed/relay.pcapng\n", pair.folder);
  }

  int exit_code() const {
    int code = kHolds;
    for (const auto& [key, pair] : pairs_) {
      if (!is_wanted(key.first) || !is_wanted(key.second)) continue;
      if (!failures(pair).empty()) return kViolated;
      if (!pair.result) {
        code = pair.code;
      } else if (code == kHolds) {
        code = ws2conform::exit_code(*pair.result);
      }
    }
    return code;
  }

  const MatrixOptions& wanted_;
  const Options& options_;
  const CaseSet cases_;
  std::map<Key, Pair> pairs_;
};

}  // namespace

int matrix_command(const MatrixOptions& wanted, const Options& options) {
  for (const std::string& iut : wanted.iuts) host::load_iut(iut, places());
  host::load_iut(wanted.reference, places());
  std::map<std::string, std::string> labels;
  for (const std::string& iut : wanted.iuts) {
    const auto [first, is_new] = labels.emplace(label(iut), iut);
    if (!is_new) {
      throw UsageError(fmt::format("{} and {} would share the name \"{}\" in the matrix",
                                   first->second, iut, first->first));
    }
  }
  MatrixOptions settled = wanted;
  if (settled.out.empty()) settled.out = (default_report().parent_path() / "matrix").string();
  return Matrix(settled, options).run();
}

}  // namespace ws2conform
