#include "conformance/zoo/layer.hpp"

#include <deque>
#include <mutex>

#include "conformance/zoo/api.hpp"
#include "conformance/zoo/fault.hpp"

namespace ws2conform::zoo {
namespace {

const Effect* installed = nullptr;

// Socket and accepted socket have the same layer, so the function refers to itself.
std::shared_ptr<ws2::ServiceSocket> wrap(std::shared_ptr<ws2::ServiceSocket> inner) {
  return installed->socket != nullptr ? installed->socket(std::move(inner), wrap)
                                      : std::make_shared<LayeredSocket>(std::move(inner), wrap);
}

// A provider's entry as the effect makes it; the reference keeps references to all of it.
struct AlteredEntry {
  const ws2::ProviderEntry* original;
  ws2::Limits limits;
  ws2::ProviderEntry entry;
};

class LayeredProvider : public ws2::ServiceProvider {
 public:
  int open(const ws2::ProviderEntry& entry, std::shared_ptr<ws2::ServiceSocket>& socket) override {
    const int error = ws2::base_provider().open(altered(entry), socket);
    if (error == 0) socket = wrap(std::move(socket));
    return error;
  }

 private:
  static std::deque<AlteredEntry>& all() {
    static std::deque<AlteredEntry> entries;
    return entries;
  }

  static const ws2::ProviderEntry& altered(const ws2::ProviderEntry& entry) {
    if (installed->limits == nullptr && installed->codec == nullptr) return entry;
    static std::mutex mutex;
    const std::lock_guard lock(mutex);
    for (const AlteredEntry& known : all()) {
      if (known.original == &entry) return known.entry;
    }
    AlteredEntry& made = all().emplace_back(AlteredEntry{&entry, *entry.limits, entry});
    if (installed->limits != nullptr) installed->limits(made.limits);
    made.entry.limits = &made.limits;
    if (installed->codec != nullptr) made.entry.make_codec = make_codec;
    return made.entry;
  }

  static std::unique_ptr<ws2::Codec> make_codec(const ws2::Limits& limits) {
    for (const AlteredEntry& entry : all()) {
      if (&entry.limits == &limits) return installed->codec(entry.original->make_codec(limits));
    }
    return nullptr;
  }
};

}  // namespace

int LayeredSocket::accept(const ws2::AcceptCall& call, ws2::Accepted& accepted) {
  const int error = inner_->accept(call, accepted);
  if (error != 0) return error;
  accepted.socket = wrap_(std::move(accepted.socket));
  auto& layered = static_cast<LayeredSocket&>(*accepted.socket);
  layered.event_object_ = event_object_;
  layered.event_mask_ = event_mask_;
  layered.is_blocking_ = is_blocking_;
  on_accepted(layered);
  return 0;
}

int LayeredSocket::select_events(std::shared_ptr<ws2::EventObject> object, int mask) {
  const int error = inner_->select_events(object, mask);
  if (error == 0) {
    event_object_ = mask != 0 ? std::move(object) : nullptr;
    event_mask_ = mask;
    is_blocking_ = false;
  }
  return error;
}

int LayeredSocket::set_blocking(bool blocking) {
  const int error = inner_->set_blocking(blocking);
  if (error == 0) is_blocking_ = blocking;
  return error;
}

void LayeredSocket::keep_for_ever() {
  static std::mutex mutex;
  static std::deque<std::shared_ptr<ws2::ServiceSocket>> kept;
  const std::lock_guard lock(mutex);
  kept.push_back(inner_);
}

void install(const Effect& effect) {
  installed = &effect;
  if (effect.api != nullptr) effect.api(api());
  // Has to live as long as the process.
  static LayeredProvider provider;
  ws2::install_provider(&provider);
}

}  // namespace ws2conform::zoo
