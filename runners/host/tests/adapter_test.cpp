#include "runners/host/adapter.hpp"

#include <gtest/gtest.h>
#include <poll.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <stdexcept>

#include "conformance/case/tests/scratch.hpp"
#include "runners/host/tests/starved.hpp"
#include "runners/host/tests/watching.hpp"

namespace ws2conform::host {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using std::chrono::milliseconds;

Iut misbehaving(std::vector<std::string> arguments) {
  Iut iut;
  iut.name = "misbehaving";
  iut.command = {PYTHON, "-S", "-B", MISBEHAVING};
  iut.command.insert(iut.command.end(), arguments.begin(), arguments.end());
  return iut;
}

// The processes of a group that have not ended. /proc/PID/stat: "PID (NAME) STATE PPID PGRP ...".
std::vector<std::string> living_members(int group) {
  std::vector<std::string> found;
  for (const auto& entry : fs::directory_iterator("/proc")) {
    if (std::isdigit(static_cast<unsigned char>(entry.path().filename().string()[0])) == 0)
      continue;
    std::ifstream stream(entry.path() / "stat");
    const std::string text{std::istreambuf_iterator<char>(stream), {}};
    const std::size_t name_end = text.rfind(')');
    if (name_end == std::string::npos) continue;
    std::istringstream rest(text.substr(name_end + 1));
    std::string state;
    int parent = 0;
    int its_group = 0;
    rest >> state >> parent >> its_group;
    if (its_group == group && state != "Z" && state != "X") found.push_back(text);
  }
  return found;
}

// Waits for the end of a process that need not be a child.
class ForeignProcess {
 public:
  explicit ForeignProcess(int pid) : descriptor_(::syscall(SYS_pidfd_open, pid, 0)) {}
  ~ForeignProcess() { ::close(descriptor_); }
  bool opened() const { return descriptor_ >= 0; }
  bool ends_within(milliseconds patience) const {
    pollfd waiting{descriptor_, POLLIN, 0};
    return ::poll(&waiting, 1, static_cast<int>(patience.count())) == 1;
  }

 private:
  int descriptor_;
};

class AdapterTest : public testing::Test {
 protected:
  std::unique_ptr<Adapter> start(std::vector<std::string> arguments) {
    return std::make_unique<Adapter>(context_, misbehaving(std::move(arguments)));
  }

  static json message(Adapter& adapter) {
    auto received = adapter.receive(soon());
    if (auto* message = std::get_if<Message>(&received)) return message->body;
    const auto& breakdown = std::get<Breakdown>(received);
    ADD_FAILURE() << "no message: " << to_string(breakdown.kind) << ": " << breakdown.detail;
    return nullptr;
  }

  static Breakdown breakdown(Adapter& adapter, Clock::time_point deadline = soon()) {
    auto received = adapter.receive(deadline);
    if (auto* breakdown = std::get_if<Breakdown>(&received)) return *breakdown;
    ADD_FAILURE() << "no breakdown: " << std::get<Message>(received).body.dump().substr(0, 200);
    return {};
  }

  // What comes of the first request, after the hello.
  Breakdown breakdown_of_request(std::vector<std::string> arguments) {
    const auto adapter = start(std::move(arguments));
    EXPECT_EQ(message(*adapter).value("hello", 0), 1);
    adapter->send({{"id", 1}, {"op", "recv"}});
    return breakdown(*adapter);
  }

  static void expect(const Breakdown& breakdown, Breakdown::Kind kind, const std::string& detail) {
    EXPECT_EQ(to_string(breakdown.kind), to_string(kind)) << breakdown.detail;
    EXPECT_EQ(breakdown.detail, detail);
  }

  boost::asio::io_context context_;
};

using Kind = Breakdown::Kind;

TEST_F(AdapterTest, TalksLineByLineAndLeadsAGroupOfItsOwn) {
  const auto adapter = start({"polite"});
  EXPECT_EQ(message(*adapter).at("implementation"), "misbehaving");
  EXPECT_EQ(::getpgid(adapter->pid()), adapter->pid());
  adapter->send({{"id", 1}, {"op", "first"}});
  adapter->send({{"id", 2}, {"op", "second\n"}});
  EXPECT_EQ(message(*adapter), json({{"id", 1}, {"op", "first"}}));
  EXPECT_EQ(message(*adapter), json({{"id", 2}, {"op", "second\n"}}));
}

TEST_F(AdapterTest, TakesMessagesInAnyPieces) {
  const auto adapter = start({"pieces"});
  EXPECT_EQ(message(*adapter).value("hello", 0), 1);
  EXPECT_EQ(message(*adapter).value("id", 0), 1) << "ended by CR LF";
  EXPECT_EQ(message(*adapter).value("id", 0), 2);
}

TEST_F(AdapterTest, StampsMessagesWithTheTimeTheyCame) {
  const auto before = Clock::now();
  const auto adapter = start({"polite"});
  const auto received = adapter->receive(soon());
  const auto at = std::get<Message>(received).at;
  EXPECT_GE(at, before);
  EXPECT_LE(at, Clock::now());
}

TEST_F(AdapterTest, SilenceIsTold) {
  const auto adapter = start({"silent"});
  message(*adapter);
  adapter->send({{"id", 1}});
  expect(breakdown(*adapter, Clock::now() + milliseconds(50)), Kind::kSilent,
         "misbehaving said nothing; its standard error ends: thinking");
}

// An adapter that has to wait for a processor longer than the suite waits for it is not silent.
TEST_F(AdapterTest, WhoGetsNoProcessorIsNotSilent) {
  const auto adapter = start({"polite"});
  message(*adapter);
  const Starved starved(adapter->pid());
  adapter->send({{"id", 1}});
  const auto received = adapter->receive(Clock::now() + milliseconds(1));
  const auto* silence = std::get_if<Breakdown>(&received);
  EXPECT_EQ(silence, nullptr) << silence->detail;
}

TEST_F(AdapterTest, WhoIsBusyWithOtherThingsIsSilent) {
  const auto adapter = start({"busy"});
  message(*adapter);
  expect(breakdown(*adapter, Clock::now() + milliseconds(50)), Kind::kSilent,
         "misbehaving said nothing");
}

TEST_F(AdapterTest, WhatHasComeIsReceivedThoughTheDeadlineIsPast) {
  const auto adapter = start({"pieces"});
  message(*adapter);
  message(*adapter);
  const auto received = adapter->receive(Clock::now() - milliseconds(1));
  EXPECT_TRUE(std::holds_alternative<Message>(received)) << "it came with the message before";
}

TEST_F(AdapterTest, AnExitIsToldWithItsStatus) {
  expect(breakdown_of_request({"exits", "3"}), Kind::kExited,
         "misbehaving exited with status 3; its standard error ends: I had enough");
  expect(breakdown_of_request({"exits", "0"}), Kind::kExited,
         "misbehaving exited with status 0; its standard error ends: I had enough");
  expect(breakdown_of_request({"exits", "139"}), Kind::kExited,
         "misbehaving exited with status 139; its standard error ends: I had enough");
}

TEST_F(AdapterTest, ACrashIsToldWithItsSignal) {
  expect(breakdown_of_request({"killed", std::to_string(SIGKILL)}), Kind::kCrashed,
         "misbehaving was ended by signal 9 (Killed); its standard error ends: this hurts");
  expect(breakdown_of_request({"killed", std::to_string(SIGTERM)}), Kind::kCrashed,
         "misbehaving was ended by signal 15 (Terminated); its standard error ends: this hurts");
}

TEST_F(AdapterTest, StaysBrokenOnceItHasEnded) {
  const auto adapter = start({"exits", "3"});
  message(*adapter);
  adapter->send({{"id", 1}});
  EXPECT_EQ(breakdown(*adapter).kind, Kind::kExited);
  EXPECT_EQ(breakdown(*adapter).kind, Kind::kExited);
}

TEST_F(AdapterTest, HalfALineIsGarbage) {
  const auto adapter = start({"half_line"});
  message(*adapter);
  expect(
      breakdown(*adapter), Kind::kGarbage,
      "misbehaving ended in the middle of a line: \"{\"id\": 1, \"retu\"; its standard error ends: "
      "cut short");
}

TEST_F(AdapterTest, ClosingStandardOutputIsAnEnd) {
  const auto adapter = start({"stdout_closed"});
  expect(breakdown(*adapter), Kind::kExited,
         "misbehaving closed its standard output; its standard error ends: nothing more to say");
}

TEST_F(AdapterTest, WhatIsNoJsonObjectIsGarbage) {
  const std::pair<const char*, const char*> lines[] = {
      {"no JSON {\\n", "\"no JSON {\""},
      {"[1]\\n", "\"[1]\""},
      {"7\\n", "\"7\""},
      {"\\n", "\"\""},
      {"{\"a\": \"\\xff\"}\\n", "hex 7b2261223a2022ff227d"},
  };
  for (const auto& [line, shown] : lines) {
    const auto adapter = start({"says", line});
    expect(breakdown(*adapter), Kind::kGarbage,
           std::string("misbehaving wrote a line that is no JSON object: ") + shown +
               "; its standard error ends: about to speak");
  }
}

TEST_F(AdapterTest, ALineMayHaveAMebibyteAndNoMore) {
  const auto adapter = start({"long_line", std::to_string(1 << 20)});
  EXPECT_EQ(message(*adapter).at("long").get<std::string>().size(), (1U << 20) - 12);
  const auto longer = start({"long_line", std::to_string((1 << 20) + 1)});
  const Breakdown broke = breakdown(*longer);
  EXPECT_EQ(broke.kind, Kind::kGarbage);
  EXPECT_NE(broke.detail.find("more than 1 MiB: \"{\"long"), std::string::npos) << broke.detail;
}

TEST_F(AdapterTest, AnEndlessLineIsGarbage) {
  const auto adapter = start({"endless_line"});
  const Breakdown broke = breakdown(*adapter);
  EXPECT_EQ(broke.kind, Kind::kGarbage);
  EXPECT_EQ(broke.detail.find("misbehaving wrote a line of more than 1 MiB: \"xxx"), 0U);
  EXPECT_NE(broke.detail.find("on and on"), std::string::npos) << broke.detail;
}

TEST_F(AdapterTest, AFloodIsGarbageAfterWhatFits) {
  const auto adapter = start({"flood"});
  for (int i = 0; i < 20000; ++i) {
    const auto received = adapter->receive(soon());
    if (const auto* broke = std::get_if<Breakdown>(&received)) {
      EXPECT_EQ(broke->kind, Kind::kGarbage);
      EXPECT_NE(broke->detail.find("floods"), std::string::npos) << broke->detail;
      EXPECT_NE(broke->detail.find("one more"), std::string::npos) << broke->detail;
      return;
    }
    // Somebody who is slow to receive: what comes meanwhile piles up.
    while (context_.poll_one() > 0) {
    }
  }
  FAIL() << "twenty thousand messages that nobody asked for were all taken";
}

TEST_F(AdapterTest, DeepNestingIsGarbageAndHarmless) {
  const auto shallow = start({"deep", "20"});
  EXPECT_EQ(message(*shallow).value("id", 0), 1);
  const auto adapter = start({"deep", "500000"});
  const Breakdown broke = breakdown(*adapter);
  EXPECT_EQ(broke.kind, Kind::kGarbage);
  EXPECT_NE(broke.detail.find("nested"), std::string::npos) << broke.detail;
}

TEST_F(AdapterTest, SendingToOneThatHasEndedIsHarmless) {
  const auto adapter = start({"exits", "3"});
  message(*adapter);
  adapter->send({{"id", 1}});
  const ForeignProcess process(adapter->pid());
  ASSERT_TRUE(process.opened());
  ASSERT_TRUE(process.ends_within(milliseconds(20000)));
  for (int i = 2; i < 5; ++i) {
    adapter->send({{"id", i}});
    EXPECT_EQ(breakdown(*adapter).kind, Kind::kExited);
  }
}

TEST_F(AdapterTest, SendingToOneThatDoesNotReadDoesNotBlock) {
  const auto adapter = start({"deaf"});
  message(*adapter);
  adapter->send({{"id", 1}, {"data", std::string(1 << 20, 'x')}});
  adapter->send({{"id", 2}});
  EXPECT_EQ(breakdown(*adapter, Clock::now() + milliseconds(50)).kind, Kind::kSilent);
}

TEST_F(AdapterTest, StandardErrorIsObservedWhenItComes) {
  const auto adapter = start({"talks_on_stderr"});
  message(*adapter);
  std::string observed;
  adapter->observe_stderr([&](Clock::time_point, const std::string& text) { observed += text; });
  adapter->send({{"id", 1}});
  message(*adapter);
  while (observed.empty() && Clock::now() < soon()) {
    if (context_.stopped()) context_.restart();
    context_.run_one_until(soon());
  }
  EXPECT_EQ(observed, "first words\n");
}

TEST_F(AdapterTest, StopLetsItExitByItself) {
  const ScratchFolder folder;
  const auto adapter = start({"polite", folder.path("mark")});
  message(*adapter);
  adapter->stop(soon());
  EXPECT_TRUE(fs::exists(folder.path("mark"))) << "it was killed";
  EXPECT_TRUE(living_members(adapter->pid()).empty());
  adapter->stop(soon());
}

TEST_F(AdapterTest, StopReachesEachOfSeveral) {
  const ScratchFolder folder;
  const auto first = start({"polite", folder.path("first")});
  const auto second = start({"polite", folder.path("second")});
  message(*first);
  message(*second);
  // Were a copy of the first one's pipe open in the second, the first would never see its end.
  first->stop(soon());
  EXPECT_TRUE(fs::exists(folder.path("first")));
  EXPECT_FALSE(fs::exists(folder.path("second")));
  second->stop(soon());
  EXPECT_TRUE(fs::exists(folder.path("second")));
}

TEST_F(AdapterTest, InheritsNothingButItsThreePipes) {
  const auto other = start({"polite"});
  message(*other);
  const auto adapter = start({"descriptors"});
  EXPECT_EQ(message(*adapter).at("descriptors"), json({0, 1, 2}));
}

TEST_F(AdapterTest, StopKillsOneThatIgnoresTheEnd) {
  const auto adapter = start({"deaf"});
  message(*adapter);
  adapter->stop(Clock::now() + milliseconds(30));
  EXPECT_TRUE(living_members(adapter->pid()).empty());
  EXPECT_EQ(::kill(adapter->pid(), 0), -1) << "it is not reaped";
}

TEST_F(AdapterTest, DestructionEndsIt) {
  auto adapter = start({"deaf"});
  message(*adapter);
  const int pid = adapter->pid();
  adapter.reset();
  EXPECT_TRUE(living_members(pid).empty());
}

TEST_F(AdapterTest, AGrandchildThatKeepsThePipesOpenHidesNoEndAndIsEnded) {
  const auto adapter = start({"grandchild"});
  const ForeignProcess grandchild(message(*adapter).at("grandchild").get<int>());
  ASSERT_TRUE(grandchild.opened());
  adapter->send({{"id", 1}});
  expect(breakdown(*adapter), Kind::kExited,
         "misbehaving exited with status 4; its standard error ends: farewell");
  EXPECT_FALSE(grandchild.ends_within(milliseconds(0)));
  adapter->stop(soon());
  EXPECT_TRUE(grandchild.ends_within(milliseconds(20000)));
  EXPECT_TRUE(living_members(adapter->pid()).empty());
}

TEST_F(AdapterTest, DiesWithTheSuite) {
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);
  const pid_t suite = ::fork();
  ASSERT_GE(suite, 0);
  if (suite == 0) {
    boost::asio::io_context context;
    Adapter adapter(context, misbehaving({"deaf"}));
    adapter.receive(soon());
    const int pid = adapter.pid();
    const bool told = ::write(ends[1], &pid, sizeof pid) == sizeof pid;
    ::kill(::getpid(), SIGKILL);
    ::_exit(told ? 0 : 1);
  }
  ::close(ends[1]);
  int pid = 0;
  ASSERT_EQ(::read(ends[0], &pid, sizeof pid), static_cast<ssize_t>(sizeof pid));
  ::close(ends[0]);
  // Already gone, or going.
  const ForeignProcess adapter(pid);
  EXPECT_TRUE(!adapter.opened() || adapter.ends_within(milliseconds(20000)));
  int status = 0;
  EXPECT_EQ(::waitpid(suite, &status, 0), suite);
}

// Where the machine stands still its adapters do too: that is no silence of theirs.
TEST_F(AdapterTest, IsNotBlamedForAStandstillOfTheSuite) {
  const pid_t suite = ::fork();  // what is halted
  ASSERT_GE(suite, 0);
  if (suite == 0) {
    boost::asio::io_context context;
    Adapter adapter(context, misbehaving({"answers_after_standstill"}));
    adapter.receive(soon());
    adapter.send({{"id", 1}});
    const auto received = adapter.receive(Clock::now() + milliseconds(2000));
    ::_exit(std::holds_alternative<Message>(received) ? 0 : 1);
  }
  int status = 0;
  EXPECT_EQ(::waitpid(suite, &status, 0), suite);
  EXPECT_EQ(status, 0) << "silence";
}

TEST_F(AdapterTest, LeaksNoDescriptor) {
  start({"polite"});
  const auto before = open_descriptors();
  for (const char* how : {"polite", "deaf", "half_line", "stdout_closed"}) {
    auto adapter = start({how});
    adapter->receive(soon());
    adapter->send({{"id", 1}});
    adapter->stop(Clock::now() + milliseconds(30));
    adapter.reset();
    EXPECT_EQ(open_descriptors(), before) << how;
  }
  EXPECT_THROW(Adapter(context_, Iut{"x", "", {"/no/such/program"}, {}, {}, {}, "", ""}),
               std::runtime_error);
  EXPECT_EQ(open_descriptors(), before) << "a missing program";
}

TEST_F(AdapterTest, GetsTheEnvironmentOfTheIutOverTheSuites) {
  ::setenv("WS2CONFORM_TEST_INHERITED", "from the suite", 1);
  ::setenv("WS2CONFORM_TEST_REPLACED", "from the suite", 1);
  const auto value = [&](const char* name) {
    Iut iut = misbehaving({"environment", name});
    iut.environment = {{"WS2CONFORM_TEST_REPLACED", "from the IUT"},
                       {"WS2CONFORM_TEST_ADDED", "from the IUT"}};
    Adapter adapter(context_, iut);
    return message(adapter).at("value").get<std::string>();
  };
  EXPECT_EQ(value("WS2CONFORM_TEST_INHERITED"), "from the suite");
  EXPECT_EQ(value("WS2CONFORM_TEST_REPLACED"), "from the IUT");
  EXPECT_EQ(value("WS2CONFORM_TEST_ADDED"), "from the IUT");
}

TEST_F(AdapterTest, AProgramThatCannotBeStartedIsAnError) {
  const ScratchFolder folder;
  const auto error_of = [&](const std::string& program) -> std::string {
    try {
      Adapter adapter(context_, Iut{"broken", "", {program}, {}, {}, {}, "", ""});
    } catch (const std::runtime_error& error) {
      return error.what();
    }
    return "no error";
  };
  EXPECT_EQ(error_of("/no/such/program"), "/no/such/program is not there or no program");
  EXPECT_EQ(error_of("no-such-program-at-all"),
            "no-such-program-at-all is not there or no program");
  const std::string plain = folder.write("plain.txt", "text\n");
  EXPECT_EQ(error_of(plain), plain + " is not there or no program");
  const std::string orphan = folder.write("orphan", "#!/no/such/interpreter\n");
  fs::permissions(orphan, fs::perms::owner_all);
  EXPECT_EQ(error_of(orphan), orphan + ": No such file or directory");
}

}  // namespace
}  // namespace ws2conform::host
