#include "runners/relay/pcapng.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

#include "conformance/case/tests/scratch.hpp"

namespace ws2conform::relay {
namespace {

using namespace std::string_literals;

std::string read(const std::string& path) {
  std::ifstream stream(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

TEST(Pcapng, WritesTheBlocksOctetByOctet) {
  const ScratchFolder folder;
  {
    PcapngWriter writer(folder.path("x.pcapng"), "me");
    EXPECT_EQ(writer.interface("lan", ""), 0U);
    EXPECT_EQ(writer.interface("wan", "note"), 1U);
    writer.packet(1, std::chrono::nanoseconds(0x0000000512345678), "octet", "");
    writer.packet(0, std::chrono::nanoseconds(1), "four", "abcde");
  }
  const std::string section =
      "\x0A\x0D\x0D\x0A\x28\0\0\0\x4D\x3C\x2B\x1A\x01\0\0\0"
      "\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF"
      "\x04\0\x02\0me\0\0\0\0\0\0\x28\0\0\0"s;
  const std::string lan =
      "\x01\0\0\0\x28\0\0\0\x65\0\0\0\0\0\0\0\x02\0\x03\0lan\0\x09\0\x01\0\x09\0\0\0\0\0\0\0\x28\0\0\0"s;
  const std::string wan =
      "\x01\0\0\0\x30\0\0\0\x65\0\0\0\0\0\0\0\x02\0\x03\0wan\0\x01\0\x04\0note"
      "\x09\0\x01\0\x09\0\0\0\0\0\0\0\x30\0\0\0"s;
  const std::string bare =
      "\x06\0\0\0\x28\0\0\0\x01\0\0\0\x05\0\0\0\x78\x56\x34\x12\x05\0\0\0\x05\0\0\0"
      "octet\0\0\0\x28\0\0\0"s;
  const std::string noted =
      "\x06\0\0\0\x34\0\0\0\0\0\0\0\0\0\0\0\x01\0\0\0\x04\0\0\0\x04\0\0\0"
      "four\x01\0\x05\0abcde\0\0\0\0\0\0\0\x34\0\0\0"s;
  EXPECT_EQ(read(folder.path("x.pcapng")), section + lan + wan + bare + noted);
}

TEST(Pcapng, AFileThatCannotBeWrittenIsAnError) {
  const ScratchFolder folder;
  const std::string path = folder.path("no/such/folder.pcapng");
  try {
    PcapngWriter writer(path, "me");
    FAIL();
  } catch (const std::runtime_error& error) {
    EXPECT_EQ(std::string(error.what()), path + " cannot be written: No such file or directory");
  }
}

}  // namespace
}  // namespace ws2conform::relay
