// Port numbers differ from run to run and mean nothing.
#pragma once

#include <map>
#include <string>
#include <string_view>

namespace ws2conform {

// Replaces the ports of addresses by their ordinals: "127.0.0.1:40112" by "127.0.0.1:#1", the next
// other port by "#2", so that texts that differ only in ports become the same. Port 0 stays.
class PortNames {
 public:
  std::string operator()(std::string_view text);

 private:
  std::map<std::string, std::size_t> known_;
};

}  // namespace ws2conform
