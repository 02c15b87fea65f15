#include "api/qos.hpp"

#include <algorithm>
#include <cstring>

#include "api/buffers.hpp"
#include "ws2/errors.h"

namespace ws2 {
namespace {

static_assert(sizeof(FLOWSPEC) == sizeof(FlowSpec::fields));

FlowSpec read_flow(const FLOWSPEC& given) {
  FlowSpec spec;
  std::memcpy(spec.fields.data(), &given, sizeof given);
  return spec;
}

FLOWSPEC public_flow(const FlowSpec& spec) {
  FLOWSPEC shown;
  std::memcpy(&shown, spec.fields.data(), sizeof shown);
  return shown;
}

}  // namespace

int read_qos(const QOS& given, Qos& qos) {
  if (!is_usable(given.ProviderSpecific)) return WSAEFAULT;
  const ByteView specific = octets(given.ProviderSpecific);
  qos = {read_flow(given.SendingFlowspec), read_flow(given.ReceivingFlowspec),
         Bytes(specific.begin(), specific.end())};
  return 0;
}

QOS public_qos(const Qos& qos, CHAR* specific) {
  std::copy(qos.provider_specific.begin(), qos.provider_specific.end(), specific);
  const auto size = static_cast<ULONG>(qos.provider_specific.size());
  return {
      public_flow(qos.sending), public_flow(qos.receiving), {size, size == 0 ? nullptr : specific}};
}

}  // namespace ws2
