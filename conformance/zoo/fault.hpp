// A fault: one deliberate wrongness, and what has to catch it.
#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include "conformance/zoo/layer.hpp"
#include "wire/codec.hpp"

namespace ws2conform::zoo {

struct Api;

// Where a fault sits. Usually one of them is there.
struct Effect {
  // Over each socket of the provider interface.
  std::shared_ptr<ws2::ServiceSocket> (*socket)(std::shared_ptr<ws2::ServiceSocket> inner,
                                                const Wrap& wrap) = nullptr;
  // What the connection core is told of its provider.
  void (*limits)(ws2::Limits& limits) = nullptr;
  // Between the connection core and the wire: the units that go out and come in.
  std::unique_ptr<ws2::Codec> (*codec)(std::unique_ptr<ws2::Codec> inner) = nullptr;
  // The API's functions and their out-parameters.
  void (*api)(Api& api) = nullptr;
};

// Lists are words with blanks between them. A symptom has '*' and '?' as wildcards, and '_' for a
// blank.
struct Fault {
  std::string_view name;
  std::string_view description;
  std::string_view requirements;  // that it violates
  // Operations of a case without which it cannot be reached; none: any case may reach it.
  std::string_view operations;
  // The checks that are red for the right reason: "OPERATION_ASPECT" ("recv_data",
  // "FD_CLOSE_event", "accept_hang"), or an invariant's ID.
  std::string_view symptoms;
  std::string_view cases;  // that must go red
  Effect effect;
};

// An effect that is a layer over each socket.
template <typename Socket>
constexpr Effect in_sockets() {
  return {.socket = [](std::shared_ptr<ws2::ServiceSocket> inner,
                       const Wrap& wrap) -> std::shared_ptr<ws2::ServiceSocket> {
    return std::make_shared<Socket>(std::move(inner), wrap);
  }};
}

template <typename Codec>
constexpr Effect in_codecs() {
  return {.codec = [](std::unique_ptr<ws2::Codec> inner) -> std::unique_ptr<ws2::Codec> {
    return std::make_unique<Codec>(std::move(inner));
  }};
}

// Other limits; `Socket` tells when they have made a difference.
template <typename Socket>
constexpr Effect in_limits(void (*alter)(ws2::Limits&)) {
  Effect effect = in_sockets<Socket>();
  effect.limits = alter;
  return effect;
}

constexpr Effect in_api(void (*replace)(Api&)) {
  return {.api = replace};
}

using Faults = std::vector<Fault>;

}  // namespace ws2conform::zoo
