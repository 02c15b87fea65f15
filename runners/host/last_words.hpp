// The end of what an adapter wrote to its standard error, for the sentences about its end.
#pragma once

#include <string>
#include <string_view>

namespace ws2conform::host {

class LastWords {
 public:
  // Keeps the latest 4096 octets of lines, and as many of one that has not ended.
  void add(std::string_view text);

  // Without newlines at its end. Lines that the reference writes of its state table are left out:
  // they are for the history alone.
  std::string text() const;

 private:
  std::string lines_;       // whole ones
  std::string unfinished_;  // the line that has not ended
};

}  // namespace ws2conform::host
