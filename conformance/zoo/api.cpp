#include "conformance/zoo/api.hpp"

// With --wrap=NAME the linker sends the adapter's calls to __wrap_NAME, and __real_NAME is the
// reference's own.
#define WS2_ZOO_REAL(result, symbol, name, parameters, arguments) result __real_##symbol parameters;
extern "C" {
WS2_ZOO_FUNCTIONS(WS2_ZOO_REAL)
}

namespace ws2conform::zoo {
namespace {

#define WS2_ZOO_ENTRY(result, symbol, name, parameters, arguments) __real_##symbol,
constexpr Api kReference = {WS2_ZOO_FUNCTIONS(WS2_ZOO_ENTRY)};

}  // namespace

Api& api() {
  static Api current = kReference;
  return current;
}

const Api& reference_api() {
  return kReference;
}

}  // namespace ws2conform::zoo

#define WS2_ZOO_WRAP(result, symbol, name, parameters, arguments) \
  result __wrap_##symbol parameters {                             \
    return ws2conform::zoo::api().name arguments;                 \
  }
extern "C" {
WS2_ZOO_FUNCTIONS(WS2_ZOO_WRAP)
}
