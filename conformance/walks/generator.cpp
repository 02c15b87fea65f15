#include "conformance/walks/generator.hpp"

#include <algorithm>

namespace ws2conform::walks {
namespace {

using Fields = std::vector<std::pair<std::string, nlohmann::json>>;

}  // namespace

std::string Generator::next_id(const Draft& draft) const {
  return std::to_string(draft.steps.empty() ? 1 : std::stoi(draft.steps.back().id) + 1);
}

void Generator::add(Draft& draft, const std::string& actor, const std::string& operation,
                    Fields fields) {
  // What goes without saying is left out.
  const auto same = [&](const auto& field) {
    return field.first == "socket" && field.second == actor;
  };
  fields.erase(std::remove_if(fields.begin(), fields.end(), same), fields.end());
  draft.steps.push_back(call(next_id(draft), actor, operation, std::move(fields)));
}

// User data around a limit, and of the kinds that get lost.
nlohmann::json Generator::octets(std::size_t limit) {
  switch (below(9)) {
    case 0:
      return nullptr;
    case 1:
      return "";
    case 2:
      return {{"hex", "00"}};
    case 3:
      return {{"hex", "610062ff"}};
    case 4:
      return {{"pattern", std::to_string(limit)}};
    case 5:
      return {{"pattern", std::to_string(limit + 1)}};
    case 6:
      return {{"pattern", std::to_string(limit > 1 ? limit - 1 : 1)}};
    default:
      return std::string(1 + below(std::max<std::size_t>(1, std::min<std::size_t>(limit, 12))),
                         static_cast<char>('a' + below(26)));
  }
}

nlohmann::json Generator::some_data() {
  switch (below(12)) {
    case 0:
      return "";
    case 1:
      return {{"hex", "00"}};
    case 2:
      return {{"hex", "00ff0d0a1a00"}};
    case 3:
      return {{"pattern", one_of<std::string>({"255", "256", "257", "1000", "4097"})}};
    default:
      return std::string(1 + below(9), static_cast<char>('a' + below(26)));
  }
}

std::string Generator::near(std::size_t count) {
  const std::size_t kind = below(4);
  return std::to_string(kind == 0 ? count + 1 : kind == 1 && count > 0 ? count - 1 : count);
}

// What can be met, and what cannot.
nlohmann::json Generator::quality() {
  const auto flow = [this] {
    json made = {{"TokenRate", one_of<std::string>({"100", "1000", "5000"})},
                 {"ServiceType", "SERVICETYPE_GUARANTEED"}};
    if (chance(15)) made["ServiceType"] = "SERVICETYPE_NOCHANGE";
    if (chance(15)) made["ServiceType"] = "SERVICETYPE_BESTEFFORT";
    if (chance(12)) made["TokenRate"] = one_of<std::string>({"0", "4294967294"});
    if (chance(15)) made["PeakBandwidth"] = one_of<std::string>({"50", "9000"});
    return made;
  };
  json made = {{"SendingFlowspec", flow()}};
  if (chance(60)) made["ReceivingFlowspec"] = flow();
  if (chance(25)) made["ProviderSpecific"] = "AQID";
  return made;
}

std::optional<Generated> Generator::walk(const std::string& id) {
  names_ = 0;
  Draft draft;
  draft.id = id;
  set_up(draft);
  auto derived = derive(draft, provider_, edition_, limits_);
  const std::size_t wanted = draft.steps.size() + 3 + below(14);
  for (std::size_t tries = 0; derived && draft.steps.size() < wanted && tries < 40; ++tries) {
    Draft longer = draft;
    any_call(longer, *derived->net);
    auto next = derive(longer, provider_, edition_, limits_);
    if (!next || longer.steps.size() <= draft.steps.size()) continue;
    draft = std::move(longer);
    derived = std::move(next);
  }
  if (!derived || draft.steps.empty()) return std::nullopt;
  if (!holds_in_the_model(derived->walk, provider_, edition_, limits_)) return std::nullopt;
  return Generated{std::move(draft), std::move(derived->walk)};
}

void Generator::any_call(Draft& draft, const model::Net& net) {
  const std::string& actor = one_of(draft.actors);
  const auto sockets = net.sockets_of(actor);
  if (sockets.empty()) return;
  // Where there is a connection most happens there.
  std::vector<std::string> names;
  for (const auto& [name, view] : sockets) {
    names.insert(names.end(), view.closed ? 1 : view.connected ? 8 : 2, name);
  }
  const std::string& socket = one_of(names);
  const model::Net::View& view = sockets.at(socket);
  if (chance(10)) return once_more(draft);
  if (view.connected && !view.closed && chance(35)) {
    const End own{actor, socket};
    return (this->*one_of(scenes()))(draft, own, peer_of(draft, own));
  }
  if (view.ended && chance(50)) return all_that_comes(draft, actor, socket, view);
  if (limits_.qos && chance(8)) return about_quality(draft, actor, socket);
  const std::size_t kind = below(100);
  if (kind < 34) {
    about_data(draft, actor, socket, view);
  } else if (kind < 58) {
    about_the_end(draft, actor, socket, view);
  } else if (kind < 78) {
    about_events(draft, actor, socket, view);
  } else if (kind < 87) {
    about_options(draft, actor, socket);
  } else if (kind < 95) {
    about_set_up(draft, actor, socket);
  } else {
    another_connection(draft);
  }
}

// The last call again, unless it made something, which has its name once.
void Generator::once_more(Draft& draft) {
  if (draft.steps.empty()) return;
  Step again = draft.steps.back();
  const bool makes = std::any_of(again.fields.begin(), again.fields.end(),
                                 [](const Field& field) { return field.name == "as"; });
  if (makes || again.operation == "condition" || again.operation == "vanish") return;
  again.id = next_id(draft);
  again.until.reset();
  again.by.reset();
  draft.steps.push_back(std::move(again));
}

}  // namespace ws2conform::walks
