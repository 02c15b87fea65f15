// Several calls at once, how long answers take, and the end of input.
#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "conformance/doctor/examination.hpp"
#include "conformance/execution/probe.hpp"

namespace ws2conform::doctor {
namespace {

using nlohmann::json;
using std::chrono::duration_cast;
using std::chrono::microseconds;
using std::chrono::milliseconds;

// A listener, its address in `addr`. False when one cannot be had, which others have complained of.
bool listen(Patient& patient, const std::string& provider, json& addr) {
  const json requests[] = {
      {{"op", "socket"}, {"as", "listener"}, {"provider", provider}},
      {{"op", "bind"}, {"socket", "listener"}, {"addr", "127.0.0.1:0"}},
      {{"op", "listen"}, {"socket", "listener"}, {"backlog", "SOMAXCONN"}},
      {{"op", "getsockname"}, {"socket", "listener"}},
  };
  for (const json& request : requests) {
    const Answer answer = patient.ask(request);
    if (!answer.has("returns")) return false;
    if (answer.has("addr")) addr = answer.body.at("addr");
  }
  return addr.is_string();
}

void time_to_answer(Examination& examination, Patient& patient) {
  constexpr int kTimes = 50;
  constexpr auto kSlow = milliseconds(20);
  std::vector<std::chrono::nanoseconds> times;
  for (int i = 0; i < kTimes && !patient.broken(); ++i) {
    times.push_back(patient.ask({{"op", kMadeUpOperation}}).took);
  }
  if (patient.broken()) return;
  std::sort(times.begin(), times.end());
  const auto median = times[times.size() / 2];
  const std::string tried = fmt::format("{} requests that need no call", kTimes);
  const std::string came =
      fmt::format("{} us in the middle, {} us at most", duration_cast<microseconds>(median).count(),
                  duration_cast<microseconds>(times.back()).count());
  if (median < kSlow) {
    examination.found(good("time to answer", tried, came));
  } else {
    examination.found(note("time to answer", tried, came,
                           "a run makes some hundred thousand calls; look for output that is not "
                           "flushed, input that is polled, or Nagle's algorithm on the way"));
  }
}

}  // namespace

void examine_lanes(Examination& examination) {
  const std::string subject = "several calls at once";
  const int lanes = examination.hello.lanes;
  if (lanes < 2) {
    examination.found(note(subject, "the hello", "lanes: 1, a call at a time",
                           "nothing to mend: cases that need more are not applicable"));
    return;
  }
  const auto server = examination.fresh();
  const auto client = examination.fresh();
  const std::string provider = examination.hello.providers.front().name;
  json addr;
  if (!listen(*server, provider, addr)) return;
  server->send({{"op", "accept"},
                {"socket", "listener"},
                {"as", "server"},
                {"announce", true},
                {"lane", 1}});
  const long long accept = server->last_id();
  const std::string tried = server->sent() + ", and while it waits getsockname";
  const Answer started = server->next();
  const Answer other = server->ask({{"op", "getsockname"}, {"socket", "listener"}, {"lane", 2}});
  const std::string mend =
      "with lanes above 1 a request says its lane, and a call that waits must hold up neither the "
      "reading of requests nor the answers to those of other lanes: a thread a lane, and one lock "
      "around each line that is written";
  if (!started.has("started") || !fault_of(other, server->last_id()).empty()) {
    examination.found(bad(subject, tried, started.text() + " then " + other.text(),
                          "the announcement, then the answer to the later request", mend));
    return;
  }
  client->ask({{"op", "socket"}, {"as", "client"}, {"provider", provider}});
  client->send({{"op", "connect"}, {"socket", "client"}, {"addr", addr}});
  const Answer accepted = server->next();
  if (!fault_of(accepted, accept).empty() || !accepted.has("returns")) {
    examination.found(bad(subject, tried + "; then a connect", accepted.text(),
                          "the answer to the accept, after that to the later request", mend));
    return;
  }
  examination.found(good(subject, tried, "the later request was answered first"));
}

// What is read in one piece is not one request.
void examine_reading_ahead(Examination& examination) {
  if (!examination.hello.reads_ahead) return;
  const std::string subject = "requests before the last is answered";
  const auto patient = examination.fresh();
  constexpr int kTogether = 3;
  std::string lines;
  for (int id = 1; id <= kTogether; ++id) {
    lines += (lines.empty() ? "" : "\n") + json{{"id", id}, {"op", kMadeUpOperation}}.dump();
  }
  const std::string tried = patient->send_line(lines);
  for (int id = 1; id <= kTogether; ++id) {
    const Answer answer = patient->next();
    const std::string fault = fault_of(answer, id);
    if (fault.empty()) continue;
    examination.found(bad(subject, tried, with(answer, fault),
                          fmt::format("the answer to request {}", id),
                          "keep what was read beyond the first line, and answer every line in the "
                          "order in which they came; or leave \"reads_ahead\" out of the hello"));
    return;
  }
  examination.found(good(subject, tried, "each was answered, in their order"));
}

void examine_time_and_end(Examination& examination) {
  const auto patient = examination.fresh();
  time_to_answer(examination, *patient);
  const Answer end = patient->end();
  const std::string tried = "standard input was closed";
  const std::string came =
      fmt::format("{} after {} ms", end.broke, duration_cast<milliseconds>(end.took).count());
  const std::string mend = "when standard input ends, end: close what is open and exit with 0";
  if (end.body.is_null()) {
    examination.found(
        bad("the end of input", tried, came, "an exit by itself, with status 0", mend));
  } else if (end.broke.find("status 0") == std::string::npos) {
    examination.found(note("the end of input", tried, came, mend));
  } else {
    examination.found(good("the end of input", tried, came));
  }
  const std::string& words = patient->standard_error();
  if (!words.empty()) {
    examination.found(note("standard error", "requests that are in order", cut(words),
                           "free text is welcome there; it is shown beside the step that was "
                           "running"));
  }
}

}  // namespace ws2conform::doctor
