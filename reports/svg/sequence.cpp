#include "reports/svg/sequence.hpp"

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
    case Label::Kind::kNote:
      return "note";
    case Label::Kind::kCall:
      break;
  }
  return "name";
}

Data lifelines(const Layout& layout) {
  List list;
  for (const Lifeline& lifeline : layout.lifelines) {
    Data item;
    item["title"] = lifeline.title;
    item["x"] = number(lifeline.x);
    item["top"] = number(layout.head);
    item["bottom"] = number(layout.height);
    list.push_back(item);
  }
  return Data(list);
}

Data spans(const Layout& layout) {
  List list;
  for (const Span& span : layout.spans) {
    Data item;
    item["kind"] = kind(span.kind);
    item["violated"] = span.violated;
    item["left"] = number(span.x - kHalfWidth);
    item["top"] = number(span.top);
    item["width"] = number(2 * kHalfWidth);
    item["height"] = number(span.bottom - span.top);
    item["x"] = number(span.x);
    item["middle"] = number((span.top + span.bottom) / 2);
    list.push_back(item);
  }
  return Data(list);
}

Data labels(const Layout& layout) {
  List list;
  for (const Label& label : layout.labels) {
    Data item;
    item["kind"] = kind(label.kind);
    item["violated"] = label.violated;
    item["leftward"] = label.leftward;
    item["x"] = number(label.x);
    item["y"] = number(label.y);
    item["text"] = label.text;
    item["full"] = optional(label.full);
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
    item["angle"] = number(arrow.angle);
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
    item["angle"] = number(line.x2 > line.x1 ? 0 : 180);
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
  data["spans"] = spans(layout);
  data["labels"] = labels(layout);
  data["arrows"] = arrows(layout);
  data["wire"] = wire_lines(layout);
  data["dividers"] = dividers(layout);
  return template_.render(data);
}

}  // namespace ws2conform::reports::svg
