// Quality of service.
#include <iterator>
#include <utility>

#include "conformance/case/octets.hpp"
#include "conformance/model/errors.hpp"
#include "conformance/model/net.hpp"
#include "ws2/errors.h"

namespace ws2conform::model {
namespace {

using nlohmann::json;
using ws2::FlowField;
using ws2::FlowSpec;
using ws2::Qos;

// In the order of FlowField.
constexpr const char* kMembers[] = {"TokenRate",  "TokenBucketSize",   "PeakBandwidth",
                                    "Latency",    "DelayVariation",    "ServiceType",
                                    "MaxSduSize", "MinimumPolicedSize"};
constexpr std::pair<const char*, std::uint32_t> kServiceTypes[] = {
    {"SERVICETYPE_NOTRAFFIC", ws2::service::kNoTraffic},
    {"SERVICETYPE_BESTEFFORT", ws2::service::kBestEffort},
    {"SERVICETYPE_CONTROLLEDLOAD", ws2::service::kControlledLoad},
    {"SERVICETYPE_GUARANTEED", ws2::service::kGuaranteed},
    {"SERVICETYPE_NOCHANGE", ws2::service::kNoChange}};

std::uint32_t service_type(const std::string& name) {
  for (const auto& [known, type] : kServiceTypes) {
    if (name == known) return type;
  }
  throw Outside("the service type " + name + " is not in the model");
}

// As the protocol has it: what is absent is not specified, a direction that is absent stays.
FlowSpec flow_of(const json& qos, const char* direction) {
  FlowSpec flow;
  flow.fields.fill(ws2::kNotSpecified);
  const json written = qos.value(direction, json());
  flow.fields[static_cast<std::size_t>(FlowField::kServiceType)] =
      written.is_null() ? ws2::service::kNoChange : ws2::service::kBestEffort;
  for (std::size_t i = 0; !written.is_null() && i < std::size(kMembers); ++i) {
    if (!written.contains(kMembers[i])) continue;
    const json& member = written.at(kMembers[i]);
    flow.fields[i] =
        member.is_string() ? service_type(member.get<std::string>()) : member.get<std::uint32_t>();
  }
  return flow;
}

json shown(const FlowSpec& flow) {
  json members = json::object();
  for (std::size_t i = 0; i < std::size(kMembers); ++i) members[kMembers[i]] = flow.fields[i];
  return members;
}

}  // namespace

std::optional<Qos> Net::qos_of(const json& request, const char* name) {
  const json written = request.value(name, json());
  if (written.is_null()) return std::nullopt;
  Qos qos{flow_of(written, "SendingFlowspec"), flow_of(written, "ReceivingFlowspec"), {}};
  if (const json specific = written.value("ProviderSpecific", json()); specific.is_string()) {
    const std::string octets = from_base64(specific.get<std::string>()).value_or("");
    qos.provider_specific.assign(octets.begin(), octets.end());
  }
  return qos;
}

json Net::shown_qos(const std::optional<Qos>& qos) {
  if (!qos) return nullptr;
  const ws2::Bytes& specific = qos->provider_specific;
  return {
      {"SendingFlowspec", shown(qos->sending)},
      {"ReceivingFlowspec", shown(qos->receiving)},
      {"ProviderSpecific",
       specific.empty() ? json() : json(to_base64(std::string(specific.begin(), specific.end())))}};
}

// WSAIoctl with SIO_GET_QOS and SIO_SET_QOS.
json Net::quality(Socket& s, const json& request) {
  const std::string command = request.at("command");
  if (command == "SIO_GET_QOS") {
    if (!limits_.qos) return result(WSAENOPROTOOPT);
    // Two directions and the third part's WSABUF, which is not as large everywhere.
    constexpr std::size_t kTooLittle = 64;
    if (request.value("capacity", std::size_t{1024}) <= kTooLittle) return result(WSAEFAULT);
    if (request.contains("capacity")) throw Outside("just enough room is not in the model");
    if (!s.bound && !s.listening && !s.link) return result(WSAEINVAL);
    const auto& holds = is_connected(s) ? core(s).qos() : s.qos;
    json reply = result(0);
    reply["agreed"] = shown_qos(ws2::with_defaults(holds, *limits_.qos));
    if (is_connected(s)) core(s).note_qos_read();
    signal(s, s.record.after_get_qos(conditions(s)));
    return reply;
  }
  if (command != "SIO_SET_QOS") throw Outside(command + " is not in the model");
  if (!limits_.qos) return result(WSAENOPROTOOPT);
  const Qos wanted = qos_of(request, "qos").value();
  if (const int error = ws2::check(wanted, *limits_.qos); error != 0) return result(error);
  if (is_connecting(s)) return result(WSAEINVAL);
  if (!is_connected(s)) {
    if (s.listening) throw Outside("a listener's quality is not in the model");
    s.qos = ws2::changed(s.qos, wanted);
    return result(0);
  }
  ws2::Circuit::Sink sink(links_[*s.link].circuit, s.side);
  const int error = core(s).set_qos(ws2::changed(core(s).qos(), wanted), sink).error();
  settle(*s.link);
  return result(error);
}

}  // namespace ws2conform::model
