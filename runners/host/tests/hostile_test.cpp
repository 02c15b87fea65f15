// Every way of being hostile has its outcome, and leaves nothing behind.
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>

#include "runners/host/conversation.hpp"
#include "runners/host/tests/watching.hpp"

// What a sanitizer's allocator keeps after it was freed (AddressSanitizer: 256 MiB) is resident, so
// there the allocator is asked.
#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define HOST_SANITIZED 1
#endif
#elif defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define HOST_SANITIZED 1
#endif
#ifdef HOST_SANITIZED
#include <sanitizer/allocator_interface.h>
#endif

namespace ws2conform::host {
namespace {

namespace fs = std::filesystem;
using Kind = Breakdown::Kind;

std::string read(const fs::path& path) {
  std::ifstream stream(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

// Processes that have `variable` in their environment, the dead not counted.
std::vector<std::string> processes_with(const std::string& variable) {
  std::vector<std::string> found;
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator("/proc", ignored)) {
    const std::string name = entry.path().filename();
    if (std::isdigit(static_cast<unsigned char>(name[0])) == 0) continue;
    if (('\0' + read(entry.path() / "environ")).find('\0' + variable + '\0') != std::string::npos)
      found.push_back(name);
  }
  return found;
}

// What this process holds, in octets: resident memory.
std::size_t memory() {
#ifdef HOST_SANITIZED
  return __sanitizer_get_current_allocated_bytes();
#else
  std::istringstream text(read("/proc/self/statm"));
  std::size_t all = 0;
  std::size_t resident = 0;
  text >> all >> resident;
  return resident * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
#endif
}

struct Misdeed {
  const char* name;
  Kind kind;
  std::string detail;  // its beginning
  // Nothing comes of it by itself; patience ends when it has said "done".
  bool quiet = false;
};

std::string not_open(const std::string& id) {
  return "hostile answers request " + id + ", which is not open: ";
}

const std::vector<Misdeed>& misdeeds() {
  static const std::string no_object = "hostile wrote a line that is no JSON object: ";
  static const std::string deep = "hostile wrote values nested more than 64 deep: ";
  static const std::string long_line = "hostile wrote a line of more than 1 MiB: \"xxx";
  static const std::vector<Misdeed> kMisdeeds = {
      {"floods_stdout", Kind::kGarbage, not_open("0")},
      {"floods_stdout_with_long_lines", Kind::kGarbage, not_open("0")},
      {"endless_line", Kind::kGarbage, long_line},
      {"half_line_and_silence", Kind::kGarbage,
       "hostile did not finish its line: \"{\"id\": 1, \"retu\"", true},
      {"half_line_and_exit", Kind::kGarbage,
       "hostile ended in the middle of a line: \"{\"id\": 1, \"retu\""},
      {"slow_drip", Kind::kGarbage,
       "hostile did not finish its line: \"{\"id\": 1, \"returns\": \"slo\"", true},
      {"invalid_utf8", Kind::kGarbage, no_object + "hex "},
      {"no_json", Kind::kGarbage, no_object + "\"Segmentation fault (not really)\""},
      {"unfinished_json", Kind::kGarbage, no_object + "\"{\"id\": 1, \"returns\": \""},
      {"two_values_in_a_line", Kind::kGarbage, no_object},
      {"an_array", Kind::kGarbage, no_object + "\"[{"},
      {"a_number", Kind::kGarbage, no_object + "\"7\""},
      {"an_empty_line", Kind::kGarbage, no_object + "\"\""},
      {"byte_order_mark", Kind::kGarbage,
       "hostile wrote a line that begins with a byte order mark: "},
      {"nul_octet", Kind::kGarbage, "hostile wrote a line with a NUL octet in it: "},
      {"nothing_but_nul", Kind::kGarbage, "hostile wrote a line with a NUL octet in it: "},
      {"member_twice", Kind::kGarbage, "hostile wrote \"id\" twice in one object: "},
      {"inner_member_twice", Kind::kGarbage, "hostile wrote \"a\" twice in one object: "},
      {"deep_nesting", Kind::kGarbage, deep},
      {"deep_objects", Kind::kGarbage, deep},
      {"number_beyond_all", Kind::kGarbage, no_object + "\"{\"id\": 1, \"returns\": 1e999}\""},
      {"huge_id", Kind::kGarbage, not_open("18446744073709551615")},
      {"negative_id", Kind::kGarbage, not_open("-1")},
      {"fraction_for_an_id", Kind::kGarbage, not_open("1.5")},
      {"text_for_an_id", Kind::kGarbage, not_open("\"1\"")},
      {"object_for_an_id", Kind::kGarbage, not_open("{\"id\":1}")},
      {"no_id", Kind::kGarbage, not_open("null")},
      {"foreign_id", Kind::kGarbage, not_open("7777777")},
      {"answers_twice", Kind::kGarbage, not_open("1")},
      {"answers_early", Kind::kGarbage, not_open("2")},
      {"says_hello_again", Kind::kGarbage, not_open("null")},
      {"exits_with_0", Kind::kExited, "hostile exited with status 0"},
      {"exits_with_3", Kind::kExited, "hostile exited with status 3"},
      {"crashes", Kind::kCrashed, "hostile was ended by signal 11 (Segmentation fault)"},
      {"aborts", Kind::kCrashed, "hostile was ended by signal 6 (Aborted)"},
      {"is_killed", Kind::kCrashed, "hostile was ended by signal 9 (Killed)"},
      {"ignores_everything", Kind::kSilent, "hostile said nothing", true},
      {"stops_itself", Kind::kSilent, "hostile is stopped and said nothing", true},
      {"closes_stdin", Kind::kExited, "hostile closed its standard input", true},
      {"closes_stdout", Kind::kExited, "hostile closed its standard output"},
      {"closes_everything", Kind::kExited, "hostile closed its standard output"},
      {"leaves_a_grandchild", Kind::kExited, "hostile exited with status 4"},
      {"leaves_a_daemon", Kind::kExited, "hostile exited with status 4"},
      {"is_a_crowd", Kind::kSilent, "hostile said nothing", true},
  };
  return kMisdeeds;
}

class Hostile : public testing::TestWithParam<Misdeed> {
 protected:
  Iut hostile() const {
    Iut iut;
    iut.name = "hostile";
    iut.command = {PYTHON, "-S", "-B", MISDEEDS, GetParam().name};
    const std::size_t equals = mark_.find('=');
    iut.environment[mark_.substr(0, equals)] = mark_.substr(equals + 1);
    return iut;
  }

  void wait_until_done(Adapter& adapter) {
    while (said_.find("done") == std::string::npos) {
      ASSERT_LT(Clock::now(), soon());
      if (context_.stopped()) context_.restart();
      context_.run_one_until(soon());
    }
    if (GetParam().name != std::string("stops_itself")) return;
    siginfo_t stopped{};
    ASSERT_EQ(::waitid(P_PID, static_cast<id_t>(adapter.pid()), &stopped, WSTOPPED | WNOWAIT), 0);
  }

  // What the misdeed comes to, at the request that it stands for or at the next one.
  Breakdown outcome(Adapter& adapter) {
    adapter.observe_stderr([this](Clock::time_point, const std::string& text) { said_ += text; });
    Conversation conversation(adapter, 1);
    for (int i = 0; i < 2; ++i) {
      const nlohmann::json request = conversation.numbered({{"op", "recv"}});
      conversation.send(request);
      if (GetParam().quiet) wait_until_done(adapter);
      const auto received =
          conversation.receive(request.at("id"), GetParam().quiet ? Clock::now() : soon());
      if (const auto* breakdown = std::get_if<Breakdown>(&received)) return *breakdown;
    }
    ADD_FAILURE() << "nothing broke";
    return {};
  }

  boost::asio::io_context context_;
  std::string said_;
  const std::string mark_ =
      "WS2CONFORM_HOSTILE_TEST=" + std::to_string(::getpid()) + GetParam().name;
};

TEST_P(Hostile, HasItsOutcomeAndLeavesNothing) {
  { Adapter warm(context_, hostile()); }  // whatever is made once is there now
  const std::ptrdiff_t descriptors = open_descriptors();
  const std::size_t before = memory();
  {
    Adapter adapter(context_, hostile());
    const auto hello = adapter.receive(soon());
    ASSERT_TRUE(std::holds_alternative<Message>(hello)) << std::get<Breakdown>(hello).detail;
    const Breakdown broke = outcome(adapter);
    EXPECT_EQ(to_string(broke.kind), to_string(GetParam().kind)) << broke.detail;
    EXPECT_EQ(broke.detail.substr(0, GetParam().detail.size()), GetParam().detail);
    EXPECT_LT(broke.detail.size(), 10000U);
  }
  EXPECT_EQ(open_descriptors(), descriptors);
  EXPECT_EQ(processes_with(mark_), std::vector<std::string>{});
  constexpr std::size_t kMost = 64U << 20;
  EXPECT_LT(memory(), before + kMost);
}

INSTANTIATE_TEST_SUITE_P(Zoo, Hostile, testing::ValuesIn(misdeeds()),
                         [](const auto& info) { return info.param.name; });

// The one that is only loud.
TEST(HostileButHarmless, AFloodOnStandardErrorIsCutAndTheAnswerReceived) {
  boost::asio::io_context context;
  Iut iut;
  iut.name = "loud";
  iut.command = {PYTHON, "-S", "-B", MISDEEDS, "floods_stderr"};
  const std::size_t before = memory();
  Adapter adapter(context, iut);
  std::string told;
  adapter.observe_stderr([&](Clock::time_point, const std::string& text) { told += text; });
  adapter.receive(soon());
  Conversation conversation(adapter, 1);
  const nlohmann::json request = conversation.numbered({{"op", "recv"}});
  conversation.send(request);
  const auto received = conversation.receive(request.at("id"), soon());
  ASSERT_TRUE(std::holds_alternative<Message>(received)) << std::get<Breakdown>(received).detail;
  EXPECT_LT(told.size(), (64U << 10) + 50) << "of 32 MiB";
  EXPECT_NE(told.find("(and more, which is left out)"), std::string::npos);
  EXPECT_LT(memory(), before + (16U << 20));
}

}  // namespace
}  // namespace ws2conform::host
