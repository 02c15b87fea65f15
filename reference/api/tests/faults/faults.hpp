#pragma once

// Makes one system call or allocation of the library fail. The program is linked so that the
// library's calls come here first (faults.cpp); libraries that are not part of it are unharmed.
namespace ws2::faults {

enum class Kind {
  kInterruption,  ///< EINTR, where the call can be interrupted
  kShortage,      ///< no descriptors, buffers or threads left
  kPiece,         ///< a send or recv moves one octet only
  kReset,         ///< the connection is lost, found by send or recv
  kMemory,        ///< an allocation fails
};

/// The `position`-th call from now on that `kind` can happen to, from 1, is the one.
void arm(Kind kind, int position);
/// Whether it came to that.
bool disarm();

/// The calling thread is in the library: its calls count. True from the beginning, so that those
/// of the library's own thread do; the test's threads begin with an Outside.
inline thread_local bool is_inside = true;

class Switch {
 public:
  explicit Switch(bool inside) : before_(is_inside) { is_inside = inside; }
  ~Switch() { is_inside = before_; }
  Switch(const Switch&) = delete;
  Switch& operator=(const Switch&) = delete;

 private:
  bool before_;
};
struct Inside : Switch {
  Inside() : Switch(true) {}
};
struct Outside : Switch {
  Outside() : Switch(false) {}
};

}  // namespace ws2::faults
