#include "connection/qos.hpp"

#include "ws2/errors.h"

namespace ws2 {
namespace {

constexpr FlowSpec unspecified() {
  FlowSpec spec;
  spec.fields.fill(kNotSpecified);
  return spec;
}

/// Service types for which the provider has to reserve something, so that it has to know how much.
bool is_reserved(std::uint32_t type) {
  return type == service::kControlledLoad || type == service::kGuaranteed;
}

bool is_known(std::uint32_t type, bool is_sending) {
  switch (type) {
    case service::kNoTraffic:
    case service::kBestEffort:
    case service::kControlledLoad:
    case service::kGuaranteed:
    case service::kNoChange:
    case service::kQualitative:
    case kNotSpecified:
      return true;
    case service::kGeneralInformation:
      return is_sending;
    // The others are for what a provider tells, not for what it is asked.
    default:
      return false;
  }
}

int check(const FlowSpec& spec, bool is_sending, const QosLimits& limits) {
  using enum FlowField;
  const std::uint32_t type = spec[kServiceType];
  if (!is_known(type, is_sending)) return WSA_QOS_ESERVICETYPE;
  // The rest of a direction without traffic, or as it was, means nothing (ACC-21).
  if (type == service::kNoTraffic || type == service::kNoChange) return 0;
  const std::uint32_t rate = spec[kTokenRate];
  const std::uint32_t peak = spec[kPeakBandwidth];
  if (is_sending) {
    if (rate == 0) return WSA_QOS_EFLOWSPEC;
    // A receiver may leave it to the sender to say how much there will be.
    if (rate == kNotSpecified && is_reserved(type)) return WSA_QOS_EFLOWSPEC;
  }
  if (peak != kNotSpecified && rate != kNotSpecified && peak < rate) return WSA_QOS_EFLOWSPEC;
  if (rate != kNotSpecified && rate > limits.rate) return WSAEOPNOTSUPP;
  if (peak != kNotSpecified && peak > limits.rate) return WSAEOPNOTSUPP;
  return 0;
}

void apply_defaults(FlowSpec& spec, const FlowSpec& defaults) {
  for (std::size_t i = 0; i < spec.fields.size(); ++i) {
    if (spec.fields[i] == kNotSpecified) spec.fields[i] = defaults.fields[i];
  }
}

}  // namespace

Qos mirrored(const Qos& qos) {
  return {qos.receiving, qos.sending, qos.provider_specific};
}

Qos changed(const std::optional<Qos>& earlier, const Qos& wanted) {
  Qos made = wanted;
  constexpr auto kType = FlowField::kServiceType;
  if (wanted.sending[kType] == service::kNoChange) {
    made.sending = earlier ? earlier->sending : unspecified();
  }
  if (wanted.receiving[kType] == service::kNoChange) {
    made.receiving = earlier ? earlier->receiving : unspecified();
  }
  return made;
}

Qos with_defaults(const std::optional<Qos>& qos, const QosLimits& limits) {
  Qos made = qos.value_or(Qos{unspecified(), unspecified(), {}});
  apply_defaults(made.sending, limits.defaults);
  apply_defaults(made.receiving, limits.defaults);
  return made;
}

int check(const Qos& qos, const QosLimits& limits) {
  if (const int error = check(qos.sending, true, limits); error != 0) return error;
  if (const int error = check(qos.receiving, false, limits); error != 0) return error;
  return qos.provider_specific.size() > limits.provider_specific ? WSA_QOS_EPROVSPECBUF : 0;
}

}  // namespace ws2
