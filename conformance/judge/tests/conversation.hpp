// Conversations written by hand, held against the invariants.
#pragma once

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <utility>

#include "conformance/case/octets.hpp"
#include "conformance/judge/invariants.hpp"
#include "conformance/judge/tests/script.hpp"

namespace ws2conform {

// The ends of one connection are "client/client" and "server/server".
class Conversation {
 public:
  Conversation& socket(const std::string& actor, const std::string& name) {
    script_.done(actor, "0", {{"op", "socket"}, {"as", name}}, {{"returns", name}});
    return *this;
  }
  // A call on the actor's own socket.
  Conversation& call(const std::string& actor, const std::string& op, nlohmann::json fields,
                     nlohmann::json reply) {
    return call_on(actor, actor, op, std::move(fields), std::move(reply));
  }
  Conversation& call_on(const std::string& actor, const std::string& socket, const std::string& op,
                        nlohmann::json fields, nlohmann::json reply) {
    if (fields.is_null()) fields = nlohmann::json::object();
    fields["op"] = op;
    fields["socket"] = socket;
    script_.done(actor, "1", std::move(fields), std::move(reply));
    return *this;
  }
  Conversation& send(const std::string& actor, const std::string& data) {
    return call(actor, "send", {{"data", to_base64(data)}}, {{"returns", data.size()}});
  }
  Conversation& receive(const std::string& actor, const std::string& data,
                        nlohmann::json fields = {}) {
    if (fields.is_null()) fields = nlohmann::json::object();
    fields["length"] = 4096;
    return call(actor, "recv", std::move(fields),
                {{"returns", data.size()}, {"data", to_base64(data)}});
  }
  Conversation& fails(const std::string& actor, const std::string& op, const std::string& error) {
    return call(actor, op, {{"length", 4096}}, {{"error", error}});
  }
  Conversation& closes(const std::string& actor) {
    return call(actor, "closesocket", {}, {{"returns", 0}});
  }
  Conversation& shuts_down(const std::string& actor) {
    return call(actor, "shutdown", {{"how", "SD_SEND"}}, {{"returns", 0}});
  }
  Conversation& disconnects(const std::string& actor, const std::string& data,
                            nlohmann::json reply = {{"returns", 0}}) {
    return call(actor, "WSASendDisconnect", {{"data", to_base64(data)}}, std::move(reply));
  }
  Conversation& fetches(const std::string& actor, const std::string& data) {
    return call(actor, "WSARecvDisconnect", {{"capacity", 1024}},
                {{"returns", 0}, {"len", data.size()}, {"data", to_base64(data)}});
  }
  Conversation& events(const std::string& actor, nlohmann::json events) {
    return call(actor, "WSAEnumNetworkEvents", {},
                {{"returns", 0}, {"network_events", std::move(events)}});
  }
  Conversation& connected() {
    socket("client", "client");
    script_.call("client", "1", {{"op", "connect"}, {"socket", "client"}, {"addr", "h:1"}});
    script_.done("server", "2", {{"op", "accept"}, {"socket", "listener"}, {"as", "server"}},
                 {{"returns", "server"}, {"addr", "h:2"}});
    script_.returns("client", "1", {{"returns", 0}});
    return *this;
  }
  // A connect whose condition has been asked.
  Conversation& asked(const std::string& caller_data, const nlohmann::json& seen,
                      int capacity = 1024) {
    socket("client", "client");
    script_.call("client", "1",
                 {{"op", "WSAConnect"},
                  {"socket", "client"},
                  {"addr", "h:1"},
                  {"caller_data", to_base64(caller_data)},
                  {"callee_capacity", capacity}});
    script_.call("server", "2", {{"op", "WSAAccept"}, {"socket", "listener"}, {"as", "server"}});
    script_.condition("server", "3", {{"caller_id", "h:2"}, {"caller_data", seen}});
    return *this;
  }
  Conversation& decided(const nlohmann::json& verdict, nlohmann::json accept_reply,
                        nlohmann::json connect_reply) {
    script_.verdict("server", "3", verdict);
    script_.returns("server", "2", std::move(accept_reply));
    script_.returns("client", "1", std::move(connect_reply));
    return *this;
  }
  Script& script() { return script_; }

  // The invariant that is violated, and no other; "none" where none is.
  std::string violated(bool delayed_accept = true) const {
    Invariants invariants(delayed_accept);
    std::set<std::string> found;
    for (const Event& event : script_.events()) {
      for (const InvariantViolation& violation : invariants.on(event)) {
        found.insert(std::string(violation.invariant->id));
        EXPECT_FALSE(violation.expected.empty());
        EXPECT_FALSE(violation.observed.empty());
      }
    }
    std::string text;
    for (const std::string& id : found) text += (text.empty() ? "" : " ") + id;
    return text.empty() ? "none" : text;
  }

 private:
  Script script_;
};

inline Conversation connected() {
  return Conversation().connected();
}

}  // namespace ws2conform
