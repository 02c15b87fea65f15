#include "ws2adapter.hpp"

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <iostream>
#include <sstream>

namespace ws2adapter {
namespace {

constexpr std::string_view kAlphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

// One line without its end; one beyond kMaxLine comes back cut, but is read to its end. False at
// the end of input.
bool read_line(std::string& line) {
  line.clear();
  auto& in = *std::cin.rdbuf();
  for (int c = in.sbumpc(); c != std::char_traits<char>::eof(); c = in.sbumpc()) {
    if (c == '\n') return true;
    if (line.size() <= kMaxLine) line += static_cast<char>(c);
  }
  if (!line.empty()) std::cerr << "standard input ended in the middle of a line\n";
  return false;
}

json parse(const std::string& line) {
  if (line.size() > kMaxLine) throw AdapterError("a line is longer than 1 MiB");
  json request = json::parse(line, nullptr, /*allow_exceptions=*/false);
  if (request.is_discarded()) throw AdapterError("a line is not JSON");
  if (!request.is_object() || !request.contains("id") || !request["id"].is_number_integer()) {
    throw AdapterError("a line is not an object with a number as its id");
  }
  return request;
}

}  // namespace

std::string octets(std::string_view data) {
  std::string text;
  for (std::size_t i = 0; i < data.size(); i += 3) {
    std::uint32_t group = 0;
    for (std::size_t j = 0; j < 3; ++j) {
      group = group << 8 | (i + j < data.size() ? static_cast<unsigned char>(data[i + j]) : 0U);
    }
    for (std::size_t j = 0; j < 4; ++j) {
      text += i + j <= data.size() ? kAlphabet[group >> (18 - 6 * j) & 63] : '=';
    }
  }
  return text;
}

std::string from_octets(const std::string& text) {
  std::string data;
  const std::size_t padding = text.size() - text.find_last_not_of('=') - 1;
  if (text.size() % 4 != 0 || (!text.empty() && padding > 2)) throw AdapterError("no base64");
  std::uint32_t group = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool is_digit = i + padding < text.size();
    const std::size_t digit = is_digit ? kAlphabet.find(text[i]) : 0;
    if (digit == std::string_view::npos) throw AdapterError("no base64");
    group = group << 6 | static_cast<std::uint32_t>(digit);
    for (int shift = 16; i % 4 == 3 && shift >= 0; shift -= 8) {
      data += static_cast<char>(group >> shift & 255);
    }
  }
  if (!text.empty()) data.resize(data.size() - padding);
  return data;
}

std::pair<std::string, std::uint16_t> parse_address(const std::string& text) {
  const std::size_t colon = text.rfind(':');
  std::uint16_t port = 0;
  const char* const end = text.data() + text.size();
  if (colon != std::string::npos && colon > 0) {
    const auto [stop, error] = std::from_chars(text.data() + colon + 1, end, port);
    const bool bracketed = text.front() == '[' && text[colon - 1] == ']';
    if (error == std::errc() && stop == end) {
      return {bracketed ? text.substr(1, colon - 2) : text.substr(0, colon), port};
    }
  }
  throw AdapterError(json(text).dump() + " is not an address such as 127.0.0.1:80 or [::1]:80");
}

std::string format_address(const std::string& host, std::uint16_t port) {
  const bool is_ipv6 = host.find(':') != std::string::npos;
  return (is_ipv6 ? "[" + host + "]" : host) + ":" + std::to_string(port);
}

std::string error_name(int number) {
  static const std::map<int, const char*> kNames = {
      {EACCES, "WSAEACCES"},
      {EADDRINUSE, "WSAEADDRINUSE"},
      {EADDRNOTAVAIL, "WSAEADDRNOTAVAIL"},
      {EAFNOSUPPORT, "WSAEAFNOSUPPORT"},
      {EALREADY, "WSAEALREADY"},
      {EBADF, "WSAENOTSOCK"},
      {ECONNABORTED, "WSAECONNABORTED"},
      {ECONNREFUSED, "WSAECONNREFUSED"},
      {ECONNRESET, "WSAECONNRESET"},
      {EHOSTUNREACH, "WSAEHOSTUNREACH"},
      {EINPROGRESS, "WSAEWOULDBLOCK"},
      {EINVAL, "WSAEINVAL"},
      {EISCONN, "WSAEISCONN"},
      {EMFILE, "WSAEMFILE"},
      {ENETUNREACH, "WSAENETUNREACH"},
      {ENOTCONN, "WSAENOTCONN"},
      {EOPNOTSUPP, "WSAEOPNOTSUPP"},
      {ETIMEDOUT, "WSAETIMEDOUT"},
      {EWOULDBLOCK, "WSAEWOULDBLOCK"},
  };
  const auto found = kNames.find(number);
  return found != kNames.end() ? found->second : std::to_string(number);
}

const json& Request::operator[](const char* field) const {
  if (!has(field)) throw AdapterError(std::string("the field ") + field + " is needed");
  return fields_[field];
}

std::string Request::text(const char* field) const {
  const json& value = (*this)[field];
  if (!value.is_string()) throw AdapterError(std::string(field) + " is no text");
  return value;
}

std::int64_t Request::number(const char* field) const {
  const json& value = (*this)[field];
  if (!value.is_number_integer()) throw AdapterError(std::string(field) + " is no whole number");
  return value;
}

std::size_t Request::size(const char* field) const {
  const std::int64_t value = number(field);
  if (value < 0 || value > static_cast<std::int64_t>(kMaxOctets)) {
    throw AdapterError(std::string(field) + " is not from 0 to " + std::to_string(kMaxOctets));
  }
  return static_cast<std::size_t>(value);
}

std::string Request::data() const {
  if (!has("data")) throw Unsupported("data: null");
  return from_octets(text("data"));
}

std::optional<std::string> Request::octets(const char* field) const {
  if (!has(field)) return std::nullopt;
  return from_octets(text(field));
}

void Request::no_flags() const {
  if (has("flags") && !fields_["flags"].empty()) throw Unsupported(fields_["flags"].dump());
}

int Request::backlog() const {
  const bool most = (*this)["backlog"] == "SOMAXCONN";
  return most ? SOMAXCONN : static_cast<int>(number("backlog"));
}

int Request::how() const {
  static const std::map<json, int> kNamed = {
      {"SD_RECEIVE", SHUT_RD}, {"SD_SEND", SHUT_WR}, {"SD_BOTH", SHUT_RDWR}};
  const auto named = kNamed.find((*this)["how"]);
  return named != kNamed.end() ? named->second : static_cast<int>(number("how"));
}

std::pair<bool, int> Request::linger() const {
  if (text("option") != "SO_LINGER") throw Unsupported(text("option"));
  return {(*this)["value"].at("onoff") != 0, (*this)["value"].at("linger")};
}

Adapter::Adapter(const std::string& implementation, const std::string& version,
                 std::function<void()> reset, ErrorName error_name)
    : hello_({{"hello", 1}, {"implementation", implementation}, {"version", version}}),
      error_name_(std::move(error_name)) {
  hello_["lanes"] = 1;
  hello_["providers"] = json::array();
  operation("reset", "", [reset = std::move(reset)](Request&) {
    reset();
    return 0;
  });
}

void Adapter::provider(json entry) {
  hello_["providers"].push_back(std::move(entry));
}

void Adapter::only(json what) {
  hello_["only"] = std::move(what);
}

void Adapter::operation(const std::string& name, const std::string& fields, Call call) {
  Operation& made = operations_[name];
  made.call = std::move(call);
  std::istringstream words(fields);
  for (std::string field; words >> field;) {
    const bool needed = field.back() != '?';
    if (!needed) field.pop_back();
    made.known.insert(field);
    if (needed) made.needed.insert(field);
  }
}

json Adapter::upcall(json fields) {
  fields["id"] = pending_;
  write(fields);
  std::string line;
  if (!read_line(line)) std::_Exit(0);  // nobody will decide any more
  json decision = parse(line);
  if (decision["id"] != pending_ || decision.contains("op")) {
    throw AdapterError("request " + pending_.dump() + " waits for its decision, got " + line);
  }
  return decision;
}

json Adapter::answer(const json& request) {
  json reply;
  pending_ = request["id"];
  try {
    const json value = result(request);
    reply = value.is_object() ? value : json{{"returns", value}};
  } catch (const CallFailed& failure) {
    reply = failure.out_parameters;
    reply["error"] = failure.what();
  } catch (const Unsupported& unknown) {
    reply = {{"unsupported", unknown.what()}};
  } catch (const std::exception& problem) {
    reply = {{"adapter_error", problem.what()}};
  }
  reply["id"] = request["id"];
  return reply;
}

json Adapter::result(const json& request) {
  if (!request.contains("op") || !request["op"].is_string()) {
    throw AdapterError("a request needs an op");
  }
  const std::string op = request["op"];
  const auto found = operations_.find(op);
  if (found == operations_.end()) throw Unsupported(op);
  json fields = request;
  for (const char* common : {"id", "op", "announce"}) fields.erase(common);
  for (const auto& [name, value] : fields.items()) {
    if (found->second.known.count(name) == 0) throw Unsupported(op + "." + name);
  }
  for (const std::string& name : found->second.needed) {
    if (!fields.contains(name)) throw AdapterError(op + " needs the field \"" + name + "\"");
  }
  if (request.value("announce", false)) write({{"id", request["id"]}, {"started", true}});
  Request given(std::move(fields));
  try {
    return found->second.call(given);
  } catch (const CallFailed&) {
    throw;
  } catch (const std::exception& problem) {
    const std::string name = error_name_(problem, given);
    if (name.empty()) throw;
    throw CallFailed(name);
  }
}

void Adapter::write(const json& message) {
  std::string line = message.dump(-1, ' ', false, json::error_handler_t::replace) + '\n';
  if (line.size() > kMaxLine) {
    line = json{{"id", message["id"]}, {"adapter_error", "the reply is too long"}}.dump() + '\n';
  }
  for (std::size_t sent = 0; sent < line.size();) {
    const ssize_t put = ::write(output_, line.data() + sent, line.size() - sent);
    if (put <= 0) std::_Exit(0);  // nobody listens any more
    sent += static_cast<std::size_t>(put);
  }
}

int Adapter::serve() {
  // What anybody else prints lands on standard error.
  output_ = ::fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3);
  ::dup2(STDERR_FILENO, STDOUT_FILENO);
  hello_["operations"] = json::array();
  for (const auto& [name, operation] : operations_) hello_["operations"].push_back(name);
  write(hello_);
  for (std::string line; read_line(line);) {
    try {
      write(answer(parse(line)));
    } catch (const AdapterError& problem) {
      // Without an id there is nothing to answer to, but silence would look like a hang.
      write({{"id", nullptr}, {"adapter_error", problem.what()}});
    }
  }
  return 0;
}

}  // namespace ws2adapter
