#include "conformance/zoo/faults.hpp"

#include <algorithm>

namespace ws2conform::zoo {
namespace {

// Says that disconnect data was sent, and sends none.
class DropsDisconnectData : public LayeredSocket {
 public:
  using LayeredSocket::LayeredSocket;
  int send_disconnect(std::optional<ws2::ByteView>) override {
    return inner().send_disconnect(std::nullopt);
  }
};

// Shows the condition function the caller's data up to its first zero octet.
class CutsCallerDataAtZero : public LayeredSocket {
 public:
  using LayeredSocket::LayeredSocket;
  int accept(const ws2::AcceptCall& call, ws2::Accepted& accepted) override {
    ws2::AcceptCall changed = call;
    if (call.condition) {
      changed.condition = [&call](const ws2::Offer& offer) {
        ws2::Offer cut = offer;
        const auto zero = std::find(offer.caller_data.begin(), offer.caller_data.end(), 0);
        cut.caller_data =
            offer.caller_data.first(static_cast<std::size_t>(zero - offer.caller_data.begin()));
        return call.condition(cut);
      };
    }
    return LayeredSocket::accept(changed, accepted);
  }
};

// Refuses the request when the condition function defers.
class RefusesWhenItShouldDefer : public LayeredSocket {
 public:
  using LayeredSocket::LayeredSocket;
  int accept(const ws2::AcceptCall& call, ws2::Accepted& accepted) override {
    constexpr int kReject = 1;
    constexpr int kDefer = 2;
    ws2::AcceptCall changed = call;
    if (call.condition) {
      changed.condition = [&call](const ws2::Offer& offer) {
        ws2::Decision decision = call.condition(offer);
        if (decision.verdict == kDefer) decision.verdict = kReject;
        return decision;
      };
    }
    return LayeredSocket::accept(changed, accepted);
  }
};

// Closes abortively whatever it was told about lingering.
class ClosesAbortively : public LayeredSocket {
 public:
  using LayeredSocket::LayeredSocket;
  int close() override {
    inner().set_linger({.on = true, .seconds = 0});
    return inner().close();
  }
};

template <typename Socket>
std::shared_ptr<ws2::ServiceSocket> wrap_in(std::shared_ptr<ws2::ServiceSocket> inner, Wrap wrap) {
  return std::make_shared<Socket>(std::move(inner), std::move(wrap));
}

}  // namespace

const std::vector<Fault>& all_faults() {
  static const std::vector<Fault> kFaults = {
      {"none", "The null fault: a layer that changes nothing.", "", wrap_in<LayeredSocket>},
      {"drops-disconnect-data", "WSASendDisconnect succeeds, and the peer finds no data.",
       "TEAR-05", wrap_in<DropsDisconnectData>},
      {"cuts-caller-data-at-zero",
       "The condition function sees the caller's data only up to its first zero octet.", "UDATA-24",
       wrap_in<CutsCallerDataAtZero>},
      {"refuses-when-it-should-defer", "CF_DEFER refuses the request.", "ACC-06",
       wrap_in<RefusesWhenItShouldDefer>},
      {"closes-abortively",
       "closesocket ends the connection abortively although nothing asked for it.", "CLOSE-05",
       wrap_in<ClosesAbortively>},
  };
  return kFaults;
}

const Fault* find_fault(std::string_view name) {
  const auto& all = all_faults();
  const auto found =
      std::find_if(all.begin(), all.end(), [&](const Fault& fault) { return fault.name == name; });
  return found == all.end() ? nullptr : &*found;
}

void install(const Fault& fault) {
  // The provider has to live as long as the process.
  static std::unique_ptr<LayeredProvider> installed;
  // Accepted sockets are wrapped by the same layer, so the function refers to itself.
  static Wrap self;
  self = [&fault](std::shared_ptr<ws2::ServiceSocket> inner) {
    return fault.wrap(std::move(inner), self);
  };
  installed = std::make_unique<LayeredProvider>(self);
  ws2::install_provider(installed.get());
}

}  // namespace ws2conform::zoo
