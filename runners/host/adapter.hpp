// An adapter as a subprocess: starting it, lines to it and from it, and its end.
#pragma once

#include <boost/asio/io_context.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <variant>

#include "runners/host/iut.hpp"

namespace ws2conform::host {

using Clock = std::chrono::steady_clock;

// How a conversation broke. Each is an outcome of the case that was running, never of the run.
struct Breakdown {
  enum class Kind {
    kCrashed,  // ended by a signal
    kExited,   // ended by itself, while something was expected of it
    kSilent,   // said nothing until the deadline
    kGarbage,  // said something that is not of the protocol
  };
  Kind kind = Kind::kSilent;
  std::string detail;  // a sentence, the last of its stderr included
};

std::string_view to_string(Breakdown::Kind kind);

// One line from the adapter, and when it came.
struct Message {
  Clock::time_point at;
  nlohmann::json body;
  std::string line;  // what `body` was read from, without its end
};

// One subprocess in a process group of its own. Not thread-safe: everything happens in the thread
// that runs `context`. Destruction ends the whole group, and whatever it started that has left it.
class Adapter {
 public:
  // Is told of what comes on its standard error, when it comes: 64 KiB, and then that there is
  // more.
  using StderrObserver = std::function<void(Clock::time_point, const std::string& text)>;
  using Received = std::variant<Message, Breakdown>;

  // Starts the process; does not wait for its hello. Throws std::runtime_error when it cannot be
  // started.
  Adapter(boost::asio::io_context& context, const Iut& iut);
  ~Adapter();
  Adapter(const Adapter&) = delete;
  Adapter& operator=(const Adapter&) = delete;

  void observe_stderr(StderrObserver observer);

  // Writes one line. An adapter that no longer reads is noticed by the next receive.
  void send(const nlohmann::json& message);

  // The next message, or how the conversation broke when none came by `deadline`, which moves on by
  // the time that the suite itself stood still meanwhile, and while the adapter gets no processor.
  // After a breakdown the adapter is of no further use.
  Received receive(Clock::time_point deadline);

  // Whether something has come that was not received yet, or its output has ended. An end that is
  // not to be seen there, as others write to it as well, is known once the context has run.
  bool spoke();

  // Whether something has come that was not received yet. Not whether its output has ended.
  bool has_spoken();

  // How it ended by itself, if it has or is about to.
  std::optional<Breakdown> ended();

  // Writes `line` as it is and a line feed: for those who want to know what it makes of it.
  void send_line(std::string line);

  // Ends it: closes its stdin, and kills the group if it has not exited by `deadline`. How it went:
  // kExited or kCrashed by itself, kSilent when it had to be killed.
  Breakdown stop(Clock::time_point deadline);

  int pid() const;
  const std::string& name() const;  // the IUT's

 private:
  class Process;
  std::shared_ptr<Process> process_;
};

}  // namespace ws2conform::host
