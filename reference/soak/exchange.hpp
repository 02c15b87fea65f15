#pragma once

#include <cstddef>
#include <string>

namespace soak {

/// Makes `count` connections of the provider between two processes, from the request with data to
/// the two disconnects with data, checks every octet, and that neither process grows. Prints what
/// it measured. Throws what went wrong.
void run_exchanges(const std::string& provider, std::size_t count);
/// The other process's part.
void serve_exchanges(const std::string& provider);

}  // namespace soak
