#include "conformance/execution/actors.hpp"

#include <gtest/gtest.h>

#include "conformance/execution/tests/scripted.hpp"

namespace ws2conform {
namespace {

using nlohmann::json;

class ActorsTest : public testing::Test {
 protected:
  std::string error_of(const host::Iut& iut) {
    try {
      Actors actors(patience_);
      actors.get(iut, 0);
    } catch (const CannotDrive& error) {
      return error.what();
    }
    return "no error";
  }

  std::string hello_error(const json& hello) {
    return error_of(scripted_.iut("x", {{"hello", hello}}));
  }

  ScriptedIuts scripted_;
  Patience patience_ = test_patience();
};

TEST_F(ActorsTest, AreStartedOnceAndKept) {
  const host::Iut iut = scripted_.iut("x", json::object());
  Actors actors(patience_);
  Actor& first = actors.get(iut, 0);
  EXPECT_EQ(first.hello.implementation, "scripted");
  EXPECT_EQ(first.iut, "x");
  const int pid = first.adapter->pid();
  EXPECT_EQ(actors.get(iut, 0).adapter->pid(), pid);
  EXPECT_NE(actors.get(iut, 1).adapter->pid(), pid) << "another actor of the same implementation";
  actors.discard(iut, 0);
  EXPECT_NE(actors.get(iut, 0).adapter->pid(), pid);
}

TEST_F(ActorsTest, AreAllowedToExitByThemselves) {
  const std::string first = scripted_.folder().path("first.mark");
  const std::string second = scripted_.folder().path("second.mark");
  {
    Actors actors(patience_);
    actors.get(scripted_.iut("first", {{"mark", first}}), 0);
    actors.get(scripted_.iut("second", {{"mark", second}}), 0);
  }
  EXPECT_TRUE(std::filesystem::exists(first)) << "it was killed";
  EXPECT_TRUE(std::filesystem::exists(second)) << "it was killed";
}

TEST_F(ActorsTest, AMissingProgramSaysWhatToInstall) {
  host::Iut iut = scripted_.iut("x", json::object());
  iut.required_programs = {"no-such-program"};
  iut.install = "apt-get install it";
  EXPECT_EQ(error_of(iut), "x.yaml: no-such-program is not installed (apt-get install it)");
  iut.install = "";
  EXPECT_EQ(error_of(iut), "x.yaml: no-such-program is not installed");
}

TEST_F(ActorsTest, NoHelloIsToldWithHowItBroke) {
  const auto error = [&](const json& actions) {
    return error_of(scripted_.iut("x", {{"before_hello", actions}}));
  };
  EXPECT_EQ(error({{{"stderr", "no display\n"}}, {{"exit", 3}}}),
            "x.yaml: no hello from its adapter: exited: x exited with status 3; its standard error "
            "ends: no display");
  EXPECT_EQ(error({{{"signal", 9}}}),
            "x.yaml: no hello from its adapter: crashed: x was ended by signal 9 (Killed)");
  EXPECT_EQ(error({{{"line", "Welcome!"}}}),
            "x.yaml: no hello from its adapter: garbage: x wrote a line that is no JSON object: "
            "\"Welcome!\"");
  patience_.start = std::chrono::milliseconds(150);
  EXPECT_EQ(error({"hang"}), "x.yaml: no hello from its adapter: silent: x said nothing");
}

TEST_F(ActorsTest, AWrongHelloIsToldWithWhatIsWrong) {
  const std::string unusable = "x.yaml: its adapter's hello is unusable: ";
  EXPECT_EQ(hello_error(json::object()), "no error");
  EXPECT_EQ(hello_error({{"hello", 2}}), unusable + "it speaks protocol version 2, this suite 1");
  EXPECT_EQ(hello_error({{"hello", nullptr}}), unusable + "no \"hello\"");
  EXPECT_EQ(hello_error({{"hello", "1"}}), unusable + "\"hello\" has the wrong type: \"1\"");
  EXPECT_EQ(hello_error({{"providers", json::array()}}), unusable + "it lists no provider");
}

// A short patience once took a machine's slow start of an adapter for its silence.
TEST_F(ActorsTest, OnlyThePatienceForCallsIsMadeShorter) {
  const Patience patience = Patience{}.scaled(0.5);
  EXPECT_EQ(patience.call, Patience{}.call / 2);
  EXPECT_EQ(patience.start, Patience{}.start);
  EXPECT_EQ(patience.stop, Patience{}.stop);
  EXPECT_EQ(patience.least_window, Patience{}.least_window / 2);
  EXPECT_EQ(patience.window_factor, Patience{}.window_factor / 2);
  EXPECT_EQ(Patience{}.scaled(3).start, Patience{}.start * 3);
}

}  // namespace
}  // namespace ws2conform
