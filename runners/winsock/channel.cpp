#include "channel.hpp"

#include <cstring>
#include <string_view>

#include "standard_streams.hpp"

namespace ws2conform {

std::string_view Channel::read_line() {
  bool too_long = false;
  std::size_t searched = begin_;
  for (;;) {
    const void* found = std::memchr(buffer_.data() + searched, '\n', end_ - searched);
    if (found != nullptr) {
      const char* line = buffer_.data() + begin_;
      const auto size = static_cast<std::size_t>(static_cast<const char*>(found) - line);
      begin_ += size + 1;
      if (too_long || size >= kMaxLine) {
        throw AdapterError("a line is longer than " + std::to_string(kMaxLine) + " octets");
      }
      return {line, size};
    }
    if (end_ - begin_ >= kMaxLine) {
      too_long = true;
      begin_ = end_;  // only the end of the line matters now
    }
    if (begin_ > 0) {
      std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
      end_ -= begin_;
      begin_ = 0;
    }
    if (end_ == buffer_.size()) buffer_.resize(2 * buffer_.size());
    searched = end_;
    const std::size_t got = read_input(buffer_.data() + end_, buffer_.size() - end_);
    if (got == 0) {
      const bool partial = too_long || end_ > begin_;
      throw SuiteGone{partial ? "standard input ended in the middle of a line" : ""};
    }
    end_ += got;
  }
}

Json Channel::read() {
  Json message;
  try {
    // The \r of a \r\n is white space to the parser.
    message = Json::parse(read_line());
    const std::lock_guard<std::mutex> seen(writing_);
  } catch (const Json::parse_error& problem) {
    throw AdapterError(std::string("a line is not JSON: ") + problem.what());
  }
  if (!message.is_object() || !message.contains("id") || !message["id"].is_number_integer()) {
    throw AdapterError("a line is not an object with a number as its id");
  }
  return message;
}

void Channel::write(const Json& message) {
  // Text from the implementation need not be UTF-8.
  std::string line = message.dump(-1, ' ', false, Json::error_handler_t::replace);
  if (line.size() >= kMaxLine) {
    line = Json{{"id", message.value("id", Json())},
                {"adapter_error", "the reply is too long for a line"}}
               .dump();
  }
  line += '\n';
  const std::lock_guard<std::mutex> lock(writing_);
  if (!write_output(line.data(), line.size())) throw SuiteGone{"standard output is closed"};
}

}  // namespace ws2conform
