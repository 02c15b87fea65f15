#pragma once

#include "connection/limits.hpp"

namespace ws2 {

/// As long as it lives, sockets are opened with these time-outs, layered over the base providers:
/// the way in which any program that links the reference statically can set its own.
class Impatient {
 public:
  explicit Impatient(const Timeouts& timeouts);
  ~Impatient();
  Impatient(const Impatient&) = delete;
  Impatient& operator=(const Impatient&) = delete;
};

}  // namespace ws2
