#include <algorithm>

#include "wire/codec.hpp"
#include "wire/frame.hpp"
#include "wire/set_up_body.hpp"

namespace ws2 {
namespace {

using wire::FrameType;

class FrameCodec final : public Codec {
 public:
  FrameCodec(WireProvider provider, const Limits& limits) : provider_(provider), limits_(limits) {}

  TransportStep encode(const Unit& unit, ByteQueue& out) override;
  bool encode_head(const DataUnit& unit, ByteQueue& out) override;
  Decoded decode(ByteView in) override;
  Body body() const override;
  bool is_between_units() const override { return frame_done_ || frame_.empty(); }
  void skip_body(std::size_t octets) override;
  /// Every unit has its frame.
  std::optional<Unit> implied_by_connection(Role) const override { return std::nullopt; }
  std::optional<Unit> implied_by_end() const override { return std::nullopt; }

 private:
  TransportStep write(const RequestUnit& unit, ByteQueue& out) const;
  TransportStep write(const AcceptUnit& unit, ByteQueue& out) const;
  TransportStep write(const RejectUnit& unit, ByteQueue& out) const;
  TransportStep write(const DataUnit& unit, ByteQueue& out) const;
  TransportStep write(const DisconnectUnit& unit, ByteQueue& out) const;
  TransportStep write(const QosUnit& unit, ByteQueue& out) const;
  void write_set_up(FrameType type, const wire::Items& items, ByteQueue& out) const;

  Malformed begin_body();
  Decoded read_data(ByteView in, std::size_t already_consumed);
  Decoded read_control(std::size_t consumed);
  Decoded read_set_up(std::size_t consumed);

  WireProvider provider_;
  const Limits& limits_;
  /// Header, then body, of the frame that is arriving; of DATA only the header.
  Bytes frame_;
  std::size_t frame_size_ = wire::kHeaderSize;  ///< octets that frame_ must reach next
  wire::Header header_;
  bool in_body_ = false;
  bool frame_done_ = false;         ///< frame_ is only kept for the views of the last unit
  std::size_t data_remaining_ = 0;  ///< of a DATA body
};

// ---- units to octets
// -----------------------------------------------------------------------------

TransportStep FrameCodec::encode(const Unit& unit, ByteQueue& out) {
  return std::visit([&](const auto& alternative) { return write(alternative, out); }, unit);
}

void FrameCodec::write_set_up(FrameType type, const wire::Items& items, ByteQueue& out) const {
  const std::size_t length = wire::kPreambleSize + wire::items_size(items);
  wire::append_header({type, 0, static_cast<std::uint32_t>(length)}, out);
  wire::append_preamble(provider_, out);
  wire::append_items(items, out);
}

TransportStep FrameCodec::write(const RequestUnit& unit, ByteQueue& out) const {
  write_set_up(FrameType::kRequest, {unit.caller_data, unit.qos}, out);
  return TransportStep::kNone;
}

TransportStep FrameCodec::write(const AcceptUnit& unit, ByteQueue& out) const {
  write_set_up(FrameType::kAccept, {unit.callee_data, unit.qos}, out);
  return TransportStep::kNone;
}

TransportStep FrameCodec::write(const RejectUnit& unit, ByteQueue& out) const {
  wire::append_header({FrameType::kReject, 0, wire::kPreambleSize + 1}, out);
  wire::append_preamble(provider_, out);
  out.append(static_cast<std::uint8_t>(unit.reason));
  return TransportStep::kHalfClose;
}

bool FrameCodec::encode_head(const DataUnit& unit, ByteQueue& out) {
  if (unit.bytes.empty() || unit.bytes.size() > wire::kMaxDataBody) return false;
  const std::uint8_t flags = unit.end_of_message ? wire::kFlagEndOfMessage : 0;
  const auto length = static_cast<std::uint32_t>(unit.bytes.size());
  wire::append_header({FrameType::kData, flags, length}, out);
  return true;
}

TransportStep FrameCodec::write(const DataUnit& unit, ByteQueue& out) const {
  ByteView rest = unit.bytes;
  if (rest.empty() && !unit.end_of_message) return TransportStep::kNone;
  do {
    const ByteView body = rest.first(std::min(rest.size(), wire::kMaxDataBody));
    rest = rest.subspan(body.size());
    const bool last = rest.empty() && unit.end_of_message;
    const std::uint8_t flags = last ? wire::kFlagEndOfMessage : 0;
    wire::append_header({FrameType::kData, flags, static_cast<std::uint32_t>(body.size())}, out);
    out.append(body);
  } while (!rest.empty());
  return TransportStep::kNone;
}

TransportStep FrameCodec::write(const DisconnectUnit& unit, ByteQueue& out) const {
  wire::append_header({FrameType::kDisconnect, 0, static_cast<std::uint32_t>(unit.data.size())},
                      out);
  out.append(unit.data);
  return TransportStep::kHalfClose;
}

TransportStep FrameCodec::write(const QosUnit& unit, ByteQueue& out) const {
  const std::size_t length = wire::kRevisionSize + wire::qos_size(unit.qos);
  wire::append_header({FrameType::kQos, 0, static_cast<std::uint32_t>(length)}, out);
  wire::append_u32(unit.revision, out);
  wire::append_qos(unit.qos, out);
  return TransportStep::kNone;
}

// ---- octets to units
// -----------------------------------------------------------------------------

Malformed FrameCodec::begin_body() {
  const auto [header, malformed] = wire::parse_header(frame_, limits_);
  if (malformed != Malformed::kNone) return malformed;
  header_ = header;
  in_body_ = true;
  if (header.type == FrameType::kData) {
    data_remaining_ = header.length;
  } else {
    frame_size_ = wire::kHeaderSize + header.length;
  }
  return Malformed::kNone;
}

Decoded FrameCodec::decode(ByteView in) {
  if (frame_done_) {
    frame_.clear();
    frame_size_ = wire::kHeaderSize;
    in_body_ = false;
    frame_done_ = false;
  }
  std::size_t consumed = 0;
  while (!in_body_ || header_.type != FrameType::kData) {
    const std::size_t wanted = std::min(frame_size_ - frame_.size(), in.size() - consumed);
    const ByteView part = in.subspan(consumed, wanted);
    frame_.insert(frame_.end(), part.begin(), part.end());
    consumed += wanted;
    if (frame_.size() < frame_size_) return {consumed, std::nullopt, Malformed::kNone};
    if (in_body_) return read_control(consumed);
    if (const Malformed malformed = begin_body(); malformed != Malformed::kNone)
      return {consumed, std::nullopt, malformed};
  }
  return read_data(in.subspan(consumed), consumed);
}

Decoded FrameCodec::read_data(ByteView in, std::size_t already_consumed) {
  // Passed on as it arrives: nothing is gained by keeping it until the frame is whole.
  const ByteView bytes = in.first(std::min(in.size(), data_remaining_));
  const bool begun_only = bytes.empty() && data_remaining_ != 0;
  if (begun_only) return {already_consumed, std::nullopt, Malformed::kNone};
  data_remaining_ -= bytes.size();
  frame_done_ = data_remaining_ == 0;
  const bool end = frame_done_ && (header_.flags & wire::kFlagEndOfMessage) != 0;
  return {already_consumed + bytes.size(), DataUnit{bytes, end}, Malformed::kNone};
}

Codec::Body FrameCodec::body() const {
  if (!in_body_ || frame_done_ || header_.type != FrameType::kData) return {};
  return {.rest = data_remaining_,
          .has_begun = data_remaining_ != header_.length,
          .ends_message = (header_.flags & wire::kFlagEndOfMessage) != 0};
}

void FrameCodec::skip_body(std::size_t octets) {
  data_remaining_ -= octets;
  frame_done_ = data_remaining_ == 0;
}

Decoded FrameCodec::read_control(std::size_t consumed) {
  frame_done_ = true;
  const ByteView body = ByteView(frame_).subspan(wire::kHeaderSize);
  if (header_.type == FrameType::kDisconnect)
    return {consumed, DisconnectUnit{body}, Malformed::kNone};
  if (header_.type == FrameType::kQos) {
    return {consumed,
            QosUnit{wire::read_qos(body.subspan(wire::kRevisionSize)), wire::read_u32(body)},
            Malformed::kNone};
  }
  return read_set_up(consumed);
}

Decoded FrameCodec::read_set_up(std::size_t consumed) {
  const ByteView body = ByteView(frame_).subspan(wire::kHeaderSize);
  if (const Malformed malformed = wire::check_preamble(body, provider_);
      malformed != Malformed::kNone) {
    return {consumed, std::nullopt, malformed};
  }
  const ByteView rest = body.subspan(wire::kPreambleSize);
  if (header_.type == FrameType::kReject) {
    const std::uint8_t reason = rest[0];
    if (reason < static_cast<std::uint8_t>(RejectReason::kRefused) ||
        reason > static_cast<std::uint8_t>(RejectReason::kListenerGone)) {
      return {consumed, std::nullopt, Malformed::kBadReason};
    }
    return {consumed, RejectUnit{static_cast<RejectReason>(reason)}, Malformed::kNone};
  }
  const bool is_request = header_.type == FrameType::kRequest;
  auto [items, malformed] =
      wire::parse_items(rest, is_request ? limits_.caller_data : limits_.callee_data, limits_.qos);
  if (malformed != Malformed::kNone) return {consumed, std::nullopt, malformed};
  if (is_request)
    return {consumed, RequestUnit{items.user_data, std::move(items.qos)}, Malformed::kNone};
  return {consumed, AcceptUnit{items.user_data, std::move(items.qos)}, Malformed::kNone};
}

}  // namespace

std::unique_ptr<Codec> make_frame_codec(WireProvider provider, const Limits& limits) {
  return std::make_unique<FrameCodec>(provider, limits);
}

std::string_view to_string(Malformed malformed) {
  switch (malformed) {
    case Malformed::kNone:
      return "none";
    case Malformed::kUnknownFrame:
      return "unknown frame";
    case Malformed::kBadHeader:
      return "bad header";
    case Malformed::kTooLong:
      return "too long";
    case Malformed::kTooShort:
      return "too short";
    case Malformed::kBadMagic:
      return "bad magic";
    case Malformed::kBadVersion:
      return "bad version";
    case Malformed::kBadProvider:
      return "bad provider";
    case Malformed::kBadItem:
      return "bad item";
    case Malformed::kBadReason:
      return "bad reason";
  }
  return "none";
}

}  // namespace ws2
