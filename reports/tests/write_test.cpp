#include "reports/write.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>

#include "reports/badge.hpp"
#include "reports/ctrf.hpp"
#include "reports/html.hpp"
#include "reports/junit.hpp"
#include "reports/tap.hpp"
#include "reports/tests/sample.hpp"

namespace ws2conform::reports {
namespace {

namespace fs = std::filesystem;

class Write : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = (fs::path(testing::TempDir()) / "ws2conform-reports-XXXXXX").string();
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    folder_ = name;
  }
  void TearDown() override { fs::remove_all(folder_); }

  static std::string read(const fs::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }

  // What write says about a folder it cannot use.
  static std::string error(const fs::path& directory) {
    try {
      write(sample_run(), directory);
    } catch (const std::runtime_error& error) {
      return error.what();
    }
    return "no error";
  }

  std::size_t files() const {
    return static_cast<std::size_t>(
        std::distance(fs::directory_iterator(folder_), fs::directory_iterator()));
  }

  fs::path folder_;
};

TEST_F(Write, MakesTheFolderAndAllFiles) {
  const fs::path directory = folder_ / "build" / "report";
  write(sample_run(), directory);
  EXPECT_EQ(read(directory / "index.html"), html(sample_run()));
  EXPECT_EQ(read(directory / "junit.xml"), junit(sample_run()));
  EXPECT_EQ(read(directory / "ctrf.json"), ctrf(sample_run()));
  EXPECT_EQ(read(directory / "report.tap"), tap(sample_run()));
  EXPECT_EQ(read(directory / "badge.json"), badge(sample_run()));
}

TEST_F(Write, ReplacesOlderFilesAndLeavesNothingElse) {
  std::ofstream(folder_ / "index.html") << "old";
  write(sample_run(), folder_);
  EXPECT_EQ(read(folder_ / "index.html"), html(sample_run()));
  EXPECT_EQ(files(), 5u);
}

TEST_F(Write, NamesAFolderThatCannotBeMade) {
  std::ofstream(folder_ / "file") << "in the way";
  const std::string below = error(folder_ / "file" / "report");
  EXPECT_NE(below.find((folder_ / "file" / "report").string()), std::string::npos) << below;
  EXPECT_NE(below.find("Not a directory"), std::string::npos) << below;
  EXPECT_NE(error(folder_ / "file").find("Not a directory"), std::string::npos);
}

TEST_F(Write, NamesAFileThatCannotBeWrittenAndCleansUp) {
  fs::create_directories(folder_ / "index.html" / "in the way");
  const std::string text = error(folder_);
  EXPECT_NE(text.find((folder_ / "index.html").string()), std::string::npos) << text;
  EXPECT_NE(text.find("directory"), std::string::npos) << text;
  EXPECT_EQ(files(), 1u);
}

}  // namespace
}  // namespace ws2conform::reports
