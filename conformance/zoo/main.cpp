// The Winsock adapter over the reference with one fault: `--fault NAME`, then the adapter's own
// arguments. `--list` writes the table of faults as JSON.
#include <cstdio>
#include <cstring>
#include <nlohmann/json.hpp>
#include <sstream>

#include "conformance/zoo/faults.hpp"
#include "runners/winsock/program.hpp"

namespace {

using namespace ws2conform;

nlohmann::json words(std::string_view list) {
  nlohmann::json all = nlohmann::json::array();
  std::istringstream rest{std::string(list)};
  for (std::string word; rest >> word;) all.push_back(word);
  return all;
}

int list() {
  nlohmann::json all = nlohmann::json::array();
  for (const zoo::Fault& fault : zoo::all_faults()) {
    all.push_back({{"name", fault.name},
                   {"description", fault.description},
                   {"requirements", words(fault.requirements)},
                   {"operations", words(fault.operations)},
                   {"symptoms", words(fault.symptoms)},
                   {"cases", words(fault.cases)}});
  }
  std::puts(all.dump(1).c_str());
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc == 2 && std::strcmp(argv[1], "--list") == 0) return list();
  if (argc < 3 || std::strcmp(argv[1], "--fault") != 0) {
    std::fprintf(stderr,
                 "usage: winsock-zoo --fault NAME [argument of the adapter]...\n"
                 "       winsock-zoo --list\n");
    return 2;
  }
  const zoo::Fault* fault = zoo::find_fault(argv[2]);
  if (fault == nullptr) {
    std::fprintf(stderr, "winsock-zoo: there is no fault \"%s\"\n", argv[2]);
    return 2;
  }
  zoo::install(fault->effect);
  argv[2] = argv[0];
  return adapter_program(argc - 2, argv + 2);
}
