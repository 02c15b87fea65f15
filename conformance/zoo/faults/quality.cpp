// Quality of service.

#include <cstring>

#include "conformance/zoo/api.hpp"
#include "conformance/zoo/condition_layer.hpp"
#include "conformance/zoo/faults.hpp"
#include "conformance/zoo/reached.hpp"
#include "ws2/errors.h"

namespace ws2conform::zoo {
namespace {

using ws2::Qos;

template <typename Change>
class ShownQuality : public ConditionLayer {
  using ConditionLayer::ConditionLayer;
  ws2::Decision ask(const Condition& condition, const ws2::Offer& offer) override {
    ws2::Offer changed = offer;
    if (!Change::apply(changed.qos)) return condition(offer);
    reached();
    ws2::Decision decision = condition(changed);
    // What the function left alone holds as it was asked for.
    if (decision.qos == changed.qos) decision.qos = offer.qos;
    return decision;
  }
};

struct HalvesSwapped {
  static bool apply(std::optional<Qos>& qos) {
    if (!qos || qos->sending == qos->receiving) return false;
    std::swap(qos->sending, qos->receiving);
    return true;
  }
};
struct SpecificPartLost {
  static bool apply(std::optional<Qos>& qos) {
    if (!qos || qos->provider_specific.empty()) return false;
    qos->provider_specific.clear();
    return true;
  }
};
struct SpecificPartInvented {
  static bool apply(std::optional<Qos>& qos) {
    if (!qos || !qos->provider_specific.empty()) return false;
    qos->provider_specific = {1, 2, 3};
    return true;
  }
};
struct StatedIsHidden {
  static bool apply(std::optional<Qos>& qos) {
    if (!qos) return false;
    qos.reset();
    return true;
  }
};
struct UnstatedIsInvented {
  static bool apply(std::optional<Qos>& qos) {
    if (qos) return false;
    qos.emplace();
    return true;
  }
};

class AlterationIsIgnored : public ConditionLayer {
  using ConditionLayer::ConditionLayer;
  ws2::Decision ask(const Condition& condition, const ws2::Offer& offer) override {
    ws2::Decision decision = condition(offer);
    if (decision.qos != offer.qos) {
      reached();
      decision.qos = offer.qos;
      decision.qos_valid = true;
    }
    return decision;
  }
};

class AgreedIsSwapped : public LayeredSocket {
 public:
  using LayeredSocket::LayeredSocket;
  int get_qos(Qos& qos) override {
    const int error = inner().get_qos(qos);
    if (error == 0 && !(qos.sending == qos.receiving)) {
      reached();
      std::swap(qos.sending, qos.receiving);
    }
    return error;
  }
};

class SpecifiedIsNotKept : public LayeredSocket {
 public:
  using LayeredSocket::LayeredSocket;
  int get_qos(Qos& qos) override {
    const int error = inner().get_qos(qos);
    if (error != 0) return error;
    for (ws2::FlowSpec* flow : {&qos.sending, &qos.receiving}) {
      if (*flow == ws2::kBestEffortFlow) continue;
      reached();
      *flow = ws2::kBestEffortFlow;
    }
    return 0;
  }
};

// What cannot be, is made possible by lowering what was specified.
class LowersWhatCannotBe : public LayeredSocket {
 public:
  using LayeredSocket::LayeredSocket;
  int connect(const ws2::ConnectCall& call) override {
    ws2::ConnectCall changed = call;
    if (call.qos && limits().qos) changed.qos = possible(*call.qos);
    return LayeredSocket::connect(changed);
  }
  int set_qos(const Qos& qos) override {
    return inner().set_qos(limits().qos ? possible(qos) : qos);
  }

 private:
  Qos possible(Qos qos) const {
    if (ws2::check(qos, *limits().qos) == 0) return qos;
    reached();
    for (ws2::FlowSpec* flow : {&qos.sending, &qos.receiving}) {
      flow->fields[0] = flow->fields[2] = 1000;
    }
    return qos;
  }
};

// What is stated, at connect or by itself, is something else in each direction that `Change` says.
template <typename Change>
class StatedOtherwise : public LayeredSocket {
 public:
  using LayeredSocket::LayeredSocket;
  int connect(const ws2::ConnectCall& call) override {
    ws2::ConnectCall changed = call;
    if (call.qos) changed.qos = otherwise(*call.qos);
    return LayeredSocket::connect(changed);
  }
  int set_qos(const Qos& qos) override { return inner().set_qos(otherwise(qos)); }

 private:
  static Qos otherwise(Qos qos) {
    for (ws2::FlowSpec* flow : {&qos.sending, &qos.receiving}) {
      if (Change::apply(*flow)) reached();
    }
    return qos;
  }
};

struct NoChangeIsUnspecified {
  static bool apply(ws2::FlowSpec& flow) {
    if (flow[ws2::FlowField::kServiceType] != ws2::service::kNoChange) return false;
    flow = ws2::kBestEffortFlow;
    return true;
  }
};
struct ZeroRateIsTaken {
  static bool apply(ws2::FlowSpec& flow) {
    if (flow.fields[0] != 0) return false;
    flow.fields[0] = 1;
    return true;
  }
};

// Knows what SIO_SET_QOS set before the connect.
class KnowsWhatWasSet : public LayeredSocket {
 public:
  using LayeredSocket::LayeredSocket;
  int set_qos(const Qos& qos) override {
    const int error = inner().set_qos(qos);
    if (error == 0) is_set_ = true;
    return error;
  }

 protected:
  bool is_set() const { return is_set_; }

 private:
  bool is_set_ = false;
};

class NullTakesBack : public KnowsWhatWasSet {
 public:
  using KnowsWhatWasSet::KnowsWhatWasSet;
  int connect(const ws2::ConnectCall& call) override {
    ws2::ConnectCall changed = call;
    if (!call.qos && is_set()) {
      reached();
      changed.qos = Qos{ws2::kBestEffortFlow, ws2::kBestEffortFlow, {}};
    }
    return LayeredSocket::connect(changed);
  }
};

class ConnectOverridesNothing : public KnowsWhatWasSet {
 public:
  using KnowsWhatWasSet::KnowsWhatWasSet;
  int connect(const ws2::ConnectCall& call) override {
    ws2::ConnectCall changed = call;
    if (call.qos && is_set()) {
      reached();
      changed.qos.reset();
    }
    return LayeredSocket::connect(changed);
  }
};

template <int code>
class OneCodeForAll : public LayeredSocket {
 public:
  using LayeredSocket::LayeredSocket;
  int connect(const ws2::ConnectCall& call) override { return plain(LayeredSocket::connect(call)); }
  int set_qos(const Qos& qos) override { return plain(inner().set_qos(qos)); }

 private:
  static int plain(int error) {
    constexpr int kFirst = 11005;
    constexpr int kLast = 11031;
    if (error < kFirst || error > kLast) return error;
    reached();
    return code;
  }
};

class UnchangedIsToldAsAChange : public LayeredSocket {
 public:
  using LayeredSocket::LayeredSocket;
  int set_qos(const Qos& qos) override {
    Qos before;
    const bool is_known = inner().get_qos(before) == 0;
    Qos other = qos;
    if (!is_known || before.sending.fields[0] != qos.sending.fields[0]) return inner().set_qos(qos);
    ++other.sending.fields[0];
    reached();
    inner().set_qos(other);
    return inner().set_qos(qos);
  }
};

class UnsupportedIsAnotherError : public LayeredSocket {
 public:
  using LayeredSocket::LayeredSocket;
  int get_qos(Qos& qos) override { return other(inner().get_qos(qos)); }
  int set_qos(const Qos& qos) override { return other(inner().set_qos(qos)); }

 private:
  static int other(int error) {
    if (error != WSAENOPROTOOPT) return error;
    reached();
    return WSAEOPNOTSUPP;
  }
};

class UnsupportedIsTaken : public LayeredSocket {
 public:
  using LayeredSocket::LayeredSocket;
  int set_qos(const Qos& qos) override {
    const int error = inner().set_qos(qos);
    if (error != WSAENOPROTOOPT) return error;
    reached();
    return 0;
  }
};

// Says that all is there in a buffer too small for it.
void fill_too_little_room(Api& api) {
  api.WSAIoctl = [](SOCKET s, DWORD command, LPVOID in, DWORD in_size, LPVOID out, DWORD out_size,
                    LPDWORD returned, LPWSAOVERLAPPED overlapped,
                    LPWSAOVERLAPPED_COMPLETION_ROUTINE routine) {
    const int result = reference_api().WSAIoctl(s, command, in, in_size, out, out_size, returned,
                                                overlapped, routine);
    if (result == 0 || WSAGetLastError() != WSAEFAULT || command != SIO_GET_QOS) return result;
    reached();
    if (returned != nullptr) *returned = out_size;
    return 0;
  };
}

}  // namespace

Faults quality_faults() {
  constexpr const char* kShown = "condition_sqos";
  return {
      {"quality-halves-swapped", "lpSQOS has the sending and the receiving part swapped.",
       "QOS-01 SEED-A01", "condition", kShown, "parts-arrive-apart",
       in_sockets<ShownQuality<HalvesSwapped>>()},
      {"agreed-halves-swapped", "SIO_GET_QOS has the sending and the receiving part swapped.",
       "QOS-01 QOS-05", "WSAIoctl", "WSAIoctl_*", "unaltered-passes-through",
       in_sockets<AgreedIsSwapped>()},
      {"specific-part-lost", "The provider-specific part does not reach the condition function.",
       "QOS-01", "condition", kShown, "provider-specific-part",
       in_sockets<ShownQuality<SpecificPartLost>>()},
      {"specific-part-invented", "There is a provider-specific part that nobody gave.",
       "UDATA-21 QOS-01", "condition", "condition_sqos", "parts-arrive-apart",
       in_sockets<ShownQuality<SpecificPartInvented>>()},
      {"stated-quality-is-hidden", "lpSQOS is NULL although the caller stated its quality.",
       "ACC-19 QOS-13 SEED-A01", "condition",
       "WSAConnect_error WSAConnect_reading WSAConnect_returns condition_sqos",
       "parts-arrive-apart", in_sockets<ShownQuality<StatedIsHidden>>()},
      {"unstated-quality-is-invented", "lpSQOS is not NULL although the caller stated nothing.",
       "ACC-19 QOS-13", "condition", kShown, "nothing-stated-nothing-given",
       in_sockets<ShownQuality<UnstatedIsInvented>>()},
      {"alteration-is-ignored", "What the condition function makes of lpSQOS has no effect.",
       "ACC-20 QOS-05", "condition", "WSAIoctl_agreed", "condition-alters-what-holds",
       in_sockets<AlterationIsIgnored>()},
      {"specified-is-not-kept", "SIO_GET_QOS gives the provider's default for what was specified.",
       "QOS-02", "WSAIoctl", "WSAIoctl_*", "unspecified-is-the-default",
       in_sockets<SpecifiedIsNotKept>()},
      {"impossible-quality-is-lowered", "What cannot be met is silently lowered.",
       "UDATA-18 QOS-02", "WSAConnect WSAIoctl",
       "WSAConnect_hang WSAIoctl_error WSAIoctl_reading WSAIoctl_returns", "more-than-can-be-met",
       in_sockets<LowersWhatCannotBe>()},
      {"no-change-is-a-change", "SERVICETYPE_NOCHANGE brings back the provider's default.",
       "QOS-04", "WSAConnect WSAIoctl", "WSAIoctl_agreed", "no-change-in-one-direction",
       in_sockets<StatedOtherwise<NoChangeIsUnspecified>>()},
      {"null-takes-quality-back", "A connect without lpSQOS takes back what SIO_SET_QOS set.",
       "UDATA-17 QOS-05", "WSAIoctl", "WSAIoctl_agreed", "null-takes-nothing-back",
       in_sockets<NullTakesBack>()},
      {"connect-overrides-no-quality", "lpSQOS at connect does not count after SIO_SET_QOS.",
       "UDATA-17 QOS-05", "WSAIoctl", "condition_sqos", "unaltered-passes-through",
       in_sockets<ConnectOverridesNothing>()},
      {"rate-of-zero-is-taken", "A token rate of zero is taken.", "QOS-03", "WSAConnect WSAIoctl",
       "WSAIoctl_error WSAIoctl_reading WSAIoctl_returns", "a-rate-of-zero",
       in_sockets<StatedOtherwise<ZeroRateIsTaken>>()},
      {"quality-has-no-codes-of-its-own", "Failures of quality of service are WSAEINVAL.", "QOS-14",
       "WSAConnect WSAIoctl", "WSAIoctl_error WSAIoctl_reading WSAIoctl_returns", "a-rate-of-zero",
       in_sockets<OneCodeForAll<WSAEINVAL>>()},
      {"quality-told-without-change", "Setting what holds already tells the peer of a change.",
       "EVT-28 EVT-07", "WSAIoctl", "WSAEnumNetworkEvents_network_events",
       "setting-what-holds-tells-nothing", in_sockets<UnchangedIsToldAsAChange>()},
      {"no-quality-is-another-error",
       "Without quality of service WSAIoctl fails with WSAEOPNOTSUPP.", "QOS-06 QOS-08 QOS-14",
       "WSAIoctl", "WSAIoctl_error WSAIoctl_reading WSAIoctl_returns", "not-supported",
       in_sockets<UnsupportedIsAnotherError>()},
      {"no-quality-is-taken", "Without quality of service SIO_SET_QOS succeeds.", "QOS-08",
       "WSAIoctl", "WSAIoctl_error WSAIoctl_reading WSAIoctl_returns", "not-supported",
       in_sockets<UnsupportedIsTaken>()},
      {"quality-fits-any-room", "SIO_GET_QOS succeeds with too little room.", "QOS-06", "WSAIoctl",
       "WSAIoctl_error WSAIoctl_reading WSAIoctl_returns", "too-little-room",
       in_api(fill_too_little_room)},
  };
}

}  // namespace ws2conform::zoo
