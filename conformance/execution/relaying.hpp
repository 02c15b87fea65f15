// The suite's use of the relay: which schedules run through it, and what it does at which step.
#pragma once

#include <functional>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "conformance/case/instance.hpp"
#include "conformance/schedule/schedule.hpp"
#include "runners/relay/relay.hpp"

namespace ws2conform {

struct RelayPlan {
  // Where every relayed connection is recorded; null for nowhere.
  std::shared_ptr<relay::CaptureFile> capture;
  // Puts the relay under every case, and does this in both directions.
  std::optional<std::vector<relay::Treatment>> under_all;
  std::uint64_t seed = 1;  // of random delays

  // Whether the instance runs through the relay.
  bool wanted(const Instance& instance) const;
};

// "delay=0..20,split=1"; "record" changes nothing. Throws std::invalid_argument saying what is
// meant.
std::vector<relay::Treatment> parse_treatments(const std::string& text);

class Relaying {
 public:
  // Is told what the relay is told to do, and at the end of a schedule what it did, when: bodies of
  // Event::Kind::kRelay.
  using Observer =
      std::function<void(relay::Clock::time_point, const std::string& actor, nlohmann::json body)>;

  explicit Relaying(RelayPlan plan) : plan_(std::move(plan)) {}

  // A schedule of `instance`, which must outlive it, begins. Where the relay is not wanted nothing
  // below does anything. Throws std::runtime_error when the recording cannot be written.
  void begin(const Instance& instance, const Schedule& schedule, Observer observer);

  // The next call of the step is about to be made; and: it is over, or waits if it is one that
  // waits for the other side. A step that ends a hold begins when something is held, or
  // after `patience`: the sender may be slow. One that waits does not: what it waits for may be
  // held.
  void begins(const Step& step, relay::Clock::duration patience);
  void done_or_waits(const Step& step);

  bool is_used() const { return instance_ != nullptr; }

  // A request as it must be sent: who connects is given the relay's address.
  nlohmann::json on_the_way(const std::string& actor, nlohmann::json request);

  // A message as it goes into the history: where an address is the relay's own, the one that it
  // stands for, and the real one under "relayed".
  nlohmann::json for_the_record(nlohmann::json message) const;

  // The schedule is over. Why it showed nothing, if the relay did not do what the case says; empty
  // where it did.
  std::string end();

 private:
  void treat(const RelayRule& rule);

  RelayPlan plan_;
  Observer observer_;
  std::unique_ptr<relay::Relay> relay_;
  const Instance* instance_ = nullptr;  // of the schedule that runs through the relay
};

}  // namespace ws2conform
