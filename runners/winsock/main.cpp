// The Winsock adapter: speaks the adapter protocol and calls the Winsock it is linked with.

#include "program.hpp"

int main(int argc, char** argv) {
  return ws2conform::adapter_program(argc, argv);
}
