#include "conformance/case/loader.hpp"

#include <gtest/gtest.h>

#include "conformance/case/tests/written.hpp"

namespace ws2conform::loader_test {
namespace {

template <typename Call>
std::string error_from(Call call) {
  try {
    call();
  } catch (const InputError& error) {
    return error.what();
  }
  return "no error";
}

std::string error_of(const std::string& yaml) {
  return error_from([&] { case_of(yaml); });
}

// Steps begin in line 5.
std::string error_of_steps(const std::string& steps) {
  return error_of(with_steps(steps));
}

TEST(LoadCase, HasWhatIsWritten) {
  const Case loaded = case_of(R"(id: a-case
title: A case for a test
requirements: [REQ-1, REQ-2]
needs: [events]
lacks: [qos]
actors: [alice, server]
axes: {how: [recv, WSARecv], octets: [1, 16]}
given: connected
steps:
  - {alice: send, data: {pattern: $octets}}
  - id: x
    server: $how
    after: [1]
    data: null
    requirement: REQ-2
    provenance: windows
notes: Why it is interesting
)");
  EXPECT_EQ(loaded.id, "a-case");
  EXPECT_EQ(loaded.title, "A case for a test");
  EXPECT_EQ(loaded.area, "area");
  EXPECT_EQ(loaded.requirements, (std::vector<std::string>{"REQ-1", "REQ-2"}));
  EXPECT_EQ(loaded.needs, std::vector<std::string>{"events"});
  EXPECT_EQ(loaded.lacks, std::vector<std::string>{"qos"});
  EXPECT_EQ(loaded.actors, (std::vector<std::string>{"alice", "server"}));
  ASSERT_EQ(loaded.axes.size(), 2U);
  EXPECT_EQ(loaded.axes[0].name, "how");
  EXPECT_EQ(loaded.axes[1].values, (std::vector<std::string>{"1", "16"}));
  EXPECT_EQ(loaded.given, "connected");
  EXPECT_EQ(loaded.given_place.line, 8);
  EXPECT_EQ(loaded.notes, "Why it is interesting");
  ASSERT_EQ(loaded.steps.size(), 2U);
  EXPECT_EQ(loaded.steps[0].id, "1") << "its ordinal";
  EXPECT_EQ(loaded.steps[0].fields.at(0).value, nlohmann::json({{"pattern", "$octets"}}));
  const Step& second = loaded.steps[1];
  EXPECT_EQ(second.id, "x");
  EXPECT_EQ(second.actor, "server");
  EXPECT_EQ(second.operation, "$how");
  EXPECT_EQ(second.after, std::vector<std::string>{"1"});
  EXPECT_EQ(second.requirement, "REQ-2");
  EXPECT_EQ(second.provenance, Provenance::kWindows);
  ASSERT_EQ(second.fields.size(), 1U);
  EXPECT_TRUE(second.fields[0].value.is_null());
  EXPECT_EQ(second.fields[0].place.line, 14);
}

TEST(LoadCase, LeavesOutWhatGoesWithoutSaying) {
  const Case loaded = case_of(with_steps("- {client: socket}\n"));
  EXPECT_EQ(loaded.actors, (std::vector<std::string>{"client", "server"}));
  EXPECT_EQ(loaded.given, "nothing");
  EXPECT_EQ(loaded.steps.at(0).provenance, Provenance::kDocumented);
  EXPECT_TRUE(loaded.steps.at(0).after.empty());
}

TEST(LoadCase, UnknownOperation) {
  EXPECT_EQ(error_of_steps("- {client: closesoket}\n"),
            "case.yaml:5:12: unknown operation \"closesoket\"; did you mean \"closesocket\"?");
}

TEST(LoadCase, UnknownActor) {
  EXPECT_EQ(error_of_steps("- {clent: closesocket}\n"),
            "case.yaml:5:3: unknown actor \"clent\"; the actors are client, server; did you mean "
            "\"client\"?");
}

TEST(LoadCase, NoActor) {
  EXPECT_EQ(error_of_steps("- {id: 1}\n"),
            "case.yaml:5:3: the step names no actor; the actors are client, server");
}

TEST(LoadCase, TwoActors) {
  EXPECT_EQ(error_of_steps("- {client: closesocket, server: closesocket}\n"),
            "case.yaml:5:25: a step has one actor, this one has \"client\" and \"server\"");
}

TEST(LoadCase, AnActorThatIsAnAxisOfActors) {
  const std::string axes =
      "id: a-case\ntitle: A case for a test\nrequirements: [REQ-1]\naxes: {initiator: [client, "
      "server], other: [client, x]}\nsteps:\n";
  EXPECT_EQ(error_of(axes + "- {$initiator: socket}\n- {$responder: socket}\n"), "no error");
  EXPECT_EQ(error_of(axes + "- {$other: socket}\n").find("case.yaml:6:3: unknown actor \"$other\""),
            0U);
}

TEST(LoadCase, UnknownFieldOfAnOperation) {
  EXPECT_EQ(error_of_steps("- {client: recv, lenght: 5}\n"),
            "case.yaml:5:18: unknown key \"lenght\" in step recv; did you mean \"length\"?");
  EXPECT_EQ(error_of_steps("- {client: closesocket, data: x}\n")
                .find("case.yaml:5:25: unknown key \"data\" in step closesocket"),
            0U);
}

TEST(LoadCase, FieldWrittenTwice) {
  EXPECT_EQ(error_of_steps("- {client: recv, length: 5, length: 6}\n"),
            "case.yaml:5:29: key \"length\" is written twice");
  EXPECT_EQ(error_of_steps("- {client: compute, a: 1, a: 2}\n"),
            "case.yaml:5:27: key \"a\" is written twice");
}

TEST(LoadCase, AxisWrittenTwice) {
  EXPECT_EQ(error_of(with_steps("- {client: socket}\n", "axes: {a: [1], a: [2]}")),
            "case.yaml:4:16: key \"a\" is written twice");
}

TEST(LoadCase, ArithmeticNeedsSomethingToCompute) {
  EXPECT_EQ(error_of_steps("- {client: compute}\n"),
            "case.yaml:5:3: compute needs a name and an expression, such as `sum: 1 + $total`");
}

TEST(LoadCase, UnknownKeyOfACase) {
  EXPECT_EQ(error_of("id: a-case\ntitel: A case for a test\nrequirements: [R]\nsteps: []\n"),
            "case.yaml:2:1: unknown key \"titel\" in a case; did you mean \"title\"?");
}

TEST(LoadCase, KeyOfACaseWrittenTwice) {
  EXPECT_EQ(error_of(with_steps("- {client: socket}\n", "id: again")),
            "case.yaml:4:1: key \"id\" is written twice");
}

TEST(LoadCase, WhatTheSchemaForbidsHasItsPlace) {
  const std::pair<const char*, const char*> wrong[] = {
      {"id: A Case\ntitle: A case for a test\nrequirements: [R]\nsteps: [{client: socket}]\n",
       "case.yaml:1:5: id: "},
      {"id: a\ntitle: short\nrequirements: [R]\nsteps: [{client: socket}]\n",
       "case.yaml:2:8: title: "},
      {"id: a\ntitle: A case for a test\nrequirements: []\nsteps: [{client: socket}]\n",
       "case.yaml:3:15: requirements: "},
      {"id: a\ntitle: A case for a test\nrequirements: [R, R]\nsteps: [{client: socket}]\n",
       "case.yaml:3:15: requirements: "},
      {"id: a\ntitle: A case for a test\nrequirements: [R]\nsteps: []\n", "case.yaml:4:8: steps: "},
      {"id: a\ntitle: A case for a test\nrequirements: [R]\ngiven: some\nsteps: [{client: "
       "socket}]\n",
       "case.yaml:4:8: given: "},
      {"id: a\ntitle: A case for a test\nrequirements: [R]\n", "case.yaml:1:1: "},
      {"id: a\ntitle: A case for a test\nrequirements: [R]\nsteps: [socket]\n", "case.yaml:4:9: "},
      {"id: a\ntitle: A case for a test\nrequirements: [R]\nsteps: [{client: socket, provenance: "
       "guess}]\n",
       "case.yaml:4:38: steps.0.provenance: "},
  };
  for (const auto& [yaml, beginning] : wrong) {
    EXPECT_EQ(error_of(yaml).find(beginning), 0U) << error_of(yaml);
  }
}

TEST(LoadRequirements, HaveWhatIsWritten) {
  const ScratchFolder folder;
  Requirements requirements;
  load_requirements(folder.write("r.yaml",
                                 "- id: TEAR-12\n  level: should\n  source: A document\n"
                                 "  statement: Something holds.\n  provenance: reference choice\n"
                                 "- {id: SEED-A1, level: may, source: Another, statement: Another "
                                 "holds.}\n"),
                    "r.yaml", requirements);
  ASSERT_EQ(requirements.size(), 2U);
  const Requirement& first = requirements.at("TEAR-12");
  EXPECT_EQ(first.level, Level::kShould);
  EXPECT_EQ(first.source, "A document");
  EXPECT_EQ(first.statement, "Something holds.");
  EXPECT_EQ(first.provenance, Provenance::kReferenceChoice);
  EXPECT_EQ(first.file, "r.yaml");
  EXPECT_EQ(first.line, 1);
  EXPECT_EQ(requirements.at("SEED-A1").level, Level::kMay);
  EXPECT_EQ(requirements.at("SEED-A1").provenance, Provenance::kDocumented);
}

TEST(LoadRequirements, ErrorsHaveTheirPlace) {
  const ScratchFolder folder;
  const auto error = [&](const std::string& yaml) {
    return error_from([&] {
      Requirements requirements;
      load_requirements(folder.write("r.yaml", yaml), "r.yaml", requirements);
    });
  };
  const std::string good = "- {id: A-1, level: must, source: Doc, statement: Something holds.}\n";
  EXPECT_EQ(error(good), "no error");
  EXPECT_EQ(error(good + good), "r.yaml:2:8: requirement A-1 is there already: r.yaml:1");
  EXPECT_EQ(error("id: A-1\n"), "r.yaml:1:1: a requirement file is a list of requirements");
  EXPECT_EQ(error("- {id: A-1, levle: must}\n"),
            "r.yaml:1:13: unknown key \"levle\" in a requirement; did you mean \"level\"?");
  EXPECT_EQ(error("- {id: A-1, level: always, source: Doc, statement: Something holds.}\n")
                .find("r.yaml:1:20: 0.level: "),
            0U);
}

// A folder of cases and requirements.
class LoadCaseSet : public testing::Test {
 protected:
  LoadCaseSet() {
    folder_.write("cases/requirements/all.yaml",
                  "- {id: REQ-1, level: must, source: Doc, statement: Something holds.}\n"
                  "- {id: REQ-2, level: must, source: Doc, statement: Something holds.}\n");
  }
  void write(const std::string& name, const std::string& id) const {
    folder_.write("cases/" + name, "id: " + id +
                                       "\ntitle: A case for a test\nrequirements: [REQ-1]\nsteps:\n"
                                       "- {client: socket}\n");
  }
  CaseSet load() const { return load_case_set(folder_.path("cases")); }

  ScratchFolder folder_;
};

TEST_F(LoadCaseSet, IsByAreaAndId) {
  write("b/one.yaml", "one");
  write("a/three.yaml", "three");
  write("a/two.yaml", "two");
  write("top.yaml", "top");
  folder_.write("cases/baselines/x.yaml", "no case at all\n");
  folder_.write("cases/notes.txt", "no case either\n");
  const CaseSet set = load();
  std::vector<std::string> names;
  for (const Case& one : set.cases) names.push_back(one.area + "/" + one.id + " " + one.place.file);
  EXPECT_EQ(names, (std::vector<std::string>{"/top cases/top.yaml", "a/three cases/a/three.yaml",
                                             "a/two cases/a/two.yaml", "b/one cases/b/one.yaml"}));
  EXPECT_EQ(set.requirements.size(), 2U);
  EXPECT_EQ(set.requirements.at("REQ-2").line, 2);
  EXPECT_EQ(load_case_set(folder_.path("cases/")).cases.at(0).place.file, "cases/top.yaml");
}

TEST_F(LoadCaseSet, AnIdIsUsedOnce) {
  write("a/x.yaml", "same");
  write("b/x.yaml", "same");
  EXPECT_EQ(error_from([&] { load(); }),
            "cases/b/x.yaml:1:1: case ID \"same\" is used already: cases/a/x.yaml:1:1");
}

TEST_F(LoadCaseSet, EveryCaseIsLinted) {
  folder_.write("cases/a/x.yaml",
                "id: x\ntitle: A case for a test\nrequirements: [REQ-3]\nsteps:\n"
                "- {client: socket}\n");
  EXPECT_EQ(error_from([&] { load(); }),
            "cases/a/x.yaml:1:1: unknown requirement REQ-3; did you mean \"REQ-1\"?");
}

TEST_F(LoadCaseSet, ItsHashIsOfItsContents) {
  write("a/x.yaml", "x");
  const std::string before = load().hash;
  EXPECT_EQ(before.size(), 16U);
  EXPECT_EQ(load().hash, before);
  write("a/x.yaml", "y");
  EXPECT_NE(load().hash, before);
  write("a/x.yaml", "x");
  EXPECT_EQ(load().hash, before);
  write("a/z.yaml", "z");
  EXPECT_NE(load().hash, before);
}

TEST_F(LoadCaseSet, AFolderThatIsNotThereIsAnError) {
  EXPECT_NE(error_from([&] { load_case_set(folder_.path("nowhere")); }).find("is no directory"),
            std::string::npos);
}

}  // namespace
}  // namespace ws2conform::loader_test
