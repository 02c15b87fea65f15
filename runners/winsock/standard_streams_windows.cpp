#include <fcntl.h>
#include <io.h>
#include <stdio.h>

#include <algorithm>

#include "standard_streams.hpp"

namespace ws2conform {
namespace {
int output = -1;
// _read and _write take an unsigned int and return an int.
constexpr std::size_t kMostAtOnce = 1U << 20;
}  // namespace

bool claim_standard_streams() {
  output = _dup(_fileno(stdout));
  if (output < 0 || _dup2(_fileno(stderr), _fileno(stdout)) < 0) return false;
  return _setmode(_fileno(stdin), _O_BINARY) >= 0 && _setmode(output, _O_BINARY) >= 0;
}

std::size_t read_input(char* buffer, std::size_t size) {
  const auto wanted = static_cast<unsigned>(std::min(size, kMostAtOnce));
  const int got = _read(_fileno(stdin), buffer, wanted);
  return got > 0 ? static_cast<std::size_t>(got) : 0;
}

bool write_output(const char* data, std::size_t size) {
  while (size > 0) {
    const auto wanted = static_cast<unsigned>(std::min(size, kMostAtOnce));
    const int put = _write(output, data, wanted);
    if (put <= 0) return false;
    data += put;
    size -= static_cast<std::size_t>(put);
  }
  return true;
}

}  // namespace ws2conform
