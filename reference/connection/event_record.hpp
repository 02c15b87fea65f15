#pragma once

#include <array>
#include <cstddef>
#include <optional>

#include "connection/edition.hpp"
#include "connection/state_bytes.hpp"

namespace ws2 {

/// FD_* bits, with Windows' values.
namespace fd {
inline constexpr int kRead = 0x01;
inline constexpr int kWrite = 0x02;
inline constexpr int kOob = 0x04;
inline constexpr int kAccept = 0x08;
inline constexpr int kConnect = 0x10;
inline constexpr int kClose = 0x20;
inline constexpr int kQos = 0x40;
inline constexpr int kGroupQos = 0x80;
inline constexpr int kCount = 8;
}  // namespace fd

/// What is so on a socket at one moment, as far as network events speak of it.
struct Conditions {
  bool readable = false;                     ///< a receive would find data
  bool writable = false;                     ///< a send would be taken, or fail at once for good
  bool acceptable = false;                   ///< an accept would find a request
  bool qos_changed = false;                  ///< the peer changed the QOS, and nobody has looked
  std::optional<int> connect_outcome = {};   ///< set once the attempt completed: 0 or WSA number
  std::optional<int> close_indication = {};  ///< set once the circuit has ended: 0 or WSA number
  std::size_t arrivals = 0;                  ///< how often data came, since the beginning
  std::size_t requests = 0;                  ///< likewise requests
};

/// What WSAEnumNetworkEvents copies out. Slots of bits that are not set say nothing (EVT-14).
struct NetworkEvents {
  int bits = 0;
  std::array<int, fd::kCount> errors{};
};

/// The internal record of one socket (EVT-02 to EVT-25): which events are recorded and which may
/// be recorded again. The owner says when conditions may have changed and which calls were made.
/// Every function that records answers whether the event object must be signalled.
class EventRecord {
 public:
  explicit EventRecord(const Edition& edition = kDocumentedEdition) : edition_(edition) {}

  /// WSAEventSelect: replaces the mask, clears the record, records what is already so. 0 cancels.
  [[nodiscard]] bool select(int mask, const Conditions& now);
  [[nodiscard]] int mask() const { return mask_; }

  /// Something may have changed.
  [[nodiscard]] bool note(const Conditions& now);

  // Re-enabling functions (EVT-04), to be told after the call, failed or not (EVT-05). A level
  // that still holds is recorded again (EVT-06).
  /// `error` is what the receive failed with, 0 where it did not.
  [[nodiscard]] bool after_receive(int error, const Conditions& now);
  /// `would_block`: the send failed with WSAEWOULDBLOCK; only then does room record FD_WRITE again
  /// (EVT-17).
  [[nodiscard]] bool after_send(bool would_block, const Conditions& now);
  /// Not to be told of a WSAAccept that failed with WSATRY_AGAIN because of CF_DEFER (ACC-16).
  [[nodiscard]] bool after_accept(const Conditions& now);
  /// SIO_GET_QOS. One change is one event: the condition ends with the call (EVT-07).
  [[nodiscard]] bool after_get_qos(const Conditions& now);
  /// A new attempt on the same socket: FD_CONNECT may be recorded once more (EVT-16).
  void after_connect();

  [[nodiscard]] bool pending() const { return record_.bits != 0; }
  /// WSAEnumNetworkEvents: copies and clears. Resetting the event object is the caller's part of
  /// the same step.
  [[nodiscard]] NetworkEvents take();

  /// All that the future depends on, apart from the edition.
  void write_state(StateWriter& out) const;

 private:
  bool record(int bit, int error);
  /// `bits` may be recorded again.
  void enable(int bits);

  Edition edition_;
  int mask_ = 0;
  NetworkEvents record_;
  /// Bits that were recorded and not re-enabled since.
  int spent_ = 0;
  /// Bits that the application has been given and that selecting does not repeat.
  int delivered_ = 0;
  std::size_t arrivals_ = 0;  ///< of Conditions, when it was last looked at
  std::size_t requests_ = 0;  ///< likewise
};

}  // namespace ws2
