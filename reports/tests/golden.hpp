// Pictures, compared with those in golden/. After a wanted change, look at the new ones: with
// WS2CONFORM_WRITE_GOLDEN=1 in the environment this writes them and fails.
#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string>

namespace ws2conform::reports {

inline void expect_golden(const std::string& name, const std::string& svg) {
  const std::string path = std::string(GOLDEN_FOLDER) + "/" + name + ".svg";
  if (std::getenv("WS2CONFORM_WRITE_GOLDEN") != nullptr) {
    std::ofstream(path) << svg;
    FAIL() << "wrote " << path << "; look at it, then run without WS2CONFORM_WRITE_GOLDEN";
  }
  std::ifstream file(path);
  ASSERT_TRUE(file) << "cannot read " << path;
  std::ostringstream golden;
  golden << file.rdbuf();
  EXPECT_EQ(svg, golden.str());
}

}  // namespace ws2conform::reports
