#pragma once

#include <deque>

#include "conformance/zoo/fault.hpp"
#include "conformance/zoo/layer.hpp"

namespace ws2conform::zoo {

// Layers that keep a queue of their own, of what the provider below accepts at once.
class OwnQueue : public LayeredSocket {
 public:
  using LayeredSocket::LayeredSocket;

 protected:
  // Takes what is there, without waiting.
  void take_all() {
    inner().set_blocking(false);
    ws2::Accepted one;
    while (LayeredSocket::accept({}, one) == 0) {
      one.socket->set_blocking(is_blocking());
      queue_.push_back(std::move(one));
    }
    inner().set_blocking(is_blocking());
  }
  std::deque<ws2::Accepted> queue_;
};

}  // namespace ws2conform::zoo
