// What a step sends to its actor's adapter.
#pragma once

#include <chrono>
#include <nlohmann/json.hpp>
#include <string>

#include "conformance/case/bindings.hpp"
#include "conformance/case/instance.hpp"

namespace ws2conform {

// The name of the socket that the step is about.
std::string socket_of(const Step& step);

// The address that every machine has for itself, without a port: "127.0.0.1", "[::1]".
std::string loopback_of(const std::string& family);

// The (first) request of a step that makes calls, without an ID; what goes without saying is
// written out. `family`: of new sockets. `home`: the address, without a port, that `loopback`
// stands for. `patience`: how long a call that waits may take. Throws InputError for a value that
// does not fit.
nlohmann::json request_of(const Step& step, const Instance& instance, const std::string& family,
                          const std::string& home, const Bindings& bindings,
                          std::chrono::milliseconds patience);

// What one send of `fill` offers after so many octets, as base64.
std::string fill_data(long long octets);

// What the condition function answers: of a `condition` with a verdict, or of a `decide`.
nlohmann::json verdict_of(const Step& step, const Bindings& bindings);

// The numbers of a `compute`, or {"error": why there are none}.
nlohmann::json computed_values(const Step& step, Bindings bindings);

}  // namespace ws2conform
