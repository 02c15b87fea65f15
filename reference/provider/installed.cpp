#include <atomic>

#include "provider/service_provider.hpp"

namespace ws2 {
namespace {

std::atomic<ServiceProvider*> installed = nullptr;

}  // namespace

void install_provider(ServiceProvider* provider) {
  installed = provider;
}

ServiceProvider& installed_provider() {
  ServiceProvider* provider = installed;
  return provider != nullptr ? *provider : base_provider();
}

}  // namespace ws2
