#include "values.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <utility>

#include "names.hpp"

namespace ws2conform {
namespace {

constexpr std::string_view kAlphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

// The whole of `text` as a number up to `most`.
std::optional<unsigned long> parse_number(std::string_view text, unsigned long most) {
  unsigned long number = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc() || stop != end || number > most) return std::nullopt;
  return number;
}

Json to_json(const FLOWSPEC& flow) {
  return {{"TokenRate", flow.TokenRate},           {"TokenBucketSize", flow.TokenBucketSize},
          {"PeakBandwidth", flow.PeakBandwidth},   {"Latency", flow.Latency},
          {"DelayVariation", flow.DelayVariation}, {"ServiceType", flow.ServiceType},
          {"MaxSduSize", flow.MaxSduSize},         {"MinimumPolicedSize", flow.MinimumPolicedSize}};
}

}  // namespace

bool is_filler(const void* memory, std::size_t octets) {
  const auto* first = static_cast<const char*>(memory);
  return std::all_of(first, first + octets, [](char octet) { return octet == kFiller; });
}

std::string to_base64(std::string_view octets) {
  std::string text;
  text.reserve((octets.size() + 2) / 3 * 4);
  for (std::size_t i = 0; i < octets.size(); i += 3) {
    const std::size_t count = std::min<std::size_t>(3, octets.size() - i);
    std::uint32_t group = 0;
    for (std::size_t j = 0; j < 3; ++j) {
      group = group << 8 | (j < count ? static_cast<unsigned char>(octets[i + j]) : 0U);
    }
    for (std::size_t j = 0; j < 4; ++j) {
      text += j <= count ? kAlphabet[group >> (18 - 6 * j) & 63] : '=';
    }
  }
  return text;
}

std::optional<std::string> from_base64(std::string_view text) {
  if (text.size() % 4 != 0) return std::nullopt;
  std::size_t padding = 0;
  while (padding < 2 && padding < text.size() && text[text.size() - 1 - padding] == '=') ++padding;
  std::string octets;
  octets.reserve(text.size() / 4 * 3);
  std::uint32_t group = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    std::size_t digit = 0;
    if (i < text.size() - padding) {
      digit = kAlphabet.find(text[i]);
      if (digit == std::string_view::npos) return std::nullopt;
    }
    group = group << 6 | static_cast<std::uint32_t>(digit);
    if (i % 4 == 3) {
      octets += static_cast<char>(group >> 16 & 255);
      octets += static_cast<char>(group >> 8 & 255);
      octets += static_cast<char>(group & 255);
    }
  }
  octets.resize(octets.size() - padding);
  return octets;
}

SocketAddress SocketAddress::blank() {
  SocketAddress address{};
  std::memset(&address.storage, kFiller, sizeof address.storage);
  address.length = sizeof address.storage;
  return address;
}

bool SocketAddress::is_blank() const {
  return is_filler(&storage, sizeof storage);
}

SocketAddress SocketAddress::parse(const std::string& text) {
  const auto fail = [&text]() -> AdapterError {
    return AdapterError(Json(text).dump() + " is not an address such as 127.0.0.1:80 or [::1]:80");
  };
  const std::size_t colon = text.rfind(':');
  if (colon == std::string::npos) throw fail();
  const auto port = parse_number(std::string_view(text).substr(colon + 1), 65535);
  if (!port) throw fail();
  SocketAddress address{};
  if (colon >= 2 && text.front() == '[' && text[colon - 1] == ']') {
    const std::string host = text.substr(1, colon - 2);
    const std::size_t percent = host.find('%');
    sockaddr_in6 in6{};
    in6.sin6_family = AF_INET6;
    in6.sin6_port = htons(static_cast<u_short>(*port));
    if (percent != std::string::npos) {
      const auto scope = parse_number(std::string_view(host).substr(percent + 1), UINT32_MAX);
      if (!scope) throw fail();
      in6.sin6_scope_id = static_cast<std::uint32_t>(*scope);
    }
    if (inet_pton(AF_INET6, host.substr(0, percent).c_str(), &in6.sin6_addr) != 1) throw fail();
    std::memcpy(&address.storage, &in6, sizeof in6);
    address.length = sizeof in6;
  } else {
    sockaddr_in in{};
    in.sin_family = AF_INET;
    in.sin_port = htons(static_cast<u_short>(*port));
    if (inet_pton(AF_INET, text.substr(0, colon).c_str(), &in.sin_addr) != 1) throw fail();
    std::memcpy(&address.storage, &in, sizeof in);
    address.length = sizeof in;
  }
  return address;
}

std::string to_text(const SocketAddress& address) {
  char host[64] = "";
  const int family = address.storage.ss_family;
  const auto length = static_cast<std::size_t>(std::max(0, address.length));
  if (family == AF_INET && length >= sizeof(sockaddr_in)) {
    sockaddr_in in;
    std::memcpy(&in, &address.storage, sizeof in);
    if (inet_ntop(AF_INET, &in.sin_addr, host, sizeof host) != nullptr) {
      return std::string(host) + ":" + std::to_string(ntohs(in.sin_port));
    }
  } else if (family == AF_INET6 && length >= sizeof(sockaddr_in6)) {
    sockaddr_in6 in6;
    std::memcpy(&in6, &address.storage, sizeof in6);
    if (inet_ntop(AF_INET6, &in6.sin6_addr, host, sizeof host) != nullptr) {
      const std::string scope =
          in6.sin6_scope_id != 0 ? "%" + std::to_string(in6.sin6_scope_id) : "";
      return "[" + std::string(host) + scope + "]:" + std::to_string(ntohs(in6.sin6_port));
    }
  }
  return "no address: family " + std::to_string(family) + ", length " +
         std::to_string(address.length);
}

Json to_text(const WSABUF* buffer) {
  if (buffer == nullptr || buffer->buf == nullptr) return nullptr;
  SocketAddress address = SocketAddress::blank();
  std::memcpy(&address.storage, buffer->buf,
              std::min<std::size_t>(buffer->len, sizeof address.storage));
  address.length = static_cast<int>(buffer->len);
  return to_text(address);
}

InBuffer::InBuffer(std::optional<std::string> octets) : octets_(std::move(octets)), buffer_{} {
  if (!octets_) return;
  buffer_.len = static_cast<ULONG>(octets_->size());
  buffer_.buf = octets_->data();
}

OutBuffer::OutBuffer(std::optional<std::size_t> capacity)
    : capacity_(capacity.value_or(0)), buffer_{} {
  if (!capacity) return;
  // One more octet, so that a pointer to zero octets is not NULL.
  memory_ = std::make_unique<char[]>(capacity_ + 1);
  std::memset(memory_.get(), kFiller, capacity_ + 1);
  buffer_.len = static_cast<ULONG>(capacity_);
  buffer_.buf = memory_.get();
}

bool OutBuffer::octets_touched() const {
  return memory_ && !is_filler(memory_.get(), capacity_ + 1);
}

Json OutBuffer::length() const {
  return memory_ ? Json(buffer_.len) : Json();
}

Json OutBuffer::octets() const {
  return octets(buffer_.len);
}

Json OutBuffer::octets(std::size_t count) const {
  if (!memory_) return nullptr;
  return to_base64({memory_.get(), std::min(count, capacity_)});
}

Json to_octets(const WSABUF* buffer) {
  if (buffer == nullptr) return nullptr;
  if (buffer->buf == nullptr) {
    if (buffer->len != 0) {
      std::fprintf(stderr, "a WSABUF has a NULL buf with len %lu\n", 0UL + buffer->len);
    }
    return nullptr;
  }
  const std::size_t count = std::min<std::size_t>(buffer->len, kMaxOctets);
  if (count < buffer->len) {
    std::fprintf(stderr, "a WSABUF of len %lu is shown cut at %zu\n", 0UL + buffer->len, count);
  }
  return to_base64({buffer->buf, count});
}

namespace {

// Not every header has these.
constexpr ULONG kNotSpecified = 0xffffffff;
constexpr Name kServiceTypes[] = {{"SERVICETYPE_NOTRAFFIC", 0},
                                  {"SERVICETYPE_BESTEFFORT", 1},
                                  {"SERVICETYPE_CONTROLLEDLOAD", 2},
                                  {"SERVICETYPE_GUARANTEED", 3},
                                  {"SERVICETYPE_NOCHANGE", 6}};

FLOWSPEC take_flow(const Json* flow) {
  FLOWSPEC value{kNotSpecified, kNotSpecified, kNotSpecified, kNotSpecified, kNotSpecified, 6,
                 kNotSpecified, kNotSpecified};
  if (flow == nullptr || flow->is_null()) return value;
  if (!flow->is_object()) throw AdapterError(flow->dump() + " is no FLOWSPEC");
  value.ServiceType = 1;
  for (const auto& [name, member] : flow->items()) {
    const std::pair<const char*, ULONG*> members[] = {
        {"TokenRate", &value.TokenRate},
        {"TokenBucketSize", &value.TokenBucketSize},
        {"PeakBandwidth", &value.PeakBandwidth},
        {"Latency", &value.Latency},
        {"DelayVariation", &value.DelayVariation},
        {"ServiceType", &value.ServiceType},
        {"MaxSduSize", &value.MaxSduSize},
        {"MinimumPolicedSize", &value.MinimumPolicedSize}};
    const auto found = std::find_if(std::begin(members), std::end(members),
                                    [&name = name](const auto& m) { return name == m.first; });
    if (found == std::end(members)) throw AdapterError(name + " is no member of FLOWSPEC");
    if (member.is_string()) {
      *found->second =
          static_cast<ULONG>(Names(kServiceTypes).value(member.get_ref<const std::string&>()));
    } else if (member.is_number_unsigned()) {
      *found->second = static_cast<ULONG>(member.get<std::uint64_t>());
    } else {
      throw AdapterError(name + " is no number");
    }
  }
  return value;
}

}  // namespace

QosValue::QosValue(const Json& qos) {
  if (!qos.is_object()) throw AdapterError(qos.dump() + " is no QOS");
  const auto part = [&qos](const char* name) { return qos.contains(name) ? &qos[name] : nullptr; };
  qos_.SendingFlowspec = take_flow(part("SendingFlowspec"));
  qos_.ReceivingFlowspec = take_flow(part("ReceivingFlowspec"));
  const Json* specific = part("ProviderSpecific");
  if (specific != nullptr && !specific->is_null()) {
    specific_ =
        specific->is_string() ? from_base64(specific->get_ref<const std::string&>()) : std::nullopt;
    if (!specific_) throw AdapterError("ProviderSpecific is not base64");
  }
}

QOS* QosValue::get() {
  if (specific_) {
    qos_.ProviderSpecific.buf = specific_->data();
    qos_.ProviderSpecific.len = static_cast<ULONG>(specific_->size());
  }
  return &qos_;
}

void QosValue::give(QOS& qos) {
  qos.SendingFlowspec = qos_.SendingFlowspec;
  qos.ReceivingFlowspec = qos_.ReceivingFlowspec;
}

Json to_json(const WSAPROTOCOL_INFOA& entry) {
  return {{"szProtocol", entry.szProtocol},
          {"dwServiceFlags1", entry.dwServiceFlags1},
          {"iSocketType", socket_types().name(entry.iSocketType)},
          {"iAddressFamily", families().name(entry.iAddressFamily)},
          {"dwCatalogEntryId", entry.dwCatalogEntryId},
          {"dwMessageSize", entry.dwMessageSize}};
}

Json to_json(const QOS* qos) {
  if (qos == nullptr) return nullptr;
  return {{"SendingFlowspec", to_json(qos->SendingFlowspec)},
          {"ReceivingFlowspec", to_json(qos->ReceivingFlowspec)},
          {"ProviderSpecific", to_octets(&qos->ProviderSpecific)}};
}

}  // namespace ws2conform
