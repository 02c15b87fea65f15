#include "api/tests/impatient.hpp"

#include <deque>

#include "provider/service_provider.hpp"

namespace ws2 {
namespace {

struct ChangedEntry {
  ChangedEntry(const ProviderEntry& from, const Timeouts& timeouts)
      : limits(*from.limits), entry(from) {
    limits.timeouts = timeouts;
    entry.limits = &limits;
  }
  Limits limits;
  ProviderEntry entry;
};

class Provider final : public ServiceProvider {
 public:
  Timeouts timeouts;

  int open(const ProviderEntry& entry, std::shared_ptr<ServiceSocket>& socket) override {
    // Sockets keep a reference for as long as they live, in the background too.
    return base_provider().open(entries_.emplace_back(entry, timeouts).entry, socket);
  }

 private:
  std::deque<ChangedEntry> entries_;
};

Provider& provider() {
  static auto* made = new Provider;
  return *made;
}

}  // namespace

Impatient::Impatient(const Timeouts& timeouts) {
  provider().timeouts = timeouts;
  install_provider(&provider());
}

Impatient::~Impatient() {
  install_provider(nullptr);
}

}  // namespace ws2
