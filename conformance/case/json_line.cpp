#include "conformance/case/json_line.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/json/basic_parser_impl.hpp>
#include <boost/json/src.hpp>
#include <cmath>
#include <cstdint>
#include <limits>
#include <utility>
#include <vector>

namespace ws2conform {
namespace {

using boost::system::error_code;
using nlohmann::json;

// Makes a value of what Boost.JSON reads, which calls the functions below by these names: it reads
// in half the time, tells of each name as it comes, and stops where values are nested too deep.
class Maker {
 public:
  static constexpr std::size_t max_object_size = std::numeric_limits<std::size_t>::max();
  static constexpr std::size_t max_array_size = max_object_size;
  static constexpr std::size_t max_key_size = max_object_size;
  static constexpr std::size_t max_string_size = max_object_size;

  explicit Maker(json& made) : made_(made) {}

  // A name that stands twice in one object; empty where none does.
  const std::string& twice() const { return twice_; }

  static bool on_document_begin(error_code&) { return true; }
  static bool on_document_end(error_code&) { return true; }
  bool on_object_begin(error_code&) { return open(json::object()); }
  bool on_object_end(std::size_t, error_code&) { return close(); }
  bool on_array_begin(error_code&) { return open(json::array()); }
  bool on_array_end(std::size_t, error_code&) { return close(); }
  bool on_key_part(std::string_view part, std::size_t, error_code&) { return add(part); }
  bool on_key(std::string_view rest, std::size_t, error_code&) {
    add(rest);
    name_ = std::exchange(text_, {});
    return true;
  }
  bool on_string_part(std::string_view part, std::size_t, error_code&) { return add(part); }
  bool on_string(std::string_view rest, std::size_t, error_code&) {
    add(rest);
    put(std::exchange(text_, {}));
    return true;
  }
  static bool on_number_part(std::string_view, error_code&) { return true; }
  bool on_int64(std::int64_t number, std::string_view, error_code&) {
    put(number < 0 ? json(number) : json(static_cast<std::uint64_t>(number)));
    return true;
  }
  bool on_uint64(std::uint64_t number, std::string_view, error_code&) {
    put(number);
    return true;
  }
  bool on_double(double number, std::string_view, error_code& error) {
    put(number);
    if (!std::isfinite(number)) error = boost::json::error::exponent_overflow;
    return std::isfinite(number);
  }
  bool on_bool(bool value, error_code&) {
    put(value);
    return true;
  }
  bool on_null(error_code&) {
    put(nullptr);
    return true;
  }
  static bool on_comment_part(std::string_view, error_code&) { return true; }
  static bool on_comment(std::string_view, error_code&) { return true; }

 private:
  bool add(std::string_view text) {
    text_ += text;
    return true;
  }

  json& put(json value) {
    if (open_.empty()) return made_ = std::move(value);
    json& into = *open_.back();
    if (into.is_array()) {
      into.push_back(std::move(value));
      return into.back();
    }
    const auto [member, is_new] =
        into.get_ref<json::object_t&>().insert_or_assign(name_, std::move(value));
    if (!is_new) twice_ = name_;
    return member->second;
  }

  bool open(json value) {
    open_.push_back(&put(std::move(value)));
    return true;
  }

  bool close() {
    open_.pop_back();
    return true;
  }

  json& made_;
  std::vector<json*> open_;  // arrays and objects; only the last grows, so those around it stay
  std::string text_;         // of a name or a string, as far as it was told
  std::string name_;         // of the member whose value comes
  std::string twice_;
};

bool is_plain(std::string_view text) {
  static constexpr auto kPlain = [] {
    std::array<bool, 256> plain{};
    for (std::size_t c = ' '; c < 0x7f; ++c) plain.at(c) = c != '"' && c != '\\';
    return plain;
  }();
  return std::all_of(text.begin(), text.end(), [](unsigned char c) { return kPlain[c]; });
}

void append_number(std::string& line, auto number) {
  const fmt::format_int digits(number);
  line.append(digits.data(), digits.size());
}

}  // namespace

void append_json_text(std::string& line, std::string_view text) {
  if (is_plain(text)) {
    line += '"';
    line += text;
    line += '"';
  } else {
    line += json(text).dump(-1, ' ', false, json::error_handler_t::replace);
  }
}

void append_json(std::string& line, const json& value) {
  const auto append_parts = [&](char begin, char end, const auto& append_part) {
    const std::size_t before = line.size();
    for (auto part = value.begin(); part != value.end(); ++part) {
      line += line.size() == before ? begin : ',';
      append_part(part);
    }
    if (value.empty()) line += begin;
    line += end;
  };
  switch (value.type()) {
    case json::value_t::object:
      append_parts('{', '}', [&](const json::const_iterator& member) {
        append_json_text(line, member.key());
        line += ':';
        append_json(line, *member);
      });
      break;
    case json::value_t::array:
      append_parts('[', ']',
                   [&](const json::const_iterator& element) { append_json(line, *element); });
      break;
    case json::value_t::string:
      append_json_text(line, value.get_ref<const std::string&>());
      break;
    case json::value_t::number_unsigned:
      append_number(line, value.get<std::uint64_t>());
      break;
    case json::value_t::number_integer:
      append_number(line, value.get<std::int64_t>());
      break;
    default:
      line += value.dump();
  }
}

std::string json_line(const json& value) {
  constexpr std::size_t kUsual = 192;  // octets
  std::string line;
  line.reserve(kUsual);
  append_json(line, value);
  return line;
}

ReadJson read_json(std::string_view text, std::size_t deepest) {
  ReadJson read;
  boost::json::parse_options options;
  options.max_depth = deepest;
  boost::json::basic_parser<Maker> parser(options, read.value);
  error_code error;
  const std::size_t end = parser.write_some(/*more=*/false, text.data(), text.size(), error);
  read.twice = parser.handler().twice();
  if (!error && end == text.size()) return read;
  const bool is_too_deep = error == boost::json::error::too_deep;
  read.fault = is_too_deep ? ReadJson::Fault::kTooDeep : ReadJson::Fault::kMalformed;
  read.value = nullptr;
  return read;
}

}  // namespace ws2conform
