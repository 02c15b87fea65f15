// accept and WSAAccept, with the condition function as an upcall to the suite.

#include <algorithm>
#include <cstdio>
#include <cstring>

#include "adapter.hpp"

namespace ws2conform {
namespace {

// The WSAAccept that is under way. The condition function finds it here rather than through
// dwCallbackData, which a faulty implementation may not hand on.
struct PendingAccept {
  Call& call;
  const char* thread;
  std::string problem = {};  // why the suite's decision was none
  std::string suite_gone = {};
  bool is_suite_gone = false;
};
PendingAccept* pending_accept = nullptr;

// Its address tells threads apart.
thread_local char thread_mark;

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

int ask_the_suite(PendingAccept& accept, Json condition, WSABUF* callee) {
  Channel& channel = accept.call.channel();
  channel.write({{"id", accept.call.id()}, {"condition", std::move(condition)}});
  Call decision(channel, channel.read());
  if (decision.id() != accept.call.id() || decision.optional("op") != nullptr) {
    throw AdapterError("request " + accept.call.id().dump() + " waits for its verdict, not for " +
                       decision.id().dump());
  }
  const int verdict = decision.name_or_number("verdict", verdicts());
  const auto data = decision.octets("callee_data");
  decision.check_fields();
  give_callee_data(callee, data);
  return verdict;
}

int CALLBACK condition_function(WSABUF* caller_id, WSABUF* caller_data, QOS* sqos, QOS* gqos,
                                WSABUF* callee_id, WSABUF* callee_data, GROUP*, DWORD_PTR) {
  if (pending_accept == nullptr) {
    std::fputs("the condition function is called while no WSAAccept is under way\n", stderr);
    return CF_REJECT;
  }
  PendingAccept& accept = *pending_accept;
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
         {"same_thread", accept.thread == &thread_mark}},
        callee_data);
  } catch (const SuiteGone& gone) {
    accept.is_suite_gone = true;
    accept.suite_gone = gone.why;
  } catch (const std::exception& problem) {
    accept.problem = problem.what();
  }
  if (callee_data != nullptr) callee_data->len = 0;
  return CF_REJECT;
}

Json accepted(Adapter& adapter, Call& call, const std::string& name, SOCKET made,
              const SocketAddress& address) {
  if (made == INVALID_SOCKET) return call.failed();
  adapter.add(name, made);
  Json reply = call.returned(name);
  reply["addr"] = to_text(address);
  return reply;
}

Json op_accept(Adapter& adapter, Call& call) {
  const SOCKET listener = adapter.socket(call.field("socket")).handle;
  const std::string name = adapter.new_name(call);
  SocketAddress address = SocketAddress::blank();
  call.begin();
  const SOCKET made = accept(listener, address.get(), &address.length);
  return accepted(adapter, call, name, made, address);
}

Json op_wsa_accept(Adapter& adapter, Call& call) {
  const SOCKET listener = adapter.socket(call.field("socket")).handle;
  const std::string name = adapter.new_name(call);
  const bool conditional = call.flag("condition");
  SocketAddress address = SocketAddress::blank();
  call.begin();
  PendingAccept pending{call, &thread_mark};
  pending_accept = &pending;
  const SOCKET made = WSAAccept(listener, address.get(), &address.length,
                                conditional ? condition_function : nullptr, 0);
  Json reply = accepted(adapter, call, name, made, address);
  pending_accept = nullptr;
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
