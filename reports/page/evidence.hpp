// What is too large to stand in the page stands beside it, in files named by what they hold.
#pragma once

#include <map>
#include <string>

#include "conformance/judge/result.hpp"

namespace ws2conform::reports {

class Evidence {
 public:
  // How many octets of conversations the page itself may still take.
  bool fits(std::size_t octets);

  // The whole conversation as text; returns the path to it from the page, "evidence/HASH.txt".
  std::string keep(const ScheduleResult& schedule);

  // By path from the page.
  const std::map<std::string, std::string>& files() const { return files_; }

 private:
  std::map<std::string, std::string> files_;
  std::size_t in_page_ = 0;
};

}  // namespace ws2conform::reports
