#include "reports/page/conversation.hpp"

#include <algorithm>

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
  if (direction == "~") return "on the way";
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

std::size_t omitted(const ScheduleResult& schedule) {
  const std::size_t lines = schedule.conversation.size();
  return lines > 2 * kEachEnd ? lines - 2 * kEachEnd : 0;
}

bool is_cut(const ScheduleResult& schedule) {
  return omitted(schedule) > 0 ||
         std::any_of(schedule.conversation.begin(), schedule.conversation.end(),
                     [](const ConversationLine& line) { return line.text.size() > kLongestLine; });
}

Data lines_data(const ScheduleResult& schedule) {
  const std::vector<ConversationLine>& lines = schedule.conversation;
  List list;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (i == kEachEnd && omitted(schedule) > 0) {
      Data item;
      item["omitted"] = count(omitted(schedule), "line") + " left out here";
      list.push_back(item);
      i += omitted(schedule);
    }
    list.push_back(line_data(lines[i]));
  }
  return Data(list);
}

}  // namespace

Conversation::Conversation(Evidence& evidence)
    : evidence_(evidence), template_(embedded::conversation_mustache) {}

std::string Conversation::render(const ScheduleResult& schedule) {
  if (schedule.conversation.empty()) return {};
  Data data;
  data["size"] = count(schedule.conversation.size(), "line");
  data["lines"] = lines_data(schedule);
  data["beside"] = is_cut(schedule) ? Data(evidence_.keep(schedule)) : Data(false);
  data["table"] = true;
  std::string html = template_.render(data);
  if (evidence_.fits(html.size())) return html;
  data["lines"] = Data(List());
  data["table"] = false;
  data["beside"] = evidence_.keep(schedule);
  return template_.render(data);
}

}  // namespace ws2conform::reports
