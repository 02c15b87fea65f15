#include "reports/page/conversation.hpp"

#include "reports/page/embedded.hpp"
#include "reports/text/clean.hpp"
#include "reports/text/format.hpp"

namespace ws2conform::reports {
namespace {

constexpr std::size_t kEachEnd = 150;      // lines kept at the begin and at the end
constexpr std::size_t kLongestLine = 800;  // characters

// Directions that the model defines get a word beside their sign.
const char* meaning(const std::string& direction) {
  if (direction == ">") return "to the adapter";
  if (direction == "<") return "from the adapter";
  return direction == "!" ? "stderr or end" : "";
}

Data line_data(const ConversationLine& line) {
  Data item;
  item["omitted"] = false;
  item["at"] = duration(line.at);
  item["actor"] = line.actor;
  item["direction"] = line.direction;
  item["meaning"] = meaning(line.direction);
  item["text"] = clip(line.text, kLongestLine);
  return item;
}

}  // namespace

Conversation::Conversation() : template_(embedded::conversation_mustache) {}

std::string Conversation::render(const ScheduleResult& schedule) {
  const std::vector<ConversationLine>& lines = schedule.conversation;
  if (lines.empty()) return {};
  List list;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (i == kEachEnd && lines.size() > 2 * kEachEnd) {
      const std::size_t omitted = lines.size() - 2 * kEachEnd;
      Data item;
      item["omitted"] = count(omitted, "line") + " left out here; the history has all of them";
      list.push_back(item);
      i += omitted;
    }
    list.push_back(line_data(lines[i]));
  }
  Data data;
  data["size"] = count(lines.size(), "line");
  data["lines"] = Data(list);
  return template_.render(data);
}

}  // namespace ws2conform::reports
