#include "conformance/case/relay.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <map>
#include <set>
#include <tuple>

#include "conformance/case/order.hpp"

namespace ws2conform {
namespace {

using Kind = RelayRule::Kind;

const std::map<std::string, Kind> kKinds = {{"split", Kind::kSplit},
                                            {"coalesce", Kind::kCoalesce},
                                            {"delay", Kind::kDelay},
                                            {"hold-until", Kind::kHold},
                                            {"cut-after", Kind::kCut}};

std::string word(Kind kind) {
  return std::find_if(kKinds.begin(), kKinds.end(),
                      [&](const auto& entry) { return entry.second == kind; })
      ->first;
}

template <typename Number>
std::optional<Number> parse_number(std::string_view text) {
  Number number{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

using Direction = std::pair<std::string, std::string>;  // sender, receiver

// What a key such as "client->server" means.
std::vector<Direction> directions(const YamlFile& file, const YAML::Node& key,
                                  const std::vector<std::string>& actors) {
  std::vector<Direction> found;
  std::vector<std::string> known = {"both"};
  for (const std::string& one : actors) {
    for (const std::string& other : actors) {
      const bool axes = one.front() == '$' && other.front() == '$';
      const bool possible = one == "server" || other == "server" || axes;
      if (one == other || !possible) continue;
      known.push_back(one + "->" + other);
      if (key.Scalar() == known.back() ||
          (key.Scalar() == "both" && !axes && one.front() != '$' && other.front() != '$')) {
        found.emplace_back(one, other);
      }
    }
  }
  if (found.empty()) {
    throw InputError(file.place(key),
                     fmt::format("unknown direction \"{}\"; there are {}{}", key.Scalar(),
                                 fmt::join(known, ", "), did_you_mean(key.Scalar(), known)));
  }
  return found;
}

RelayRule load_rule(const YamlFile& file, const YAML::Node& node) {
  RelayRule rule;
  rule.place = file.place(node);
  int kinds = 0;
  for (const auto& [name, kind] : kKinds) {
    if (!node[name]) continue;
    ++kinds;
    rule.kind = kind;
    rule.value = node[name].Scalar();
  }
  if (kinds != 1) {
    throw InputError(rule.place,
                     "the relay does one thing here: split, coalesce, delay, hold-until or "
                     "cut-after");
  }
  if (rule.kind == Kind::kHold) rule.until = rule.value;
  if (node["from"]) rule.from = node["from"].Scalar();
  if (node["with"]) {
    if (rule.kind != Kind::kCut) {
      throw InputError(file.place(node["with"]), "`with` belongs to cut-after");
    }
    rule.with = node["with"].Scalar();
  }
  return rule;
}

std::size_t index_of(const Instance& instance, const std::string& id, const SourcePlace& place) {
  std::vector<std::string> ids;
  for (std::size_t i = 0; i < instance.steps.size(); ++i) {
    if (instance.steps[i].id == id) return i;
    ids.push_back(instance.steps[i].id);
  }
  throw InputError(place, "no step has the ID \"" + id + "\"" + did_you_mean(id, ids));
}

// A step of the receiver that may end only because of what is held must come after the release, or
// some schedules wait for ever.
void lint_hold(const Instance& instance, const RelayRule& rule, Order& order) {
  const std::size_t until = index_of(instance, *rule.until, rule.place);
  for (std::size_t i = 0; i < instance.steps.size(); ++i) {
    const Step& step = instance.steps[i];
    const Waiting waiting = find_operation(step.operation)->waiting;
    const bool waits = waiting == Waiting::kWaits || waiting == Waiting::kUpcall ||
                       (waiting == Waiting::kInitiates && (step.until || step.by));
    if (step.actor != rule.receiver || !waits || i == until) continue;
    const Order::Steps& over = order.over_after(i);
    const bool later = !rule.from || over.count(index_of(instance, *rule.from, rule.place)) > 0;
    if (!later || over.count(until) > 0) continue;
    throw InputError(step.place,
                     fmt::format("step {} may wait for what the relay holds until step {}: say "
                                 "that it is `after: {}`",
                                 step.id, *rule.until, *rule.until));
  }
}

}  // namespace

void require_known_relay_keys(const YamlFile& file, const YAML::Node& node) {
  std::vector<std::string> known = {"with", "from"};
  for (const auto& [name, kind] : kKinds) known.push_back(name);
  if (!node || !node.IsMap()) return;
  for (const auto& member : node) {
    for (const auto& item : member.second) {
      if (item.IsMap()) require_known_keys(file, item, known, "what the relay does");
    }
  }
}

std::vector<RelayRule> load_relay(const YamlFile& file, const YAML::Node& node,
                                  const std::vector<std::string>& actors) {
  std::vector<RelayRule> rules;
  for (const auto& member : node) {
    const auto its = directions(file, member.first, actors);
    for (const auto& item : member.second) {
      RelayRule rule = load_rule(file, item);
      const bool once = rule.kind == Kind::kHold || rule.kind == Kind::kCut;
      if (once && member.first.Scalar() == "both") {
        throw InputError(rule.place, word(rule.kind) + " is for one direction");
      }
      for (const auto& [sender, receiver] : its) {
        rule.sender = sender;
        rule.receiver = receiver;
        rules.push_back(rule);
      }
    }
  }
  return rules;
}

std::size_t relay_octets(const RelayRule& rule) {
  const auto octets = parse_number<std::size_t>(rule.value);
  if (!octets || (*octets == 0 && rule.kind != Kind::kCut)) {
    throw InputError(rule.place, fmt::format("{} takes a number of octets, not \"{}\"",
                                             word(rule.kind), rule.value));
  }
  return *octets;
}

CutEnd relay_cut_end(const RelayRule& rule) {
  if (rule.with == "reset") return CutEnd::kReset;
  if (rule.with == "fin") return CutEnd::kFin;
  if (rule.with == "silence") return CutEnd::kSilence;
  throw InputError(
      rule.place,
      fmt::format("a cut is with \"reset\", \"fin\" or \"silence\", not \"{}\"", rule.with));
}

std::string way_of(const RelayRule& rule) {
  return rule.sender + "->" + rule.receiver;
}

std::string treatment_text(const RelayRule& rule) {
  const std::string text = word(rule.kind) + " " + rule.value;
  return rule.kind == Kind::kCut ? text + " with " + rule.with : text;
}

std::optional<Milliseconds> parse_delay(const std::string& text) {
  const std::size_t dots = text.find("..");
  const auto least = parse_number<unsigned>(std::string_view(text).substr(0, dots));
  const auto most = dots == std::string::npos
                        ? least
                        : parse_number<unsigned>(std::string_view(text).substr(dots + 2));
  if (!least || !most || *least > *most) return std::nullopt;
  return Milliseconds{*least, *most};
}

const Step* step_that_fills(const Instance& instance) {
  const auto found = std::find_if(instance.steps.begin(), instance.steps.end(),
                                  [](const Step& step) { return step.operation == "fill"; });
  return found == instance.steps.end() ? nullptr : &*found;
}

void lint_relay(const Instance& instance) {
  const Step* filling = step_that_fills(instance);
  if (filling != nullptr && !instance.relay.empty()) {
    throw InputError(filling->place,
                     "fill takes no relay: it would end when the relay is late, "
                     "and not when the way is full");
  }
  Order order(instance.steps);
  std::set<std::tuple<std::string, std::string, Kind>> seen;
  for (const RelayRule& rule : instance.relay) {
    if (!seen.insert({rule.sender, rule.receiver, rule.kind}).second) {
      throw InputError(rule.place, fmt::format("a second {} for {}->{}", word(rule.kind),
                                               rule.sender, rule.receiver));
    }
    const auto& actors = instance.source->actors;
    for (const std::string* end : {&rule.sender, &rule.receiver}) {
      if (std::find(actors.begin(), actors.end(), *end) == actors.end()) {
        throw InputError(rule.place, "\"" + *end + "\" is no actor" + did_you_mean(*end, actors));
      }
    }
    if (rule.sender == rule.receiver || (rule.sender != "server" && rule.receiver != "server")) {
      throw InputError(rule.place, "the relay is between the server and a client");
    }
    if (rule.from) index_of(instance, *rule.from, rule.place);
    if (rule.kind == Kind::kHold) {
      lint_hold(instance, rule, order);
    } else if (rule.kind != Kind::kDelay) {
      relay_octets(rule);
      relay_cut_end(rule);
    } else if (!parse_delay(rule.value)) {
      throw InputError(rule.place, fmt::format("delay takes milliseconds, such as 5 or 0..20, not "
                                               "\"{}\"",
                                               rule.value));
    }
  }
}

}  // namespace ws2conform
