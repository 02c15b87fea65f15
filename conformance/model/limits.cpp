#include "conformance/model/limits.hpp"

namespace ws2conform::model {

ws2::Limits limits_of(const Provider& provider, const std::string& edition) {
  const auto claims = [&](const char* capability) {
    return provider.capabilities.count(capability) != 0;
  };
  const auto limit = [](long long octets) {
    return octets > 0 ? std::optional(static_cast<std::size_t>(octets)) : std::nullopt;
  };
  ws2::Limits limits;
  limits.caller_data = limit(provider.caller_data_max);
  limits.callee_data = limit(provider.callee_data_max);
  limits.disconnect_data = limit(provider.disconnect_data_max);
  limits.message_boundaries = claims("message-oriented");
  limits.graceful = claims("graceful-close");
  limits.one_shot = !claims("half-close");
  if (claims("qos")) limits.qos = limits.graceful ? ws2::kFullQos : ws2::kTp4Qos;
  limits.delayed_accept = claims("delayed-accept");
  if (edition == "windows") limits.edition = ws2::kWindowsEdition;
  return limits;
}

}  // namespace ws2conform::model
