// Connecting, listening and the queue of requests.

#include <algorithm>

#include "conformance/zoo/api.hpp"
#include "conformance/zoo/faults.hpp"
#include "conformance/zoo/own_queue.hpp"
#include "conformance/zoo/reached.hpp"
#include "ws2/errors.h"

namespace ws2conform::zoo {
namespace {

using ws2::AcceptCall;
using ws2::Accepted;
using ws2::ConnectCall;

// A layer that tells another error than the one there was, 0 for none.
template <int from, int to>
class ConnectFailsOtherwise : public LayeredSocket {
 public:
  using LayeredSocket::LayeredSocket;
  int connect(const ConnectCall& call) override {
    const int error = LayeredSocket::connect(call);
    if (error != from) return error;
    reached();
    return to;
  }
};

class RefusedIsTheEnd : public LayeredSocket {
 public:
  using LayeredSocket::LayeredSocket;
  int connect(const ConnectCall& call) override {
    if (refused_) {
      reached();
      return WSAECONNABORTED;
    }
    const int error = LayeredSocket::connect(call);
    refused_ = error == WSAECONNREFUSED;
    return error;
  }

 private:
  bool refused_ = false;
};

class SecondConnectBreaksIt : public LayeredSocket {
 public:
  using LayeredSocket::LayeredSocket;
  int connect(const ConnectCall& call) override {
    const int error = LayeredSocket::connect(call);
    if (error != WSAEISCONN) return error;
    reached();
    inner().shutdown(ws2::ShutdownHow::kBoth);
    return error;
  }
};

class SecondConnectCancels : public LayeredSocket {
 public:
  using LayeredSocket::LayeredSocket;
  int connect(const ConnectCall& call) override {
    const int error = LayeredSocket::connect(call);
    if (error != WSAEALREADY) return error;
    reached();
    inner().close();
    return error;
  }
};

// As where SO_CONDITIONAL_ACCEPT were never set.
class NobodyWaitsForTheVerdict : public LayeredSocket {
 public:
  using LayeredSocket::LayeredSocket;
  int listen(int backlog) override {
    if (limits().delayed_accept) {
      reached();
      inner().set_option(ws2::Option::kConditionalAccept, 0);
    }
    return inner().listen(backlog);
  }
};

class DelayingIsChosenAtAnyTime : public LayeredSocket {
 public:
  using LayeredSocket::LayeredSocket;
  int set_option(ws2::Option option, int value) override {
    const int error = inner().set_option(option, value);
    if (error != WSAEINVAL || option != ws2::Option::kConditionalAccept) return error;
    reached();
    return 0;
  }
};

class NoNameByConnecting : public LayeredSocket {
 public:
  using LayeredSocket::LayeredSocket;
  int bind(const ws2::Endpoint& name) override {
    bound_ = true;
    return inner().bind(name);
  }
  int local_name(ws2::Endpoint& name) override {
    const int error = inner().local_name(name);
    if (error != 0 || bound_ || !connected_) return error;
    reached();
    name.port = 0;
    return error;
  }
  int connect(const ConnectCall& call) override {
    connected_ = true;
    return LayeredSocket::connect(call);
  }

 private:
  bool bound_ = false;
  bool connected_ = false;
};

class PeerHasTheOwnName : public LayeredSocket {
 public:
  using LayeredSocket::LayeredSocket;
  int peer_name(ws2::Endpoint& name) override {
    const int error = inner().peer_name(name);
    if (error != 0) return error;
    reached();
    return inner().local_name(name);
  }
};

class ListenerHasAPeer : public LayeredSocket {
 public:
  using LayeredSocket::LayeredSocket;
  int listen(int backlog) override {
    listens_ = true;
    return inner().listen(backlog);
  }
  int peer_name(ws2::Endpoint& name) override {
    if (!listens_) return inner().peer_name(name);
    reached();
    return inner().local_name(name);
  }

 private:
  bool listens_ = false;
};

class UnconnectedHasAPeer : public LayeredSocket {
 public:
  using LayeredSocket::LayeredSocket;
  int peer_name(ws2::Endpoint& name) override {
    const int error = inner().peer_name(name);
    if (error != WSAENOTCONN) return error;
    reached();
    name = {};
    return 0;
  }
};

class ListenerMayConnect : public LayeredSocket {
 public:
  using LayeredSocket::LayeredSocket;
  int listen(int backlog) override {
    listens_ = true;
    return inner().listen(backlog);
  }
  int connect(const ConnectCall& call) override {
    const int error = LayeredSocket::connect(call);
    if (error != WSAEINVAL || !listens_) return error;
    reached();
    return 0;
  }

 private:
  bool listens_ = false;
};

// As elsewhere: a listener that has no name gets one.
class ListeningBinds : public LayeredSocket {
 public:
  using LayeredSocket::LayeredSocket;
  int listen(int backlog) override {
    const int error = inner().listen(backlog);
    if (error != WSAEINVAL) return error;
    ws2::Endpoint any;
    any.family = entry().family;
    if (inner().bind(any) != 0) return error;
    reached();
    return inner().listen(backlog);
  }
};

template <int from, int to>
class ListenFailsOtherwise : public LayeredSocket {
 public:
  using LayeredSocket::LayeredSocket;
  int listen(int backlog) override {
    const int error = inner().listen(backlog);
    if (error != from) return error;
    reached();
    return to;
  }
};

class ListeningTwiceFails : public LayeredSocket {
 public:
  using LayeredSocket::LayeredSocket;
  int listen(int backlog) override {
    if (listens_) {
      reached();
      return WSAEINVAL;
    }
    const int error = inner().listen(backlog);
    listens_ = error == 0;
    return error;
  }

 private:
  bool listens_ = false;
};

class OddBacklogFails : public LayeredSocket {
 public:
  using LayeredSocket::LayeredSocket;
  int listen(int backlog) override {
    if (backlog > 0) return inner().listen(backlog);
    reached();
    return WSAEINVAL;
  }
};

class BacklogOneMore : public LayeredSocket {
 public:
  using LayeredSocket::LayeredSocket;
  int listen(int backlog) override {
    if (backlog > 0 && backlog < 10) {
      reached();
      ++backlog;
    }
    return inner().listen(backlog);
  }
};

template <int from, int to>
class AcceptFailsOtherwise : public LayeredSocket {
 public:
  using LayeredSocket::LayeredSocket;
  int accept(const AcceptCall& call, Accepted& accepted) override {
    const int error = LayeredSocket::accept(call, accepted);
    if (error != from) return error;
    reached();
    return to;
  }
};

class AcceptWantsACondition : public LayeredSocket {
 public:
  using LayeredSocket::LayeredSocket;
  int accept(const AcceptCall& call, Accepted& accepted) override {
    if (call.condition) return LayeredSocket::accept(call, accepted);
    AcceptCall changed = call;
    changed.condition = [](const ws2::Offer&) {
      reached();
      ws2::Decision refuses;
      refuses.verdict = 1;
      return refuses;
    };
    return LayeredSocket::accept(changed, accepted);
  }
};

class FirstAcceptIsTheLast : public LayeredSocket {
 public:
  using LayeredSocket::LayeredSocket;
  int accept(const AcceptCall& call, Accepted& accepted) override {
    const int error = LayeredSocket::accept(call, accepted);
    if (error == 0) {
      reached();
      inner().close();
    }
    return error;
  }
};

// The last one is accepted first: where events tell of requests, or where none do.
template <bool kWithEvents>
class LastComesFirst : public OwnQueue {
 public:
  using OwnQueue::OwnQueue;
  int accept(const AcceptCall& call, Accepted& accepted) override {
    if (limits().delayed_accept || call.condition || (event_mask() != 0) != kWithEvents) {
      return LayeredSocket::accept(call, accepted);
    }
    take_all();
    if (queue_.empty()) return LayeredSocket::accept(call, accepted);
    if (queue_.size() > 1) reached();
    accepted = std::move(queue_.back());
    queue_.pop_back();
    return 0;
  }
};

// Who was deferred goes to the end of the queue.
class DeferredLosesItsPlace : public OwnQueue {
 public:
  using OwnQueue::OwnQueue;
  int accept(const AcceptCall& call, Accepted& accepted) override {
    if (limits().delayed_accept || event_mask() != 0) return LayeredSocket::accept(call, accepted);
    const bool has_deferred = !queue_.empty();
    take_all();
    if (queue_.empty()) return LayeredSocket::accept(call, accepted);
    if (has_deferred && queue_.size() > 1) {
      reached();
      std::rotate(queue_.begin(), queue_.begin() + 1, queue_.end());
    }
    Accepted one = std::move(queue_.front());
    queue_.pop_front();
    if (!call.condition) {
      accepted = std::move(one);
      return 0;
    }
    ws2::Offer offer;
    offer.caller = one.caller;
    one.socket->local_name(offer.callee);
    const int verdict = call.condition(offer).verdict;
    if (verdict == 2) {
      queue_.push_front(std::move(one));
      return WSATRY_AGAIN;
    }
    if (verdict != 0) {
      one.socket->set_linger({.on = true, .seconds = 0});
      one.socket->close();
      return verdict == 1 ? WSAECONNREFUSED : WSAEINVAL;
    }
    accepted = std::move(one);
    return 0;
  }
};

// A listener gives out requests that were made to another.
class ListenersShareAQueue : public LayeredSocket {
 public:
  using LayeredSocket::LayeredSocket;
  int listen(int backlog) override {
    const int error = inner().listen(backlog);
    if (error == 0) all().push_back(this);
    return error;
  }
  int accept(const AcceptCall& call, Accepted& accepted) override {
    int error = LayeredSocket::accept(call, accepted);
    if (error != WSAEWOULDBLOCK) return error;
    for (ListenersShareAQueue* other : all()) {
      if (other == this || other->inner().set_blocking(false) != 0) continue;
      error = other->LayeredSocket::accept(call, accepted);
      other->inner().set_blocking(true);
      if (error == WSAEWOULDBLOCK) continue;
      reached();
      return error;
    }
    return error;
  }
  int close() override {
    std::erase(all(), this);
    return inner().close();
  }
  ~ListenersShareAQueue() override { std::erase(all(), this); }

 private:
  static std::vector<ListenersShareAQueue*>& all() {
    static std::vector<ListenersShareAQueue*> listeners;
    return listeners;
  }
};

class FailureIsNotReady : public LayeredSocket {
 public:
  using LayeredSocket::LayeredSocket;
  int readiness(ws2::Readiness& found) override {
    const int error = inner().readiness(found);
    if (error == 0 && found.unconnected) {
      reached();
      found.unconnected = false;
    }
    return error;
  }
};

class ConnectedIsNotReady : public LayeredSocket {
 public:
  using LayeredSocket::LayeredSocket;
  int readiness(ws2::Readiness& found) override {
    const int error = inner().readiness(found);
    if (error == 0 && found.writable) {
      reached();
      found.writable = false;
    }
    return error;
  }
};

void demand_an_address(Api& api) {
  api.accept = [](SOCKET s, sockaddr* addr, int* length) {
    if (addr != nullptr && length != nullptr) return reference_api().accept(s, addr, length);
    reached();
    WSASetLastError(WSAEFAULT);
    return INVALID_SOCKET;
  };
}

void leave_the_length(Api& api) {
  api.accept = [](SOCKET s, sockaddr* addr, int* length) {
    if (length == nullptr) return reference_api().accept(s, addr, length);
    int copy = *length;
    const SOCKET made = reference_api().accept(s, addr, &copy);
    if (copy != *length) reached();
    return made;
  };
}

void cut_the_address(Api& api) {
  api.accept = [](SOCKET s, sockaddr* addr, int* length) {
    sockaddr_storage whole;
    int size = sizeof whole;
    if (addr == nullptr || length == nullptr || *length >= 16) {
      return reference_api().accept(s, addr, length);
    }
    const SOCKET made = reference_api().accept(s, reinterpret_cast<sockaddr*>(&whole), &size);
    if (made == INVALID_SOCKET) return made;
    reached();
    std::copy_n(reinterpret_cast<const char*>(&whole), *length, reinterpret_cast<char*>(addr));
    return made;
  };
}

void look_up_another_port(Api& api) {
  api.getaddrinfo = [](const char* host, const char* service, const addrinfo* hints,
                       addrinfo** found) {
    const int error = reference_api().getaddrinfo(host, service, hints, found);
    for (addrinfo* one = error == 0 ? *found : nullptr; one != nullptr; one = one->ai_next) {
      reached();
      // Where the port is, for both families.
      ++reinterpret_cast<sockaddr_in*>(one->ai_addr)->sin_port;
    }
    return error;
  };
}

void connect_without_description(Api& api) {
  api.connect = [](SOCKET s, const sockaddr* addr, int length) {
    const int result = reference_api().connect(s, addr, length);
    if (result == 0 || WSAGetLastError() != WSAEFAULT) return result;
    reached();
    return 0;
  };
}

}  // namespace

Faults connecting_faults() {
  return {
      {"refusal-is-a-time-out", "A refused connect fails with WSAETIMEDOUT.",
       "CONN-12 SEED-B02 ACC-05 ACC-38", "connect WSAConnect",
       "WSAConnect_error WSAConnect_reading WSAConnect_returns connect_error connect_reading "
       "connect_returns",
       "closed-listener-refuses",
       in_sockets<ConnectFailsOtherwise<WSAECONNREFUSED, WSAETIMEDOUT>>()},
      {"refused-socket-is-spent", "After a refusal the socket cannot be connected any more.",
       "CONN-12", "connect WSAConnect", "accept_hang connect_error connect_reading connect_returns",
       "refused-and-tried-again", in_sockets<RefusedIsTheEnd>()},
      {"connected-may-connect", "A second connect on a connected socket succeeds.", "CONN-10",
       "connect WSAConnect", "connect_error connect_reading connect_returns",
       "connecting-twice-is-refused", in_sockets<ConnectFailsOtherwise<WSAEISCONN, 0>>()},
      {"second-connect-breaks", "A second connect fails and ends the connection.", "CONN-10 ERR-03",
       "connect WSAConnect",
       "receive_error receive_reading receive_returns send_error send_reading send_returns",
       "connecting-twice-is-refused", in_sockets<SecondConnectBreaksIt>()},
      {"second-connect-is-another-error", "A connect while one is pending fails with WSAEINVAL.",
       "CONN-11", "connect WSAConnect", "WSAConnect_error WSAConnect_reading WSAConnect_returns",
       "one-connect-at-a-time", in_sockets<ConnectFailsOtherwise<WSAEALREADY, WSAEINVAL>>()},
      {"second-connect-cancels", "A connect while one is pending cancels that.", "CONN-11 ERR-03",
       "connect WSAConnect", "accept_hang", "one-connect-at-a-time",
       in_sockets<SecondConnectCancels>()},
      {"nonblocking-connect-succeeds", "A nonblocking connect succeeds before it is done.",
       "CONN-14 CONN-08 UDATA-10", "ioctlsocket WSAEventSelect", "connect_error WSAConnect_error",
       "pending-connect-told-by-an-event pending-connect-told-by-select",
       in_sockets<ConnectFailsOtherwise<WSAEWOULDBLOCK, 0>>()},
      {"nobody-waits-for-the-verdict", "A connect returns before the server has decided.",
       "ACC-38 ACC-40 CONN-08 SEED-B05 SEED-B06 SEED-B12 SEED-B14", "listen",
       "FD_CLOSE_error FD_CLOSE_event FD_CONNECT_error FD_CONNECT_event WSAAccept_error "
       "WSAAccept_reading WSAAccept_returns WSAConnect_* WSAEnumNetworkEvents_network_events "
       "condition_callee_capacity connect_error connect_pending select_error select_reading "
       "select_returns "
       "WSAWaitForMultipleEvents_returns WSAEnumNetworkEvents_reading",
       "request-waits-for-the-server rejected-while-pending",
       in_sockets<NobodyWaitsForTheVerdict>()},
      {"delaying-is-chosen-at-any-time", "SO_CONDITIONAL_ACCEPT can be set on a listener.",
       "ACC-39", "setsockopt", "setsockopt_error setsockopt_reading setsockopt_returns",
       "delaying-is-chosen-before-listening", in_sockets<DelayingIsChosenAtAnyTime>()},
      {"no-name-by-connecting", "After connect the local name has no port.", "CONN-09",
       "getsockname", "accept_addr condition_caller_id getpeername_addr getsockname_addr",
       "connecting-assigns-a-name", in_sockets<NoNameByConnecting>()},
      {"peer-has-the-own-name", "getpeername gives the local name.",
       "SEED-B01 SEED-B07 SEED-B13 SEED-B16", "getpeername", "getpeername_addr getsockname_addr",
       "peers-name-each-other", in_sockets<PeerHasTheOwnName>()},
      {"listener-has-a-peer", "getpeername succeeds on a listener.", "SEED-B08 SEED-B09 SEED-B18",
       "getpeername", "getpeername_error getpeername_reading getpeername_returns",
       "listening-socket-has-no-peer", in_sockets<ListenerHasAPeer>()},
      {"unconnected-has-a-peer", "getpeername succeeds on a socket that is not connected.",
       "SEED-B01", "getpeername", "getpeername_error getpeername_reading getpeername_returns",
       "never-connected", in_sockets<UnconnectedHasAPeer>()},
      {"listener-may-connect", "A connect of a listener succeeds.", "CONN-13 SEED-B08",
       "connect WSAConnect", "connect_error connect_reading connect_returns",
       "listener-cannot-connect", in_sockets<ListenerMayConnect>()},
      {"listening-binds", "listen gives a socket without a name one.", "CONN-06", "listen",
       "listen_error listen_reading listen_returns", "listening-comes-after-binding",
       in_sockets<ListeningBinds>()},
      {"connected-listens-with-another-error", "listen of a connected socket fails with WSAEINVAL.",
       "CONN-06 SEED-B15", "listen", "listen_error listen_reading listen_returns",
       "listening-comes-after-binding", in_sockets<ListenFailsOtherwise<WSAEISCONN, WSAEINVAL>>()},
      {"listening-twice-fails", "listen on a listener fails.", "CONN-05", "listen",
       "listen_error listen_reading listen_returns", "listening-twice-is-no-error",
       in_sockets<ListeningTwiceFails>()},
      {"odd-backlog-fails", "A backlog below one makes listen fail.", "CONN-01", "listen",
       "listen_error listen_reading listen_returns", "any-backlog-is-taken",
       in_sockets<OddBacklogFails>()},
      {"backlog-one-more", "The queue has room for one request more than the backlog.", "CONN-03",
       "listen", "WSAConnect_hang connect_hang", "full-queue-refuses",
       in_sockets<BacklogOneMore>()},
      {"accept-of-no-listener-waits", "accept on a socket that does not listen says to wait.",
       "ACC-09 ACC-12 SEED-B11", "accept WSAAccept",
       "WSAAccept_error WSAAccept_reading WSAAccept_returns accept_error accept_reading "
       "accept_returns",
       "accepted-socket-accepts-nobody",
       in_sockets<AcceptFailsOtherwise<WSAEINVAL, WSAEWOULDBLOCK>>()},
      {"accept-of-nobody-is-an-error",
       "With no request a nonblocking accept fails with WSATRY_AGAIN.", "ACC-03",
       "accept WSAAccept",
       "WSAAccept_error WSAAccept_reading WSAAccept_returns accept_error accept_reading "
       "accept_returns",
       "nobody-waits", in_sockets<AcceptFailsOtherwise<WSAEWOULDBLOCK, WSATRY_AGAIN>>()},
      {"accept-wants-a-condition", "Without a condition function every request is refused.",
       "ACC-01 UDATA-23 ACC-15 SEED-B11", "accept WSAAccept",
       "WSAAccept_error WSAAccept_reading WSAAccept_returns accept_error accept_reading "
       "accept_returns",
       "without-a-condition-like-accept", in_sockets<AcceptWantsACondition>()},
      {"listener-serves-once", "The first accepted request is the listener's last.",
       "SEED-B11 CONN-16 SEED-B10", "accept WSAAccept",
       "FD_ACCEPT_error FD_ACCEPT_event FD_CLOSE_error FD_CLOSE_event WSAAccept_error "
       "WSAAccept_reading WSAAccept_returns WSAEnumNetworkEvents_error "
       "WSAEnumNetworkEvents_reading WSAEnumNetworkEvents_returns WSAEventSelect_error "
       "WSAEventSelect_reading WSAEventSelect_returns accept_error accept_reading accept_returns "
       "condition_call connect_error connect_reading connect_returns getsockopt_error "
       "getsockopt_reading getsockopt_returns setsockopt_error setsockopt_reading "
       "setsockopt_returns closesocket_returns",
       "listener-stays-open", in_sockets<FirstAcceptIsTheLast>()},
      {"last-comes-first", "The latest request is accepted first.", "CONN-19 SEED-B06 SEED-B10",
       "accept provider=tcp", "accept_addr", "queued-connects-complete-in-order",
       in_sockets<LastComesFirst<false>>()},
      {"last-comes-first-with-events",
       "Where events tell of requests, the latest is accepted first.", "CONN-19 SEED-B06",
       "accept provider=tcp", "accept_addr getsockname_addr", "requests-complete-in-order",
       in_sockets<LastComesFirst<true>>()},
      {"deferred-request-loses-its-place", "A deferred request goes to the end of the queue.",
       "ACC-14 ACC-06", "WSAAccept provider=tcp", "condition_caller_id",
       "deferred-request-keeps-its-place", in_sockets<DeferredLosesItsPlace>()},
      {"listeners-share-a-queue", "A listener gives out requests that were made to another.",
       "SEED-B10 CONN-07", "accept WSAAccept", "accept_error accept_reading accept_returns",
       "listeners-share-no-queue", in_sockets<ListenersShareAQueue>()},
      {"failure-is-not-ready", "select never tells that a connect has failed.", "CONN-14", "select",
       "select_failed select_hang", "refused-connect-told-by-select",
       in_sockets<FailureIsNotReady>()},
      {"connected-is-not-ready", "select never tells that a connect is done.", "CONN-14", "select",
       "select_writable select_hang", "pending-connect-told-by-select",
       in_sockets<ConnectedIsNotReady>()},
      {"address-must-be-taken", "accept fails where the address is not wanted.", "ACC-10", "accept",
       "accept_error accept_reading accept_returns", "address-may-be-left-out",
       in_api(demand_an_address)},
      {"address-length-is-left", "accept does not set the address's length.", "ACC-10", "accept",
       "accept_addr_length", "without-a-condition-like-accept", in_api(leave_the_length)},
      {"address-is-cut", "An address that does not fit is cut.", "ACC-13", "accept",
       "accept_error accept_reading accept_returns", "too-little-room-for-the-address",
       in_api(cut_the_address)},
      {"another-port-is-looked-up", "getaddrinfo gives another port than the service's.",
       "SEED-B04", "getaddrinfo", "accept_hang", "looked-up-before-connecting",
       in_api(look_up_another_port)},
      {"no-description-is-needed", "connect succeeds without a usable address.", "SEED-B03",
       "connect", "connect_error connect_reading connect_returns",
       "no-request-without-a-description", in_api(connect_without_description)},
  };
}

}  // namespace ws2conform::zoo
