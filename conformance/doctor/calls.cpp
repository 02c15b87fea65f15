// The calls of a connection's life, on every provider: is each answer of the form that the protocol
// gives it? Whether it is the right answer is for the cases to say.
#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

#include "conformance/case/bindings.hpp"
#include "conformance/case/octets.hpp"
#include "conformance/case/operations.hpp"
#include "conformance/doctor/examination.hpp"

namespace ws2conform::doctor {
namespace {

using nlohmann::json;

// Members of replies that depend on what was asked for: the room of an address, an option that is
// no number, what a connect gave back in the meantime.
bool is_told_where_it_applies(const std::string& operation, const std::string& member) {
  if (operation == "getsockopt") return member == "data" || member == "value";
  return member == "addr_length" || member == "callee_data" || member == "callee_len";
}

// An answer without which the conversation cannot go on.
class Stuck : public std::runtime_error {
  using std::runtime_error::runtime_error;
};

constexpr const char* kFields =
    "PROTOCOL.md, \"Operations\", says what each operation replies with";

std::string all_octets() {
  std::string octets;
  for (int value = 0; value < 256; ++value) octets += static_cast<char>(value);
  return octets;
}

class Connection {
 public:
  Connection(Examination& examination, const Provider& provider)
      : examination_(examination),
        provider_(provider),
        client_(examination.fresh()),
        server_(examination.fresh()) {}

  void run() {
    try {
      open();
      carry(all_octets(), "all 256 octet values");
      if (provider_.capabilities.count("byte-stream") > 0) {
        std::string big;
        while (big.size() < kBig) big += all_octets();
        carry(big, "a big payload");
      }
      options();
      if (provider_.capabilities.count("events") > 0) events();
      close();
      say_all_well();
    } catch (const Stuck& stuck) {
      examination_.found(note(subject("the rest"), "nothing more on this provider", stuck.what(),
                              "mend what is named above and examine again"));
    }
  }

 private:
  static constexpr std::size_t kBig = 300'000;  // octets; a line may have 768,000 of them

  std::string subject(const std::string& what) const { return provider_.name + ": " + what; }
  bool offers(const char* operation) const { return examination_.offers(operation); }

  void complain(const std::string& operation, const std::string& tried, const Answer& answer,
                const std::string& wanted, const std::string& why) {
    faultless_ = false;
    examination_.found(bad(subject(operation), tried, with(answer, why), wanted, kFields));
  }

  // The form of a reply: its kind, and every out-parameter of the operation with its type.
  void check(Patient& patient, const json& request, const Answer& answer) {
    const std::string name = request.at("op");
    ++checked_;
    const std::string fault = fault_of(answer, patient.last_id());
    if (!fault.empty()) complain(name, patient.sent(), answer, "one reply to the request", fault);
    if (patient.broken()) throw Stuck(name + " broke the conversation");
    if (answer.has("unsupported")) {
      complain(name, patient.sent(), answer, "a reply, for the hello lists the operation",
               "declared and not there");
    }
    if (!answer.has("returns")) return;
    for (const FieldSpec& outcome : find_operation(name)->outcomes) {
      const std::string member(outcome.name);
      if (!answer.has(member.c_str())) {
        if (is_told_where_it_applies(name, member)) continue;
        complain(name, patient.sent(), answer, fmt::format("\"{}\" beside \"returns\"", member),
                 "it is missing");
      } else if (!is_wire_value(outcome.type, answer.body.at(member))) {
        complain(name, patient.sent(), answer, fmt::format("\"{}\" of the protocol's type", member),
                 "it is of another form");
      }
    }
  }

  Answer ask(Patient& patient, const json& request) {
    Answer answer = patient.ask(request);
    check(patient, request, answer);
    return answer;
  }

  // As ask, for a call that must succeed for the others to be tried.
  Answer must(Patient& patient, const json& request) {
    const Answer answer = ask(patient, request);
    if (!answer.has("returns")) {
      throw Stuck(fmt::format("{} did not succeed: {}", request.at("op").get<std::string>(),
                              answer.text()));
    }
    return answer;
  }

  void open() {
    for (const char* needed : {"socket", "bind", "listen", "getsockname"}) {
      if (!offers(needed)) throw Stuck(std::string(needed) + " is not offered");
    }
    must(*server_, {{"op", "socket"}, {"as", "listener"}, {"provider", provider_.name}});
    must(*server_, {{"op", "bind"}, {"socket", "listener"}, {"addr", "127.0.0.1:0"}});
    must(*server_, {{"op", "listen"}, {"socket", "listener"}, {"backlog", "SOMAXCONN"}});
    const Answer name = must(*server_, {{"op", "getsockname"}, {"socket", "listener"}});
    if (!name.has("addr")) throw Stuck("where it listens is not known");
    must(*client_, {{"op", "socket"}, {"as", "client"}, {"provider", provider_.name}});

    const bool conditional =
        provider_.capabilities.count("conditional-accept") > 0 && offers("WSAAccept");
    json connect = {{"op", offers("connect") ? "connect" : "WSAConnect"},
                    {"socket", "client"},
                    {"addr", name.body.at("addr")}};
    if (offers("WSAConnect") && provider_.callee_data_max > 0) {
      connect["op"] = "WSAConnect";
      connect["callee_capacity"] = 64;
    }
    client_->send(connect);  // may wait for the acceptance
    json accept = {{"op", offers("accept") ? "accept" : "WSAAccept"},
                   {"socket", "listener"},
                   {"as", "server"}};
    if (conditional) {
      accept["op"] = "WSAAccept";
      accept["condition"] = true;
      answer_condition(accept);
    } else {
      must(*server_, accept);
    }
    const Answer connected = client_->next();
    check(*client_, connect, connected);
    if (!connected.has("returns")) throw Stuck("connect did not succeed: " + connected.text());
  }

  void answer_condition(const json& accept) {
    server_->send(accept);
    const Answer upcall = server_->next();
    if (!upcall.has("condition") || upcall.body.value("id", json()) != server_->last_id()) {
      complain("the condition function", server_->sent(), upcall,
               R"({"id": ..., "condition": {...}}, for the provider claims conditional-accept)",
               "no upcall");
      throw Stuck("the condition function was not called");
    }
    for (const FieldSpec& field : find_operation("condition")->outcomes) {
      const std::string member(field.name);
      const json& condition = upcall.body.at("condition");
      if (member == "callback_data") continue;  // it was not given any
      if (condition.is_object() && condition.contains(member) &&
          is_wire_value(field.type, condition.at(member)))
        continue;
      complain("the condition function", server_->sent(), upcall,
               fmt::format("\"{}\" among its arguments, of the protocol's type", member),
               "it is missing or of another form");
    }
    server_->send_line(json({{"id", server_->last_id()}, {"verdict", "CF_ACCEPT"}}).dump());
    const Answer reply = server_->next();
    check(*server_, accept, reply);
    if (!reply.has("returns")) throw Stuck("WSAAccept did not succeed: " + reply.text());
  }

  // From the client to the server, unchanged.
  void carry(const std::string& octets, const char* what) {
    if (!offers("send") || !offers("recv")) return;
    const json send = {{"op", "send"}, {"socket", "client"}, {"data", to_base64(octets)}};
    client_->send(send);  // may wait until some of it has been read
    std::string came;
    while (came.size() < octets.size()) {
      const Answer part = must(*server_, {{"op", "recv"}, {"socket", "server"}, {"length", 65536}});
      const std::string data =
          part.has("data") && part.body.at("data").is_string()
              ? from_base64(part.body.at("data").get<std::string>()).value_or("")
              : "";
      if (json(data.size()) != part.body.at("returns")) {
        complain("recv", server_->sent(), part, "as many octets of \"data\" as it returns",
                 fmt::format("{} octets of data", data.size()));
      }
      if (data.empty()) break;
      came += data;
    }
    const Answer sent = client_->next();
    check(*client_, send, sent);
    const std::string tried = fmt::format("{} octets sent and received", octets.size());
    if (came == octets) {
      examination_.found(good(subject(what), tried, "the same octets"));
      return;
    }
    faultless_ = false;
    const auto differ = std::mismatch(came.begin(), came.end(), octets.begin(), octets.end());
    examination_.found(
        bad(subject(what), tried,
            fmt::format("{} octets, the first difference at {}", came.size(),
                        differ.first - came.begin()),
            "the same octets",
            "octets are base64 with padding on the wire; nothing in between may take "
            "them for text"));
  }

  void options() {
    if (offers("getpeername")) ask(*server_, {{"op", "getpeername"}, {"socket", "server"}});
    if (offers("getsockname")) ask(*client_, {{"op", "getsockname"}, {"socket", "client"}});
    if (offers("getsockopt")) {
      const Answer linger =
          ask(*client_, {{"op", "getsockopt"}, {"socket", "client"}, {"option", "SO_LINGER"}});
      const bool whole = linger.has("value") && linger.body.at("value").is_object() &&
                         linger.body.at("value").contains("onoff") &&
                         linger.body.at("value").contains("linger");
      if (linger.has("returns") && !whole) {
        complain("getsockopt", client_->sent(), linger,
                 R"("value": {"onoff": n, "linger": seconds})", "SO_LINGER has two members");
      }
    }
    if (offers("ioctlsocket")) {
      ask(*client_, {{"op", "ioctlsocket"}, {"socket", "client"}, {"command", "FIONREAD"}});
    }
  }

  void events() {
    for (const char* needed :
         {"WSACreateEvent", "WSAEventSelect", "WSAWaitForMultipleEvents", "WSAEnumNetworkEvents"}) {
      if (offers(needed)) continue;
      faultless_ = false;
      examination_.found(bad(subject(needed), "the hello", "not among the operations",
                             "all four event operations, for the provider claims events", kFields));
      return;
    }
    must(*server_, {{"op", "WSACreateEvent"}, {"as", "event"}});
    must(*server_, {{"op", "WSAEventSelect"},
                    {"socket", "server"},
                    {"event", "event"},
                    {"network_events", {"FD_READ", "FD_CLOSE"}}});
    must(*client_, {{"op", "send"}, {"socket", "client"}, {"data", to_base64("!")}});
    must(*server_, {{"op", "WSAWaitForMultipleEvents"},
                    {"events", {"event"}},
                    {"wait_all", false},
                    {"timeout", examination_.patience.call.count()}});
    const Answer events =
        must(*server_, {{"op", "WSAEnumNetworkEvents"}, {"socket", "server"}, {"event", "event"}});
    if (!events.has("network_events") || !events.body.at("network_events").is_object()) {
      complain("WSAEnumNetworkEvents", server_->sent(), events,
               R"("network_events": {"FD_READ": 0})", "an object, a member for each recorded bit");
    }
    must(*server_, {{"op", "recv"}, {"socket", "server"}, {"length", 16}});
  }

  void close() {
    if (provider_.capabilities.count("disconnect-data") > 0 && offers("WSASendDisconnect")) {
      ask(*client_, {{"op", "WSASendDisconnect"}, {"socket", "client"}, {"data", to_base64("3")}});
    } else if (offers("shutdown")) {
      ask(*client_, {{"op", "shutdown"}, {"socket", "client"}, {"how", "SD_SEND"}});
    }
    if (offers("closesocket")) {
      ask(*client_, {{"op", "closesocket"}, {"socket", "client"}});
      ask(*server_, {{"op", "closesocket"}, {"socket", "server"}});
    }
    if (!offers("reset")) return;
    ask_reset(*client_);
    ask_reset(*server_);
  }

  void ask_reset(Patient& patient) {
    const Answer answer = patient.ask({{"op", "reset"}});
    const std::string fault = fault_of(answer, patient.last_id());
    if (fault.empty() && answer.has("returns")) return;
    complain("reset", patient.sent(), answer, R"({"id": ..., "returns": 0})", fault);
  }

  void say_all_well() {
    if (!faultless_) return;
    examination_.found(good(subject("a connection's life"), fmt::format("{} calls", checked_),
                            "every answer has the protocol's form"));
  }

  Examination& examination_;
  const Provider& provider_;
  std::unique_ptr<Patient> client_;
  std::unique_ptr<Patient> server_;
  std::size_t checked_ = 0;
  bool faultless_ = true;
};

}  // namespace

void examine_calls(Examination& examination) {
  for (const Provider& provider : examination.hello.providers) {
    Connection(examination, provider).run();
  }
}

}  // namespace ws2conform::doctor
