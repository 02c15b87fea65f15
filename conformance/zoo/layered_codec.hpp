// A layer between a connection core and its codec: every unit goes through. A fault overrides the
// direction it is about.
#pragma once

#include <memory>
#include <optional>
#include <utility>

#include "wire/codec.hpp"

namespace ws2conform::zoo {

class LayeredCodec : public ws2::Codec {
 public:
  explicit LayeredCodec(std::unique_ptr<ws2::Codec> inner) : inner_(std::move(inner)) {}

  ws2::TransportStep encode(const ws2::Unit& unit, ws2::ByteQueue& out) override {
    return inner_->encode(unit, out);
  }
  bool encode_head(const ws2::DataUnit& unit, ws2::ByteQueue& out) override {
    return inner_->encode_head(unit, out);
  }
  ws2::Decoded decode(ws2::ByteView in) override { return inner_->decode(in); }
  Body body() const override { return inner_->body(); }
  bool is_between_units() const override { return inner_->is_between_units(); }
  void skip_body(std::size_t octets) override { inner_->skip_body(octets); }
  std::optional<ws2::Unit> implied_by_connection(ws2::Role role) const override {
    return inner_->implied_by_connection(role);
  }
  std::optional<ws2::Unit> implied_by_end() const override { return inner_->implied_by_end(); }

 protected:
  ws2::Codec& inner() { return *inner_; }

 private:
  std::unique_ptr<ws2::Codec> inner_;
};

// All data passes as whole units, as far as they come: nothing takes the short ways round.
class UnitCodec : public LayeredCodec {
 public:
  using LayeredCodec::LayeredCodec;
  bool encode_head(const ws2::DataUnit&, ws2::ByteQueue&) override { return false; }
  Body body() const override { return {}; }
  bool is_between_units() const override { return false; }
};

}  // namespace ws2conform::zoo
