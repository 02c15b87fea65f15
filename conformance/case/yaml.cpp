#include "conformance/case/yaml.hpp"

#include <algorithm>
#include <charconv>
#include <fstream>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <sstream>
#include <valijson/adapters/nlohmann_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validation_results.hpp>
#include <valijson/validator.hpp>

namespace ws2conform {
namespace {

using nlohmann::json;

// A plain scalar by YAML's core schema, as far as the schemas here need it.
json typed_scalar(const YAML::Node& node) {
  const std::string& text = node.Scalar();
  if (node.Tag() == "!") return text;  // quoted
  if (text == "true") return true;
  if (text == "false") return false;
  long long number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error == std::errc() && end == text.data() + text.size()) return number;
  return text;
}

template <typename Scalar>
json convert(const YAML::Node& node, Scalar scalar) {
  switch (node.Type()) {
    case YAML::NodeType::Scalar:
      return scalar(node);
    case YAML::NodeType::Sequence: {
      json list = json::array();
      for (const auto& item : node) list.push_back(convert(item, scalar));
      return list;
    }
    case YAML::NodeType::Map: {
      json map = json::object();
      for (const auto& member : node) map[member.first.Scalar()] = convert(member.second, scalar);
      return map;
    }
    case YAML::NodeType::Null:
    case YAML::NodeType::Undefined:
      break;
  }
  return nullptr;
}

// There are hundreds of files and few schemas, and to read one takes as long as to read a case.
const valijson::Schema& schema_of(std::string_view text) {
  static std::mutex mutex;
  static std::map<std::string, std::unique_ptr<valijson::Schema>, std::less<>> schemas;
  const std::lock_guard lock(mutex);
  if (const auto found = schemas.find(text); found != schemas.end()) return *found->second;
  const json document = json::parse(text);
  auto schema = std::make_unique<valijson::Schema>();
  valijson::SchemaParser().populateSchema(valijson::adapters::NlohmannJsonAdapter(document),
                                          *schema);
  return *schemas.emplace(text, std::move(schema)).first->second;
}

// Follows a valijson error context ("<root>", "[steps]", "[2]", ...) as far as it leads. yaml-cpp's
// operator[] would create missing members, hence the checks.
YAML::Node follow(YAML::Node node, const std::vector<std::string>& context) {
  for (const std::string& part : context) {
    if (part.size() < 3 || part.front() != '[') continue;
    const std::string key = part.substr(1, part.size() - 2);
    if (node.IsSequence()) {
      std::size_t index = 0;
      std::from_chars(key.data(), key.data() + key.size(), index);
      if (index >= node.size()) break;
      node.reset(node[index]);
    } else if (node.IsMap()) {
      YAML::Node next;
      bool found = false;
      for (const auto& member : node) {
        if (member.first.Scalar() == key) {
          next.reset(member.second);
          found = true;
        }
      }
      if (!found) break;
      node.reset(next);
    }
  }
  return node;
}

std::string path_of(const std::vector<std::string>& context) {
  std::string path;
  for (const std::string& part : context) {
    if (part.size() < 3 || part.front() != '[') continue;
    path += (path.empty() ? "" : ".") + part.substr(1, part.size() - 2);
  }
  return path;
}

// What YAML allows and no file here means: a key written twice, of which one would be lost, and an
// alias of the node that it is in, which nobody could follow to its end.
void check_nodes(const YamlFile& file, const YAML::Node& node, std::vector<YAML::Node>& around) {
  for (const YAML::Node& outer : around) {
    if (outer.is(node)) throw InputError(file.place(node), "this contains itself");
  }
  around.push_back(node);
  if (node.IsSequence()) {
    for (const auto& item : node) check_nodes(file, item, around);
  } else if (node.IsMap()) {
    std::set<std::string> seen;
    for (const auto& member : node) {
      const std::string key = member.first.Scalar();
      if (!seen.insert(key).second) {
        throw InputError(file.place(member.first), "key \"" + key + "\" is written twice");
      }
      check_nodes(file, member.second, around);
    }
  }
  around.pop_back();
}

}  // namespace

SourcePlace YamlFile::place(const YAML::Node& node) const {
  const YAML::Mark mark = node.Mark();
  if (mark.is_null()) return {name, 0, 0};
  return {name, mark.line + 1, mark.column + 1};
}

YamlFile read_yaml(const std::filesystem::path& path, const std::string& name) {
  std::ifstream stream(path, std::ios::binary);
  std::stringstream text;
  if (stream) text << stream.rdbuf();
  if (!stream) throw InputError({name, 0, 0}, "cannot be read");
  try {
    const std::vector<YAML::Node> documents = YAML::LoadAll(text.str());
    YamlFile file{name, documents.empty() ? YAML::Node() : documents.front()};
    if (documents.size() > 1) {
      throw InputError(file.place(documents[1]), "a second document; one file holds one");
    }
    if (!file.root.IsDefined() || file.root.IsNull()) throw InputError({name, 0, 0}, "is empty");
    std::vector<YAML::Node> around;
    check_nodes(file, file.root, around);
    return file;
  } catch (const YAML::Exception& error) {
    throw InputError({name, error.mark.line + 1, error.mark.column + 1},
                     "is no YAML: " + error.msg);
  }
}

json to_json_strings(const YAML::Node& node) {
  return convert(node, [](const YAML::Node& scalar) { return json(scalar.Scalar()); });
}

void require_known_keys(const YamlFile& file, const YAML::Node& map,
                        const std::vector<std::string>& known, std::string_view what) {
  if (!map.IsMap()) {
    throw InputError(file.place(map), std::string(what) + " must be a map (key: value)");
  }
  for (const auto& member : map) {
    const std::string key = member.first.Scalar();
    if (std::find(known.begin(), known.end(), key) != known.end()) continue;
    throw InputError(file.place(member.first), "unknown key \"" + key + "\" in " +
                                                   std::string(what) + did_you_mean(key, known));
  }
}

void validate(const YamlFile& file, std::string_view schema_text) {
  const valijson::Schema& schema = schema_of(schema_text);
  const json document = convert(file.root, typed_scalar);
  const valijson::adapters::NlohmannJsonAdapter document_adapter(document);
  valijson::Validator validator(valijson::Validator::kStrongTypes);
  valijson::ValidationResults results;
  if (validator.validate(schema, document_adapter, &results)) return;

  // The deepest error is the most telling one: outer ones only say that something below is wrong.
  valijson::ValidationResults::Error error;
  valijson::ValidationResults::Error deepest;
  while (results.popError(error)) {
    if (error.context.size() >= deepest.context.size()) deepest = error;
  }
  const std::string path = path_of(deepest.context);
  throw InputError(file.place(follow(file.root, deepest.context)),
                   (path.empty() ? "" : path + ": ") + deepest.description);
}

}  // namespace ws2conform
