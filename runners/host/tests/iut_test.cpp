#include "runners/host/iut.hpp"

#include <gtest/gtest.h>

#include "conformance/case/source.hpp"
#include "conformance/case/tests/scratch.hpp"

namespace ws2conform::host {
namespace {

class IutTest : public testing::Test {
 protected:
  Places places() const { return {folder_.path(), "/the/build"}; }

  std::string error_of(const std::string& name) const {
    try {
      load_iut(name, places());
    } catch (const InputError& error) {
      return error.what();
    }
    return "no error";
  }

  ScratchFolder folder_;
};

constexpr const char* kWhole = R"(name: whole
title: All keys
command: [python3, "{here}/adapter.py", "{build}/lib:{build}/bin"]
environment: {LIBRARY: "{build}/lib", WINEDEBUG: "-all"}
addresses: {AF_INET: 192.0.2.7, AF_INET6: "2001:db8::7"}
requires: [python3, "{build}/helper"]
install: apt-get install python3
)";

TEST_F(IutTest, HasWhatItsFileSays) {
  folder_.write("whole.yaml", kWhole);
  const Iut iut = load_iut("whole", places());
  EXPECT_EQ(iut.name, "whole");
  EXPECT_EQ(iut.title, "All keys");
  EXPECT_EQ(iut.command, (std::vector<std::string>{"python3", folder_.path() + "/adapter.py",
                                                   "/the/build/lib:/the/build/bin"}));
  EXPECT_EQ(iut.environment, (std::map<std::string, std::string>{{"LIBRARY", "/the/build/lib"},
                                                                 {"WINEDEBUG", "-all"}}));
  EXPECT_EQ(iut.required_programs, (std::vector<std::string>{"python3", "/the/build/helper"}));
  EXPECT_EQ(iut.home("AF_INET"), "192.0.2.7");
  EXPECT_EQ(iut.home("AF_INET6"), "[2001:db8::7]");
  EXPECT_EQ(iut.install, "apt-get install python3");
  EXPECT_EQ(iut.file, "whole.yaml");
}

TEST_F(IutTest, IsFoundByItsPathToo) {
  const std::string path =
      folder_.write("elsewhere/mine.yml", "name: mine\ntitle: Mine\ncommand: [\"{here}/run\"]\n");
  const Iut iut = load_iut(path, places());
  EXPECT_EQ(iut.name, "mine");
  EXPECT_EQ(iut.file, path);
  EXPECT_EQ(iut.command.front(), folder_.path() + "/elsewhere/run");
  EXPECT_TRUE(iut.addresses.empty());
  EXPECT_EQ(iut.home("AF_INET"), "");
}

TEST_F(IutTest, UnknownNameIsAnErrorWithAHint) {
  folder_.write("plain-tcp.yaml", "name: plain-tcp\ntitle: TCP\ncommand: [python3]\n");
  folder_.write("reference.yaml", "name: reference\ntitle: Reference\ncommand: [python3]\n");
  EXPECT_EQ(error_of("plan-tcp"),
            "plan-tcp: is neither an implementation in " + folder_.path() +
                " (plain-tcp, reference) nor a file; did you mean \"plain-tcp\"?");
  EXPECT_EQ(error_of("something-else"), "something-else: is neither an implementation in " +
                                            folder_.path() + " (plain-tcp, reference) nor a file");
}

TEST_F(IutTest, UnknownKeyIsAnErrorWithItsLine) {
  folder_.write("x.yaml", "name: x\ntitle: X\ncomand: [python3]\n");
  EXPECT_EQ(error_of("x"),
            "x.yaml:3:1: unknown key \"comand\" in an IUT file; did you mean \"command\"?");
}

TEST_F(IutTest, KeyWrittenTwiceIsAnErrorWithItsLine) {
  folder_.write("x.yaml", "name: x\ntitle: X\ncommand: [a]\ncommand: [b]\n");
  EXPECT_EQ(error_of("x"), "x.yaml:4:1: key \"command\" is written twice");
}

TEST_F(IutTest, WrongTypeIsAnErrorWithItsLine) {
  folder_.write("x.yaml", "name: x\ntitle: X\ncommand: python3\n");
  EXPECT_EQ(error_of("x").find("x.yaml:3:10: command: "), 0U) << error_of("x");
  folder_.write("y.yaml", "name: y\ntitle: Y\ncommand: []\n");
  EXPECT_EQ(error_of("y").find("y.yaml:3:10: command: "), 0U) << error_of("y");
}

TEST_F(IutTest, MissingKeyIsAnError) {
  folder_.write("x.yaml", "name: x\ntitle: X\n");
  EXPECT_EQ(error_of("x").find("x.yaml:1:1: "), 0U) << error_of("x");
  EXPECT_NE(error_of("x").find("command"), std::string::npos) << error_of("x");
}

TEST_F(IutTest, NameOfTheFileIsTheName) {
  folder_.write("x.yaml", "name: y\ntitle: Y\ncommand: [python3]\n");
  EXPECT_EQ(error_of("x"), "x.yaml: its `name` is \"y\", which is not the file's name, \"x\"");
}

TEST_F(IutTest, ListIsByName) {
  folder_.write("b.yaml", "name: b\ntitle: B\ncommand: [python3]\n");
  folder_.write("a.yaml", "name: a\ntitle: A\ncommand: [python3]\n");
  folder_.write("notes.txt", "no IUT\n");
  const std::vector<Iut> iuts = list_iuts(places());
  ASSERT_EQ(iuts.size(), 2U);
  EXPECT_EQ(iuts[0].name, "a");
  EXPECT_EQ(iuts[1].name, "b");
  EXPECT_THROW(list_iuts({folder_.path("nowhere"), "/the/build"}), InputError);
}

TEST_F(IutTest, ProgramsAreFoundOnPathOrByPath) {
  EXPECT_FALSE(find_program("sh").empty());
  EXPECT_EQ(find_program("/bin/sh"), "/bin/sh");
  EXPECT_EQ(find_program("no-such-program-at-all"), "");
  EXPECT_EQ(find_program("/tmp"), "") << "a folder is no program";
  EXPECT_EQ(find_program(folder_.write("text", "")), "") << "not executable";
}

TEST_F(IutTest, MissingProgramsAreToldOnce) {
  Iut iut;
  iut.command = {"no-such-command"};
  iut.required_programs = {"sh", "no-such-helper", "no-such-command"};
  EXPECT_EQ(missing_programs(iut), (std::vector<std::string>{"no-such-helper", "no-such-command"}));
}

TEST_F(IutTest, WhatIsRequiredByItsPathNeedNotBeAProgram) {
  Iut iut;
  iut.command = {"sh"};
  iut.required_programs = {"/etc/passwd", "/etc/no-such-file"};
  EXPECT_EQ(missing_programs(iut), std::vector<std::string>{"/etc/no-such-file"});
  iut.command = {"/etc/passwd"};
  EXPECT_EQ(missing_programs(iut), (std::vector<std::string>{"/etc/no-such-file", "/etc/passwd"}));
}

TEST_F(IutTest, TheSuitesOwnFilesLoad) {
  for (const Iut& iut : list_iuts({IUT_FOLDER, "/the/build"})) {
    EXPECT_FALSE(iut.title.empty()) << iut.name;
  }
}

}  // namespace
}  // namespace ws2conform::host
