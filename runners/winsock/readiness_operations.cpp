// select.

#include <limits>

#include "adapter.hpp"

namespace ws2conform {
namespace {

// A set, and the names of what is in it.
struct NamedSet {
  NamedSet(Adapter& adapter, Call& call, const char* field) {
    FD_ZERO(&set);
    const Json* list = call.optional(field);
    if (list == nullptr) return;
    if (!list->is_array()) throw AdapterError(std::string(field) + " is not a list");
    is_given = true;
    for (const Json& name : *list) {
      handles.emplace_back(name, adapter.socket(name).handle);
      FD_SET(handles.back().second, &set);
    }
  }

  fd_set* get() { return is_given ? &set : nullptr; }
  // The names of those that are left.
  Json names() {
    Json left = Json::array();
    for (const auto& [name, handle] : handles) {
      if (FD_ISSET(handle, &set)) left.push_back(name);
    }
    return left;
  }

  bool is_given = false;
  fd_set set;
  std::vector<std::pair<Json, SOCKET>> handles;
};

Json op_select(Adapter& adapter, Call& call) {
  NamedSet read(adapter, call, "read");
  NamedSet write(adapter, call, "write");
  NamedSet except(adapter, call, "except");
  const auto timeout = call.number("timeout", 0, std::numeric_limits<std::int32_t>::max());
  timeval time{};
  time.tv_sec = static_cast<long>(timeout / 1000);
  time.tv_usec = static_cast<long>(timeout % 1000 * 1000);
  call.begin();
  const int count = select(0, read.get(), write.get(), except.get(), &time);
  if (count == SOCKET_ERROR) return call.failed();
  Json reply = call.returned(count);
  reply["readable"] = read.names();
  reply["writable"] = write.names();
  reply["failed"] = except.names();
  return reply;
}

}  // namespace

void add_readiness_operations(Operations& operations) {
  operations["select"] = op_select;
}

}  // namespace ws2conform
