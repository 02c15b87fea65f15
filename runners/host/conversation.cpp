#include "runners/host/conversation.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "conformance/case/json_line.hpp"

namespace ws2conform::host {
namespace {

using nlohmann::json;

std::string short_text(const json& message) {
  constexpr std::size_t kLongest = 400;
  std::string text = json_line(message);
  if (text.size() > kLongest) text = text.substr(0, kLongest) + "...";
  return text;
}

}  // namespace

bool is_reply(const json& message) {
  const char* const kinds[] = {"returns", "error", "unsupported", "adapter_error"};
  return std::any_of(std::begin(kinds), std::end(kinds),
                     [&](const char* kind) { return message.contains(kind); });
}

json Conversation::numbered(json request) {
  if (!reads_ahead_ && open_.size() >= static_cast<std::size_t>(lanes_)) {
    throw std::logic_error(adapter_.name() + " has no lane left for another request");
  }
  // What has come by now came before this; of requests that go out together, before the first.
  if (!std::exchange(is_unsent_, true) && adapter_.has_spoken() && adapter_.spoke() &&
      open_.empty() && !early_) {
    const Breakdown found = unasked(Clock::now());
    if (found.kind == Breakdown::Kind::kGarbage) early_ = found;
  }
  request["id"] = ++last_id_;
  open_[last_id_];
  return request;
}

void Conversation::send_line(std::string line) {
  is_unsent_ = false;
  adapter_.send_line(std::move(line));
}

Adapter::Received Conversation::receive(long long id, Clock::time_point deadline) {
  const auto open = open_.find(id);
  if (open == open_.end()) throw std::logic_error(fmt::format("request {} is not open", id));
  if (early_) return *early_;
  while (open->second.empty()) {
    Adapter::Received received = adapter_.receive(deadline);
    if (std::holds_alternative<Breakdown>(received)) return received;
    Message& message = std::get<Message>(received);
    const auto its = message.body.find("id");
    const bool has_id = its != message.body.end() && its->is_number_integer();
    const auto whose = has_id ? open_.find(its->get<long long>()) : open_.end();
    if (whose == open_.end()) return not_open(message);
    const bool answered = !whose->second.empty() && is_reply(whose->second.back().body);
    if (answered) return not_open(message);
    if (whose == open) {
      if (is_reply(message.body)) open_.erase(open);
      return received;
    }
    whose->second.push_back(std::move(message));
  }
  Message message = std::move(open->second.front());
  open->second.erase(open->second.begin());
  if (is_reply(message.body)) open_.erase(open);
  return message;
}

Breakdown Conversation::unasked(Clock::time_point now) {
  if (!adapter_.spoke()) return {Breakdown::Kind::kSilent, adapter_.name() + " said nothing"};
  const Adapter::Received received = adapter_.receive(now);
  if (const auto* message = std::get_if<Message>(&received)) return not_open(*message);
  return std::get<Breakdown>(received);
}

Breakdown Conversation::not_open(const Message& message) const {
  return {Breakdown::Kind::kGarbage,
          fmt::format("{} answers request {}, which is not open: {}", adapter_.name(),
                      short_text(message.body.value("id", json())), short_text(message.body))};
}

}  // namespace ws2conform::host
