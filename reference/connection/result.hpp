#pragma once

#include <cstddef>

namespace ws2 {

/// What a call comes to: success, or the WSA error number that the application gets. It speaks of
/// the local program only; what a peer does wrong is a Violation.
class [[nodiscard]] CallResult {
 public:
  constexpr CallResult() = default;
  constexpr explicit CallResult(int error) : error_(error) {}

  [[nodiscard]] constexpr bool ok() const { return error_ == 0; }
  /// 0 on success.
  [[nodiscard]] constexpr int error() const { return error_; }

  friend constexpr bool operator==(CallResult, CallResult) = default;

 private:
  int error_ = 0;
};

/// What a receive comes to. With WSAEMSGSIZE `bytes` were copied and nothing was consumed.
struct [[nodiscard]] Received {
  CallResult result;
  std::size_t bytes = 0;
  /// False when the rest of the message is still to be read (message-oriented, partial receive).
  bool end_of_message = false;
};

/// What a fetch of disconnect data comes to.
struct [[nodiscard]] RecvDisconnected {
  CallResult result;
  /// Octets copied; 0 where the peer gave none or has not disconnected.
  std::size_t bytes = 0;
};

/// How the peer broke the protocol. The connection that it happens on is aborted.
enum class Violation {
  kNone,
  kUnexpectedUnit,  ///< a unit that the state has no place for
  kTooLong,         ///< user data beyond the provider's limits
};

}  // namespace ws2
