#include "reports/svg/sequence.hpp"

#include <map>
#include <tuple>

#include "reports/page/embedded.hpp"
#include "reports/svg/layout.hpp"

namespace ws2conform::reports::svg {
namespace {

constexpr int kHalfWidth = 5;  // of a span

const char* kind(Span::Kind kind) {
  switch (kind) {
    case Span::Kind::kWait:
      return "wait";
    case Span::Kind::kOpen:
      return "open";
    case Span::Kind::kNotReached:
      return "unreached";
    case Span::Kind::kCall:
      break;
  }
  return "call";
}

const char* kind(Label::Kind kind) {
  switch (kind) {
    case Label::Kind::kResult:
      return "result";
    case Label::Kind::kExpected:
      return "expected";
    case Label::Kind::kNote:
      return "note";
    case Label::Kind::kCall:
      break;
  }
  return "name";
}

template <typename Item>
std::string css_class(const Item& item) {
  return std::string(kind(item.kind)) + (item.violated ? " violated" : "");
}

Data lifelines(const Layout& layout) {
  List list;
  for (const Lifeline& lifeline : layout.lifelines) {
    Data item;
    item["title"] = lifeline.title;
    item["x"] = number(lifeline.x);
    item["top"] = number(layout.head);
    item["left"] = number(lifeline.x - lifeline.width / 2);
    item["width"] = number(lifeline.width);
    item["depth"] = number(layout.head - 1);
    item["bottom"] = number(layout.height);
    list.push_back(item);
  }
  return Data(list);
}

// One path for all spans that look alike; those of calls within others lie upon these.
Data bars(const Layout& layout) {
  std::map<std::pair<int, std::string>, List> by_class;
  for (const Span& span : layout.spans) {
    Data item;
    item["left"] = number(span.x - kHalfWidth);
    item["top"] = number(span.top);
    item["width"] = number(2 * kHalfWidth);
    item["height"] = number(span.bottom - span.top);
    by_class[{span.depth, css_class(span)}].push_back(item);
  }
  List list;
  for (const auto& [key, spans] : by_class) {
    Data item;
    item["kind"] = key.second;
    item["spans"] = Data(spans);
    list.push_back(item);
  }
  return Data(list);
}

Data marks(const Layout& layout) {
  List list;
  for (const Span& span : layout.spans) {
    if (!span.violated) continue;
    Data item;
    item["x"] = number(span.x);
    item["y"] = number((span.top + span.bottom) / 2);
    list.push_back(item);
  }
  return Data(list);
}

// One group for all labels that stand below each other and look alike.
Data columns(const Layout& layout) {
  using Key = std::tuple<int, bool, std::string>;
  std::map<Key, List> groups;
  for (const Label& label : layout.labels) {
    Data item;
    item["y"] = number(label.y);
    item["text"] = label.text;
    groups[{label.x, label.leftward, css_class(label)}].push_back(item);
  }
  List list;
  for (const auto& [key, labels] : groups) {
    Data item;
    item["x"] = number(std::get<0>(key));
    item["leftward"] = std::get<1>(key);
    item["kind"] = std::get<2>(key);
    item["labels"] = Data(labels);
    list.push_back(item);
  }
  return Data(list);
}

Data arrows(const Layout& layout) {
  List list;
  for (const Arrow& arrow : layout.arrows) {
    Data item;
    item["x1"] = number(arrow.x1);
    item["y1"] = number(arrow.y1);
    item["x2"] = number(arrow.x2);
    item["y2"] = number(arrow.y2);
    item["violated"] = arrow.violated;
    list.push_back(item);
  }
  return Data(list);
}

Data wire_lines(const Layout& layout) {
  List list;
  for (const Wire& line : layout.wire) {
    Data item;
    item["x1"] = number(line.x1);
    item["x2"] = number(line.x2);
    item["y"] = number(line.y);
    item["arrived"] = line.arrived;
    item["middle"] = number((line.x1 + line.x2) / 2);
    item["base"] = number(line.y + 4);
    item["text"] = line.text;
    list.push_back(item);
  }
  return Data(list);
}

Data dividers(const Layout& layout) {
  List list;
  for (const Divider& divider : layout.dividers) {
    Data item;
    item["y"] = number(divider.y);
    item["base"] = number(divider.y - 5);
    item["right"] = number(layout.width);
    item["middle"] = number((layout.lifelines.front().x + layout.lifelines.back().x) / 2);
    item["note"] = divider.note;
    list.push_back(item);
  }
  return Data(list);
}

}  // namespace

Sequence::Sequence() : template_(embedded::sequence_mustache) {}

std::string Sequence::render(const std::vector<StepRecord>& steps, const std::string& name,
                             const std::vector<WireMark>& wire) {
  const Layout layout = lay_out(steps, wire);
  Data data;
  data["name"] = name;
  data["width"] = number(layout.width);
  data["height"] = number(layout.height);
  data["lifelines"] = lifelines(layout);
  data["bars"] = bars(layout);
  data["marks"] = marks(layout);
  data["columns"] = columns(layout);
  data["arrows"] = arrows(layout);
  data["wire"] = wire_lines(layout);
  data["dividers"] = dividers(layout);
  return template_.render(data);
}

}  // namespace ws2conform::reports::svg
