#pragma once

#include <memory>
#include <optional>
#include <string_view>

#include "connection/byte_queue.hpp"
#include "connection/connection.hpp"
#include "connection/unit.hpp"

namespace ws2 {

/// What is wrong with octets that are no unit. Each aborts the connection it came on.
enum class Malformed {
  kNone,
  kUnknownFrame,  ///< a frame type that does not exist
  kBadHeader,     ///< flags or reserved octets that must not be set
  kTooLong,       ///< a length beyond what the frame may have; judged before the octets arrive
  kTooShort,      ///< a body that ends before what it must contain
  kBadMagic,      ///< not this protocol at all
  kBadVersion,    ///< this protocol, another version
  kBadProvider,   ///< another provider's connection
  kBadItem,       ///< unknown, repeated, misplaced or misshapen item
  kBadReason,     ///< a reject reason that does not exist
};

[[nodiscard]] std::string_view to_string(Malformed malformed);

/// What must happen to the transport.
enum class TransportStep {
  kNone,
  kHalfClose,  ///< end the own direction (shutdown(SHUT_WR)) and tell Link::on_half_closed
  kAbort,      ///< reset; what was not sent is lost
  kClose,      ///< nothing more to send or to wait for: close the descriptor; the link stays
};

struct Decoded {
  /// Octets of the input that are done with; the rest has to be passed again.
  std::size_t consumed = 0;
  /// Its views point into the input or into the codec and end with the next call.
  std::optional<Unit> unit;
  Malformed malformed = Malformed::kNone;
};

/// Units to octets and back, for one connection of one provider. Knows no order of units: that a
/// unit has no place where it stands is for the core to say.
class Codec {
 public:
  virtual ~Codec() = default;

  /// Appends the unit to `out`, and says what must follow once `out` is sent.
  virtual TransportStep encode(const Unit& unit, ByteQueue& out) = 0;
  /// Appends only what precedes the unit's octets, which then are to follow as they are. False,
  /// and nothing appended, where they cannot.
  virtual bool encode_head(const DataUnit& unit, ByteQueue& out) = 0;
  /// At most one unit from the front of `in`. Without unit and malformed all of `in` was consumed,
  /// and more octets are needed.
  virtual Decoded decode(ByteView in) = 0;

  /// The user data that the next octets are, as far as is known already.
  struct Body {
    std::size_t rest = 0;       ///< octets; 0 where something else comes
    bool has_begun = false;     ///< some of it was taken
    bool ends_message = false;  ///< behind its last octet
  };
  [[nodiscard]] virtual Body body() const = 0;
  /// All that came was decoded: the next octets are the head of a unit, kHeadSize of them.
  [[nodiscard]] virtual bool is_between_units() const = 0;
  static constexpr std::size_t kHeadSize = 8;
  /// So many octets of it went elsewhere and need no decoding.
  virtual void skip_body(std::size_t octets) = 0;

  /// The unit that the transport's connection itself stands for, where the wire has no frame for
  /// it.
  [[nodiscard]] virtual std::optional<Unit> implied_by_connection(Role role) const = 0;
  /// Likewise for the end of the peer's octets.
  [[nodiscard]] virtual std::optional<Unit> implied_by_end() const = 0;
};

/// Which provider's connection a frame belongs to, as the octet on the wire.
enum class WireProvider : std::uint8_t { kStream = 1, kMessage = 2, kDecnet = 3, kTp4 = 4 };

/// Frames over TCP as WIRE.md has them, within the limits given, which have to outlive the codec:
/// every connection has one.
[[nodiscard]] std::unique_ptr<Codec> make_frame_codec(WireProvider provider, const Limits& limits);
/// Bare TCP: octets are data, the transport's own signals stand for the rest.
[[nodiscard]] std::unique_ptr<Codec> make_tcp_codec();

}  // namespace ws2
