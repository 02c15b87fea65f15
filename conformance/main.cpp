// The program.
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <CLI/CLI.hpp>

#include "conformance/commands/command_line.hpp"
#include "conformance/execution/actors.hpp"

namespace {

using namespace ws2conform;

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
  CommandLine line;
  line.options.command_line = joined(argc, argv);
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

  add_commands(app, line);
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
  return line.code;
}
