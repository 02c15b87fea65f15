#include "call.hpp"

#include <algorithm>
#include <limits>

#include "values.hpp"
#include "winsock_api.hpp"

namespace ws2conform {

const std::string& Call::take_op() {
  const Json* op = optional("op");
  if (op == nullptr || !op->is_string()) throw AdapterError("a request needs an op");
  return op_ = op->get_ref<const std::string&>();
}

const Json* Call::optional(const char* field) {
  taken_.push_back(field);
  const auto found = request_.find(field);
  return found == request_.end() || found->is_null() ? nullptr : &*found;
}

const Json& Call::field(const char* field) {
  const Json* value = optional(field);
  if (value == nullptr) throw AdapterError(op_ + " needs the field \"" + field + "\"");
  return *value;
}

const std::string& Call::text(const char* name) {
  const Json& value = field(name);
  if (!value.is_string()) throw AdapterError(std::string(name) + " is not a text");
  return value.get_ref<const std::string&>();
}

bool Call::flag(const char* name) {
  const Json* value = optional(name);
  if (value == nullptr) return false;
  if (!value->is_boolean()) throw AdapterError(std::string(name) + " is neither true nor false");
  return value->get<bool>();
}

std::int64_t Call::number(const char* name, std::int64_t least, std::int64_t most) {
  const Json& value = field(name);
  if (value.is_number_integer()) {
    const auto number = value.get<std::int64_t>();
    const bool overflow = value.is_number_unsigned() && number < 0;
    if (!overflow && number >= least && number <= most) return number;
  }
  throw AdapterError(std::string(name) + " is not a whole number from " + std::to_string(least) +
                     " to " + std::to_string(most));
}

std::size_t Call::size(const char* name) {
  return static_cast<std::size_t>(number(name, 0, static_cast<std::int64_t>(kMaxOctets)));
}

std::optional<std::size_t> Call::optional_size(const char* name) {
  if (optional(name) == nullptr) return std::nullopt;
  return size(name);
}

std::optional<std::string> Call::octets(const char* name) {
  if (optional(name) == nullptr) return std::nullopt;
  auto octets = from_base64(text(name));
  if (!octets) throw AdapterError(std::string(name) + " is not base64");
  return octets;
}

long Call::name(const char* name, const Names& names) {
  return names.value(text(name));
}

long Call::bits(const char* name, const Names& names) {
  const Json* value = optional(name);
  return value == nullptr ? 0 : names.bits(*value);
}

int Call::name_or_number(const char* name, const Names& names) {
  if (field(name).is_string()) return static_cast<int>(this->name(name, names));
  using Limits = std::numeric_limits<int>;
  return static_cast<int>(number(name, Limits::min(), Limits::max()));
}

void Call::check_fields() const {
  for (const auto& [name, value] : request_.items()) {
    const auto same = [&name = name](const char* taken) { return name == taken; };
    if (std::none_of(taken_.begin(), taken_.end(), same)) throw Unsupported(op_ + "." + name);
  }
}

void Call::begin() {
  check_fields();
  if (flag("announce")) channel_.write({{"id", id()}, {"started", true}});
}

Json Call::returned(Json value) const {
  return {{"id", id()}, {"returns", std::move(value)}};
}

Json Call::failed() const {
  const int error = WSAGetLastError();
  return {{"id", id()}, {"error", error_name(error)}};
}

Json Call::outcome(int result) const {
  return result == SOCKET_ERROR ? failed() : returned(result);
}

Json Call::with_touched(Json reply, std::initializer_list<Touched> parameters) {
  if (!reply.contains("error")) return reply;
  Json names = Json::array();
  for (const auto& [name, touched] : parameters) {
    if (touched) names.push_back(name);
  }
  reply["touched"] = std::move(names);
  return reply;
}

}  // namespace ws2conform
