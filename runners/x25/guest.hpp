// The first process of the guest: it loads X.25, joins the two ends of its link, and starts an
// adapter for each channel that the keeper on the host opens.
#pragma once

#include <cstdint>
#include <string>

namespace x25 {

// What passes between the keeper and the guest, and between the keeper and each launcher: a kind, a
// channel, the number of octets that follow, least significant octet first.
struct Frame {
  enum Kind : char {
    kReady = 'R',      // the guest is up
    kFailed = 'F',     // it will not be; why
    kRead = 'A',       // so many octets from the keeper were, in two octets
    kOpen = 'O',       // an adapter wanted
    kInput = 'I',      // for its standard input
    kEnd = 'C',        // of its standard input
    kKill = 'K',       // it at once
    kOutput = 'o',     // from its standard output
    kComplaint = 'e',  // from its standard error
    kExit = 'x',       // it ended: its wait status, in four octets
  };
  static constexpr std::size_t kHeader = 4;
  static constexpr std::size_t kMost = 4096;

  Kind kind = kReady;
  std::uint8_t channel = 0;
  std::string data;
};

// Runs until the host goes away, which is when the guest is switched off. `modules` is a folder
// with the kernel's modules. `adapter` is called in a new process for each channel, with a number
// that counts them.
[[noreturn]] void keep_guest(const std::string& modules, int (*adapter)(int));

}  // namespace x25
