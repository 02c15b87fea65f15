// Reads history.jsonl.
#pragma once

#include <filesystem>

#include "conformance/history/history.hpp"

namespace ws2conform {

// Throws InputError with file and line for a file that is no history, and for one that was changed
// after it was written. One that ends early, even in the middle of a line, is no error but is not
// complete.
History read_history(const std::filesystem::path& path);

}  // namespace ws2conform
