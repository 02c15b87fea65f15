// Requests to an adapter and what comes back for each, in whatever order it comes.
#pragma once

#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "conformance/case/json_line.hpp"
#include "runners/host/adapter.hpp"

namespace ws2conform::host {

// Whether a message ends its request: it tells how the call went.
bool is_reply(const nlohmann::json& message);

class Conversation {
 public:
  // `adapter` must outlive it. `lanes`: how many requests may be open at once. `reads_ahead`: it
  // takes any number, and answers those beyond its lanes one after another.
  Conversation(Adapter& adapter, int lanes, bool reads_ahead = false)
      : adapter_(adapter), lanes_(lanes), reads_ahead_(reads_ahead) {}

  // The request with an ID of its own, never repeated; it counts as open from now on. Throws
  // std::logic_error when all lanes are taken.
  nlohmann::json numbered(nlohmann::json request);

  // Sends a numbered request, or several, or the decision on an upcall.
  void send(const nlohmann::json& message) { send_line(json_line(message)); }
  void send_line(std::string line);

  // The next message for the open request `id`; its reply closes it. What comes for other open
  // requests meanwhile is kept for them. A message for none that is open is a breakdown.
  Adapter::Received receive(long long id, Clock::time_point deadline);

  // While an upcall of an adapter that takes nested requests is open, its own request occupies no
  // lane.
  void begin_nesting() { ++lanes_; }
  void end_nesting() { --lanes_; }

  bool is_open(long long id) const { return open_.count(id) > 0; }

  // What has come although nothing was asked, or how the adapter ended meanwhile; silence when all
  // is as it should be. For when nothing is open.
  Breakdown unasked(Clock::time_point now);

 private:
  Breakdown not_open(const Message& message) const;

  Adapter& adapter_;
  int lanes_;
  bool reads_ahead_;
  long long last_id_ = 0;
  bool is_unsent_ = false;          // a request has its number and was not sent yet
  std::optional<Breakdown> early_;  // what came before the request that it pretends to answer
  std::map<long long, std::vector<Message>> open_;  // with what has come and was not received yet
};

}  // namespace ws2conform::host
