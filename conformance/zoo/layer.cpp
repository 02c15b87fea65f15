#include "conformance/zoo/layer.hpp"

namespace ws2conform::zoo {

int LayeredSocket::accept(const ws2::AcceptCall& call, ws2::Accepted& accepted) {
  const int error = inner_->accept(call, accepted);
  if (error == 0) accepted.socket = wrap_(std::move(accepted.socket));
  return error;
}

int LayeredProvider::open(const ws2::ProviderEntry& entry,
                          std::shared_ptr<ws2::ServiceSocket>& socket) {
  const int error = ws2::base_provider().open(entry, socket);
  if (error == 0) socket = wrap_(std::move(socket));
  return error;
}

}  // namespace ws2conform::zoo
