// The Winsock adapter over the reference with one fault: `--fault NAME`, then the adapter's own
// arguments.
#include <cstdio>
#include <cstring>

#include "conformance/zoo/faults.hpp"
#include "runners/winsock/program.hpp"

int main(int argc, char** argv) {
  using namespace ws2conform;
  if (argc < 3 || std::strcmp(argv[1], "--fault") != 0) {
    std::fprintf(stderr,
                 "usage: winsock-zoo --fault NAME [argument of the adapter]...\n\nfaults:\n");
    for (const zoo::Fault& fault : zoo::all_faults()) {
      std::fprintf(stderr, "  %-30s %s\n", fault.name.data(), fault.description.data());
    }
    return 2;
  }
  const zoo::Fault* fault = zoo::find_fault(argv[2]);
  if (fault == nullptr) {
    std::fprintf(stderr, "winsock-zoo: there is no fault \"%s\"\n", argv[2]);
    return 2;
  }
  zoo::install(*fault);
  argv[2] = argv[0];
  return adapter_program(argc - 2, argv + 2);
}
