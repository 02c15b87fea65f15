// Lines of a document that are the program's to write: between
// "<!-- WHAT: written by ws2conform zoo --readme -->" and "<!-- end of WHAT -->".
#pragma once

#include <filesystem>
#include <string>

namespace ws2conform::zoo {

// Whether the file has that line at the place of `what`; otherwise it is put there. Throws
// std::runtime_error where there is no such place.
bool readme_is_current(const std::filesystem::path& path, const std::string& what,
                       const std::string& line);
void update_readme(const std::filesystem::path& path, const std::string& what,
                   const std::string& line);

}  // namespace ws2conform::zoo
