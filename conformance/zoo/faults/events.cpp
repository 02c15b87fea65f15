// Network events: what is recorded, when, and with which error.

#include "conformance/zoo/api.hpp"
#include "conformance/zoo/event_layer.hpp"
#include "conformance/zoo/faults.hpp"
#include "conformance/zoo/reached.hpp"
#include "ws2/errors.h"

namespace ws2conform::zoo {
namespace {

using ws2::NetworkEvents;
namespace fd = ws2::fd;

template <int bit>
class NeverTold : public EventLayer {
  using EventLayer::EventLayer;
  void change(NetworkEvents& events) override {
    if ((events.bits & bit) != 0) reached();
    events.bits &= ~bit;
  }
};

// What enables the event has no effect.
template <int bit>
class ToldOnce : public EventLayer {
  using EventLayer::EventLayer;
  void change(NetworkEvents& events) override {
    if ((events.bits & bit) == 0) return;
    if (told_) {
      reached();
      events.bits &= ~bit;
    }
    told_ = true;
  }
  bool told_ = false;
};

template <int bit>
class ToldTwice : public EventLayer {
  using EventLayer::EventLayer;
  void change(NetworkEvents& events) override {
    if ((events.bits & bit) == 0 || told_) return;
    reached();
    told_ = true;
    add(bit, events.errors[slot_of(bit)]);
  }
  bool told_ = false;
};

// The error `from`, any where it is -1, is told as `to`.
template <int bit, int from, int to>
class ErrorIsAnother : public EventLayer {
  using EventLayer::EventLayer;
  void change(NetworkEvents& events) override {
    if ((events.bits & bit) == 0) return;
    int& error = events.errors[slot_of(bit)];
    if (error == to || (from == -1 ? error == 0 : error != from)) return;
    reached();
    error = to;
  }
};

class OwnEndIsTold : public EventLayer {
 public:
  using EventLayer::EventLayer;
  int send_disconnect(std::optional<ws2::ByteView> data) override {
    return ended(EventLayer::send_disconnect(data));
  }
  int shutdown(ws2::ShutdownHow how) override {
    const int error = EventLayer::shutdown(how);
    return how == ws2::ShutdownHow::kReceive ? error : ended(error);
  }

 private:
  int ended(int error) {
    if (error == 0 && add(fd::kClose)) reached();
    return error;
  }
};

class EndIsReadable : public EventLayer {
  using EventLayer::EventLayer;
  void change(NetworkEvents& events) override {
    if ((events.bits & fd::kClose) == 0 || (event_mask() & fd::kRead) == 0) return;
    reached();
    events.bits |= fd::kRead;
    events.errors[slot_of(fd::kRead)] = 0;
  }
};

class SendingTellsRoom : public EventLayer {
 public:
  using EventLayer::EventLayer;
  int send(std::span<const ws2::ByteView> buffers, bool end, std::size_t& sent) override {
    const int error = EventLayer::send(buffers, end, sent);
    if (error == 0 && add(fd::kWrite)) reached();
    return error;
  }
};

class DeferringEnables : public EventLayer {
 public:
  using EventLayer::EventLayer;
  int accept(const ws2::AcceptCall& call, ws2::Accepted& accepted) override {
    const int error = EventLayer::accept(call, accepted);
    if (error == WSATRY_AGAIN && add(fd::kAccept)) reached();
    return error;
  }
};

class TellsTheUnselected : public EventLayer {
 public:
  using EventLayer::EventLayer;
  int select_events(std::shared_ptr<ws2::EventObject> object, int mask) override {
    const int all = 0xff;
    if (mask == 0 || mask == all) return EventLayer::select_events(std::move(object), mask);
    reached();
    return EventLayer::select_events(std::move(object), all);
  }
};

class RecordIsNotCleared : public EventLayer {
  using EventLayer::EventLayer;
  void change(NetworkEvents& events) override {
    for (int bit = 1; bit < 1 << fd::kCount; bit <<= 1) {
      if ((last_.bits & bit) == 0 || (events.bits & bit) != 0) continue;
      reached();
      events.bits |= bit;
      events.errors[slot_of(bit)] = last_.errors[slot_of(bit)];
    }
    last_ = events;
  }
  NetworkEvents last_;
};

class ObjectIsNotReset : public EventLayer {
 public:
  using EventLayer::EventLayer;
  int enumerate_events(ws2::EventObject* object, NetworkEvents& events) override {
    if (object != nullptr) reached();
    return EventLayer::enumerate_events(nullptr, events);
  }
};

class ObjectIsResetUnasked : public EventLayer {
 public:
  using EventLayer::EventLayer;
  int enumerate_events(ws2::EventObject* object, NetworkEvents& events) override {
    if (object == nullptr && event_object() != nullptr) {
      reached();
      object = event_object().get();
    }
    return EventLayer::enumerate_events(object, events);
  }
};

class MaskIsAddedTo : public EventLayer {
 public:
  using EventLayer::EventLayer;
  int select_events(std::shared_ptr<ws2::EventObject> object, int mask) override {
    if (mask != 0 && (event_mask() & ~mask) != 0) {
      reached();
      mask |= event_mask();
    }
    return EventLayer::select_events(std::move(object), mask);
  }
};

class FirstObjectStays : public EventLayer {
 public:
  using EventLayer::EventLayer;
  int select_events(std::shared_ptr<ws2::EventObject> object, int mask) override {
    if (mask != 0 && event_object() != nullptr && event_object() != object) {
      reached();
      object = event_object();
    }
    return EventLayer::select_events(std::move(object), mask);
  }
};

class CannotBeCancelled : public EventLayer {
 public:
  using EventLayer::EventLayer;
  int select_events(std::shared_ptr<ws2::EventObject> object, int mask) override {
    if (mask != 0 || event_mask() == 0) return EventLayer::select_events(std::move(object), mask);
    reached();
    return 0;
  }
};

class ClosingSignals : public EventLayer {
 public:
  using EventLayer::EventLayer;
  int close() override {
    const int error = EventLayer::close();
    if (error == 0 && event_object() != nullptr) {
      reached();
      event_object()->set();
    }
    return error;
  }
};

// What was so before the selection is not recorded.
class PastIsForgotten : public EventLayer {
 public:
  using EventLayer::EventLayer;
  int select_events(std::shared_ptr<ws2::EventObject> object, int mask) override {
    const int error = EventLayer::select_events(object, mask);
    NetworkEvents past;
    if (error == 0 && mask != 0 && EventLayer::enumerate_events(object.get(), past) == 0 &&
        past.bits != 0) {
      reached();
    }
    return error;
  }
};

class StaysBlocking : public EventLayer {
 public:
  using EventLayer::EventLayer;
  int set_blocking(bool blocking) override {
    is_chosen_ = !blocking;
    return EventLayer::set_blocking(blocking);
  }
  int receive(std::span<const ws2::MutableByteView> buffers, const ws2::ReceiveCall& call,
              ws2::ReceiveResult& received) override {
    int error = EventLayer::receive(buffers, call, received);
    if (error != WSAEWOULDBLOCK || is_chosen_ || event_mask() == 0) return error;
    reached();
    const auto changed = std::make_shared<ws2::EventObject>();
    inner().observe(changed);
    while ((error = EventLayer::receive(buffers, call, received)) == WSAEWOULDBLOCK) {
      ws2::EventObject::wait(std::span(&changed, 1), false, std::nullopt);
      changed->reset();
    }
    inner().unobserve(changed.get());
    return error;
  }

 private:
  bool is_chosen_ = false;
};

class MayBeMadeBlocking : public EventLayer {
 public:
  using EventLayer::EventLayer;
  int set_blocking(bool blocking) override {
    const int error = EventLayer::set_blocking(blocking);
    if (error != WSAEINVAL) return error;
    reached();
    return 0;
  }
};

// Another socket's selection of the same object ends this one's.
class ObjectIsForOne : public EventLayer {
 public:
  using EventLayer::EventLayer;
  int select_events(std::shared_ptr<ws2::EventObject> object, int mask) override {
    static std::weak_ptr<ws2::EventObject> last_object;
    static ObjectIsForOne* last = nullptr;
    if (mask != 0 && last != nullptr && last != this && last_object.lock() == object) {
      reached();
      last->EventLayer::select_events(nullptr, 0);
    }
    if (mask != 0) {
      last_object = object;
      last = this;
    }
    return EventLayer::select_events(std::move(object), mask);
  }
};

class NoticeWithoutData : public EventLayer {
 public:
  using EventLayer::EventLayer;
  int receive_disconnect(std::optional<ws2::MutableByteView> buffer, std::size_t& bytes) override {
    const int error = EventLayer::receive_disconnect(buffer, bytes);
    if (error == 0 && is_told_ && bytes != 0) {
      reached();
      bytes = 0;
      is_told_ = false;
    }
    return error;
  }

 private:
  void change(NetworkEvents& events) override {
    if ((events.bits & fd::kClose) != 0) is_told_ = true;
  }
  bool is_told_ = false;
};

void write_all_errors(Api& api) {
  api.WSAEnumNetworkEvents = [](SOCKET s, WSAEVENT event, LPWSANETWORKEVENTS events) {
    const int result = reference_api().WSAEnumNetworkEvents(s, event, events);
    if (result != 0) return result;
    for (int bit = 0; bit < FD_MAX_EVENTS; ++bit) {
      if ((events->lNetworkEvents >> bit & 1) != 0) continue;
      reached();
      events->iErrorCode[bit] = 0;
    }
    return result;
  };
}

void clear_when_failing(Api& api) {
  api.WSAEnumNetworkEvents = [](SOCKET s, WSAEVENT event, LPWSANETWORKEVENTS events) {
    if (events == nullptr) {
      reached();
      WSANETWORKEVENTS lost;
      reference_api().WSAEnumNetworkEvents(s, event, &lost);
    }
    return reference_api().WSAEnumNetworkEvents(s, event, events);
  };
}

void select_without_object(Api& api) {
  api.WSAEventSelect = [](SOCKET s, WSAEVENT event, long mask) {
    const int result = reference_api().WSAEventSelect(s, event, mask);
    if (result == 0 || WSAGetLastError() != WSAEINVAL) return result;
    reached();
    return 0;
  };
}

// Other limits' layers: they say when the edition has made a difference.
template <int bit>
class ReachedWhenTold : public EventLayer {
  using EventLayer::EventLayer;
  void change(NetworkEvents& events) override {
    if ((events.bits & bit) != 0) reached();
  }
};

class FailedReceiveEnablesNothing : public EventLayer {
 public:
  using EventLayer::EventLayer;
  int receive(std::span<const ws2::MutableByteView> buffers, const ws2::ReceiveCall& call,
              ws2::ReceiveResult& received) override {
    const int error = EventLayer::receive(buffers, call, received);
    if (error == 0) is_enabled_ = true;
    return error;
  }

 private:
  void change(NetworkEvents& events) override {
    if ((events.bits & fd::kRead) == 0) return;
    if (!is_enabled_) {
      reached();
      events.bits &= ~fd::kRead;
    }
    is_enabled_ = false;
  }
  bool is_enabled_ = true;
};

class ReachedBySelectingAgain : public EventLayer {
 public:
  using EventLayer::EventLayer;
  int select_events(std::shared_ptr<ws2::EventObject> object, int mask) override {
    if (event_mask() != 0) reached();
    return EventLayer::select_events(std::move(object), mask);
  }
};

}  // namespace

Faults event_faults() {
  return {
      {"close-never-told", "FD_CLOSE is never recorded.",
       "EVT-19 EVT-26 SEED-A15 SEED-A20 CLOSE-03 SEED-B17", "FD_CLOSE WSAEnumNetworkEvents",
       "FD_CLOSE_error FD_CLOSE_event WSAEnumNetworkEvents_network_events",
       "either-end-gets-the-same-events end-is-told-by-close-alone",
       in_sockets<NeverTold<fd::kClose>>()},
      {"close-told-twice", "FD_CLOSE is recorded twice.", "EVT-23", "FD_CLOSE WSAEnumNetworkEvents",
       "WSAEnumNetworkEvents_network_events", "close-is-told-once",
       in_sockets<ToldTwice<fd::kClose>>()},
      {"close-told-as-a-reset", "FD_CLOSE tells of a graceful end as WSAECONNRESET.",
       "EVT-20 TEAR-31 CLOSE-03", "FD_CLOSE WSAEnumNetworkEvents",
       "FD_CLOSE_error FD_CLOSE_event WSAEnumNetworkEvents_network_events",
       "either-end-gets-the-same-events",
       in_sockets<ErrorIsAnother<fd::kClose, 0, WSAECONNRESET>>()},
      {"reset-told-as-graceful", "FD_CLOSE tells of a reset as of a graceful end.",
       "EVT-20 TEAR-31 CLOSE-03", "FD_CLOSE WSAEnumNetworkEvents",
       "FD_CLOSE_error FD_CLOSE_event INV-GRACEFUL", "hard-close-told-by-an-event",
       in_sockets<ErrorIsAnother<fd::kClose, -1, 0>>()},
      {"reset-told-as-aborted", "FD_CLOSE tells of a reset as WSAECONNABORTED.", "EVT-20",
       "FD_CLOSE WSAEnumNetworkEvents", "FD_CLOSE_error FD_CLOSE_event",
       "hard-close-told-by-an-event",
       in_sockets<ErrorIsAnother<fd::kClose, WSAECONNRESET, WSAECONNABORTED>>()},
      {"own-end-is-told", "Ending one's own sending records FD_CLOSE.", "EVT-25 SEED-A20",
       "FD_CLOSE WSAEnumNetworkEvents", "WSAEnumNetworkEvents_network_events INV-GRACEFUL",
       "own-end-while-selected", in_sockets<OwnEndIsTold>()},
      {"end-told-as-readable", "The end of the connection records FD_READ too.", "EVT-22",
       "WSAEventSelect FD_CLOSE", "WSAEnumNetworkEvents_network_events must-not_*",
       "end-is-told-by-close-alone", in_sockets<EndIsReadable>()},
      {"reading-is-not-enabled-again", "FD_READ is recorded once for all.", "EVT-04 EVT-06",
       "FD_READ WSAEnumNetworkEvents",
       "FD_READ_error FD_READ_event WSAEnumNetworkEvents_network_events",
       "receiving-enables-reading", in_sockets<ToldOnce<fd::kRead>>()},
      {"accepting-is-not-enabled-again", "FD_ACCEPT is recorded once for all.",
       "EVT-04 EVT-06 EVT-18", "FD_ACCEPT WSAEnumNetworkEvents", "FD_ACCEPT_error FD_ACCEPT_event",
       "accepting-enables-accepting", in_sockets<ToldOnce<fd::kAccept>>()},
      {"requests-never-told", "FD_ACCEPT is never recorded.", "EVT-18",
       "FD_ACCEPT WSAEnumNetworkEvents",
       "FD_ACCEPT_error FD_ACCEPT_event WSAEnumNetworkEvents_network_events",
       "request-there-when-selected", in_sockets<NeverTold<fd::kAccept>>()},
      {"every-arrival-is-told", "Data records FD_READ again before a receive enabled it.", "EVT-03",
       "FD_READ FD_ACCEPT WSAEnumNetworkEvents", "WSAEnumNetworkEvents_network_events",
       "not-again-before-it-is-enabled",
       in_limits<ReachedWhenTold<fd::kRead | fd::kAccept>>(
           [](ws2::Limits& limits) { limits.edition.arrivals_record_again = true; })},
      {"failed-receive-enables-nothing", "A receive that fails does not enable FD_READ.",
       "EVT-05 EVT-04", "recv WSARecv", "FD_READ_error FD_READ_event",
       "failed-receive-alone-enables", in_sockets<FailedReceiveEnablesNothing>()},
      {"selecting-again-tells-nothing", "What was told once is not recorded by selecting again.",
       "EVT-08 EVT-09", "WSAEventSelect", "WSAEnumNetworkEvents_network_events",
       "selecting-again-tells-again", in_limits<ReachedBySelectingAgain>([](ws2::Limits& limits) {
         limits.edition.selecting_repeats_nothing = true;
       })},
      {"past-is-not-told", "What is so before WSAEventSelect is not recorded.", "EVT-08 EVT-17",
       "WSAEventSelect", "FD_WRITE_error FD_WRITE_event WSAEnumNetworkEvents_*",
       "already-ended-when-selected already-so-when-selected", in_sockets<PastIsForgotten>()},
      {"deferring-enables-accepting", "CF_DEFER lets FD_ACCEPT be recorded again.", "ACC-16 EVT-04",
       "WSAEventSelect", "WSAEnumNetworkEvents_network_events condition_call",
       "defer-does-not-enable-the-event", in_sockets<DeferringEnables>()},
      {"failed-connect-told-as-success", "FD_CONNECT tells of a failure as of a success.",
       "EVT-16 CONN-14", "FD_CONNECT WSAEnumNetworkEvents",
       "FD_CONNECT_error FD_CONNECT_event WSAEnumNetworkEvents_*",
       "refused-connect-told-by-an-event", in_sockets<ErrorIsAnother<fd::kConnect, -1, 0>>()},
      {"connect-never-told", "FD_CONNECT is never recorded.", "EVT-16 CONN-14 EVT-27 UDATA-10",
       "FD_CONNECT WSAEnumNetworkEvents",
       "FD_CONNECT_error FD_CONNECT_event WSAEnumNetworkEvents_*",
       "pending-connect-told-by-an-event", in_sockets<NeverTold<fd::kConnect>>()},
      {"connect-told-twice", "FD_CONNECT is recorded twice for one attempt.", "EVT-16 EVT-04",
       "FD_CONNECT WSAEnumNetworkEvents", "WSAEnumNetworkEvents_network_events FD_CONNECT_error",
       "", in_sockets<ToldTwice<fd::kConnect>>()},
      {"room-told-after-each-send", "Every send records FD_WRITE.", "EVT-17 EVT-03",
       "FD_WRITE WSAEventSelect", "WSAEnumNetworkEvents_network_events", "writing-is-told-once",
       in_sockets<SendingTellsRoom>()},
      {"room-never-told", "FD_WRITE is never recorded.", "EVT-17", "FD_WRITE WSAEnumNetworkEvents",
       "FD_WRITE_error FD_WRITE_event WSAEnumNetworkEvents_network_events",
       "already-connected-when-selected", in_sockets<NeverTold<fd::kWrite>>()},
      {"change-of-quality-told-twice", "FD_QOS is recorded twice for one change.", "EVT-07",
       "FD_QOS WSAEnumNetworkEvents", "WSAEnumNetworkEvents_network_events", "change-is-told-once",
       in_sockets<ToldTwice<fd::kQos>>()},
      {"change-of-quality-never-told", "FD_QOS is never recorded.", "EVT-28 EVT-07",
       "FD_QOS WSAEnumNetworkEvents",
       "FD_QOS_error FD_QOS_event WSAEnumNetworkEvents_network_events", "change-is-told-once",
       in_sockets<NeverTold<fd::kQos>>()},
      {"unselected-events-are-told", "What was not selected is recorded all the same.", "EVT-02",
       "WSAEventSelect", "WSAEnumNetworkEvents_* WSAWaitForMultipleEvents_returns",
       "only-what-was-selected", in_sockets<TellsTheUnselected>()},
      {"record-is-not-cleared", "WSAEnumNetworkEvents does not clear the record.", "EVT-12",
       "WSAEnumNetworkEvents FD_CLOSE", "WSAEnumNetworkEvents_network_events must-not_*",
       "recorded-and-signalled", in_sockets<RecordIsNotCleared>()},
      {"object-is-not-reset", "WSAEnumNetworkEvents does not reset the event object.", "EVT-12",
       "WSAEnumNetworkEvents", "WSAWaitForMultipleEvents_returns", "recorded-and-signalled",
       in_sockets<ObjectIsNotReset>()},
      {"object-is-reset-unasked", "WSAEnumNetworkEvents without an object resets the socket's.",
       "EVT-15", "WSAEnumNetworkEvents", "WSAWaitForMultipleEvents_returns",
       "enumerated-without-an-object", in_sockets<ObjectIsResetUnasked>()},
      {"failed-enumeration-clears", "A WSAEnumNetworkEvents that fails clears the record.",
       "EVT-13", "WSAEnumNetworkEvents", "WSAWaitForMultipleEvents_returns",
       "failed-enumeration-changes-nothing", in_api(clear_when_failing)},
      {"all-errors-are-written", "The errors of events that are not recorded are written.",
       "EVT-14", "WSAEnumNetworkEvents FD_CLOSE FD_READ", "WSAEnumNetworkEvents_strays",
       "only-recorded-errors-are-written", in_api(write_all_errors)},
      {"selection-is-added-to", "WSAEventSelect adds to the mask instead of replacing it.",
       "EVT-09", "WSAEventSelect", "WSAEnumNetworkEvents_network_events",
       "peers-receiving-end-is-no-event", in_sockets<MaskIsAddedTo>()},
      {"first-object-stays", "A second WSAEventSelect leaves the first event object in its place.",
       "EVT-09", "WSAEventSelect",
       "FD_ACCEPT_error FD_ACCEPT_event WSAWaitForMultipleEvents_returns", "selecting-replaces",
       in_sockets<FirstObjectStays>()},
      {"selection-cannot-be-cancelled", "WSAEventSelect with no events changes nothing.",
       "EVT-10 EVT-01", "WSAEventSelect",
       "WSAWaitForMultipleEvents_returns ioctlsocket_error ioctlsocket_reading ioctlsocket_returns",
       "selecting-none-cancels", in_sockets<CannotBeCancelled>()},
      {"closing-signals", "closesocket signals the event object.", "EVT-10 EVT-24", "closesocket",
       "WSAWaitForMultipleEvents_returns", "closing-cancels", in_sockets<ClosingSignals>()},
      {"selecting-leaves-it-blocking", "A socket with events selected blocks in receives.",
       "EVT-01", "WSAEventSelect", "recv_hang", "selecting-makes-nonblocking",
       in_sockets<StaysBlocking>()},
      {"selected-may-be-blocking", "FIONBIO makes a socket blocking while events are selected.",
       "EVT-01", "ioctlsocket", "ioctlsocket_error ioctlsocket_reading ioctlsocket_returns",
       "selecting-makes-nonblocking", in_sockets<MayBeMadeBlocking>()},
      {"selection-needs-no-object", "WSAEventSelect takes events without an object.", "EVT-29",
       "WSAEventSelect", "WSAEventSelect_error WSAEventSelect_reading WSAEventSelect_returns",
       "wrong-selections", in_api(select_without_object)},
      {"object-serves-one-socket", "Selecting an object for another socket ends the first's.",
       "EVT-30", "WSAEventSelect", "WSAEnumNetworkEvents_network_events",
       "one-object-for-two-sockets", in_sockets<ObjectIsForOne>()},
      {"notice-before-the-data", "When FD_CLOSE is told the disconnect data is not there yet.",
       "EVT-26 TEAR-17 SEED-A09", "WSARecvDisconnect", "INV-DISCONNECT-DATA WSARecvDisconnect_*",
       "fetched-as-soon-as-told", in_sockets<NoticeWithoutData>()},
  };
}

}  // namespace ws2conform::zoo
