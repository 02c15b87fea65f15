#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>

#include "conformance/commands/manual.hpp"

namespace ws2conform {
namespace {

// What may stand where a name does, as a command that prints it.
constexpr const char* kCases = "$1 list cases 2>/dev/null | sed -n 's/^  \\([^ ]*\\).*/\\1/p'";
constexpr const char* kIuts = "$1 list iuts 2>/dev/null | sed 's/ .*//'";

std::string flags_of(const CLI::Option& option) {
  std::string flags;
  for (const std::string& name : option.get_snames()) flags += "-" + name + " ";
  for (const std::string& name : option.get_lnames()) flags += "--" + name + " ";
  return flags;
}

// "{a,b}", as CLI11 describes a choice, with blanks; empty for anything else.
std::string choices_of(const CLI::Option& option) {
  const std::string type = option.get_type_name();
  const std::size_t begin = type.find('{');
  const std::size_t end = type.find('}');
  if (begin == std::string::npos || end == std::string::npos) return {};
  std::string words = type.substr(begin + 1, end - begin - 1);
  std::replace(words.begin(), words.end(), ',', ' ');
  return words;
}

std::string values_of(const CLI::Option& option) {
  const std::string name = option.get_positional() ? option.get_name(true) : option.get_lnames()[0];
  if (const std::string choices = choices_of(option); !choices.empty())
    return fmt::format("compgen -W '{}' -- \"$2\"", choices);
  if (name == "IUT" || name == "client" || name == "server")
    return fmt::format("compgen -W \"$({})\" -- \"$2\"; compgen -f -- \"$2\"", kIuts);
  if (name == "CASE") return fmt::format("compgen -W \"$({})\" -- \"$2\"", kCases);
  if (name == "WHAT") return "compgen -W 'cases requirements iuts invariants faults' -- \"$2\"";
  return "compgen -f -- \"$2\"";
}

// The branch of one command: after an option its values, else options or the positional's values.
std::string branch(const CLI::App& command) {
  std::string flags;
  std::string after;
  std::string positional = ":";
  for (const CLI::Option* option : command.get_options()) {
    if (option->get_positional()) {
      positional = values_of(*option);
      continue;
    }
    flags += flags_of(*option);
    if (option->get_items_expected_max() == 0) continue;
    std::string pattern = flags_of(*option);
    pattern.pop_back();
    for (std::size_t at = 0; (at = pattern.find(' ', at)) != std::string::npos;)
      pattern.replace(at, 1, "|");
    after += fmt::format("        {}) {}; return ;;\n", pattern, values_of(*option));
  }
  flags.pop_back();
  return fmt::format(
      "    {})\n      case $3 in\n{}      esac\n"
      "      case $2 in\n        -*) compgen -W '{}' -- \"$2\" ;;\n        *) {} ;;\n      esac\n"
      "      ;;\n",
      command.get_name(), after, flags, positional);
}

}  // namespace

std::string completion_text(const CLI::App& app) {
  std::string names;
  std::string branches;
  for (const CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; })) {
    names += (names.empty() ? "" : " ") + command->get_name();
    branches += branch(*command);
  }
  return fmt::format(
      "# bash completion for ws2conform; made by `ws2conform completion bash`\n"
      "# _ws2conform_words PROGRAM WORD BEFORE COMMAND: what the word may become, a line each\n"
      "_ws2conform_words() {{\n  case $4 in\n{}"
      "    *) compgen -W '{} --help --version' -- \"$2\" ;;\n  esac\n}}\n"
      "_ws2conform() {{\n"
      "  local command=''\n"
      "  if ((COMP_CWORD > 1)); then command=${{COMP_WORDS[1]}}; fi\n"
      "  mapfile -t COMPREPLY < <(_ws2conform_words \"$1\" \"$2\" \"$3\" \"$command\")\n"
      "}}\n"
      "complete -o filenames -F _ws2conform ws2conform\n",
      branches, names);
}

}  // namespace ws2conform
