#include "wire/codec.hpp"

namespace ws2 {
namespace {

class TcpCodec final : public Codec {
 public:
  TransportStep encode(const Unit& unit, ByteQueue& out) override {
    if (const auto* data = std::get_if<DataUnit>(&unit)) out.append(data->bytes);
    // ACC-42: the caller is connected already, so all that is left to say no with is a reset.
    if (std::holds_alternative<RejectUnit>(unit)) return TransportStep::kAbort;
    if (std::holds_alternative<DisconnectUnit>(unit)) return TransportStep::kHalfClose;
    return TransportStep::kNone;
  }

  bool encode_head(const DataUnit&, ByteQueue&) override { return true; }

  Body body() const override { return {.rest = SIZE_MAX}; }
  bool is_between_units() const override { return false; }
  void skip_body(std::size_t) override {}

  Decoded decode(ByteView in) override {
    return {in.size(), DataUnit{in, false}, Malformed::kNone};
  }

  std::optional<Unit> implied_by_connection(Role role) const override {
    if (role == Role::kCaller) return AcceptUnit{};
    return RequestUnit{};
  }

  std::optional<Unit> implied_by_end() const override { return DisconnectUnit{}; }
};

}  // namespace

std::unique_ptr<Codec> make_tcp_codec() {
  return std::make_unique<TcpCodec>();
}

}  // namespace ws2
