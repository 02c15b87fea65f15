#pragma once

#include <array>
#include <memory>

#include "wire/codec.hpp"

namespace ws2 {

/// A provider as the core and the wire know it.
struct FuzzedProvider {
  Limits limits;
  std::unique_ptr<Codec> (*make_codec)(const Limits& limits);
  bool has_frames = true;
};

template <WireProvider provider>
std::unique_ptr<Codec> frames_of(const Limits& limits) {
  return make_frame_codec(provider, limits);
}

/// An input's first octet chooses one of them.
inline const std::array<FuzzedProvider, 5> kFuzzedProviders = {{
    {kStreamLimits, frames_of<WireProvider::kStream>},
    {kMessageLimits, frames_of<WireProvider::kMessage>},
    {kDecnetLimits, frames_of<WireProvider::kDecnet>},
    {kTp4Limits, frames_of<WireProvider::kTp4>},
    {kTcpLimits, [](const Limits&) { return make_tcp_codec(); }, false},
}};

}  // namespace ws2
