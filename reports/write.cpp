#include "reports/write.hpp"

#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <stdexcept>
#include <string>
#include <system_error>

#include "reports/badge.hpp"
#include "reports/ctrf.hpp"
#include "reports/html.hpp"
#include "reports/junit.hpp"
#include "reports/tap.hpp"

namespace ws2conform::reports {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void fail(const std::string& what, const fs::path& path, const std::error_code& why) {
  throw std::runtime_error(what + " " + path.string() + ": " + why.message());
}

std::error_code last_error() {
  return {errno, std::generic_category()};
}

// stdio and not a stream: only here does every failure, the late one at close too, leave its
// reason.
std::error_code write_bytes(const fs::path& path, const std::string& bytes) {
  std::FILE* file = std::fopen(path.c_str(), "wb");
  if (file == nullptr) return last_error();
  std::error_code error;
  if (std::fwrite(bytes.data(), 1, bytes.size(), file) != bytes.size()) error = last_error();
  if (std::fclose(file) != 0 && !error) error = last_error();
  return error;
}

void write_file(const fs::path& path, const std::string& bytes) {
  fs::path temporary = path;
  temporary += ".tmp-" + std::to_string(::getpid());
  std::error_code error = write_bytes(temporary, bytes);
  if (!error) fs::rename(temporary, path, error);
  if (error) {
    std::error_code ignored;  // the first failure is the one to tell
    fs::remove(temporary, ignored);
    fail("cannot write", path, error);
  }
}

void make_directory(const fs::path& directory) {
  std::error_code error;
  fs::create_directories(directory, error);
  if (!error && !fs::is_directory(directory, error) && !error)
    error = std::make_error_code(std::errc::not_a_directory);
  if (error) fail("cannot make the report folder", directory, error);
}

}  // namespace

void write(const RunResult& run, const fs::path& directory, const Appendices& appendices) {
  make_directory(directory);
  std::error_code error;
  const Page made = page(run, appendices);
  fs::remove_all(directory / "evidence", error);  // of an earlier run
  for (const auto& [path, text] : made.evidence) {
    fs::create_directories((directory / path).parent_path(), error);
    if (error) fail("cannot make the folder of", directory / path, error);
    write_file(directory / path, text);
  }
  write_file(directory / "index.html", made.html);
  write_file(directory / "junit.xml", junit(run));
  write_file(directory / "ctrf.json", ctrf(run));
  write_file(directory / "report.tap", tap(run));
  write_file(directory / "badge.json", badge(run));
}

void write_comparison(const std::vector<ComparedRun>& runs, const nlohmann::json& interop,
                      const fs::path& directory) {
  make_directory(directory);
  write_file(directory / "index.html", comparison(runs, interop));
}

}  // namespace ws2conform::reports
