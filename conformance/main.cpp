// The command line.
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <CLI/CLI.hpp>

#include "conformance/commands/commands.hpp"
#include "conformance/commands/manual.hpp"
#include "conformance/execution/actors.hpp"

namespace {

using namespace ws2conform;

void add_case_options(CLI::App& command, Options& options) {
  command.add_option("--cases", options.cases, "Directory of cases (default: the suite's own)");
}

void add_baseline_option(CLI::App& command, Options& options) {
  command.add_option("--baseline", options.baseline,
                     "File of known failures: those are no longer red, everything else is");
}

void add_schedule_options(CLI::App& command, Options& options) {
  command
      .add_option("--schedules", options.schedules,
                  fmt::format("How many schedules of each case and axes: \"all\", which is refused "
                              "where a case has more than {}, or a number, above which a sample is "
                              "drawn",
                              kMostSchedules))
      ->capture_default_str();
  command.add_option("--seed", options.seed, "Seed of the sample")->capture_default_str();
}

void add_time_factor(CLI::App& command, Options& options) {
  command
      .add_option("--time-factor", options.time_factor,
                  "Multiplies the suite's patience, for slow machines")
      ->check(CLI::Range(0.01, 1000.0))
      ->capture_default_str();
}

void add_provider_options(CLI::App& command, Options& options) {
  command.add_option("--provider", options.provider, "Only this provider of the implementation");
  command
      .add_option("--edition", options.edition,
                  "Which expectations judge where the text and Windows disagree")
      ->check(CLI::IsMember({"documented", "windows"}))
      ->capture_default_str();
}

void add_iut_options(CLI::App& command, Options& options) {
  command
      .add_option("IUT", options.iut,
                  "Implementation under test: a name of `list iuts`, or a path to such a file")
      ->capture_default_str();
  command.add_option("--client", options.client, "Another implementation for the client's role");
  command.add_option("--server", options.server, "Another implementation for the server's role");
  add_provider_options(command, options);
  command.add_option(
      "--relay", options.relay,
      "Put the relay under every case: \"record\", \"delay=0..20\" (milliseconds, at random), "
      "\"split=1\" (octets), joined by commas");
  add_time_factor(command, options);
}

void add_filter_option(CLI::App& command, Options& options) {
  command
      .add_option("--filter", options.filter,
                  "Glob over case IDs, \"ID/axes\", areas, or \"area/ID\"")
      ->capture_default_str();
}

void add_jobs_option(CLI::App& command, Options& options) {
  command
      .add_option("--jobs,-j", options.jobs,
                  "How many cases run at once, each with adapters of its own (default: as many as "
                  "there are cores)")
      ->check(CLI::Range(1, 256));
}

// GoogleTest's own options go to GoogleTest, and nothing else: --help is ours.
void init_gtest(int& argc, char** argv) {
  std::vector<char*> theirs = {argv[0]};
  int kept = 1;
  for (int i = 1; i < argc; ++i) {
    if (std::string_view(argv[i]).substr(0, 8) == "--gtest_") {
      theirs.push_back(argv[i]);
    } else {
      argv[kept++] = argv[i];
    }
  }
  argc = kept;
  int count = static_cast<int>(theirs.size());
  theirs.push_back(nullptr);
  testing::InitGoogleTest(&count, theirs.data());
}

std::string joined(int argc, char** argv) {
  std::string text = "ws2conform";
  for (int i = 1; i < argc; ++i) text += std::string(" ") + argv[i];
  return text;
}

// CLI11 says only that a subcommand is required.
std::string unknown_command(const CLI::App& app, const std::string& word) {
  std::vector<std::string> known;
  for (const CLI::App* command : app.get_subcommands({})) known.push_back(command->get_name());
  return fmt::format("there is no command \"{}\"{}: {}\n", word, did_you_mean(word, known),
                     fmt::join(known, ", "));
}

}  // namespace

int main(int argc, char** argv) {
  ::signal(SIGPIPE, SIG_IGN);  // an adapter that died is noticed by its silence
  Options options;
  options.command_line = joined(argc, argv);
  init_gtest(argc, argv);

  CLI::App app(
      "Conformance tests for Windows Sockets 2 connection setup and teardown.\n"
      "Runs cases against an implementation and says, step by step, where it departs from the "
      "specification.",
      "ws2conform");
  app.set_version_flag("--version", std::string("ws2conform ") + WS2CONFORM_VERSION);
  app.require_subcommand(1);
  app.footer(
      "Exit codes: 0 every applicable requirement holds; 1 something failed; 2 wrong command line, "
      "case or\nconfiguration; 3 the implementation could not be driven; 4 nothing failed but "
      "something stayed inconclusive.");

  int code = kHolds;
  CLI::App* run = app.add_subcommand("run", "Run the cases and write the report");
  add_iut_options(*run, options);
  add_case_options(*run, options);
  add_schedule_options(*run, options);
  add_filter_option(*run, options);
  run->add_option("--shard", options.shard, "I/N: only the I-th of N parts");
  run->add_option(
      "--report", options.report,
      "Folder for index.html, junit.xml, ctrf.json, report.tap, badge.json, history.jsonl "
      "and relay.pcapng "
      "(default: report/ beside the program)");
  add_baseline_option(*run, options);
  add_jobs_option(*run, options);
  run->add_option("--resume", options.resume,
                  "The history.jsonl of a run that was cut off: runs what is missing, with the "
                  "options of then, and appends to it");
  run->add_option(
         "--format", options.format,
         "What is printed besides: \"github\" for annotations beside the lines of a change")
      ->check(CLI::IsMember({"text", "github"}))
      ->capture_default_str();
  run->callback([&] { code = run_command(options); });

  std::vector<std::string> histories;
  std::string folder;
  CLI::App* judge = app.add_subcommand(
      "judge", "Judge an old history again, offline; says which verdicts have changed");
  judge->add_option("HISTORY", histories, "history.jsonl, or the shards of one run")->required();
  add_case_options(*judge, options);
  add_baseline_option(*judge, options);
  judge->callback([&] { code = judge_command(histories, options); });

  CLI::App* report = app.add_subcommand(
      "report", "Write the reports from histories alone; compare several runs in one page");
  report
      ->add_option("HISTORY", histories,
                   "history.jsonl; shards of one run are taken together, and several runs make a "
                   "comparison, whose exit status is that of the last")
      ->required();
  report->add_option("--zoo", options.zoo,
                     "zoo.json, for the kill matrix (default: beside the program)");
  report->add_option("--matrix", options.matrix,
                     "matrix.json, for who can talk to whom: a comparison");
  report->add_option("--out", folder, "Folder for the reports")->required();
  add_case_options(*report, options);
  add_baseline_option(*report, options);
  report
      ->add_option("--format", options.format,
                   "What is printed besides: \"github\" for annotations")
      ->check(CLI::IsMember({"text", "github"}))
      ->capture_default_str();
  report->callback([&] { code = report_command(histories, folder, options); });

  CLI::App* doctor = app.add_subcommand(
      "doctor", "Examine an adapter: does it speak the protocol, and how to mend what it does not");
  doctor->add_option("IUT", options.iut, "A name of `list iuts`, or a path to such a file")
      ->capture_default_str();
  add_time_factor(*doctor, options);
  doctor->callback([&] { code = doctor_command(options); });

  std::string file;
  CLI::App* baseline = app.add_subcommand(
      "baseline", "Write the failures of a run down as known, or update such a file");
  baseline->add_option("HISTORY", histories, "history.jsonl, or the shards of one run")->required();
  baseline->add_option("--out,--update", file,
                       "The file; one that is there keeps its reasons, comments and order "
                       "(default: standard output)");
  add_case_options(*baseline, options);
  baseline->callback([&] { code = baseline_command(histories, file, options); });

  std::string what;
  CLI::App* list = app.add_subcommand("list", "List what there is");
  list->add_option("WHAT", what, "cases, requirements, iuts, invariants or faults")->required();
  add_case_options(*list, options);
  list->callback([&] { code = list_command(what, options); });

  std::string case_id;
  CLI::App* show =
      app.add_subcommand("show", "Show a case as the two-column table, with its schedules");
  show->add_option("CASE", case_id, "ID of a case")->required();
  add_case_options(*show, options);
  add_schedule_options(*show, options);
  show->callback([&] { code = show_command(case_id, options); });

  std::vector<std::string> files;
  CLI::App* lint =
      app.add_subcommand("lint", "Check case files: errors with file, line and what was meant");
  lint->add_option("FILE", files, "Case files (default: all cases and IUT files)");
  add_case_options(*lint, options);
  lint->add_option("--format", options.format, "\"sarif\" for code hosts and editors")
      ->check(CLI::IsMember({"text", "sarif"}))
      ->capture_default_str();
  lint->callback([&] { code = lint_command(files, options); });

  ZooOptions zoo;
  CLI::App* zoo_app = app.add_subcommand(
      "zoo",
      "Run the cases on the zoo: implementations that are wrong in one way each, and have to be "
      "caught for it");
  zoo_app->add_option("--fault", zoo.faults,
                      "Globs over the names of `list faults` (default: all)");
  zoo_app->add_option("--filter", options.filter, "Glob over cases, as for run")
      ->capture_default_str();
  zoo_app->add_option("--provider", options.provider, "Only this provider");
  zoo_app
      ->add_option("--jobs,-j", options.jobs,
                   "How many faults at once (default: two for each core)")
      ->check(CLI::Range(1, 256));
  zoo_app
      ->add_option("--instances", zoo.instances,
                   "How many choices of axes of a case that the fault does not name")
      ->check(CLI::Range(1, 1000))
      ->capture_default_str();
  zoo_app->add_option("--schedules", zoo.schedules, "How many schedules of each of those")
      ->check(CLI::Range(1, 1000))
      ->capture_default_str();
  zoo_app->add_option("--seed", options.seed, "Seed of the sample of schedules")
      ->capture_default_str();
  add_time_factor(*zoo_app, options);
  add_case_options(*zoo_app, options);
  zoo_app->add_option("--out", zoo.out,
                      "The matrix as JSON (default: zoo.json beside the program)");
  zoo_app->add_option("--readme", zoo.readme, "File whose generated line tells the score");
  zoo_app->add_flag("--check", zoo.check, "Do not write that line, but say whether it is current");
  zoo_app->add_flag("--explore", zoo.explore,
                    "How many of the faults `explore` finds, instead of the cases");
  zoo_app->add_option("--walks", zoo.walks, "How many walks that takes at most")
      ->capture_default_str();
  zoo_app->callback([&] { code = zoo_command(options, zoo); });

  bool as_json = false;
  CLI::App* coverage = app.add_subcommand(
      "coverage",
      "Which requirement is tested by how many cases, for each provider; which states and inputs "
      "of the reference the cases reach");
  coverage->add_flag("--json", as_json, "The whole ledger with the cases' names, as JSON");
  add_iut_options(*coverage, options);
  add_case_options(*coverage, options);
  coverage->add_option("--cells", histories,
                       "history.jsonl of `run reference-cells` (or its shards): which cells of the "
                       "reference's state table were reached by how many cases, and which by none");
  coverage->callback([&] { code = coverage_command(as_json, histories, options); });

  MatrixOptions wanted;
  CLI::App* matrix = app.add_subcommand(
      "matrix",
      "Run the cases with every client against every server, and say for each failure whose "
      "fault it is");
  matrix->add_option("IUT", wanted.iuts, "Names of `list iuts`, or paths to such files")
      ->required();
  matrix
      ->add_option("--reference", wanted.reference,
                   "Who takes the place of each side where two fail together")
      ->capture_default_str();
  matrix->add_option("--out", wanted.out,
                     "Folder for matrix.json and, in pairs/CLIENT--SERVER, each pair's report and "
                     "the relay's record of its failing cases (default: matrix/ beside the "
                     "program)");
  add_provider_options(*matrix, options);
  add_time_factor(*matrix, options);
  add_case_options(*matrix, options);
  add_schedule_options(*matrix, options);
  add_filter_option(*matrix, options);
  add_jobs_option(*matrix, options);
  matrix->callback([&] { code = matrix_command(wanted, options); });

  std::size_t walks = kDefaultWalks;
  CLI::App* explore = app.add_subcommand(
      "explore",
      "Random walks of calls, judged by a model and the invariants; one that fails is made small "
      "and written down as a case");
  add_iut_options(*explore, options);
  add_case_options(*explore, options);
  explore->add_option("--walks", walks, "How many walks at most")->capture_default_str();
  explore->add_option("--seed", options.seed, "Seed of the walks")->capture_default_str();
  explore->add_option("--out", folder,
                      "Folder for the walk that fails, as a directory of cases "
                      "(default: walks/ beside the program)");
  explore->callback([&] { code = explore_command(walks, folder, options); });

  CLI::App* model = app.add_subcommand(
      "model", "Hold the cases against a model of the reference: are they too strict, or too lax?");
  add_case_options(*model, options);
  add_iut_options(*model, options);
  add_filter_option(*model, options);
  model->add_flag("--json", as_json,
                  "Only how many states were explored of each case, as lines of JSON");
  model->callback([&] { code = model_command(as_json, options); });

  std::string id;
  CLI::App* replay =
      app.add_subcommand("replay", "Run one schedule again, with the whole conversation");
  replay->add_option("ID", id, "The ID that a failure printed")->required();
  add_iut_options(*replay, options);
  add_case_options(*replay, options);
  add_schedule_options(*replay, options);
  replay->callback([&] { code = replay_command(id, options); });

  app.add_subcommand("manual",
                     "Print the manual page, made from what the commands say of themselves")
      ->callback([&] { fmt::print("{}", manual_text(app)); });
  std::string shell;
  CLI::App* completion = app.add_subcommand(
      "completion", "Print a script for a shell that completes commands, options and names");
  completion->add_option("SHELL", shell, "Of which shell")
      ->required()
      ->check(CLI::IsMember({"bash"}));
  completion->callback([&] { fmt::print("{}", completion_text(app)); });

  try {
    app.parse(argc, argv);
  } catch (const CLI::Success& success) {
    return app.exit(success);
  } catch (const CLI::ParseError& error) {
    const std::vector<std::string> left = app.remaining();
    if (!app.get_subcommands().empty() || left.empty()) {
      app.exit(error);
    } else {
      fmt::print(stderr, "ws2conform: {}", unknown_command(app, left.front()));
    }
    return kWrongInput;
  } catch (const UsageError& error) {
    fmt::print(stderr, "ws2conform: {}\n", error.what());
    return kWrongInput;
  } catch (const InputError& error) {
    fmt::print(stderr, "{}\n", error.what());
    return kWrongInput;
  } catch (const CannotDrive& error) {
    fmt::print(stderr, "ws2conform: {}\n", error.what());
    return kNotDriven;
  } catch (const std::exception& error) {
    fmt::print(stderr, "ws2conform: {}\n", error.what());
    return kNotDriven;
  }
  return code;
}
