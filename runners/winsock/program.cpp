#include "program.hpp"

#include <cstdio>
#include <cstdlib>
#include <exception>
#include <stdexcept>
#include <string>
#include <vector>

#include "adapter.hpp"
#include "standard_streams.hpp"
#include "system_version.hpp"

#ifndef IUT_VERSION
#define IUT_VERSION ""
#endif

namespace ws2conform {
namespace {

constexpr char kUsage[] =
    "usage: winsock adapter [--implementation NAME] [--version TEXT] [--rename NAME=NEW]...\n"
    "                       [--claim PROVIDER:ITEM,...]...\n"
    "\n"
    "Speaks the ws2conform adapter protocol on standard input and output.\n"
    "\n"
    "  --implementation NAME  what the report calls the implementation (default: what WSAStartup\n"
    "                         says it is)\n"
    "  --version TEXT         its version (default: the system's where it can be asked for)\n"
    "  --rename NAME=NEW      another name for a provider, for one to be tested against another\n"
    "                         implementation's. A provider is called by its szProtocol in lower\n"
    "                         case and without blanks (\"tcp/ip\")\n"
    "  --claim PROVIDER:ITEM,...\n"
    "                         what no field of WSAPROTOCOL_INFO tells about a provider: limits\n"
    "                         (caller_data_max=N, callee_data_max=N, disconnect_data_max=N,\n"
    "                         disconnect_reply_max=N, in octets) and capabilities\n"
    "                         (conditional-accept, delayed-accept, events, half-close, "
    "overlapped,\n"
    "                         relayable)\n";

// As the suite's own programs: 2 for a wrong command line, 3 when the implementation fails.
constexpr int kWrongCommandLine = 2;
constexpr int kUnusable = 3;

struct CommandLine {
  std::string implementation;
  std::string version = IUT_VERSION;
  std::vector<Claim> claims;
  Renames renames;
  bool help = false;
};

CommandLine parse_command_line(const std::vector<std::string>& arguments) {
  CommandLine line;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const std::string& option = arguments[i];
    if (option == "--help") {
      line.help = true;
      continue;
    }
    if (option != "--implementation" && option != "--version" && option != "--claim" &&
        option != "--rename") {
      throw std::invalid_argument("unknown argument \"" + option + "\"");
    }
    if (++i == arguments.size()) throw std::invalid_argument(option + " needs a value");
    if (option == "--implementation") line.implementation = arguments[i];
    if (option == "--version") line.version = arguments[i];
    if (option == "--claim") line.claims.push_back(Claim::parse(arguments[i]));
    if (option == "--rename") line.renames.insert(parse_rename(arguments[i]));
  }
  return line;
}

int run(const CommandLine& line, const AroundReset& around_reset) {
  if (!claim_standard_streams()) throw std::runtime_error("standard output cannot be duplicated");
  WSADATA data{};
  const int error = WSAStartup(MAKEWORD(2, 2), &data);
  if (error != 0) {
    const std::string status = data.szSystemStatus;
    throw std::runtime_error("WSAStartup failed: " + error_name(error) +
                             (status.empty() ? "" : ", " + status));
  }
  std::string version = line.version;
  if (version.empty()) version = system_version();
  if (version.empty()) {
    version = "Winsock " + std::to_string(LOBYTE(data.wVersion)) + "." +
              std::to_string(HIBYTE(data.wVersion));
  }
  const std::string implementation =
      line.implementation.empty() ? data.szDescription : line.implementation;
  Adapter adapter(list_providers(line.claims, line.renames), around_reset);
  try {
    adapter.channel().write(adapter.hello(implementation, version));
  } catch (const SuiteGone& gone) {
    std::fprintf(stderr, "%s\n", gone.why.c_str());
    return 0;
  }
  const std::string why = adapter.serve();
  if (!why.empty()) std::fprintf(stderr, "%s\n", why.c_str());
  if (adapter.is_busy()) std::_Exit(0);  // a thread that is in a call cannot be ended
  WSACleanup();
  return 0;
}

}  // namespace

int adapter_program(int argc, char** argv, const AroundReset& around_reset) {
  try {
    const CommandLine line = parse_command_line({argv + 1, argv + argc});
    if (line.help) {
      std::fputs(kUsage, stdout);
      return 0;
    }
    return run(line, around_reset);
  } catch (const std::invalid_argument& problem) {
    std::fprintf(stderr, "winsock adapter: %s\n", problem.what());
    return kWrongCommandLine;
  } catch (const std::exception& problem) {
    std::fprintf(stderr, "winsock adapter: %s\n", problem.what());
    return kUnusable;
  }
}

}  // namespace ws2conform
