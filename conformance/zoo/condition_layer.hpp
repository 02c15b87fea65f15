#pragma once

#include "conformance/zoo/fault.hpp"
#include "conformance/zoo/layer.hpp"

namespace ws2conform::zoo {

using Condition = std::function<ws2::Decision(const ws2::Offer&)>;

enum Verdict { kAccept = 0, kReject = 1, kDefer = 2 };

// A layer that stands between the provider and the condition function.
class ConditionLayer : public LayeredSocket {
 public:
  using LayeredSocket::LayeredSocket;
  int accept(const ws2::AcceptCall& call, ws2::Accepted& accepted) override {
    ws2::AcceptCall changed = call;
    if (call.condition) {
      changed.condition = [&](const ws2::Offer& offer) { return ask(call.condition, offer); };
    }
    return LayeredSocket::accept(changed, accepted);
  }

 protected:
  // `condition` is the application's.
  virtual ws2::Decision ask(const Condition& condition, const ws2::Offer& offer) = 0;
};

}  // namespace ws2conform::zoo
