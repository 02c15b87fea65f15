// Names of sockets, announcements, odd IDs, reset.
#include "conformance/doctor/examination.hpp"

namespace ws2conform::doctor {
namespace {

using nlohmann::json;

class Names {
 public:
  explicit Names(Examination& examination)
      : examination_(examination), patient_(examination.fresh()) {}

  void run() {
    const std::string name = "se\xc3\xb1or \xe2\x98\x83";  // two- and three-octet characters
    step(
        "a name beyond ASCII", socket(name),
        [&](const Answer& a) { return a.has("returns") && a.body.at("returns") == name; },
        R"({"id": ..., "returns": the name as it came})",
        "read and write UTF-8, whatever the locale says; escapes such as \\u00f1 are as good");
    step(
        "a name that is taken", socket(name),
        [](const Answer& a) { return a.has("adapter_error"); },
        R"({"id": ..., "adapter_error": "..."})",
        "a name stays with its handle until reset; giving it twice loses a socket");
    announce();
    if (examination_.offers("closesocket")) close_twice(name);
    reset(name);
    odd_id();
  }

 private:
  json socket(const std::string& name) const {
    return {
        {"op", "socket"}, {"as", name}, {"provider", examination_.hello.providers.front().name}};
  }

  void step(const std::string& subject, json request,
            const std::function<bool(const Answer&)>& right, const std::string& wanted,
            const std::string& mend) {
    if (lost_) return;
    const Answer answer = patient_->ask(std::move(request));
    judge(subject, answer, right, wanted, mend);
  }

  void judge(const std::string& subject, const Answer& answer,
             const std::function<bool(const Answer&)>& right, const std::string& wanted,
             const std::string& mend) {
    const std::string fault = fault_of(answer, patient_->last_id());
    if (fault.empty() && right(answer)) {
      examination_.found(good(subject, patient_->sent(), answer.text()));
    } else {
      examination_.found(bad(subject, patient_->sent(), with(answer, fault), wanted, mend));
    }
    lost_ = !fault.empty();
  }

  void announce() {
    if (lost_) return;
    json request = socket("announced");
    request["announce"] = true;
    const Answer started = patient_->ask(request);
    const std::string mend =
        "a request with \"announce\": true is answered first by {\"id\": N, \"started\": true}, "
        "flushed right before the call is made, then by its reply";
    if (!started.has("started") || started.body.value("id", json()) != patient_->last_id()) {
      examination_.found(bad("announcing a call", patient_->sent(), started.text(),
                             R"({"id": ..., "started": true}, then the reply)", mend));
      lost_ = patient_->broken();
      return;
    }
    judge(
        "announcing a call", patient_->next(), [](const Answer& a) { return a.has("returns"); },
        "the reply, after the announcement", mend);
  }

  void close_twice(const std::string& name) {
    const json request = {{"op", "closesocket"}, {"socket", name}};
    step(
        "closing a socket", request, [](const Answer& a) { return a.has("returns"); },
        R"({"id": ..., "returns": 0})", "it was made a moment ago");
    step(
        "a handle that is closed", request, [](const Answer& a) { return a.has("error"); },
        R"({"id": ..., "error": "WSAENOTSOCK"}: what the implementation says of it)",
        "keep the name after closesocket, and pass the dead handle on: cases test what comes back");
  }

  void reset(const std::string& name) {
    step(
        "reset", {{"op", "reset"}}, [](const Answer& a) { return a.has("returns"); },
        R"({"id": ..., "returns": 0})",
        "close every socket and event object, abortively where need be, and forget all names");
    step(
        "a name after reset", {{"op", "getsockname"}, {"socket", name}},
        [](const Answer& a) { return a.has("adapter_error") || a.has("unsupported"); },
        R"({"id": ..., "adapter_error": "..."}: no socket is called that any more)",
        "forget all names at reset");
    step(
        "giving the name again after reset", socket(name),
        [](const Answer& a) { return a.has("returns"); }, R"({"id": ..., "returns": the name})",
        "forget all names at reset");
  }

  // Numbers in JSON are not ints.
  void odd_id() {
    patient_->set_last_id(9007199254740990);
    step(
        "an id of 53 bits", {{"op", "reset"}}, [](const Answer& a) { return a.has("returns"); },
        R"({"id": 9007199254740991, "returns": 0})",
        "keep the id as it came: 64 bits, or a double");
  }

  Examination& examination_;
  std::unique_ptr<Patient> patient_;
  bool lost_ = false;  // what comes next would answer something else
};

}  // namespace

void examine_names(Examination& examination) {
  if (!examination.offers("socket")) return;
  Names(examination).run();
}

}  // namespace ws2conform::doctor
