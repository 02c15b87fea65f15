#pragma once

#include <optional>

#include "connection/input_watch.hpp"
#include "connection/limits.hpp"
#include "connection/receive_queue.hpp"
#include "connection/result.hpp"
#include "connection/state_bytes.hpp"
#include "connection/state_table.hpp"
#include "connection/unit.hpp"

namespace ws2 {

enum class Role { kCaller, kAcceptor };

/// The values of SD_RECEIVE, SD_SEND and SD_BOTH.
enum class ShutdownHow : int { kReceive = 0, kSend = 1, kBoth = 2 };

/// One end of one connection, from the request to the close: calls, the peer's units, the
/// transport's indications and the time go in; results, units to send and conditions come out.
/// It owns no socket, no clock and no thread, is copyable, and is not thread-safe.
///
/// Units that an input gives rise to are put into `out` before the function returns, in the order
/// in which they must be sent.
class Connection {
 public:
  /// The end that calls WSAConnect. Begins in kIdle.
  [[nodiscard]] static Connection caller(const Limits& limits);
  /// The end that a listener took from the transport. Begins in kAwaitingRequest.
  [[nodiscard]] static Connection acceptor(const Limits& limits, TimePoint now);

  // ---- calls -------------------------------------------------------------------------------

  /// `callee_capacity` is the size of lpCalleeData, absent when that is NULL. Caller data needs
  /// support (WSAEPROTONOSUPPORT) and room (WSAEFAULT); a failed call leaves the state as it was.
  /// WSAEALREADY while pending, WSAEISCONN afterwards; a refused connection takes no second
  /// request (WSAEINVAL): an attempt has its own Connection.
  CallResult request(ByteView caller_data, std::optional<std::size_t> callee_capacity,
                     const std::optional<Qos>& qos, TimePoint now, UnitSink& out);
  /// CF_ACCEPT. WSAEFAULT for callee data beyond the limit, then the request stays offered. `qos`
  /// is the answer as this end sees it; absent, the caller's wish holds as it is. WSAEACCES or
  /// WSAECONNRESET when the request timed out or was withdrawn meanwhile (ACC-31).
  CallResult accept(ByteView callee_data, const std::optional<Qos>& qos, UnitSink& out);
  /// CF_REJECT, a full queue, a listener that closes.
  CallResult reject(RejectReason reason, TimePoint now, UnitSink& out);

  /// All of `bytes` becomes one unit: the shell has looked after room. WSAEMSGSIZE for a message
  /// beyond the provider's limit. Byte streams take no notice of `end_of_message`.
  CallResult send(ByteView bytes, bool end_of_message, UnitSink& out);
  /// What send() would say to so many octets, without sending anything.
  [[nodiscard]] CallResult check_send(std::size_t octets = 0) const;
  /// 0 octets with success is the graceful end of a byte stream; WSAEDISCON that of messages.
  Received receive(MutableByteView buffer, ReceiveMode mode = {});

  /// `data` absent or empty: equal to shutdown(SD_SEND) (TEAR-02). Data needs support
  /// (WSAENOPROTOOPT) and room (WSAEFAULT), and a failed call does nothing (TEAR-06). A repetition
  /// without data succeeds and does nothing; with data it fails with WSAESHUTDOWN, and the first
  /// data stands (TEAR-12). Never blocks.
  CallResult send_disconnect(std::optional<ByteView> data, UnitSink& out);
  /// Turns receiving off and copies the peer's disconnect data if its disconnect has arrived;
  /// before that it succeeds with none, and a later call finds the data (TEAR-18). Every further
  /// call gives the same data again (TEAR-25). WSAEFAULT when `buffer` is too small, WSAENOPROTOOPT
  /// when the provider has no disconnect data; then nothing changes (TEAR-20). `buffer` is absent
  /// when lpInboundDisconnectData is NULL: equal to shutdown(SD_RECEIVE).
  RecvDisconnected recv_disconnect(std::optional<MutableByteView> buffer);
  /// On a lost connection: the number it was lost with.
  CallResult shutdown(ShutdownHow how, UnitSink& out);

  /// SIO_SET_QOS on a connection: the peer is told of what differs from what held until now. `qos`
  /// is as this end sees it and has passed check(). WSAEINVAL while the verdict is awaited and
  /// after the own end, when the peer cannot be told.
  CallResult set_qos(const Qos& qos, UnitSink& out);
  /// SIO_GET_QOS: the peer's change is known to the application.
  void note_qos_read() { qos_changed_ = false; }

  /// closesocket, graceful and in the background: ends sending if that was not done, takes and
  /// drops what still comes until the peer ends too or the close time-out is over.
  void close(TimePoint now, UnitSink& out);
  /// closesocket with SO_LINGER {1, 0}: abortive, at once.
  void abort();

  // ---- the peer, the transport, time -----------------------------------------------------------

  Violation on_unit(const Unit& unit, TimePoint now, UnitSink& out);
  /// The peer's octets have ended. Without a disconnect before it the connection is lost
  /// (WSAECONNRESET): a process that vanishes never ends gracefully.
  void on_transport_end();
  void on_transport_reset();
  /// `error` is the WSA number for the application: WSAECONNREFUSED, WSAENETUNREACH and the like
  /// while requesting; WSAECONNABORTED (TEAR-32), WSAENETRESET (TEAR-33) later.
  void on_transport_failure(int error);
  /// The peer's octets make no sense, found below the core: aborts the connection.
  void on_malformed();
  /// A call or an input was left half way, by an exception: the connection is aborted, whatever
  /// state that left it in. WSAECONNABORTED for the application.
  void give_up();
  /// When on_time wants to be called, absent when nothing is being waited for.
  [[nodiscard]] std::optional<TimePoint> deadline() const { return deadline_; }
  void on_time(TimePoint now);

  /// Data of the peer went to the application without passing through the core, for which
  /// gives_out_at_once() holds.
  void on_direct_data() const { watched(Input::kPeerData); }

  // ---- what is so ------------------------------------------------------------------------------

  [[nodiscard]] State state() const { return state_; }
  [[nodiscard]] Role role() const { return role_; }
  [[nodiscard]] const Limits& limits() const { return limits_; }
  /// Established now or once, and not yet closed: getpeername works, WSAENOTCONN is not the answer.
  [[nodiscard]] bool connected() const;
  /// The outcome of request(): absent while pending, 0 connected, else the WSA number.
  [[nodiscard]] std::optional<int> connect_outcome() const { return connect_outcome_; }
  /// WSA number a lost or refused connection was lost with, 0 while there is none.
  [[nodiscard]] int failure() const { return failure_; }

  /// Acceptor, from kOffered on.
  [[nodiscard]] const Bytes& caller_data() const { return peer_setup_data_; }
  /// Caller, once connect_outcome() is 0; empty where the caller offered no buffer (UDATA-09).
  [[nodiscard]] const Bytes& callee_data() const { return peer_setup_data_; }
  /// As the peer sees it. Acceptor: what the caller asked for. Caller: what the acceptor made of
  /// it.
  [[nodiscard]] const std::optional<Qos>& peer_qos() const { return peer_qos_; }

  /// What the peer's disconnect brought, for SO_DISCDATA; empty before it, and where it had none.
  [[nodiscard]] const Bytes& disconnect_data() const { return disconnect_data_; }

  /// What holds for this end, as this end sees it: of a caller what it asked for until the acceptor
  /// has answered; absent where nobody has stated anything.
  [[nodiscard]] const std::optional<Qos>& qos() const { return qos_; }
  /// FD_QOS's condition: the peer has changed it since note_qos_read() (EVT-28).
  [[nodiscard]] bool qos_changed() const { return qos_changed_; }

  /// FD_READ's condition: a receive would find data (the end is no data, EVT-22).
  [[nodiscard]] bool readable() const;
  /// Data that the peer sends next would be the next that a receive finds.
  [[nodiscard]] bool gives_out_at_once() const;
  /// A receive would not block: data, the end, or an error.
  [[nodiscard]] bool receive_ready() const;
  [[nodiscard]] std::size_t available() const { return received_.available(); }
  /// How often something came that can be read; what else is asked of it, it only grows.
  [[nodiscard]] std::size_t arrivals() const { return received_.arrivals(); }
  /// A send would be taken or fail at once for good: not about room, which the shell knows.
  [[nodiscard]] bool send_allowed() const;
  /// FD_CLOSE's condition: set once the peer has ended and, unless the edition lets it overtake,
  /// all that came before was read or dropped; 0 graceful, else the WSA number. Never changes once
  /// set (EVT-21, EVT-23).
  [[nodiscard]] std::optional<int> close_indication() const;
  /// More octets of the peer are welcome. False while `unread_limit` octets wait to be read, so
  /// that the transport holds back the peer.
  [[nodiscard]] bool wants_input(std::size_t unread_limit) const;

  /// The transport must be reset at once, and what was not sent is lost. Stays true.
  [[nodiscard]] bool wants_transport_abort() const { return wants_abort_; }

  /// All that the future depends on, apart from the limits.
  void write_state(StateWriter& out) const;

 private:
  Connection(Role role, const Limits& limits);

  /// Tells input_watch.
  void watched(Input input) const {
    if (input_watch != nullptr) input_watch(state_, input);
  }
  /// The table's answer for a call, and the next state where it is allowed.
  CallResult enter(Input input);
  [[nodiscard]] CallResult judge(Input input) const;
  /// An input that ends the attempt or the connection: `before` is the number where it was never
  /// established, `after` where it was.
  void lose(Input input, int before, int after);
  /// Aborts the connection for what the peer did.
  void break_off();
  void arm(Duration timeout, TimePoint now);

  Violation take(const RequestUnit& unit, TimePoint now);
  Violation take(const AcceptUnit& unit);
  Violation take(const RejectUnit& unit);
  Violation take(const DataUnit& unit);
  Violation take(const QosUnit& unit);
  Violation take(const DisconnectUnit& unit, UnitSink& out);
  void end_sending(ByteView data, UnitSink& out);
  /// The application has let go: drops what only it could ask for.
  void let_go();

  Role role_;
  Limits limits_;
  State state_;
  ReceiveQueue received_;
  std::optional<TimePoint> deadline_;
  std::optional<int> connect_outcome_;
  int failure_ = 0;
  bool wants_abort_ = false;
  /// The application itself ended sending, so its sends fail with WSAESHUTDOWN whatever else.
  bool send_ended_ = false;
  std::size_t unfinished_sent_ = 0;  ///< octets of the message that is being sent in pieces
  std::optional<std::size_t> callee_capacity_;
  Bytes peer_setup_data_;
  std::optional<Qos> peer_qos_;
  std::optional<Qos> qos_;
  std::uint32_t qos_revision_ = 0;
  bool qos_changed_ = false;
  Bytes disconnect_data_;
};

}  // namespace ws2
