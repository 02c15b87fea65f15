// Histories written by hand: what was called and what came back, a microsecond apart.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "conformance/history/event.hpp"

namespace ws2conform {

class Script {
 public:
  using json = nlohmann::json;

  // `request` without its ID, `reply` likewise: the script counts.
  Script& call(const std::string& actor, const std::string& step, json request) {
    request["id"] = ++open_[actor];
    return add(Event::Kind::kCall, actor, step, std::move(request));
  }
  Script& returns(const std::string& actor, const std::string& step, json reply) {
    reply["id"] = open_[actor];
    return add(Event::Kind::kReturn, actor, step, std::move(reply));
  }
  Script& partial(const std::string& actor, const std::string& step, json reply) {
    reply["id"] = open_[actor];
    return add(Event::Kind::kPartial, actor, step, std::move(reply));
  }
  // A call and its return at once.
  Script& done(const std::string& actor, const std::string& step, json request, json reply) {
    return call(actor, step, std::move(request)).returns(actor, step, std::move(reply));
  }
  Script& indication(const std::string& actor, const std::string& step, json outcome) {
    return add(Event::Kind::kIndication, actor, step, std::move(outcome));
  }
  Script& condition(const std::string& actor, const std::string& step, json arguments) {
    return add(Event::Kind::kCondition, actor, step, std::move(arguments));
  }
  Script& verdict(const std::string& actor, const std::string& step, json answer) {
    return add(Event::Kind::kVerdict, actor, step, std::move(answer));
  }
  Script& computed(const std::string& actor, const std::string& step, json values) {
    return add(Event::Kind::kComputed, actor, step, std::move(values));
  }
  Script& breakdown(const std::string& actor, const std::string& step, const std::string& kind,
                    const std::string& detail) {
    return add(Event::Kind::kBreakdown, actor, step, {{"kind", kind}, {"detail", detail}});
  }
  Script& stderr_text(const std::string& actor, const std::string& step, const std::string& text) {
    return add(Event::Kind::kStderr, actor, step, {{"text", text}});
  }
  Script& add(Event::Kind kind, const std::string& actor, const std::string& step, json body) {
    at_ += std::chrono::microseconds(1);
    events_.push_back({kind, at_, actor, step, std::move(body)});
    return *this;
  }

  const std::vector<Event>& events() const { return events_; }

 private:
  std::vector<Event> events_;
  std::map<std::string, long long> open_;  // latest request ID, by actor
  std::chrono::nanoseconds at_{};
};

}  // namespace ws2conform
