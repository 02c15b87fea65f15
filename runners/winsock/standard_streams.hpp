#pragma once

#include <cstddef>

// The process's standard streams as octets; one file for each platform implements this.
namespace ws2conform {

// Keeps the standard output for the protocol alone: whatever else the process (or the
// implementation it calls) prints there lands on standard error from now on. To be called once,
// before anything else here. Returns false if the descriptors cannot be arranged.
bool claim_standard_streams();

// Returns the number of octets read, 0 at the end of standard input or when it fails.
std::size_t read_input(char* buffer, std::size_t size);

// Returns false when the suite no longer reads.
bool write_output(const char* data, std::size_t size);

}  // namespace ws2conform
