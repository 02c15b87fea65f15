// An adapter under examination: one process, asked one thing at a time.
#pragma once

#include <boost/asio/io_context.hpp>
#include <memory>
#include <optional>
#include <string>
#include <variant>

#include "conformance/execution/actors.hpp"

namespace ws2conform::doctor {

// What came in answer to a request.
struct Answer {
  nlohmann::json body;  // null where the conversation broke
  std::string broke;    // how; empty where it did not
  std::chrono::nanoseconds took{};

  bool has(const char* member) const { return body.is_object() && body.contains(member); }
  // As it is shown: the line, or how the conversation broke.
  std::string text() const;
};

// `longest` octets of a text, and what was left out counted.
std::string cut(const std::string& text, std::size_t longest = 300);

class Patient {
 public:
  Patient(const Patient&) = delete;
  Patient& operator=(const Patient&) = delete;

  // Starts a process; the first answer is its hello. Throws CannotDrive where it cannot be started.
  Patient(boost::asio::io_context& context, const host::Iut& iut, const Patience& patience);

  const Answer& hello() const { return hello_; }
  bool broken() const { return broken_; }

  // Sends `request` with a new ID, and awaits the next message.
  Answer ask(nlohmann::json request);
  // Sends only; gives the text that was sent.
  std::string send(nlohmann::json request);
  // A line as it is.
  std::string send_line(const std::string& line);
  Answer next();
  Answer next(std::chrono::milliseconds patience);

  long long last_id() const { return id_; }
  void set_last_id(long long id) { id_ = id; }
  const std::string& sent() const { return sent_; }  // the latest request's text
  const std::string& standard_error() const { return stderr_; }

  // Closes its standard input. Whether it ended by itself within patience, and how.
  Answer end();

 private:
  const Patience& patience_;
  std::unique_ptr<host::Adapter> adapter_;
  Answer hello_;
  bool broken_ = false;
  long long id_ = 0;
  std::string sent_;
  std::string stderr_;
};

}  // namespace ws2conform::doctor
