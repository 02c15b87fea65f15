// Data, disconnects, shutdown.
#include <algorithm>

#include "conformance/case/octets.hpp"
#include "conformance/model/errors.hpp"
#include "conformance/model/fields.hpp"
#include "conformance/model/net.hpp"
#include "ws2/errors.h"

namespace ws2conform::model {
namespace {

using nlohmann::json;

std::string text_of(ws2::ByteView octets) {
  return {octets.begin(), octets.end()};
}

// The names of `flags`, one or a list of them.
std::vector<std::string> flags_of(const json& request) {
  const json flags = request.value("flags", json());
  if (flags.is_string()) return {flags.get<std::string>()};
  if (flags.is_array()) return flags.get<std::vector<std::string>>();
  return {};
}

// Whether all of `flags` are among those.
bool only(const std::vector<std::string>& flags, std::initializer_list<const char*> those) {
  return std::all_of(flags.begin(), flags.end(), [&](const std::string& flag) {
    return std::any_of(those.begin(), those.end(),
                       [&](const char* allowed) { return flag == allowed; });
  });
}

bool has(const std::vector<std::string>& flags, const char* flag) {
  return std::find(flags.begin(), flags.end(), flag) != flags.end();
}

bool has_partial_messages(const ws2::Limits& limits) {
  return limits.message_boundaries && !limits.one_shot;
}

}  // namespace

int read_flags(const json& request, const ws2::Limits& limits, ws2::ReceiveMode& mode) {
  const auto flags = flags_of(request);
  if (!only(flags, {"MSG_PEEK", "MSG_WAITALL", "MSG_PARTIAL"})) return WSAEOPNOTSUPP;
  mode.peek = has(flags, "MSG_PEEK");
  mode.partial = has(flags, "MSG_PARTIAL");
  if (mode.partial && limits.message_boundaries && !has_partial_messages(limits)) {
    return WSAEOPNOTSUPP;
  }
  if (!has(flags, "MSG_WAITALL")) return 0;
  if (mode.peek || limits.message_boundaries) return WSAEOPNOTSUPP;
  throw Outside("MSG_WAITALL is not in the model");
}

json Net::send(Socket& s, const json& request) {
  const auto flags = flags_of(request);
  if (!only(flags, {"MSG_DONTROUTE", "MSG_PARTIAL"})) return result(WSAEOPNOTSUPP);
  const bool partial = has(flags, "MSG_PARTIAL");
  if (partial && !has_partial_messages(limits_)) return result(WSAEOPNOTSUPP);
  if (!is_connected(s)) return result(WSAENOTCONN);
  const std::string data = octets_of(request, "data").value_or("");
  constexpr std::size_t kMost = 60'000;
  if (data.size() > kMost) throw Outside("so much data that room matters");
  ws2::Circuit::Sink sink(links_[*s.link].circuit, s.side);
  const int error = core(s).send(view_of(data), !partial, sink).error();
  settle(*s.link);
  return result(error, data.size());
}

bool Net::receive_would_block(const Socket& s, const json& request) const {
  ws2::ReceiveMode mode;
  if (s.closed || read_flags(request, limits_, mode) != 0 || !is_connected(s)) return false;
  ws2::Connection probe = core(s);
  ws2::Bytes buffer(request.value("length", std::size_t{0}));
  return probe.receive(buffer, mode).result.error() == WSAEWOULDBLOCK;
}

json Net::receive(Socket& s, const json& request) {
  ws2::ReceiveMode mode;
  if (const int error = read_flags(request, limits_, mode); error != 0) return result(error);
  if (!is_connected(s)) return result(WSAENOTCONN);
  ws2::Bytes buffer(request.value("length", std::size_t{0}));
  const ws2::Received received = core(s).receive(buffer, mode);
  signal(s, s.record.after_receive(received.result.error(), conditions(s)));
  settle(*s.link);
  json reply = result(received.result.error(), received.bytes);
  if (!received.result.ok()) return reply;
  reply["data"] = to_base64(text_of(ws2::ByteView(buffer).first(received.bytes)));
  if (request.at("op") == "WSARecv") {
    reply["left_flags"] = json::array();
    if (limits_.message_boundaries && !received.end_of_message) {
      reply["left_flags"].push_back("MSG_PARTIAL");
    }
  }
  return reply;
}

json Net::shutdown(Socket& s, const json& request) {
  const json how = request.at("how");
  int number = how.is_number() ? how.get<int>() : -1;
  if (how == "SD_RECEIVE" || how == "0") number = 0;
  if (how == "SD_SEND" || how == "1") number = 1;
  if (how == "SD_BOTH" || how == "2") number = 2;
  if (number < 0 || number > 2) return result(WSAEINVAL);
  if (!is_connected(s)) return result(WSAENOTCONN);
  if (number != 1 && !s.pending.empty()) throw Outside("the end of receiving behind a receive");
  ws2::Circuit::Sink sink(links_[*s.link].circuit, s.side);
  int error = 0;
  // LEG-05: whatever call ends sending.
  if (const auto data = standing_disconnect_data(s); data && number != 0) {
    if (number == 2) error = core(s).shutdown(ws2::ShutdownHow::kReceive, sink).error();
    if (error == 0) error = core(s).send_disconnect(data, sink).error();
  } else {
    error = core(s).shutdown(static_cast<ws2::ShutdownHow>(number), sink).error();
  }
  settle(*s.link);
  return result(error);
}

json Net::send_disconnect(Socket& s, const json& request) {
  if (!is_connected(s)) return result(WSAENOTCONN);
  const auto data = octets_of(request, "data");
  ws2::Circuit::Sink sink(links_[*s.link].circuit, s.side);
  std::optional<ws2::ByteView> view;
  if (data) view = view_of(*data);
  if (!data || data->empty()) {
    if (const auto standing = standing_disconnect_data(s)) view = standing;
  }
  const int error = core(s).send_disconnect(view, sink).error();
  settle(*s.link);
  return result(error);
}

json Net::recv_disconnect(Socket& s, const json& request) {
  const json room = request.value("capacity", json());
  ws2::Bytes buffer(room.is_number() ? room.get<std::size_t>() : 0, 0xA5);
  int error = WSAENOTCONN;
  std::size_t count = 0;
  if (is_connected(s)) {
    if (!s.pending.empty()) throw Outside("the end of receiving behind a receive");
    std::optional<ws2::MutableByteView> view;
    if (!room.is_null()) view = buffer;
    const ws2::RecvDisconnected got = core(s).recv_disconnect(view);
    error = got.result.error();
    count = got.bytes;
    settle(*s.link);
  }
  json reply = result(error);
  if (error == 0) buffer.resize(count);
  reply["len"] = room.is_null() ? json() : json(buffer.size());
  reply["data"] = room.is_null() ? json() : json(to_base64(text_of(buffer)));
  return reply;
}

}  // namespace ws2conform::model
