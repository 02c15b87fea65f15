// Named openings: what `given: listener` and `given: connected` stand for.
#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "conformance/case/bindings.hpp"
#include "conformance/case/instance.hpp"
#include "conformance/case/operations.hpp"

namespace ws2conform {
namespace {

using nlohmann::json;

class Opening {
 public:
  explicit Opening(const Case& source) : source_(source) {
    for (const std::string& actor : source.actors) {
      if (actor != "server") clients_.push_back(actor);
    }
  }

  std::vector<Step> steps(const std::vector<Step>& own, const std::vector<Prohibition>& must_not) {
    note_events(own, must_not);
    if (names_limits(own)) {
      Fields limits;
      for (const std::string_view limit : kLimitNames) limits.emplace_back(limit, "0");
      add(source_.actors.front(), "limits", limits);
    }
    if (source_.given != "nothing") {
      listen();
      for (const std::string& client : clients_) add(client, "socket", {{"as", client}});
      if (source_.given == "connected") {
        for (const std::string& client : clients_) connect(client);
      }
      select();
    }
    return std::move(steps_);
  }

 private:
  using Fields = std::vector<std::pair<std::string, json>>;

  static bool names_limits(const std::vector<Step>& own) {
    const auto is_limit = [](const std::string& name) {
      return std::find(std::begin(kLimitNames), std::end(kLimitNames), name) !=
             std::end(kLimitNames);
    };
    const auto among = [&](const std::vector<Field>& fields) {
      return std::any_of(fields.begin(), fields.end(), [&](const Field& field) {
        const auto names = references(field.value);
        return std::any_of(names.begin(), names.end(), is_limit);
      });
    };
    return std::any_of(own.begin(), own.end(), [&](const Step& step) {
      return among(step.fields) || among(step.windows) ||
             std::any_of(step.readings.begin(), step.readings.end(),
                         [&](const Reading& reading) { return among(reading.fields); });
    });
  }

  Step& add(const std::string& actor, const std::string& operation, const Fields& fields) {
    Step step;
    step.id = "given." + std::to_string(steps_.size() + 1);
    step.actor = actor;
    step.operation = operation;
    step.place = source_.given_place;
    step.opening = true;
    for (const auto& [name, value] : fields) {
      step.fields.push_back({name, value, source_.given_place});
    }
    steps_.push_back(std::move(step));
    return steps_.back();
  }

  void listen() {
    add("server", "socket", {{"as", "listener"}});
    add("server", "bind", {{"socket", "listener"}, {"addr", "loopback"}});
    add("server", "listen", {{"socket", "listener"}, {"backlog", "SOMAXCONN"}});
    add("server", "getsockname", {{"socket", "listener"}, {"addr", "$listener"}});
  }

  void connect(const std::string& client) {
    const std::string accepted = clients_.size() == 1 ? "server" : client;
    Step& connecting = add(client, "connect", {{"socket", client}});
    const std::string connect_id = connecting.id;
    const std::string accept_id = "given." + std::to_string(steps_.size() + 1);
    connecting.by = accept_id;
    add("server", "accept", {{"socket", "listener"}, {"as", accepted}}).after = {connect_id};
    add(client, "getsockname", {{"socket", client}, {"addr", "$" + client + ".name"}});
  }

  // The network events that the case's steps name, and those that must not be seen.
  void note_events(const std::vector<Step>& own, const std::vector<Prohibition>& must_not) {
    for (const Step& step : own) {
      std::string socket = step.actor;
      for (const Field& field : step.fields) {
        if (field.name == "socket" && field.value.is_string()) socket = field.value;
      }
      note_event(step.actor, socket, step.operation);
    }
    for (const Prohibition& prohibition : must_not) {
      note_event(prohibition.actor, prohibition.socket_name(), prohibition.operation);
    }
  }

  void note_event(const std::string& actor, const std::string& socket, const std::string& name) {
    const Operation* operation = find_operation(name);
    if (operation != nullptr && operation->is_indication()) events_.insert({actor, socket, name});
  }

  // Selects them for the sockets that exist by now. Not earlier: selecting makes a socket
  // non-blocking, and then accept finds nothing where it comes before the request.
  void select() {
    std::map<std::pair<std::string, std::string>, std::set<std::string>> wanted;
    for (const auto& [actor, socket, event] : events_) wanted[{actor, socket}].insert(event);
    for (const auto& [key, events] : wanted) {
      const auto& [actor, socket] = key;
      const bool of_client = std::find(clients_.begin(), clients_.end(), socket) != clients_.end();
      const bool accepted =
          source_.given == "connected" && (clients_.size() == 1 ? socket == "server" : of_client);
      const bool exists = actor == "server" ? socket == "listener" || accepted : socket == actor;
      if (!exists) continue;
      const std::string event = socket + ".event";
      add(actor, "WSACreateEvent", {{"as", event}});
      add(actor, "WSAEventSelect",
          {{"socket", socket},
           {"event", event},
           {"network_events", json(std::vector<std::string>(events.begin(), events.end()))}});
    }
  }

  const Case& source_;
  std::vector<std::string> clients_;
  std::vector<Step> steps_;
  std::set<std::tuple<std::string, std::string, std::string>> events_;  // actor, socket, event
};

}  // namespace

std::vector<Step> opening_steps(const Case& source, const std::vector<Step>& steps,
                                const std::vector<Prohibition>& must_not) {
  return Opening(source).steps(steps, must_not);
}

}  // namespace ws2conform
