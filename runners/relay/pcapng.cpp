#include "runners/relay/pcapng.hpp"

#include <cerrno>
#include <cstring>
#include <stdexcept>

namespace ws2conform::relay {
namespace {

constexpr std::uint32_t kSectionHeader = 0x0A0D0D0A;
constexpr std::uint32_t kInterfaceDescription = 1;
constexpr std::uint32_t kEnhancedPacket = 6;
constexpr std::uint32_t kByteOrderMagic = 0x1A2B3C4D;
constexpr std::uint16_t kLinkTypeRaw = 101;

enum Option : std::uint16_t {
  kEndOfOptions = 0,
  kComment = 1,
  kInterfaceName = 2,
  kApplication = 4,
  kTimestampResolution = 9,
};

template <typename Number>
void put(std::string& to, Number number) {
  for (std::size_t i = 0; i < sizeof number; ++i) {
    to.push_back(static_cast<char>(static_cast<std::uint64_t>(number) >> (8 * i)));
  }
}

void pad(std::string& to) {
  to.append((4 - to.size() % 4) % 4, '\0');
}

void put_option(std::string& to, Option code, std::string_view value) {
  constexpr std::size_t kLongest = 0xFFFF;
  value = value.substr(0, kLongest);
  put<std::uint16_t>(to, code);
  put(to, static_cast<std::uint16_t>(value.size()));
  to += value;
  pad(to);
}

void end_options(std::string& to) {
  put<std::uint16_t>(to, kEndOfOptions);
  put<std::uint16_t>(to, 0);
}

}  // namespace

PcapngWriter::PcapngWriter(const std::filesystem::path& path, std::string_view application,
                           bool append)
    : stream_(path, std::ios::binary | (append ? std::ios::app : std::ios::trunc)) {
  if (!stream_) {
    throw std::runtime_error(path.string() + " cannot be written: " + std::strerror(errno));
  }
  std::string body;
  put(body, kByteOrderMagic);
  put<std::uint16_t>(body, 1);  // version 1.0
  put<std::uint16_t>(body, 0);
  put(body, ~std::uint64_t{0});  // the section's length is not told
  put_option(body, kApplication, application);
  end_options(body);
  block(kSectionHeader, body);
}

std::uint32_t PcapngWriter::interface(std::string_view name, std::string_view comment) {
  std::string body;
  put(body, kLinkTypeRaw);
  put<std::uint16_t>(body, 0);
  put<std::uint32_t>(body, 0);  // packets are never cut
  put_option(body, kInterfaceName, name);
  if (!comment.empty()) put_option(body, kComment, comment);
  put_option(body, kTimestampResolution, std::string_view("\x09", 1));  // nanoseconds
  end_options(body);
  block(kInterfaceDescription, body);
  return interfaces_++;
}

void PcapngWriter::packet(std::uint32_t interface, std::chrono::nanoseconds since_epoch,
                          std::string_view octets, std::string_view comment) {
  const auto time = static_cast<std::uint64_t>(since_epoch.count());
  const auto size = static_cast<std::uint32_t>(octets.size());
  std::string body;
  put(body, interface);
  put(body, static_cast<std::uint32_t>(time >> 32));
  put(body, static_cast<std::uint32_t>(time));
  put(body, size);  // captured
  put(body, size);  // on the wire
  body += octets;
  pad(body);
  if (!comment.empty()) {
    put_option(body, kComment, comment);
    end_options(body);
  }
  block(kEnhancedPacket, body);
}

void PcapngWriter::block(std::uint32_t type, const std::string& body) {
  std::string head;
  const auto length = static_cast<std::uint32_t>(12 + body.size());
  put(head, type);
  put(head, length);
  std::string tail;
  put(tail, length);
  stream_ << head << body << tail;
}

}  // namespace ws2conform::relay
