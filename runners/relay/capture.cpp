#include "runners/relay/capture.hpp"

#include <fmt/format.h>

#include <chrono>

namespace ws2conform::relay {
namespace {

enum Flag : unsigned {
  kFinFlag = 0x01,
  kSynFlag = 0x02,
  kResetFlag = 0x04,
  kPushFlag = 0x08,
  kAckFlag = 0x10
};

constexpr std::size_t kTcpHeader = 20;
constexpr std::size_t kMostPayload = 32768;  // an IP packet has 65535 octets at most

void put16(std::string& to, unsigned number) {
  to.push_back(static_cast<char>(number >> 8));
  to.push_back(static_cast<char>(number));
}

void put32(std::string& to, std::uint32_t number) {
  put16(to, number >> 16);
  put16(to, number & 0xFFFF);
}

// RFC 1071.
unsigned checksum(std::string_view octets) {
  std::uint32_t sum = 0;
  for (std::size_t i = 0; i < octets.size(); ++i) {
    const unsigned octet = static_cast<unsigned char>(octets[i]);
    sum += i % 2 == 0 ? octet << 8 : octet;
    sum = (sum & 0xFFFF) + (sum >> 16);
  }
  return ~sum & 0xFFFF;
}

void set16(std::string& in, std::size_t at, unsigned number) {
  in[at] = static_cast<char>(number >> 8);
  in[at + 1] = static_cast<char>(number);
}

std::string ip_header(const Address& from, const Address& to, std::size_t payload) {
  std::string header;
  if (from.is_ipv6()) {
    put32(header, 0x60000000);
    put16(header, static_cast<unsigned>(payload));
    header += {IPPROTO_TCP, 64};  // next header, hop limit
    return header + from.octets() + to.octets();
  }
  put16(header, 0x4500);
  put16(header, static_cast<unsigned>(20 + payload));
  put16(header, 0);
  put16(header, 0x4000);  // do not fragment
  header += {64, IPPROTO_TCP};
  put16(header, 0);
  header += from.octets() + to.octets();
  set16(header, 10, checksum(header));
  return header;
}

std::string pseudo_header(const Address& from, const Address& to, std::size_t payload) {
  std::string header = from.octets() + to.octets();
  if (from.is_ipv6()) {
    put32(header, static_cast<std::uint32_t>(payload));
    put32(header, IPPROTO_TCP);
  } else {
    put16(header, IPPROTO_TCP);
    put16(header, static_cast<unsigned>(payload));
  }
  return header;
}

}  // namespace

CaptureFile::CaptureFile(std::filesystem::path path, bool append)
    : path_(std::move(path)), append_(append) {
  std::error_code ignored;
  if (!append_) std::filesystem::remove(path_, ignored);
}

std::uint32_t CaptureFile::interface(std::string_view name, std::string_view comment) {
  const std::lock_guard lock(mutex_);
  if (!writer_) writer_.emplace(path_, "ws2conform relay " WS2CONFORM_VERSION, append_);
  return writer_->interface(name, comment);
}

void CaptureFile::packet(std::uint32_t interface, std::string_view octets,
                         std::string_view comment) {
  const std::lock_guard lock(mutex_);
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  writer_->packet(interface, now, octets, comment);
}

void CaptureFile::flush() {
  const std::lock_guard lock(mutex_);
  if (writer_) writer_->flush();
}

void Capture::begin(const Label& label) {
  if (!interface_ || label.instance != instance_) {
    instance_ = label.instance;
    interface_ = file_->interface(instance_, "both halves of every relayed connection");
  }
  schedule_ = fmt::format("{}, schedule {}: {}", label.instance, label.replay_id, label.order);
}

void Capture::Stream::open(const Address& from, const Address& to, std::string_view comment) {
  ends_ = {from, to};
  packet(true, kSynFlag, "", comment);
  ++sequence_[0];
  packet(false, kSynFlag | kAckFlag, "", "");
  ++sequence_[1];
  packet(true, kAckFlag, "", "");
}

void Capture::Stream::refused(const Address& from, const Address& to, std::string_view comment) {
  ends_ = {from, to};
  packet(true, kSynFlag, "", comment);
  ++sequence_[0];
  packet(false, kResetFlag | kAckFlag, "", "");
  over_ = {true, true};
}

void Capture::Stream::octets(bool by_caller, std::string_view octets) {
  const std::size_t end = by_caller ? 0 : 1;
  for (std::size_t at = 0; at < octets.size(); at += kMostPayload) {
    const std::string_view part = octets.substr(at, kMostPayload);
    packet(by_caller, kPushFlag | kAckFlag, part, "");
    sequence_[end] += static_cast<std::uint32_t>(part.size());
  }
}

void Capture::Stream::fin(bool by_caller) {
  const std::size_t end = by_caller ? 0 : 1;
  if (over_[end]) return;
  over_[end] = true;
  packet(by_caller, kFinFlag | kAckFlag, "", "");
  ++sequence_[end];
}

void Capture::Stream::reset(bool by_caller) {
  if (over_[0] && over_[1]) return;
  over_ = {true, true};
  packet(by_caller, kResetFlag | kAckFlag, "", "");
}

void Capture::Stream::packet(bool by_caller, unsigned flags, std::string_view octets,
                             std::string_view comment) {
  if (capture_ == nullptr || !capture_->interface_ || ends_[0].length == 0) return;
  const std::size_t end = by_caller ? 0 : 1;
  const Address& from = ends_[end];
  const Address& to = ends_[1 - end];
  std::string segment;
  put16(segment, from.port());
  put16(segment, to.port());
  put32(segment, sequence_[end]);
  put32(segment, (flags & kAckFlag) != 0 ? sequence_[1 - end] : 0);
  put16(segment, static_cast<unsigned>(kTcpHeader / 4) << 12 | flags);
  put16(segment, 0xFFFF);  // window
  put16(segment, 0);       // checksum, below
  put16(segment, 0);       // urgent pointer
  segment += octets;
  set16(segment, 16, checksum(pseudo_header(from, to, segment.size()) + segment));
  std::string note(comment);
  if (!note.empty()) note = fmt::format("{} ({})", note, capture_->schedule_);
  capture_->file_->packet(*capture_->interface_, ip_header(from, to, segment.size()) + segment,
                          note);
}

}  // namespace ws2conform::relay
