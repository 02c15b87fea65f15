#pragma once

#include <exception>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "connection/event_record.hpp"
#include "provider/attendance.hpp"
#include "provider/channel.hpp"
#include "provider/clock.hpp"
#include "provider/listen_queue.hpp"
#include "provider/native_socket.hpp"
#include "provider/reactor.hpp"
#include "provider/service_provider.hpp"
#include "provider/socket_group.hpp"
#include "provider/wakeup.hpp"

namespace ws2 {

/// A socket of every provider of the table, over a real TCP socket. What differs between providers
/// is in their entry, its limits and its codec.
///
/// The lock guards everything. A call does its own input and output and waits for the descriptor
/// itself; the reactor only serves what goes on without a call (see wants_watch()).
class NetSocket final : public ServiceSocket,
                        public Watched,
                        public std::enable_shared_from_this<NetSocket> {
 public:
  explicit NetSocket(const ProviderEntry& entry);
  /// Its descriptor; 0 or a WSA error number.
  int open() { return ensure_descriptor(); }
  ~NetSocket() override;

  const ProviderEntry& entry() const override { return entry_; }
  int bind(const Endpoint& name) override;
  int listen(int backlog) override;
  int connect(const ConnectCall& call) override;
  int accept(const AcceptCall& call, Accepted& accepted) override;
  int send(std::span<const ByteView> buffers, bool end_of_message, std::size_t& sent) override;
  int receive(std::span<const MutableByteView> buffers, const ReceiveCall& call,
              ReceiveResult& received) override;
  int start_send(std::span<const ByteView> buffers, bool end_of_message, std::size_t& sent,
                 OverlappedDone done) override;
  int start_receive(std::span<const MutableByteView> buffers, const ReceiveCall& call,
                    ReceiveResult& received, OverlappedDone done) override;
  void cancel_overlapped() override;
  int send_disconnect(std::optional<ByteView> data) override;
  int receive_disconnect(std::optional<MutableByteView> buffer, std::size_t& bytes) override;
  int shutdown(ShutdownHow how) override;
  int close() override;
  int get_qos(Qos& qos) override;
  int set_qos(const Qos& qos) override;
  int join_group(std::uint32_t group) override;
  int get_user_data(UserData which, Bytes& data) override;
  int set_user_data(UserData which, ByteView data) override;
  int reserve_user_data(UserData which, std::size_t size) override;
  int select_events(std::shared_ptr<EventObject> object, int mask) override;
  int enumerate_events(EventObject* object, NetworkEvents& events) override;
  int readiness(Readiness& found) override;
  int observe(std::shared_ptr<EventObject> observer) override;
  void unobserve(const EventObject* observer) override;
  int set_blocking(bool blocking) override;
  int available(std::size_t& bytes) override;
  int get_option(Option option, int& value) override;
  int set_option(Option option, int value) override;
  int get_linger(Linger& linger) override;
  int set_linger(const Linger& linger) override;
  int local_name(Endpoint& name) override;
  int peer_name(Endpoint& name) override;

  void on_activity(std::uint64_t tag) override;
  void on_deadline(std::uint64_t tag) override;

 private:
  using Lock = std::unique_lock<std::mutex>;

  int ensure_descriptor();
  /// options_ as the descriptor has them.
  SocketOptions native_options() const;
  /// TCP_NODELAY is the framing's wish, not the application's.
  bool may_coalesce() const { return native_options().no_delay && !options_.no_delay; }
  int descriptor() const;
  bool is_connecting() const { return channel_ && !connect_outcome_ && !is_accepted_; }
  /// There is, or was, a connection: the link answers the calls.
  bool is_connected() const { return channel_ && (is_accepted_ || connect_outcome_ == 0); }

  // ---- what happens to the connection
  enum class Pump {
    kOut,  ///< what is to be written
    kIn,   ///< and what there is to read
    kDry,  ///< to its last octet, as the reactor must
  };
  /// Moves octets and finishes a connect whose outcome is known. Whether anything changed that
  /// another thread may wait for.
  bool pump(Pump how);
  void finish_connect();
  /// After every call and every activity: network events, the reactor's part, other threads.
  /// False when the reactor is needed and cannot watch.
  bool settle();
  Conditions conditions() const;
  void signal(bool recorded);
  /// The reactor is to serve the socket on behalf of somebody who is in no call that would: of the
  /// application, or of the peer, to whom a one-shot disconnect is confirmed at once (DN-06).
  bool is_served() const {
    return record_.mask() != 0 || !observers_.empty() || !sends_.empty() || !receives_.empty() ||
           (entry_.limits->one_shot && is_connected());
  }
  bool wants_watch() const;
  bool update_watch();
  void remove_watch();

  // ---- waiting
  /// Waits until `is_over`, which is asked again whenever something happened. 0 when it is,
  /// WSAEWOULDBLOCK on a nonblocking socket, WSAETIMEDOUT, or WSAEINTR when the socket was closed.
  int wait_until(Lock& lock, short events, std::chrono::nanoseconds deadline,
                 const std::function<bool()>& is_over);
  Wake wait_once(Lock& lock, int fd, short events, std::chrono::nanoseconds deadline);
  static std::chrono::nanoseconds deadline_in(int milliseconds);

  // ---- when there is no memory
  /// Stands behind the lock in every call that may change the connection. A call that runs out of
  /// memory half way leaves through it: the connection is aborted, others are told.
  class Safeguard {
   public:
    explicit Safeguard(NetSocket& socket) : socket_(socket) {}
    ~Safeguard() {
      if (std::uncaught_exceptions() > before_) socket_.abandon();
    }
    Safeguard(const Safeguard&) = delete;
    Safeguard& operator=(const Safeguard&) = delete;

   private:
    NetSocket& socket_;
    const int before_ = std::uncaught_exceptions();
  };
  /// Aborts the connection, if there is one. Needs no memory.
  void abandon();

  // ---- overlapped operations
  struct PendingSend;
  struct PendingReceive;
  /// Carries them on and completes those that are over. Whether any is.
  bool serve_overlapped();
  /// Completes all sends by giving the link what they hold, room or not: so that what ends the
  /// sending, or could not be watched, does not overtake them.
  void hand_over_sends();
  void abort_overlapped();

  // ---- accepting
  /// The head of the queue once it is nobody else's; an error as of wait_until.
  int next_request(Lock& lock, std::shared_ptr<Request>& request);
  /// Likewise, doing the reactor's work for the listener meanwhile.
  int attend(Lock& lock, std::shared_ptr<Request>& request);
  /// The head, unless a condition function looks at it: then the next one waits for its verdict
  /// (ACC-14).
  std::shared_ptr<Request> free_head() const;
  class Asking;
  int decide(Lock& lock, const AcceptCall& call, const std::shared_ptr<Request>& request,
             Accepted& accepted, bool& is_deferred);
  void finish_accept(bool is_deferred);
  int take(const std::shared_ptr<Request>& request, bool is_conditional, const Acceptance& answer,
           Accepted& accepted);
  /// What a request is answered with when no condition function is asked.
  Acceptance standing_answer() const;
  /// `decision` about the QOS of `offer`, as this end sees it; absent where it is as it was
  /// offered.
  int judge_qos(const Offer& offer, const Decision& decision, std::optional<Qos>& answer) const;
  void adopt(Channel channel, const Request& request, const NetSocket& listener);

  // ---- user data
  UserDataOption& option_of(UserData which) {
    return which == UserData::kConnect ? connect_data_ : disconnect_data_;
  }
  /// What an end of sending carries: `given`, or what SO_DISCDATA left where nothing was given.
  std::optional<ByteView> outgoing_disconnect_data(std::optional<ByteView> given) const;

  // ---- closing
  int close_listener();
  int close_connection(Lock& lock);
  int linger(Lock& lock);
  /// The last part of a close, once no thread waits any more.
  void finish_close();

  const ProviderEntry& entry_;
  std::mutex mutex_;
  Waiters waiters_;
  int senders_ = 0;  ///< threads in send(), who wait for room themselves

  Descriptor fd_;  ///< before it goes to the channel or the queue
  bool is_bound_ = false;
  bool is_closed_ = false;
  bool is_blocking_ = true;
  SocketOptions options_;
  UserDataOption connect_data_;
  UserDataOption disconnect_data_;
  /// What SIO_SET_QOS and WSAConnect asked for; a connection has its own.
  std::optional<Qos> qos_;
  GroupMembership group_;

  std::unique_ptr<ListenQueue> queue_;  ///< a listener has one
  Attendance attendance_;
  /// Options were set on the listener: which of them a connection in the queue has is not known.
  bool is_inheritance_known_ = true;
  std::optional<Channel> channel_;  ///< from connect or accept on
  bool is_accepted_ = false;
  bool is_transport_connected_ = false;
  bool is_connect_watched_ = false;  ///< nobody waits in connect()
  std::optional<int> connect_outcome_;
  int broken_ = 0;  ///< SO_ERROR
  std::optional<OutBytes> callee_;
  std::optional<Endpoint> local_;
  std::optional<Endpoint> peer_;
  std::chrono::nanoseconds connected_at_ = kNever;

  EventRecord record_;
  std::shared_ptr<EventObject> event_object_;
  std::vector<std::shared_ptr<EventObject>> observers_;
  std::list<PendingSend> sends_;
  std::list<PendingReceive> receives_;
  /// Receiving was ended while overlapped receives were pending. They go on (reference choice:
  /// shutdown speaks of subsequent calls, WIN-09); after the last, what comes is dropped.
  bool is_receive_ending_ = false;
  Reactor::Watch watch_ = Reactor::kNone;
};

}  // namespace ws2
