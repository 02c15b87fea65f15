// The kit for writing a ws2conform adapter in C++20: this file, ws2adapter.cpp, nlohmann/json and
// the standard library.
//
//     Adapter adapter("my stack", "1.0", [] { endpoints.all().clear(); });
//     adapter.provider({{"name", "tcp"}, {"type", "SOCK_STREAM"}, {"flags", {...}}});
//     adapter.operation("recv", "socket length flags?", [&](Request& request) -> json {
//       auto data = endpoints[request].receive(request.size("length"));
//       return {{"returns", data.size()}, {"data", octets(data)}};
//     });
//     return adapter.serve();
//
// The second argument of operation() names the fields that the request may have, "?" after those
// that may be absent. A function gives the call's return value, or an object with "returns" and the
// out-parameters. A call that failed throws CallFailed (an exception that the adapter's ErrorName
// has a name for is one too); a value that the adapter does not know throws Unsupported, a
// senseless request AdapterError, and so does, in effect, anything else. While a call is pending,
// upcall() asks the suite for a decision.
//
// One thread, one call at a time. Names of sockets are the example's business: Names keeps them.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

namespace ws2adapter {

using nlohmann::json;

constexpr std::size_t kMaxLine = 1U << 20;
// As many octets as surely fit, in base64, on one line beside the rest of a reply.
constexpr std::size_t kMaxOctets = 768'000;
// What buffers hold before a call, so that octets nobody wrote are recognised.
constexpr char kFiller = '\xa5';

// The call reported failure: the error's name, and the out-parameters it still had.
struct CallFailed : std::runtime_error {
  explicit CallFailed(const std::string& error, json still = json::object())
      : runtime_error(error), out_parameters(std::move(still)) {}
  json out_parameters;
};
// The adapter does not know this value of a field.
struct Unsupported : std::runtime_error {
  using runtime_error::runtime_error;
};
// The request makes no sense: a fault of suite or adapter, never of the implementation.
struct AdapterError : std::runtime_error {
  using runtime_error::runtime_error;
};

// Octets as they travel: base64.
std::string octets(std::string_view data);
// Throws AdapterError.
std::string from_octets(const std::string& text);

// "127.0.0.1:80" and "[::1]:80" as host and port. Throws AdapterError.
std::pair<std::string, std::uint16_t> parse_address(const std::string& text);
std::string format_address(const std::string& host, std::uint16_t port);

// What Winsock calls the condition that errno calls `number`; the number where it has no name.
std::string error_name(int number);

// One request; its getters throw AdapterError for a field of the wrong kind.
class Request {
 public:
  explicit Request(json fields) : fields_(std::move(fields)) {}
  bool has(const char* field) const { return fields_.contains(field) && !fields_[field].is_null(); }
  const json& operator[](const char* field) const;
  std::string text(const char* field) const;
  std::int64_t number(const char* field) const;
  std::size_t size(const char* field) const;  // as many octets as a reply carries
  std::string data() const;                   // of the field "data"; Unsupported for a NULL pointer
  std::optional<std::string> octets(const char* field) const;  // nothing for a NULL pointer
  void no_flags() const;                                       // Unsupported where there are some
  int backlog() const;                                         // of listen
  int how() const;                                             // of shutdown
  std::pair<bool, int> linger() const;  // of setsockopt; Unsupported for another option

 private:
  json fields_;
};

// Handles by the names that the suite gave them. A name stays after its handle is closed.
template <typename Handle>
class Names {
 public:
  // Throws AdapterError for one that is taken. Returns the name, as `socket` and its kin do.
  std::string add(const Request& request, std::unique_ptr<Handle> handle) {
    const std::string name = free(request);
    handles_[name] = std::move(handle);
    return name;
  }
  // The name that add() would give: to be asked before a call that cannot be taken back.
  std::string free(const Request& request) const {
    const std::string name = request.text("as");
    if (handles_.count(name) > 0) throw AdapterError(json(name).dump() + " is taken");
    return name;
  }
  Handle& operator[](const Request& request) {
    const auto found = handles_.find(request.text("socket"));
    if (found == handles_.end()) {
      throw AdapterError("no socket is called " + request["socket"].dump());
    }
    return *found->second;
  }
  std::map<std::string, std::unique_ptr<Handle>>& all() { return handles_; }

 private:
  std::map<std::string, std::unique_ptr<Handle>> handles_;
};

class Adapter {
 public:
  using Call = std::function<json(Request&)>;

  // Winsock's name of the error that an exception of a call stands for; empty for none.
  using ErrorName = std::function<std::string(const std::exception&, const Request&)>;

  // `reset` ends everything, abortively where need be, and forgets the names.
  Adapter(
      const std::string& implementation, const std::string& version, std::function<void()> reset,
      ErrorName error_name = [](const std::exception&, const Request&) { return ""; });

  void provider(json entry);  // as in the hello
  void only(json what);       // as in the hello

  void operation(const std::string& name, const std::string& fields, Call call);

  // Sends {"id": N, ...fields} while a call is pending and returns the suite's decision. Throws
  // AdapterError for anything else.
  json upcall(json fields);

  // Says hello and answers requests until standard input ends. The program's exit status.
  int serve();

 private:
  struct Operation {
    Call call;
    std::set<std::string> known;
    std::set<std::string> needed;
  };

  json answer(const json& request);
  json result(const json& request);
  void write(const json& message);

  json hello_;
  ErrorName error_name_;
  std::map<std::string, Operation> operations_;
  json pending_;  // the id of the request that is being answered
  int output_ = -1;
};

}  // namespace ws2adapter
