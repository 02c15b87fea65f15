#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>

#include "connection/bytes.hpp"
#include "connection/connection.hpp"
#include "connection/event_record.hpp"
#include "connection/unit.hpp"
#include "provider/catalog.hpp"
#include "provider/endpoint.hpp"
#include "provider/event_object.hpp"
#include "provider/user_data.hpp"

// The service-provider interface: what the C entry points call, and what a layered provider
// implements over another one. A function that can fail returns 0 or a WSA error number.
namespace ws2 {

/// Room of the application for octets that come back, and where it wants their number. Both stay
/// the application's and have to live until the call is decided.
struct OutBytes {
  std::uint8_t* data = nullptr;
  std::size_t capacity = 0;
  std::uint32_t* length = nullptr;
};

struct ConnectCall {
  Endpoint to;
  ByteView caller_data;            ///< empty: none
  std::optional<OutBytes> callee;  ///< absent: lpCalleeData is NULL
  std::optional<Qos> qos;          ///< lpSQOS as given: directions may say SERVICETYPE_NOCHANGE
  /// How long a blocking call waits before it gives up (WSAETIMEDOUT); absent: as the provider
  /// does.
  std::optional<Duration> patience;
};

/// What a condition function is shown.
struct Offer {
  Endpoint caller;
  Endpoint callee;
  ByteView caller_data;             ///< empty: none
  std::optional<Qos> qos;           ///< as the caller sees it (ACC-19)
  std::size_t callee_capacity = 0;  ///< 0 where the provider takes nothing back
};

/// What it made of it.
struct Decision {
  int verdict = 0;                ///< as returned, valid or not
  Bytes callee_data;              ///< what it wrote
  bool callee_data_valid = true;  ///< false: it claimed more than it was offered
  std::optional<Qos> qos;         ///< what it left of the offer's, as the caller sees it
  bool qos_valid = true;          ///< false: its provider-specific part is not the offered buffer
  std::uint32_t group = 0;        ///< g
};

struct AcceptCall {
  /// Absent: accept, or WSAAccept with NULL.
  std::function<Decision(const Offer&)> condition;
  /// Room for the caller's address, in octets; absent when nobody wants it.
  std::optional<std::size_t> address_room;
  /// Octets that an address of the listener's family needs.
  std::size_t address_size = 0;
};

class ServiceSocket;

struct Accepted {
  std::shared_ptr<ServiceSocket> socket;
  Endpoint caller;
};

struct ReceiveCall {
  bool peek = false;
  bool partial = false;
  bool wait_for_all = false;
  /// The application's arguments are unusable: nothing is received, and the call fails with
  /// WSAEFAULT, of which network events take notice (EVT-05).
  bool is_faulty = false;
};

struct ReceiveResult {
  std::size_t bytes = 0;
  bool end_of_message = true;
};

/// How an overlapped operation ended.
struct OverlappedOutcome {
  int error = 0;
  std::size_t bytes = 0;       ///< transferred, also before an error
  bool end_of_message = true;  ///< as in ReceiveResult
};
/// Called once, on any thread, with the socket's lock held: it must not call the socket.
using OverlappedDone = std::function<void(const OverlappedOutcome&)>;

struct Linger {
  bool on = false;
  std::uint16_t seconds = 0;
};

/// Options with a whole number or a boolean for a value.
enum class Option {
  kAcceptsConnections,
  kBroken,  ///< SO_ERROR: reading it clears it
  kConditionalAccept,
  kConnectTime,  ///< seconds since the connection was made, -1 without one
  kExclusiveAddress,
  kGroupId,        ///< 0 outside of groups
  kGroupPriority,  ///< kept, and nothing else
  kKeepAlive,
  kKeepAliveCount,     ///< probes without an answer before a connection is given up
  kKeepAliveIdle,      ///< seconds without traffic before the first probe
  kKeepAliveInterval,  ///< seconds between two probes
  kMaxRetransmission,  ///< seconds without an answer before a connection is given up
  kNoDelay,
  kOobInline,
  kOverlapped,  ///< made with WSA_FLAG_OVERLAPPED, as sockets are unless told otherwise
  kReceiveBuffer,
  kReceiveTimeout,  ///< milliseconds, 0 for ever
  kReuseAddress,
  kSendBuffer,
  kSendTimeout,  ///< as kReceiveTimeout
  kV6Only,
};

/// What select and WSAPoll ask for.
struct Readiness {
  bool readable = false;     ///< a receive would not block, or an accept
  bool has_data = false;     ///< a receive would find some
  bool writable = false;     ///< connected, and a send would not block
  bool unconnected = false;  ///< the last attempt to connect failed
  /// FD_CLOSE's condition: 0 or a WSA number.
  std::optional<int> ended = {};
};

/// One socket of a provider. All functions may be called from several threads at once.
class ServiceSocket {
 public:
  virtual ~ServiceSocket() = default;

  virtual const ProviderEntry& entry() const = 0;

  virtual int bind(const Endpoint& name) = 0;
  virtual int listen(int backlog) = 0;
  virtual int connect(const ConnectCall& call) = 0;
  virtual int accept(const AcceptCall& call, Accepted& accepted) = 0;

  /// `sent` is set when 0 is returned.
  virtual int send(std::span<const ByteView> buffers, bool end_of_message, std::size_t& sent) = 0;
  /// `received` is set when 0 or WSAEMSGSIZE is returned.
  virtual int receive(std::span<const MutableByteView> buffers, const ReceiveCall& call,
                      ReceiveResult& received) = 0;

  /// Overlapped, whether the socket is blocking or not, in the order of the calls. WSA_IO_PENDING:
  /// `done` will be called; closing the socket ends the operation with WSA_OPERATION_ABORTED. Else
  /// the call itself is decided as send() and receive() are, and `done` is not called. The octets
  /// of the buffers, not the span, have to live until then.
  virtual int start_send(std::span<const ByteView> buffers, bool end_of_message, std::size_t& sent,
                         OverlappedDone done) = 0;
  virtual int start_receive(std::span<const MutableByteView> buffers, const ReceiveCall& call,
                            ReceiveResult& received, OverlappedDone done) = 0;
  /// Ends all that are pending with WSA_OPERATION_ABORTED.
  virtual void cancel_overlapped() = 0;

  /// `data` absent when lpOutboundDisconnectData is NULL.
  virtual int send_disconnect(std::optional<ByteView> data) = 0;
  /// `buffer` absent when lpInboundDisconnectData is NULL. `bytes` is set when 0 is returned.
  virtual int receive_disconnect(std::optional<MutableByteView> buffer, std::size_t& bytes) = 0;
  virtual int shutdown(ShutdownHow how) = 0;
  /// Success ends the use of the socket; what it still owes the peer is done in the background.
  /// After WSAEWOULDBLOCK it is as before.
  virtual int close() = 0;

  /// SIO_GET_QOS: what holds for this end, with the provider's defaults for what nobody specified.
  /// WSAENOPROTOOPT where the provider has none, WSAEINVAL before the socket has a name (QOS-07).
  virtual int get_qos(Qos& qos) = 0;
  /// SIO_SET_QOS: for the connection, or for the ones to come. Errors of check() besides.
  virtual int set_qos(const Qos& qos) = 0;
  /// WSASocket's g, before anything else is done with the socket.
  virtual int join_group(std::uint32_t group) = 0;

  /// SO_CONNDATA and SO_DISCDATA, and the LEN options; WSAENOPROTOOPT where the provider does not
  /// carry such data.
  virtual int get_user_data(UserData which, Bytes& data) = 0;
  virtual int set_user_data(UserData which, ByteView data) = 0;
  virtual int reserve_user_data(UserData which, std::size_t size) = 0;

  virtual int select_events(std::shared_ptr<EventObject> object, int mask) = 0;
  /// Copies and clears the record and resets `object`, if there is one, in one step.
  virtual int enumerate_events(EventObject* object, NetworkEvents& events) = 0;

  /// WSAENOTSOCK once the socket is closed.
  virtual int readiness(Readiness& found) = 0;
  /// Until unobserve(), `observer` is set whenever the readiness may have changed, and when the
  /// socket is closed.
  virtual int observe(std::shared_ptr<EventObject> observer) = 0;
  virtual void unobserve(const EventObject* observer) = 0;

  /// WSAEINVAL for a change to blocking while events are selected (EVT-01).
  virtual int set_blocking(bool blocking) = 0;
  virtual int available(std::size_t& bytes) = 0;
  virtual int get_option(Option option, int& value) = 0;
  virtual int set_option(Option option, int value) = 0;
  virtual int get_linger(Linger& linger) = 0;
  virtual int set_linger(const Linger& linger) = 0;
  virtual int local_name(Endpoint& name) = 0;
  virtual int peer_name(Endpoint& name) = 0;
};

class ServiceProvider {
 public:
  virtual ~ServiceProvider() = default;
  virtual int open(const ProviderEntry& entry, std::shared_ptr<ServiceSocket>& socket) = 0;
};

/// The providers over real TCP sockets.
ServiceProvider& base_provider();

/// Makes everything that is opened from now on come from `provider`, which layers on
/// base_provider() or replaces it and has to live as long as the process. nullptr: back to
/// base_provider().
void install_provider(ServiceProvider* provider);
ServiceProvider& installed_provider();

}  // namespace ws2
