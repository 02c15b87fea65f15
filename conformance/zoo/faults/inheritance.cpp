// What an accepted socket has from its listener.

#include "conformance/zoo/event_layer.hpp"
#include "conformance/zoo/faults.hpp"
#include "conformance/zoo/reached.hpp"

namespace ws2conform::zoo {
namespace {

template <typename Change>
class InheritsOtherwise : public LayeredSocket {
 public:
  using LayeredSocket::LayeredSocket;

 private:
  void on_accepted(LayeredSocket& made) override {
    if (Change::apply(*this, made)) reached();
  }
};

struct NoSelection {
  static bool apply(LayeredSocket& listener, LayeredSocket& made) {
    if (listener.event_mask() == 0) return false;
    return made.select_events(nullptr, 0) == 0 && made.set_blocking(false) == 0;
  }
};
struct Blocking {
  static bool apply(LayeredSocket& listener, LayeredSocket& made) {
    return !listener.is_blocking() && made.set_blocking(true) == 0;
  }
};
struct NoLinger {
  static bool apply(LayeredSocket& listener, LayeredSocket& made) {
    ws2::Linger linger;
    if (listener.get_linger(linger) != 0 || !linger.on) return false;
    return made.set_linger({}) == 0;
  }
};

template <ws2::Option option, int value>
struct NotTheOption {
  static bool apply(LayeredSocket& listener, LayeredSocket& made) {
    int chosen = 0;
    if (listener.get_option(option, chosen) != 0 || chosen == value) return false;
    return made.set_option(option, value) == 0;
  }
};

// To cancel the selection of an accepted socket cancels the listener's.
class CancellingIsShared : public LayeredSocket {
 public:
  using LayeredSocket::LayeredSocket;
  int select_events(std::shared_ptr<ws2::EventObject> object, int mask) override {
    if (mask == 0 && listener_ != nullptr) {
      reached();
      listener_->select_events(nullptr, 0);
    }
    return LayeredSocket::select_events(std::move(object), mask);
  }

 private:
  void on_accepted(LayeredSocket& made) override {
    static_cast<CancellingIsShared&>(made).listener_ = this;
  }
  LayeredSocket* listener_ = nullptr;
};

}  // namespace

Faults inheritance_faults() {
  using ws2::Option;
  return {
      {"selection-is-not-inherited", "An accepted socket has no events selected.", "ACC-34 EVT-11",
       "accept WSAAccept", "WSAEnumNetworkEvents_network_events WSAWaitForMultipleEvents_returns",
       "event-selection-is-inherited", in_sockets<InheritsOtherwise<NoSelection>>()},
      {"cancelling-is-shared", "Cancelling an accepted socket's selection cancels the listener's.",
       "ACC-34", "WSAEventSelect", "FD_ACCEPT_error FD_ACCEPT_event",
       "event-selection-is-inherited", in_sockets<CancellingIsShared>()},
      {"accepted-socket-is-blocking", "An accepted socket is blocking whatever its listener is.",
       "ACC-36", "accept WSAAccept", "recv_hang", "nonblocking-is-inherited-by-itself",
       in_sockets<InheritsOtherwise<Blocking>>()},
      {"lingering-is-not-inherited", "An accepted socket does not linger as its listener does.",
       "ACC-35", "accept WSAAccept", "getsockopt_value", "lingering-is-inherited",
       in_sockets<InheritsOtherwise<NoLinger>>()},
      {"keep-alive-is-not-inherited", "An accepted socket has no keep-alive.", "ACC-35",
       "accept WSAAccept", "getsockopt_value", "options-are-inherited",
       in_sockets<InheritsOtherwise<NotTheOption<Option::kKeepAlive, 0>>>()},
      {"inline-is-not-inherited", "An accepted socket has SO_OOBINLINE off.", "ACC-35",
       "accept WSAAccept", "getsockopt_value", "options-are-inherited",
       in_sockets<InheritsOtherwise<NotTheOption<Option::kOobInline, 0>>>()},
      {"time-outs-are-not-inherited", "An accepted socket's receives have no time-out.", "ACC-35",
       "accept WSAAccept", "getsockopt_value", "options-are-inherited",
       in_sockets<InheritsOtherwise<NotTheOption<Option::kReceiveTimeout, 0>>>()},
  };
}

}  // namespace ws2conform::zoo
