// accept and WSAAccept, with the condition function as an upcall to the suite.

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <limits>
#include <mutex>
#include <vector>

#include "adapter.hpp"

namespace ws2conform {
namespace {

// A WSAAccept that is under way. The condition function finds it in the list of them rather than
// through dwCallbackData, which a faulty implementation may not hand on.
struct PendingAccept {
  Adapter& adapter;
  Call& call;
  const char* thread;
  std::string problem = {};  // why the suite's decision was none
  std::string suite_gone = {};
  bool is_suite_gone = false;
};

// Its address tells threads apart.
thread_local char thread_mark;

std::mutex pending_mutex;
std::vector<PendingAccept*> pending_accepts;  // guarded by pending_mutex

struct Listed {
  explicit Listed(PendingAccept& accept) : accept(accept) {
    const std::lock_guard<std::mutex> lock(pending_mutex);
    pending_accepts.push_back(&accept);
  }
  ~Listed() {
    const std::lock_guard<std::mutex> lock(pending_mutex);
    pending_accepts.erase(std::find(pending_accepts.begin(), pending_accepts.end(), &accept));
  }
  Listed(const Listed&) = delete;
  Listed& operator=(const Listed&) = delete;
  PendingAccept& accept;
};

// The one whose condition function is called in this thread: the latest of the thread, or where an
// implementation calls it in a thread of its own, of all. Null where none is under way.
PendingAccept* accept_of_this_thread() {
  const std::lock_guard<std::mutex> lock(pending_mutex);
  const auto found =
      std::find_if(pending_accepts.rbegin(), pending_accepts.rend(),
                   [](const PendingAccept* accept) { return accept->thread == &thread_mark; });
  if (found != pending_accepts.rend()) return *found;
  return pending_accepts.empty() ? nullptr : pending_accepts.back();
}

void give_callee_data(WSABUF* callee, const std::optional<std::string>& data) {
  if (callee == nullptr) {
    if (data) std::fputs("callee_data is not given on: lpCalleeData is NULL\n", stderr);
    return;
  }
  // What does not fit is claimed nevertheless: the implementation has to notice.
  if (data && callee->buf != nullptr) {
    std::memcpy(callee->buf, data->data(), std::min<std::size_t>(data->size(), callee->len));
  }
  callee->len = data ? static_cast<ULONG>(data->size()) : 0;
}

// What the condition function can change besides its callee data.
struct Changeable {
  QOS* sqos;
  GROUP* group;
};

int ask_the_suite(PendingAccept& accept, Json condition, WSABUF* callee, Changeable changeable) {
  Channel& channel = accept.call.channel();
  Messages& more = accept.call.more();
  channel.write({{"id", accept.call.id()}, {"condition", std::move(condition)}});
  Json message = more.read();
  // Calls made while the function is open.
  while (message.contains("op") && message["id"] != accept.call.id()) {
    channel.write(accept.adapter.answer(more, std::move(message)));
    message = more.read();
  }
  Call decision(channel, more, std::move(message));
  if (decision.id() != accept.call.id() || decision.optional("op") != nullptr) {
    throw AdapterError("request " + accept.call.id().dump() + " waits for its verdict, not for " +
                       decision.id().dump());
  }
  const int verdict = decision.name_or_number("verdict", verdicts());
  const auto data = decision.octets("callee_data");
  const Json* sqos = decision.optional("sqos");
  if (sqos != nullptr) {
    if (changeable.sqos == nullptr) throw AdapterError("there is no lpSQOS to alter");
    take_qos(decision, "sqos").give(*changeable.sqos);
  }
  if (decision.optional("group") != nullptr && changeable.group != nullptr) {
    *changeable.group =
        static_cast<GROUP>(decision.number("group", 0, std::numeric_limits<std::uint32_t>::max()));
  }
  decision.check_fields();
  give_callee_data(callee, data);
  return verdict;
}

int CALLBACK condition_function(WSABUF* caller_id, WSABUF* caller_data, QOS* sqos, QOS* gqos,
                                WSABUF* callee_id, WSABUF* callee_data, GROUP* group,
                                DWORD_PTR callback_data) {
  PendingAccept* const pending = accept_of_this_thread();
  if (pending == nullptr) {
    std::fputs("the condition function is called while no WSAAccept is under way\n", stderr);
    return CF_REJECT;
  }
  PendingAccept& accept = *pending;
  // Exceptions must not cross the implementation.
  try {
    return ask_the_suite(
        accept,
        {{"caller_id", to_text(caller_id)},
         {"caller_data", to_octets(caller_data)},
         {"sqos", to_json(sqos)},
         {"gqos", to_json(gqos)},
         {"callee_id", to_text(callee_id)},
         {"callee_capacity", callee_data != nullptr ? Json(callee_data->len) : Json()},
         {"callback_data", static_cast<std::uint64_t>(callback_data)},
         {"same_thread", accept.thread == &thread_mark}},
        callee_data, {sqos, group});
  } catch (const SuiteGone& gone) {
    accept.is_suite_gone = true;
    accept.suite_gone = gone.why;
  } catch (const std::exception& problem) {
    accept.problem = problem.what();
  }
  if (callee_data != nullptr) callee_data->len = 0;
  return CF_REJECT;
}

// Where the caller's address goes, as the request asks for it: `no_addr` passes NULL for both
// parameters, `no_addrlen` for the length alone, `addr_capacity` offers less room than there is.
struct CallerAddress {
  explicit CallerAddress(Call& call) {
    if (call.flag("no_addr")) is_given = has_length = false;
    if (call.flag("no_addrlen")) has_length = false;
    if (const auto capacity = call.optional_size("addr_capacity")) {
      room = static_cast<int>(std::min<std::size_t>(*capacity, sizeof address.storage));
      address.length = room;
    }
  }

  sockaddr* get() { return is_given ? address.get() : nullptr; }
  int* length() { return has_length ? &address.length : nullptr; }

  // What was written, also by a call that failed; null for nothing.
  Json text() const { return address.is_blank() ? Json() : Json(to_text(address)); }

  SocketAddress address = SocketAddress::blank();
  int room = address.length;
  bool is_given = true;
  bool has_length = true;
};

Json accepted(Adapter& adapter, const std::string& name, SOCKET made, Json failure,
              const CallerAddress& caller) {
  if (made != INVALID_SOCKET) adapter.add(name, made);
  Json reply = std::move(failure);
  Json address = caller.text();
  if (made != INVALID_SOCKET || !address.is_null()) reply["addr"] = std::move(address);
  if (made != INVALID_SOCKET && caller.has_length) reply["addr_length"] = caller.address.length;
  return Call::with_touched(std::move(reply),
                            {{"addr", !caller.address.is_blank()},
                             {"addr_length", caller.address.length != caller.room}});
}

Json op_accept(Adapter& adapter, Call& call) {
  const SOCKET listener = adapter.socket(call.field("socket")).handle;
  const std::string name = adapter.new_name(call);
  CallerAddress caller(call);
  call.begin();
  const SOCKET made = accept(listener, caller.get(), caller.length());
  Json reply = made == INVALID_SOCKET ? call.failed() : call.returned(name);
  return accepted(adapter, name, made, std::move(reply), caller);
}

Json op_wsa_accept(Adapter& adapter, Call& call) {
  const SOCKET listener = adapter.socket(call.field("socket")).handle;
  const std::string name = adapter.new_name(call);
  const bool conditional = call.flag("condition");
  CallerAddress caller(call);
  const bool has_callback_data = call.optional("callback_data") != nullptr;
  const auto callback_data = static_cast<DWORD_PTR>(
      has_callback_data ? call.number("callback_data", 0, std::int64_t{1} << 53) : 0);
  call.begin();
  PendingAccept pending{adapter, call, &thread_mark};
  const Listed listed(pending);
  const SOCKET made = WSAAccept(listener, caller.get(), caller.length(),
                                conditional ? condition_function : nullptr, callback_data);
  Json reply = made == INVALID_SOCKET ? call.failed() : call.returned(name);
  reply = accepted(adapter, name, made, std::move(reply), caller);
  if (pending.is_suite_gone) throw SuiteGone{pending.suite_gone};
  if (!pending.problem.empty()) throw AdapterError(pending.problem);
  return reply;
}

}  // namespace

void add_acceptance_operations(Operations& operations) {
  operations["accept"] = op_accept;
  operations["WSAAccept"] = op_wsa_accept;
}

}  // namespace ws2conform
