#include "conformance/commands/manual.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>

namespace ws2conform {
namespace {

// As roff shows it: no line is a request, and hyphens are those of the keyboard.
std::string escaped(const std::string& text) {
  std::string out;
  bool begins_line = true;
  for (const char c : text) {
    if (begins_line && (c == '.' || c == '\'')) out += "\\&";
    if (c == '\\')
      out += "\\e";
    else if (c == '-')
      out += "\\-";
    else
      out += c;
    begins_line = c == '\n';
  }
  return out;
}

std::string name_of(const CLI::Option& option) {
  if (option.get_positional()) return "\\fI" + escaped(option.get_name(true)) + "\\fR";
  std::string names;
  for (const std::string& name : option.get_snames())
    names += (names.empty() ? "" : ", ") + ("\\fB\\-" + escaped(name) + "\\fR");
  for (const std::string& name : option.get_lnames())
    names += (names.empty() ? "" : ", ") + ("\\fB\\-\\-" + escaped(name) + "\\fR");
  const bool takes_value = option.get_items_expected_max() > 0;
  return names + (takes_value ? " \\fI" + escaped(option.get_type_name()) + "\\fR" : "");
}

std::string option_text(const CLI::Option& option) {
  std::string text = ".TP\n" + name_of(option) + "\n" + escaped(option.get_description());
  if (!option.get_default_str().empty())
    text += fmt::format(" (default: {})", escaped(option.get_default_str()));
  return text + "\n";
}

std::string command_text(const CLI::App& command) {
  std::string synopsis;
  std::string options;
  for (const CLI::Option* option : command.get_options()) {
    options += option_text(*option);
    if (!option->get_positional()) continue;
    const std::string name = fmt::format("\\fI{}\\fR{}", escaped(option->get_name(true)),
                                         option->get_items_expected_max() > 1 ? "..." : "");
    synopsis += option->get_required() ? " " + name : " [" + name + "]";
  }
  return fmt::format(".SS \"{}\"\n.B ws2conform {}\n[\\fIOPTION\\fR]...{}\n.PP\n{}.\n{}",
                     escaped(command.get_name()), escaped(command.get_name()), synopsis,
                     escaped(command.get_description()), options);
}

}  // namespace

std::string manual_text(const CLI::App& app) {
  std::string text = fmt::format(
      ".TH WS2CONFORM 1 \"\" \"{}\" \"User Commands\"\n"
      ".SH NAME\nws2conform \\- conformance tests for Windows Sockets 2\n"
      ".SH SYNOPSIS\n.B ws2conform\n\\fICOMMAND\\fR [\\fIOPTION\\fR]...\n"
      ".SH DESCRIPTION\n{}\n.SH COMMANDS\n",
      escaped(app.version()), escaped(app.get_description()));
  for (const CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; }))
    text += command_text(*command);
  return text + ".SH EXIT STATUS\n" + escaped(app.get_footer()) + "\n";
}

}  // namespace ws2conform
