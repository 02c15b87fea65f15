#include "adapter.hpp"

#include "descriptors.hpp"
#include "raised.hpp"

namespace ws2conform {
namespace {

const Operations& operations() {
  static const Operations kOperations = [] {
    Operations all;
    add_connection_operations(all);
    add_acceptance_operations(all);
    add_transfer_operations(all);
    add_option_operations(all);
    add_event_operations(all);
    add_overlapped_operations(all);
    add_quality_operations(all);
    add_readiness_operations(all);
    add_process_operations(all);
    all["reset"] = [](Adapter& adapter, Call& call) {
      call.begin();
      adapter.do_reset();
      return call.returned(0);
    };
    return all;
  }();
  return kOperations;
}

}  // namespace

Json Adapter::hello(const std::string& implementation, const std::string& version) const {
  Json names = Json::array();
  for (const auto& [name, operation] : operations()) names.push_back(name);
  Json providers = Json::array();
  for (const Provider& provider : providers_) providers.push_back(provider.to_json());
  return {{"hello", 1},          {"implementation", implementation},
          {"version", version},  {"lanes", 1},
          {"nested", true},

          {"operations", names}, {"providers", providers}};
}

std::string Adapter::serve() {
  for (;;) {
    try {
      try {
        channel_.write(answer(channel_.read()));
      } catch (const AdapterError& problem) {
        // A line without an id. There is nothing to answer to, but silence would look like a hang.
        channel_.write({{"id", nullptr}, {"adapter_error", problem.what()}});
      }
    } catch (const SuiteGone& gone) {
      return gone.why;
    }
  }
}

Json Adapter::answer(Json request) {
  Call call(channel_, std::move(request));
  try {
    const auto found = operations().find(call.take_op());
    if (found == operations().end()) throw Unsupported(call.op());
    Json reply;
    const std::string raised = raised_by([&] { reply = found->second(*this, call); });
    return raised.empty() ? reply : Json{{"id", call.id()}, {"error", raised}};
  } catch (const Unsupported& unknown) {
    return {{"id", call.id()}, {"unsupported", unknown.what()}};
  } catch (const std::exception& problem) {
    return {{"id", call.id()}, {"adapter_error", problem.what()}};
  }
}

Provider& Adapter::provider(const std::string& name) {
  for (Provider& provider : providers_) {
    if (provider.name == name) return provider;
  }
  throw AdapterError("no provider is called " + Json(name).dump());
}

NamedSocket& Adapter::socket(const Json& name) {
  const auto found =
      name.is_string() ? sockets_.find(name.get_ref<const std::string&>()) : sockets_.end();
  if (found == sockets_.end()) throw AdapterError("no socket is called " + name.dump());
  return found->second;
}

NamedEvent& Adapter::event(const Json& name) {
  const auto found =
      name.is_string() ? events_.find(name.get_ref<const std::string&>()) : events_.end();
  if (found == events_.end()) throw AdapterError("no event object is called " + name.dump());
  return found->second;
}

std::string Adapter::new_name(Call& call) const {
  const std::string& name = call.text("as");
  if (sockets_.count(name) + events_.count(name) > 0) {
    throw AdapterError("the name " + Json(name).dump() + " is taken");
  }
  return name;
}

NamedOverlapped& Adapter::overlapped(const Json& name) {
  const auto found =
      name.is_string() ? overlapped_.find(name.get_ref<const std::string&>()) : overlapped_.end();
  if (found == overlapped_.end()) {
    throw AdapterError("no overlapped operation is called " + name.dump());
  }
  return *found->second;
}

NamedOverlapped& Adapter::add_overlapped(const std::string& name) {
  auto& made = overlapped_[name];
  if (made) throw AdapterError("the name " + Json(name).dump() + " is taken");
  made = std::make_unique<NamedOverlapped>();
  return *made;
}

void Adapter::do_reset() {
  if (around_reset_) {
    around_reset_([this] { reset(); });
  } else {
    reset();
  }
}

void Adapter::reset() {
  if (can_free_descriptors()) free_descriptors(true);
  for (; startups_ < 1; ++startups_) {
    WSADATA data;
    WSAStartup(MAKEWORD(2, 2), &data);
  }
  for (auto& [name, socket] : sockets_) {
    if (socket.is_closed) continue;
    linger abortive{};
    abortive.l_onoff = 1;
    // Where there is no SO_LINGER or no connection, closing is all there is to do.
    setsockopt(socket.handle, SOL_SOCKET, SO_LINGER, reinterpret_cast<const char*>(&abortive),
               sizeof abortive);
    closesocket(socket.handle);
  }
  // Closing a socket completes what is pending on it; only then may the structures go.
  for (auto& [name, operation] : overlapped_) {
    const auto event = events_.find(operation->event);
    if (event == events_.end() || event->second.is_closed) continue;
    WSAWaitForMultipleEvents(1, &event->second.handle, FALSE, 1000, FALSE);
  }
  overlapped_.clear();
  for (auto& [name, event] : events_) {
    if (!event.is_closed) WSACloseEvent(event.handle);
  }
  sockets_.clear();
  events_.clear();
}

}  // namespace ws2conform
