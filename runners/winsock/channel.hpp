#pragma once

#include <cstddef>
#include <mutex>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>
#include <vector>

namespace ws2conform {

// Members keep the order in which they were added, so that replies read as in PROTOCOL.md.
using Json = nlohmann::ordered_json;

constexpr std::size_t kMaxLine = std::size_t{1} << 20;
// As many octets as surely fit, in base64, on one line beside the rest of a reply.
constexpr std::size_t kMaxOctets = 768'000;

// A request that makes no sense: a fault of suite or adapter, never of the implementation.
struct AdapterError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

// An operation, a field or a field's value that the adapter does not know.
struct Unsupported : std::runtime_error {
  using std::runtime_error::runtime_error;
};

// The suite closed its end of the pipes. Not a std::exception, lest it be reported to the suite.
struct SuiteGone {
  std::string why;  // empty for the orderly end
};

// What the suite sends, message by message.
class Messages {
 public:
  virtual ~Messages() = default;

  // Throws SuiteGone at the end.
  virtual Json read() = 0;
};

// The suite's end of the conversation: one JSON object a line.
class Channel : public Messages {
 public:
  // The next message: an object with a whole number as its id. Throws AdapterError for a line that
  // is no such thing (the line is then consumed). One thread reads; it sees all that others did
  // before they wrote what the suite may have answered.
  Json read() override;

  // By any thread.
  void write(const Json& message);

 private:
  // Returns the next line without its end; valid until the next call.
  std::string_view read_line();

  std::mutex writing_;
  std::vector<char> buffer_ = std::vector<char>(std::size_t{64} * 1024);
  std::size_t begin_ = 0;  // what was read and not yet consumed: [begin_, end_)
  std::size_t end_ = 0;
};

}  // namespace ws2conform
