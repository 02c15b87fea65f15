#include "conformance/commands/command_line.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "conformance/commands/manual.hpp"
#include "conformance/schedule/schedule.hpp"

namespace ws2conform {
namespace {

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

void add_run(CLI::App& app, CommandLine& line) {
  CLI::App* run = app.add_subcommand("run", "Run the cases and write the report");
  add_iut_options(*run, line.options);
  add_case_options(*run, line.options);
  add_schedule_options(*run, line.options);
  add_filter_option(*run, line.options);
  run->add_option("--shard", line.options.shard, "I/N: only the I-th of N parts");
  run->add_option(
      "--report", line.options.report,
      "Folder for index.html, junit.xml, ctrf.json, report.tap, badge.json, history.jsonl "
      "and relay.pcapng "
      "(default: report/ beside the program)");
  add_baseline_option(*run, line.options);
  add_jobs_option(*run, line.options);
  run->add_option("--resume", line.options.resume,
                  "The history.jsonl of a run that was cut off: runs what is missing, with the "
                  "options of then, and appends to it");
  run->add_option(
         "--format", line.options.format,
         "What is printed besides: \"github\" for annotations beside the lines of a change")
      ->check(CLI::IsMember({"text", "github"}))
      ->capture_default_str();
  run->callback([&] { line.code = run_command(line.options); });
}

void add_judge(CLI::App& app, CommandLine& line) {
  CLI::App* judge = app.add_subcommand(
      "judge", "Judge an old history again, offline; says which verdicts have changed");
  judge->add_option("HISTORY", line.histories, "history.jsonl, or the shards of one run")
      ->required();
  add_case_options(*judge, line.options);
  add_baseline_option(*judge, line.options);
  judge->callback([&] { line.code = judge_command(line.histories, line.options); });
}

void add_report(CLI::App& app, CommandLine& line) {
  CLI::App* report = app.add_subcommand(
      "report", "Write the reports from histories alone; compare several runs in one page");
  report
      ->add_option("HISTORY", line.histories,
                   "history.jsonl; shards of one run are taken together, and several runs make a "
                   "comparison, whose exit status is that of the last")
      ->required();
  report->add_option("--zoo", line.options.zoo,
                     "zoo.json, for the kill matrix (default: beside the program)");
  report->add_option("--model", line.options.model,
                     "model.json, for the states explored of each case (default: likewise)");
  report->add_option("--matrix", line.options.matrix,
                     "matrix.json, for who can talk to whom: a comparison");
  report->add_option("--out", line.folder, "Folder for the reports")->required();
  add_case_options(*report, line.options);
  add_baseline_option(*report, line.options);
  report
      ->add_option("--format", line.options.format,
                   "What is printed besides: \"github\" for annotations")
      ->check(CLI::IsMember({"text", "github"}))
      ->capture_default_str();
  report->callback([&] { line.code = report_command(line.histories, line.folder, line.options); });
}

void add_doctor(CLI::App& app, CommandLine& line) {
  CLI::App* doctor = app.add_subcommand(
      "doctor", "Examine an adapter: does it speak the protocol, and how to mend what it does not");
  doctor->add_option("IUT", line.options.iut, "A name of `list iuts`, or a path to such a file")
      ->capture_default_str();
  add_time_factor(*doctor, line.options);
  doctor->callback([&] { line.code = doctor_command(line.options); });
}

void add_baseline(CLI::App& app, CommandLine& line) {
  CLI::App* baseline = app.add_subcommand(
      "baseline", "Write the failures of a run down as known, or update such a file");
  baseline->add_option("HISTORY", line.histories, "history.jsonl, or the shards of one run")
      ->required();
  baseline->add_option("--out,--update", line.file,
                       "The file; one that is there keeps its reasons, comments and order "
                       "(default: standard output)");
  add_case_options(*baseline, line.options);
  baseline->callback(
      [&] { line.code = baseline_command(line.histories, line.file, line.options); });
}

void add_list(CLI::App& app, CommandLine& line) {
  CLI::App* list = app.add_subcommand("list", "List what there is");
  list->add_option("WHAT", line.what, "cases, requirements, iuts, invariants or faults")
      ->required();
  add_case_options(*list, line.options);
  list->callback([&] { line.code = list_command(line.what, line.options); });
}

void add_show(CLI::App& app, CommandLine& line) {
  CLI::App* show =
      app.add_subcommand("show", "Show a case as the two-column table, with its schedules");
  show->add_option("CASE", line.case_id, "ID of a case")->required();
  add_case_options(*show, line.options);
  add_schedule_options(*show, line.options);
  show->callback([&] { line.code = show_command(line.case_id, line.options); });
}

void add_lint(CLI::App& app, CommandLine& line) {
  CLI::App* lint =
      app.add_subcommand("lint", "Check case files: errors with file, line and what was meant");
  lint->add_option("FILE", line.files, "Case files (default: all cases and IUT files)");
  add_case_options(*lint, line.options);
  lint->add_option("--format", line.options.format, "\"sarif\" for code hosts and editors")
      ->check(CLI::IsMember({"text", "sarif"}))
      ->capture_default_str();
  lint->callback([&] { line.code = lint_command(line.files, line.options); });
}

void add_zoo(CLI::App& app, CommandLine& line) {
  CLI::App* zoo_app = app.add_subcommand(
      "zoo",
      "Run the cases on the zoo: implementations that are wrong in one way each, and have to be "
      "caught for it");
  zoo_app->add_option("--fault", line.zoo.faults,
                      "Globs over the names of `list faults` (default: all)");
  zoo_app->add_option("--filter", line.options.filter, "Glob over cases, as for run")
      ->capture_default_str();
  zoo_app->add_option("--provider", line.options.provider, "Only this provider");
  zoo_app
      ->add_option("--jobs,-j", line.options.jobs,
                   "How many faults at once (default: two for each core)")
      ->check(CLI::Range(1, 256));
  zoo_app
      ->add_option("--instances", line.zoo.instances,
                   "How many choices of axes of a case that the fault does not name")
      ->check(CLI::Range(1, 1000))
      ->capture_default_str();
  zoo_app->add_option("--schedules", line.zoo.schedules, "How many schedules of each of those")
      ->check(CLI::Range(1, 1000))
      ->capture_default_str();
  zoo_app->add_option("--seed", line.options.seed, "Seed of the sample of schedules")
      ->capture_default_str();
  add_time_factor(*zoo_app, line.options);
  add_case_options(*zoo_app, line.options);
  zoo_app->add_option("--out", line.zoo.out,
                      "The matrix as JSON (default: zoo.json beside the program, zoo-selected.json "
                      "for a choice of faults or cases)");
  zoo_app->add_option("--readme", line.zoo.readmes,
                      "Files whose generated line tells the score, or with --explore the figure");
  zoo_app->add_flag("--check", line.zoo.check,
                    "Do not write that line, but say whether it is current");
  zoo_app->add_flag("--explore", line.zoo.explore,
                    "How many of the faults `explore` finds, instead of the cases");
  zoo_app->add_flag("--resume", line.zoo.resume,
                    "With --explore: go on with a search that was cut off, as its file tells it");
  zoo_app->add_option("--walks", line.zoo.walks, "How many walks that takes at most")
      ->capture_default_str();
  zoo_app->callback([&] { line.code = zoo_command(line.options, line.zoo); });
}

void add_coverage(CLI::App& app, CommandLine& line) {
  CLI::App* coverage = app.add_subcommand(
      "coverage",
      "Which requirement is tested by how many cases, for each provider; which states and inputs "
      "of the reference the cases reach");
  coverage->add_flag("--json", line.as_json, "The whole ledger with the cases' names, as JSON");
  add_iut_options(*coverage, line.options);
  add_case_options(*coverage, line.options);
  coverage->add_option(
      "--cells", line.histories,
      "history.jsonl of a run of the reference (or its shards): which cells of the "
      "reference's state table were reached by how many cases, and which by none");
  coverage->callback(
      [&] { line.code = coverage_command(line.as_json, line.histories, line.options); });
}

void add_matrix(CLI::App& app, CommandLine& line) {
  CLI::App* matrix = app.add_subcommand(
      "matrix",
      "Run the cases with every client against every server, and say for each failure whose "
      "fault it is");
  matrix->add_option("IUT", line.wanted.iuts, "Names of `list iuts`, or paths to such files")
      ->required();
  matrix
      ->add_option("--reference", line.wanted.reference,
                   "Who takes the place of each side where two fail together")
      ->capture_default_str();
  matrix->add_option("--out", line.wanted.out,
                     "Folder for matrix.json and, in pairs/CLIENT--SERVER, each pair's report and "
                     "the relay's record of its failing cases (default: matrix/ beside the "
                     "program)");
  add_provider_options(*matrix, line.options);
  add_time_factor(*matrix, line.options);
  add_case_options(*matrix, line.options);
  add_schedule_options(*matrix, line.options);
  add_filter_option(*matrix, line.options);
  add_jobs_option(*matrix, line.options);
  matrix->callback([&] { line.code = matrix_command(line.wanted, line.options); });
}

void add_explore(CLI::App& app, CommandLine& line) {
  CLI::App* explore = app.add_subcommand(
      "explore",
      "Random walks of calls, judged by a model and the invariants; one that fails is made small "
      "and written down as a case");
  add_iut_options(*explore, line.options);
  add_case_options(*explore, line.options);
  explore->add_option("--walks", line.walks, "How many walks at most")->capture_default_str();
  explore->add_option("--seed", line.options.seed, "Seed of the walks")->capture_default_str();
  explore->add_option("--out", line.folder,
                      "Folder for the walk that fails, as a directory of cases "
                      "(default: walks/ beside the program)");
  explore->callback([&] { line.code = explore_command(line.walks, line.folder, line.options); });
}

void add_model(CLI::App& app, CommandLine& line) {
  CLI::App* model = app.add_subcommand(
      "model", "Hold the cases against a model of the reference: are they too strict, or too lax?");
  add_case_options(*model, line.options);
  add_iut_options(*model, line.options);
  add_filter_option(*model, line.options);
  model->add_option("--out", line.file,
                    "How much was explored of each case, as JSON (default, where no case is left "
                    "out: model.json beside the program, which reports take up)");
  model->callback([&] { line.code = model_command(line.file, line.options); });
}

void add_replay(CLI::App& app, CommandLine& line) {
  CLI::App* replay =
      app.add_subcommand("replay", "Run one schedule again, with the whole conversation");
  replay->add_option("ID", line.id, "The ID that a failure printed")->required();
  add_iut_options(*replay, line.options);
  add_case_options(*replay, line.options);
  add_schedule_options(*replay, line.options);
  replay->callback([&] { line.code = replay_command(line.id, line.options); });
}

void add_manual(CLI::App& app, CommandLine&) {
  app.add_subcommand("manual",
                     "Print the manual page, made from what the commands say of themselves")
      ->callback([&] { fmt::print("{}", manual_text(app)); });
}

void add_completion(CLI::App& app, CommandLine& line) {
  CLI::App* completion = app.add_subcommand(
      "completion", "Print a script for a shell that completes commands, options and names");
  completion->add_option("SHELL", line.shell, "Of which shell")
      ->required()
      ->check(CLI::IsMember({"bash"}));
  completion->callback([&] { fmt::print("{}", completion_text(app)); });
}

}  // namespace

void add_commands(CLI::App& app, CommandLine& line) {
  add_run(app, line);
  add_judge(app, line);
  add_report(app, line);
  add_doctor(app, line);
  add_baseline(app, line);
  add_list(app, line);
  add_show(app, line);
  add_lint(app, line);
  add_zoo(app, line);
  add_coverage(app, line);
  add_matrix(app, line);
  add_explore(app, line);
  add_model(app, line);
  add_replay(app, line);
  add_manual(app, line);
  add_completion(app, line);
}

}  // namespace ws2conform
