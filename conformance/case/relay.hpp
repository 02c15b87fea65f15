// What a case says about the relay between its actors.
//
//   relay:
//     both: [{split: 1}]
//     client->server: [{cut-after: 20, with: reset, from: 3}]
//     server->client: [{hold-until: 6, from: 5}, {delay: 0..20}]
#pragma once

#include "conformance/case/instance.hpp"
#include "conformance/case/model.hpp"
#include "conformance/case/yaml.hpp"

namespace ws2conform {

// Throws InputError for a key that no rule has. `node` may be anything.
void require_known_relay_keys(const YamlFile& file, const YAML::Node& node);

// `node` is the value of the key `relay`, `actors` what may stand for an actor, axes included.
// Throws InputError.
std::vector<RelayRule> load_relay(const YamlFile& file, const YAML::Node& node,
                                  const std::vector<std::string>& actors);

// A number of octets that stands where axis values are in place. Throws InputError.
std::size_t relay_octets(const RelayRule& rule);

// How a cut ends the connection: by a reset of both ends, a FIN to the receiver, or without a word
// to either.
enum class CutEnd { kReset, kFin, kSilence };

// Where axis values are in place. Throws InputError.
CutEnd relay_cut_end(const RelayRule& rule);

struct Milliseconds {
  unsigned least = 0;
  unsigned most = 0;
};

// "client->server", and "cut-after 8 with reset": as `show` and the history have it.
std::string way_of(const RelayRule& rule);
std::string treatment_text(const RelayRule& rule);

// "5" or "0..20". Nothing for other text.
std::optional<Milliseconds> parse_delay(const std::string& text);

// The step that sends until no more is taken, if there is one: with a relay on the way, which takes
// what the receiver does not, it would end when the relay is late and not when the way is full.
const Step* step_that_fills(const Instance& instance);

// Throws InputError for a rule that means nothing, where a step may wait for what is held until a
// later one, and for a step that fills the way.
void lint_relay(const Instance& instance);

}  // namespace ws2conform
