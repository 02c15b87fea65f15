#pragma once

#include <cstddef>

namespace ws2::hostile {

/// Of this process.
std::size_t open_descriptors();

/// Changes how many descriptors the process may have, while it lives.
class DescriptorLimit {
 public:
  explicit DescriptorLimit(std::size_t count);
  ~DescriptorLimit();
  DescriptorLimit(const DescriptorLimit&) = delete;
  DescriptorLimit& operator=(const DescriptorLimit&) = delete;

  /// As many as the system allows.
  static std::size_t highest();

 private:
  std::size_t before_;
};

}  // namespace ws2::hostile
