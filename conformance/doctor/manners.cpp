// Requests that are odd, wrong or unknown, and how an adapter is to take them.
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "conformance/case/operations.hpp"
#include "conformance/doctor/examination.hpp"
#include "conformance/execution/probe.hpp"

namespace ws2conform::doctor {
namespace {

using nlohmann::json;

// Asks one thing and says whether the answer is as `right` finds it.
void try_one(Examination& examination, std::unique_ptr<Patient>& patient,
             const std::string& subject, json request,
             const std::function<bool(const Answer&)>& right, const std::string& wanted,
             const std::string& mend) {
  const Answer answer = patient->ask(std::move(request));
  const std::string fault = fault_of(answer, patient->last_id());
  if (fault.empty() && right(answer)) {
    examination.found(good(subject, patient->sent(), answer.text()));
  } else {
    examination.found(bad(subject, patient->sent(), with(answer, fault), wanted, mend));
  }
  if (!fault.empty()) patient = examination.fresh();
}

bool is_unsupported(const Answer& answer, const std::string& what) {
  return answer.has("unsupported") && answer.body.at("unsupported") == what;
}

void a_line_that_is_no_json(Examination& examination, std::unique_ptr<Patient>& patient) {
  const std::string subject = "a line that is no JSON";
  const std::string tried = patient->send_line("this is no JSON");
  const Answer answer = patient->next();
  if (answer.has("adapter_error") && answer.body.value("id", json(0)).is_null()) {
    examination.found(good(subject, tried, answer.text()));
  } else {
    examination.found(
        bad(subject, tried, answer.text(), R"({"id": null, "adapter_error": "..."})",
            "parse each line within a try block; answer what cannot be read with a null id, and go "
            "on: silence looks like a hang, and an exit like a crash"));
  }
  if (patient->broken()) patient = examination.fresh();
}

}  // namespace

std::string with(const Answer& answer, const std::string& fault) {
  return fault.empty() || fault == answer.broke ? answer.text()
                                                : answer.text() + " (" + fault + ")";
}

std::string fault_of(const Answer& answer, long long id) {
  if (!answer.broke.empty()) return answer.broke;
  const json& body = answer.body;
  if (!body.contains("id")) return "it has no id";
  if (body.at("id") != id) {
    return fmt::format(
        "its id is {}, and request {} was the one that is open: it answers another "
        "request, or one of them twice",
        body.at("id").dump(), id);
  }
  std::size_t kinds = 0;
  for (const char* kind : {"returns", "error", "unsupported", "adapter_error"}) {
    kinds += body.contains(kind) ? 1 : 0;
  }
  if (kinds != 1) {
    return "a reply has exactly one of \"returns\", \"error\", \"unsupported\" and "
           "\"adapter_error\"";
  }
  for (const char* kind : {"error", "unsupported", "adapter_error"}) {
    if (body.contains(kind) && !body.at(kind).is_string()) {
      return fmt::format("\"{}\" is not a text", kind);
    }
  }
  return "";
}

void examine_manners(Examination& examination) {
  auto patient = examination.fresh();
  const std::string provider = examination.hello.providers.front().name;
  try_one(
      examination, patient, "an operation that does not exist", {{"op", kMadeUpOperation}},
      [](const Answer& answer) { return is_unsupported(answer, kMadeUpOperation); },
      fmt::format(R"({{"id": ..., "unsupported": "{}"}})", kMadeUpOperation),
      "look the operation up, and answer \"unsupported\" with its name for every one that is not "
      "there; an adapter that answers success to it would pass cases it never ran");
  if (examination.offers("socket")) {
    try_one(
        examination, patient, "a field that does not exist",
        {{"op", "socket"}, {"as", "coloured"}, {"provider", provider}, {"colour", "red"}},
        [](const Answer& answer) { return is_unsupported(answer, "socket.colour"); },
        R"({"id": ..., "unsupported": "socket.colour"})",
        "compare a request's fields with those that the operation takes: one that is passed over "
        "silently makes a case test something else than it says");
  }
  if (examination.offers("closesocket")) {
    try_one(
        examination, patient, "a socket that nobody made",
        {{"op", "closesocket"}, {"socket", "nobody"}},
        [](const Answer& answer) { return answer.has("adapter_error"); },
        R"({"id": ..., "adapter_error": "no socket is called \"nobody\""})",
        "a name that was never given is a fault of the suite or the adapter, and must not reach "
        "the "
        "implementation");
  }
  a_line_that_is_no_json(examination, patient);
  try_one(
      examination, patient, "a request without an operation", json::object(),
      [](const Answer& answer) { return answer.has("adapter_error"); },
      R"({"id": ..., "adapter_error": "..."})", "check that \"op\" is there and a text");
}

void examine_gaps(Examination& examination) {
  auto patient = examination.fresh();
  std::vector<std::string> honest;
  for (const std::string& operation : undeclared_operations(examination.hello)) {
    const Answer answer = patient->ask(gap_request(operation, examination.hello));
    if (is_unsupported(answer, operation)) {
      honest.push_back(operation);
      continue;
    }
    examination.found(
        bad("an operation that the hello does not list: " + operation, patient->sent(),
            answer.text(), fmt::format(R"({{"id": ..., "unsupported": "{}"}})", operation),
            "list it in the hello's \"operations\" if the adapter has it; a gap that answers "
            "anything else pretends to be none"));
    if (patient->broken()) patient = examination.fresh();
  }
  if (honest.empty()) return;
  examination.found(good("operations that the hello does not list",
                         fmt::format("{}", fmt::join(honest, ", ")), "unsupported, each of them"));
}

}  // namespace ws2conform::doctor
