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

Adapter::Adapter(std::vector<Provider> providers, AroundReset around_reset)
    : providers_(std::move(providers)),
      around_reset_(std::move(around_reset)),
      lanes_(channel_,
             [this](Messages& more, Json request) { return answer(more, std::move(request)); }) {}

Json Adapter::hello(const std::string& implementation, const std::string& version) const {
  Json names = Json::array();
  for (const auto& [name, operation] : operations()) names.push_back(name);
  Json providers = Json::array();
  for (const Provider& provider : providers_) providers.push_back(provider.to_json());
  return {{"hello", 1},          {"implementation", implementation},
          {"version", version},  {"lanes", Lanes::kMost},
          {"nested", true},      {"reads_ahead", true},
          {"operations", names}, {"providers", providers}};
}

std::string Adapter::serve() {
  for (;;) {
    try {
      try {
        Json message = channel_.read();
        if (message.contains("lane")) {
          const Json id = message["id"];
          try {
            lanes_.give(std::move(message));
          } catch (const AdapterError& problem) {
            channel_.write({{"id", id}, {"adapter_error", problem.what()}});
          }
        } else {
          channel_.write(answer(channel_, std::move(message)));
        }
      } catch (const AdapterError& problem) {
        // A line without an id. There is nothing to answer to, but silence would look like a hang.
        channel_.write({{"id", nullptr}, {"adapter_error", problem.what()}});
      }
    } catch (const SuiteGone& gone) {
      return gone.why;
    }
  }
}

Json Adapter::answer(Messages& more, Json request) {
  Call call(channel_, more, std::move(request));
  try {
    const auto found = operations().find(call.take_op());
    if (found == operations().end()) return {{"id", call.id()}, {"unsupported", call.op()}};
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

template <class Named>
Named* Adapter::find(std::unordered_map<std::string, Named>& all, const Json& name) {
  if (!name.is_string()) return nullptr;
  const std::lock_guard<std::mutex> lock(mutex_);
  const auto found = all.find(name.get_ref<const std::string&>());
  return found == all.end() ? nullptr : &found->second;
}

NamedSocket& Adapter::socket(const Json& name) {
  if (NamedSocket* found = find(sockets_, name)) return *found;
  throw AdapterError("no socket is called " + name.dump());
}

NamedEvent& Adapter::event(const Json& name) {
  if (NamedEvent* found = find(events_, name)) return *found;
  throw AdapterError("no event object is called " + name.dump());
}

void Adapter::add(const std::string& name, SOCKET handle) {
  const std::lock_guard<std::mutex> lock(mutex_);
  sockets_[name].handle = handle;
}

void Adapter::add(const std::string& name, WSAEVENT handle) {
  const std::lock_guard<std::mutex> lock(mutex_);
  events_[name].handle = handle;
}

void Adapter::count_startups(int more) {
  const std::lock_guard<std::mutex> lock(mutex_);
  startups_ += more;
}

std::string Adapter::new_name(Call& call) {
  const std::string& name = call.text("as");
  const std::lock_guard<std::mutex> lock(mutex_);
  if (sockets_.count(name) + events_.count(name) > 0) {
    throw AdapterError("the name " + Json(name).dump() + " is taken");
  }
  return name;
}

NamedOverlapped& Adapter::overlapped(const Json& name) {
  if (auto* found = find(overlapped_, name)) return **found;
  throw AdapterError("no overlapped operation is called " + name.dump());
}

NamedOverlapped& Adapter::add_overlapped(const std::string& name) {
  const std::lock_guard<std::mutex> lock(mutex_);
  auto& made = overlapped_[name];
  if (made) throw AdapterError("the name " + Json(name).dump() + " is taken");
  made = std::make_unique<NamedOverlapped>();
  return *made;
}

void Adapter::do_reset() {
  if (is_busy()) throw AdapterError("a call is open");
  if (around_reset_) {
    around_reset_([this] { reset(); });
  } else {
    reset();
  }
}

void Adapter::reset() {
  const std::lock_guard<std::mutex> lock(mutex_);
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
