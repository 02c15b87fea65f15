// Many connections, one after the other and all at once, between two processes.

#include <iostream>
#include <stdexcept>
#include <string>

#include "soak/core.hpp"
#include "soak/crowd.hpp"
#include "soak/exchange.hpp"
#include "soak/winsock.hpp"

int main(int argc, char** argv) {
  const std::string what = argc > 2 ? argv[1] : "";
  const std::string provider = argc > 2 ? argv[2] : "";
  const std::size_t count = argc > 3 ? std::stoul(argv[3]) : 0;
  try {
    // Before the provider starts threads, and the other process is started.
    if (what == "crowd") soak::stay_on_one_core();
    soak::start_up();
    if (what == "exchange" && count >= 100) {
      soak::run_exchanges(provider, count);
    } else if (what == "serve-exchanges") {
      soak::serve_exchanges(provider);
    } else if (what == "crowd" && count >= 100) {
      soak::run_crowd(provider, count);
    } else if (what == "serve-crowd") {
      soak::serve_crowd(provider);
    } else {
      std::cerr << "usage: ws2_soak exchange|crowd stream|message COUNT   (COUNT at least 100)\n";
      return 2;
    }
  } catch (const std::exception& error) {
    std::cerr << what << ' ' << provider << ": " << error.what() << '\n';
    return 1;
  }
  return 0;
}
