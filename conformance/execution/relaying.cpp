#include "conformance/execution/relaying.hpp"

#include <fmt/format.h>

#include <sstream>
#include <stdexcept>

#include "conformance/case/hash.hpp"
#include "conformance/case/operations.hpp"
#include "conformance/case/relay.hpp"

namespace ws2conform {
namespace {

using nlohmann::json;
using Kind = relay::Treatment::Kind;

relay::Direction direction_of(const RelayRule& rule) {
  return rule.to_server() ? relay::Direction::kToServer : relay::Direction::kToClient;
}

void set_delay(relay::Treatment& treatment, const Milliseconds& delay) {
  treatment.kind = Kind::kDelay;
  treatment.least = std::chrono::milliseconds(delay.least);
  treatment.most = std::chrono::milliseconds(delay.most);
}

relay::Treatment::End end_of(CutEnd end) {
  switch (end) {
    case CutEnd::kFin:
      return relay::Treatment::End::kFin;
    case CutEnd::kSilence:
      return relay::Treatment::End::kSilence;
    case CutEnd::kReset:
      break;
  }
  return relay::Treatment::End::kReset;
}

relay::Treatment treatment_of(const RelayRule& rule) {
  relay::Treatment treatment;
  switch (rule.kind) {
    case RelayRule::Kind::kSplit:
      treatment.kind = Kind::kSplit;
      break;
    case RelayRule::Kind::kCoalesce:
      treatment.kind = Kind::kCoalesce;
      break;
    case RelayRule::Kind::kHold:
      treatment.kind = Kind::kHold;
      return treatment;
    case RelayRule::Kind::kCut:
      treatment.kind = Kind::kCut;
      treatment.end = end_of(relay_cut_end(rule));
      break;
    case RelayRule::Kind::kDelay:
      set_delay(treatment, parse_delay(rule.value).value());
      return treatment;
  }
  treatment.octets = relay_octets(rule);
  return treatment;
}

std::string way_text(const std::string& actor, relay::Direction direction) {
  return direction == relay::Direction::kToServer ? actor + "->server" : "server->" + actor;
}

}  // namespace

std::vector<relay::Treatment> parse_treatments(const std::string& text) {
  std::vector<relay::Treatment> treatments;
  std::istringstream parts(text);
  for (std::string part; std::getline(parts, part, ',');) {
    if (part == "record") continue;
    const std::size_t equals = part.find('=');
    const std::string word = part.substr(0, equals);
    const std::string value = equals == std::string::npos ? "" : part.substr(equals + 1);
    const auto number = parse_delay(value);
    relay::Treatment treatment;
    if (word == "delay" && number) {
      set_delay(treatment, *number);
    } else if (word == "split" && number && number->least == number->most && number->least > 0) {
      treatment.kind = Kind::kSplit;
      treatment.octets = number->least;
    } else {
      throw std::invalid_argument(
          fmt::format("\"{}\" is nothing the relay does under every case: it can record, or "
                      "delay=MILLISECONDS (such as delay=0..20) and split=OCTETS, joined by commas",
                      part));
    }
    treatments.push_back(treatment);
  }
  return treatments;
}

bool RelayPlan::wanted(const Instance& instance) const {
  return under_all || !instance.relay.empty();
}

void Relaying::treat(const RelayRule& rule) {
  relay_->treat(rule.client(), direction_of(rule), treatment_of(rule));
  observer_(relay::Clock::now(), rule.client(),
            {{"way", way_of(rule)}, {"does", treatment_text(rule)}});
}

void Relaying::begin(const Instance& instance, const Schedule& schedule, Observer observer) {
  observer_ = std::move(observer);
  instance_ = nullptr;
  if (!plan_.wanted(instance)) return;
  if (!relay_) relay_ = std::make_unique<relay::Relay>(plan_.capture);
  instance_ = &instance;
  const std::string order = to_string(schedule, instance.steps);
  const std::string id = replay_id(instance.name(), order);
  relay_->begin({instance.name(), id, order}, fnv1a(id) ^ plan_.seed);
  for (const std::string& actor : instance.source->actors) {
    if (actor == "server" || !plan_.under_all) continue;
    for (const relay::Treatment& treatment : *plan_.under_all) {
      relay_->treat(actor, relay::Direction::kToServer, treatment);
      relay_->treat(actor, relay::Direction::kToClient, treatment);
    }
  }
  for (const RelayRule& rule : instance.relay) {
    if (!rule.from) treat(rule);
  }
}

void Relaying::begins(const Step& step, relay::Clock::duration patience) {
  if (instance_ == nullptr) return;
  const Waiting waiting = find_operation(step.operation)->waiting;
  for (const RelayRule& rule : instance_->relay) {
    const bool waits = waiting == Waiting::kWaits || waiting == Waiting::kInitiates;
    if (rule.until != step.id || waits) continue;
    relay_->await_held(rule.client(), direction_of(rule), relay::Clock::now() + patience);
  }
  for (const RelayRule& rule : instance_->relay) {
    if (rule.from == step.id) treat(rule);
  }
}

void Relaying::done_or_waits(const Step& step) {
  if (instance_ == nullptr) return;
  for (const RelayRule& rule : instance_->relay) {
    if (rule.until != step.id) continue;
    relay_->release(rule.client(), direction_of(rule));
    observer_(relay::Clock::now(), rule.client(), {{"way", way_of(rule)}, {"does", "release"}});
  }
}

json Relaying::on_the_way(const std::string& actor, json request) {
  if (!is_used() || actor == "server") return request;
  const json op = request.value("op", json());
  if (op != "connect" && op != "WSAConnect") return request;
  json& address = request["addr"];
  if (address.is_string()) address = relay_->front(actor, address.get<std::string>());
  return request;
}

json Relaying::for_the_record(json message) const {
  if (!is_used()) return message;
  json real = json::object();
  json& fields = message.contains("condition") ? message["condition"] : message;
  if (!fields.is_object()) return message;
  for (const char* name : {"addr", "caller_id", "callee_id"}) {
    if (!fields.contains(name) || !fields.at(name).is_string()) continue;
    const std::string address = fields.at(name);
    const std::string other = relay_->stands_for(address);
    if (other == address) continue;
    real[name] = address;
    fields[name] = other;
  }
  if (!real.empty()) fields["relayed"] = std::move(real);
  return message;
}

std::string Relaying::end() {
  if (!is_used()) return "";
  const relay::Relay::Outcome outcome = relay_->end();
  const bool by_the_case = !instance_->relay.empty();
  instance_ = nullptr;
  if (!by_the_case) return "";
  for (const auto& done : outcome.done) {
    observer_(done.at, done.actor,
              {{"way", way_text(done.actor, done.direction)}, {"did", done.what}});
  }
  for (const auto& seen : outcome.seen) {
    observer_(seen.at, seen.actor,
              {{"way", way_text(seen.actor, seen.direction)},
               {"saw", seen.what},
               {"arrived", seen.arrived}});
  }
  if (outcome.connections == 0) return "no connection went through it";
  return fmt::format("{}", fmt::join(outcome.unreached, "; "));
}

}  // namespace ws2conform
