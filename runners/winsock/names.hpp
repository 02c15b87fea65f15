#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "channel.hpp"

namespace ws2conform {

// One name of the API and its value.
struct Name {
  std::string_view name;
  long value;
};

// A table of names.
class Names {
 public:
  template <std::size_t kSize>
  constexpr Names(const Name (&names)[kSize]) : Names(names, names + kSize) {}
  constexpr Names(const Name* begin, const Name* end) : begin_(begin), end_(end) {}

  const Name* begin() const { return begin_; }
  const Name* end() const { return end_; }

  // The value of a name; throws Unsupported, naming it, when it is not in the table.
  long value(std::string_view name) const;
  // The name of a value; empty when it has none.
  std::string_view name(long value) const;
  // The bits of one name or of a list of names. Throws Unsupported or AdapterError.
  long bits(const Json& names) const;
  // The names of the bits that are set; what has no name comes last, as a decimal number.
  Json list(unsigned long bits) const;

 private:
  const Name* begin_;
  const Name* end_;
};

const Names& service_flags();   // XP1_*
const Names& network_events();  // FD_*, in the order of their FD_*_BIT
const Names& message_flags();   // MSG_*
const Names& families();        // AF_INET, AF_INET6
const Names& socket_types();    // of connection-oriented providers
const Names& verdicts();        // CF_*
const Names& shutdown_hows();   // SD_*
const Names& ioctl_commands();

// The name of an error number, or the number itself in decimal.
std::string error_name(int error);

}  // namespace ws2conform
