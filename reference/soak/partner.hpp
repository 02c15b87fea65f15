#pragma once

#include <cstdio>
#include <string>
#include <vector>

namespace soak {

/// This program once more, as the other process: it is told by lines on its standard input and
/// answers with lines on its standard output.
class Partner {
 public:
  explicit Partner(const std::vector<std::string>& arguments);
  ~Partner();
  Partner(const Partner&) = delete;
  Partner& operator=(const Partner&) = delete;

  void say(const std::string& line);
  /// The next line without its end; throws when there is none.
  [[nodiscard]] std::string hear();
  /// Closes its input and waits for its end; its exit status.
  int finish();

 private:
  int pid_ = -1;
  std::FILE* in_ = nullptr;
  std::FILE* out_ = nullptr;
};

/// The other side of it: what this process was told, false at the end; and an answer.
[[nodiscard]] bool told(std::string& line);
void answer(const std::string& line);

}  // namespace soak
