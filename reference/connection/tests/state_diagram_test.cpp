#include "connection/state_diagram.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

namespace ws2 {
namespace {

TEST(StateDiagram, StatesFileHoldsTheTable) {
  std::ifstream file(WS2_STATES_FILE);
  ASSERT_TRUE(file) << WS2_STATES_FILE;
  std::ostringstream text;
  text << file.rdbuf();
  EXPECT_NE(text.str().find("```mermaid\n" + state_diagram() + "```\n"), std::string::npos)
      << "the diagram in STATES.md is not the table's; it should read:\n"
      << state_diagram();
}

}  // namespace
}  // namespace ws2
