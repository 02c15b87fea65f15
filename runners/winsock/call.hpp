#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "channel.hpp"
#include "names.hpp"

namespace ws2conform {

// One request. An operation first takes its fields, then says begin(), then makes the one API call
// it is named after, and returns the reply that returned() or failed() started.
//
// Every getter throws AdapterError for a field that is missing or of the wrong kind.
class Call {
 public:
  // `more`: where what the suite sends while the call is pending is read from.
  Call(Channel& channel, Messages& more, Json request)
      : channel_(channel), more_(more), request_(std::move(request)) {}

  Json id() const { return request_["id"]; }
  const std::string& op() const { return op_; }
  Channel& channel() { return channel_; }
  Messages& more() { return more_; }

  // Takes the field "op"; before everything else.
  const std::string& take_op();

  // The field, or nullptr when it is absent or null.
  const Json* optional(const char* field);
  const Json& field(const char* field);
  const std::string& text(const char* field);
  bool flag(const char* field);  // false when absent
  std::int64_t number(const char* field, std::int64_t least, std::int64_t most);
  std::size_t size(const char* field);                          // up to kMaxOctets
  std::optional<std::size_t> optional_size(const char* field);  // absent = NULL
  std::optional<std::string> octets(const char* field);         // absent = NULL
  long name(const char* field, const Names& names);
  long bits(const char* field, const Names& names);  // 0 when absent
  // A name, or a number to be passed as it is.
  int name_or_number(const char* field, const Names& names);

  // Throws Unsupported if the request has a field that was not taken.
  void check_fields() const;
  // Checks the fields and announces the call where the suite asked for it.
  void begin();

  Json returned(Json value) const;
  // With what WSAGetLastError says, so to be called before anything that may change it.
  Json failed() const;
  // For calls that return 0 or SOCKET_ERROR.
  Json outcome(int result) const;

  // An out-parameter by the name that replies give it, and whether it holds something else than
  // before the call.
  using Touched = std::pair<const char*, bool>;
  // The reply; of a call that failed, with the names of those that were touched.
  static Json with_touched(Json reply, std::initializer_list<Touched> parameters);

 private:
  Channel& channel_;
  Messages& more_;
  Json request_;
  std::string op_ = "this message";
  std::vector<const char*> taken_ = {"id", "op", "announce"};
};

}  // namespace ws2conform
