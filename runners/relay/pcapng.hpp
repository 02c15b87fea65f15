// Blocks of a pcapng file (draft-ietf-opsawg-pcapng), little-endian, one section.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

namespace ws2conform::relay {

class PcapngWriter {
 public:
  // Begins a section: of a new file, or after what there is when it is to `append`. Throws
  // std::runtime_error with path and reason when it cannot be written.
  PcapngWriter(const std::filesystem::path& path, std::string_view application,
               bool append = false);

  // An interface whose packets begin with an IPv4 or IPv6 header (LINKTYPE_RAW); its number.
  std::uint32_t interface(std::string_view name, std::string_view comment);

  // `since_epoch`: when the packet was seen. An empty comment is none.
  void packet(std::uint32_t interface, std::chrono::nanoseconds since_epoch,
              std::string_view octets, std::string_view comment);

  void flush() { stream_.flush(); }

 private:
  void block(std::uint32_t type, const std::string& body);

  std::ofstream stream_;
  std::uint32_t interfaces_ = 0;
};

}  // namespace ws2conform::relay
