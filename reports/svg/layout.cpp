#include "reports/svg/layout.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "reports/actors.hpp"
#include "reports/svg/events.hpp"
#include "reports/text/clean.hpp"
#include "reports/text/format.hpp"

namespace ws2conform::reports::svg {
namespace {

using Status = StepRecord::Status;

constexpr int kHead = 30;             // of the titles above the lifelines
constexpr int kRow = 19;              // height of one event
constexpr int kLead = 7;              // above a call, so that what came of it belongs to it
constexpr int kWire = 16;             // height of what was on the wire
constexpr int kExpected = 17;         // height of what a violated step should have come back with
constexpr std::size_t kMostWire = 6;  // between two events
constexpr int kDivider = 30;          // height of a divider
constexpr int kGap = 180;             // between two lifelines, where the arrows run
constexpr int kMargin = 8;            // around the whole
constexpr int kText = 22;             // from a lifeline to its labels: clear of the heads of arrows
constexpr int kLane = 10;             // from the calls of an actor's lane to those of the next
constexpr int kTip = 8;               // from a lifeline to the end of an arrow
constexpr int kDepth = 5;             // outwards, for a call within another
constexpr int kBaseLine = 14;         // of a label, from the top of its row
constexpr std::size_t kLongest = 46;  // characters of a label
constexpr double kCharacter = 7.3;    // widest common monospaced advance at 12 px
constexpr double kTitle = 8.6;        // the same of a title
constexpr int kTitleRoom = 26;        // around a title in its box

bool all_met(const std::vector<StepRecord>& steps) {
  return std::all_of(steps.begin(), steps.end(),
                     [](const StepRecord& step) { return step.status == Status::kMet; });
}

std::string call_text(const StepRecord& step) {
  return "(" + step.id + ") " + step.call;
}

std::string result_text(const StepRecord& step, const Rows& rows) {
  if (!rows.returned) return "never returned";
  if (!step.observed.empty()) return step.observed;
  return step.status == Status::kMet && !step.expected.empty() ? step.expected : "returned";
}

std::string expected_text(const StepRecord& step) {
  return "expected: " + (step.expected.empty() ? std::string("to return") : step.expected);
}

class Builder {
 public:
  Builder(const std::vector<StepRecord>& all, const std::vector<WireMark>& wire)
      : names_(actors(all)) {
    for (const StepRecord& step : all) (step.opening ? opening_ : steps_).push_back(step);
    if (!all_met(opening_)) {
      steps_.insert(steps_.begin(), opening_.begin(), opening_.end());
      opening_.clear();
    }
    order_ = order_events(steps_);
    for (std::size_t i = 0; i < steps_.size(); ++i) {
      const Rows& rows = order_.steps[i];
      if (rows.began) begin_rows_.insert(*rows.began);
      if (rows.ended && steps_[i].status == Status::kViolated) violated_rows_.insert(*rows.ended);
    }
    sort_wire(wire);
  }

  Layout build() {
    place_lifelines();
    place_rows();
    for (std::size_t i = 0; i < steps_.size(); ++i) place_step(i);
    for (std::size_t i = 0; i < steps_.size(); ++i) place_arrows(i);
    for (std::size_t row = 0; row < gaps_.size(); ++row) place_wire(static_cast<int>(row));
    layout_.head = kHead;
    return std::move(layout_);
  }

 private:
  // Room for the longest label of an actor.
  int label_width(const std::string& actor) const {
    std::size_t longest = length(side(actor)) / 2 + 2;
    for (std::size_t i = 0; i < steps_.size(); ++i) {
      if (steps_[i].actor != actor) continue;
      longest = std::max(longest, length(clean(call_text(steps_[i]))));
      if (order_.steps[i].began)
        longest = std::max(longest, length(clean(result_text(steps_[i], order_.steps[i]))) + 2);
      if (steps_[i].status == Status::kViolated)
        longest = std::max(longest, length(clean(expected_text(steps_[i]))) + 2);
    }
    return kText + static_cast<int>(std::lround(kCharacter * std::min(longest, kLongest)));
  }

  // Labels stand outside: those of the first actor on its left, all others on the right.
  void place_lifelines() {
    int x = kMargin;
    for (std::size_t i = 0; i < names_.size(); ++i) {
      const int room = label_width(names_[i]);
      const bool leftward = i == 0 && names_.size() > 1;
      if (leftward) x += room;
      if (i == 0 && !leftward) x += kGap / 3;
      column_[names_[i]] = {x, leftward};
      const auto title = static_cast<double>(length(side(names_[i])));
      layout_.lifelines.push_back(
          {side(names_[i]), x, kTitleRoom + static_cast<int>(std::lround(kTitle * title))});
      const bool last = i + 1 == names_.size();
      x += last ? room : kGap + (leftward ? 0 : room - kText);
    }
    layout_.width = x + kMargin;
  }

  void place_rows() {
    int y = kHead + kMargin;
    if (!opening_.empty()) {
      layout_.dividers.push_back(
          {y + kDivider / 2, "given: " + count(opening_.size(), "step") + ", as expected"});
      y += kDivider;
    }
    for (int row = 0; row < order_.rows; ++row) {
      y += height_of_wire(row);
      if (row > 0 && begin_rows_.contains(row)) y += kLead;
      row_tops_.push_back(y);
      y += kRow;
      if (violated_rows_.contains(row)) y += kExpected;
    }
    y += height_of_wire(order_.rows);
    row_tops_.push_back(y);
    const auto unreached = std::count_if(order_.steps.begin(), order_.steps.end(),
                                         [](const Rows& rows) { return !rows.began; });
    if (unreached > 0) {
      y += kMargin;
      layout_.dividers.push_back({y + kDivider / 2, "not reached"});
      y += kDivider;
    }
    next_unreached_ = y;
    layout_.height = y + static_cast<int>(unreached) * kRow + kMargin;
  }

  // Of what was on the wire before a row's event, above it.
  int height_of_wire(int row) const {
    return static_cast<int>(gaps_[static_cast<std::size_t>(row)].size()) * kWire;
  }

  int row_top(int row) const { return row_tops_[static_cast<std::size_t>(row)]; }

  // The middle of a row's event on the time axis.
  int row_middle(int row) const { return row_top(row) + kRow / 2; }

  void place_step(std::size_t i) {
    const StepRecord& step = steps_[i];
    const Rows& rows = order_.steps[i];
    const Column& column = column_.at(step.actor);
    // Calls of several lanes may be open at once, beside each other; one within another lies upon
    // it.
    const int depth = rows.began ? depth_of(i) : 0;
    const int outwards = (step.lane - 1) * kLane + depth * kDepth;
    const int x = column.leftward ? column.x - outwards : column.x + outwards;
    const bool violated = step.status == Status::kViolated;
    if (!rows.began) {
      layout_.spans.push_back(
          {Span::Kind::kNotReached, violated, x, next_unreached_ + 5, next_unreached_ + kRow - 5});
      add_label(step, Label::Kind::kNote, next_unreached_, call_text(step));
      next_unreached_ += kRow;
      return;
    }
    add_label(step, Label::Kind::kCall, row_top(*rows.began), call_text(step));
    const std::string sign = violated ? "✗ " : rows.returned ? "→ " : "… ";
    add_label(step, Label::Kind::kResult, row_top(*rows.ended), sign + result_text(step, rows));
    if (violated)
      add_label(step, Label::Kind::kExpected, row_top(*rows.ended) + kExpected,
                expected_text(step));
    const bool waits = *rows.ended - *rows.began > 1;
    const auto kind = !rows.returned ? Span::Kind::kOpen
                      : waits        ? Span::Kind::kWait
                                     : Span::Kind::kCall;
    layout_.spans.push_back(
        {kind, violated, x, row_middle(*rows.began) - 4, row_middle(*rows.ended) + 4, depth});
  }

  // Calls of the same actor and lane that were open when this one began.
  int depth_of(std::size_t i) const {
    int depth = 0;
    for (std::size_t other = 0; other < steps_.size(); ++other) {
      const Rows& rows = order_.steps[other];
      if (steps_[other].actor == steps_[i].actor && steps_[other].lane == steps_[i].lane &&
          rows.began && *rows.began < *order_.steps[i].began &&
          *order_.steps[i].began < *rows.ended)
        ++depth;
    }
    return depth;
  }

  void add_label(const StepRecord& step, Label::Kind kind, int top, const std::string& text) {
    const Column& column = column_.at(step.actor);
    Label label;
    label.kind = kind;
    label.violated = step.status == Status::kViolated;
    label.leftward = column.leftward;
    label.x = column.leftward ? column.x - kText : column.x + kText;
    label.y = top + kBaseLine;
    label.text = shorten(text, kLongest);
    layout_.labels.push_back(label);
  }

  void place_arrows(std::size_t i) {
    const StepRecord& step = steps_[i];
    const Rows& to = order_.steps[i];
    if (!to.began) return;
    std::set<std::string> causes(step.after.begin(), step.after.end());
    if (!step.until.empty()) causes.insert(step.until);
    for (const std::string& id : causes) {
      const auto cause = std::find_if(steps_.begin(), steps_.end(),
                                      [&](const StepRecord& other) { return other.id == id; });
      if (cause == steps_.end() || cause->actor == step.actor) continue;
      const Rows& from = order_.steps[static_cast<std::size_t>(cause - steps_.begin())];
      if (from.began)
        add_arrow(column_.at(cause->actor).x, from, column_.at(step.actor).x, to,
                  step.status == Status::kViolated);
    }
  }

  // A wait that was open before its cause is ended by it; the cause may take effect before its own
  // call returns. An arrow that still has to point upwards shows an order that did not hold.
  void add_arrow(int x1, const Rows& from, int x2, const Rows& to, bool step_is_violated) {
    const bool begun_before = *to.began < (from.returned ? *from.ended : *from.began);
    const int target = begun_before ? *to.ended : *to.began;
    const int source = from.returned && *from.ended < target ? *from.ended : *from.began;
    Arrow arrow;
    const int direction = x2 > x1 ? 1 : -1;
    arrow.x1 = x1 + direction * kTip;
    arrow.x2 = x2 - direction * kTip;
    arrow.y1 = row_middle(source);
    arrow.y2 = row_middle(target);
    arrow.violated = step_is_violated && target < source;
    layout_.arrows.push_back(arrow);
  }

  // One line of the picture: a mark that came, one that arrived, or both at once.
  struct Passage {
    const WireMark* mark = nullptr;
    bool came = false;
    bool arrived = false;
    std::size_t more = 0;  // that are not shown
  };

  // Into the gaps before the rows; the last is behind them all.
  void sort_wire(const std::vector<WireMark>& wire) {
    gaps_.resize(static_cast<std::size_t>(order_.rows) + 1);
    for (const WireMark& mark : wire) {
      const bool in_opening =
          !opening_.empty() && !order_.at.empty() && mark.at < order_.at.front();
      const bool known = std::count(names_.begin(), names_.end(), mark.from) +
                             std::count(names_.begin(), names_.end(), mark.to) ==
                         2;
      if (in_opening || !known) continue;
      const auto next = std::upper_bound(order_.at.begin(), order_.at.end(), mark.at);
      auto& gap = gaps_[static_cast<std::size_t>(next - order_.at.begin())];
      if (!gap.empty() && gap.back().more == 0 && !gap.back().arrived && mark.arrived &&
          gap.back().mark->from == mark.from && gap.back().mark->to == mark.to &&
          gap.back().mark->what == mark.what) {
        gap.back().arrived = true;
      } else if (gap.size() < kMostWire) {
        gap.push_back({&mark, !mark.arrived, mark.arrived});
      } else {
        ++gap.back().more;
      }
    }
  }

  void place_wire(int row) {
    const auto& gap = gaps_[static_cast<std::size_t>(row)];
    int y = row_top(row) - height_of_wire(row) + kWire / 2;
    for (const Passage& passage : gap) {
      const int from = column_.at(passage.mark->from).x;
      const int to = column_.at(passage.mark->to).x;
      const int direction = to > from ? 1 : -1;
      const int middle = (from + to) / 2;
      Wire line;
      line.x1 = passage.came ? from + direction * kTip : middle;
      line.x2 = passage.arrived ? to - direction * kTip : middle;
      line.y = y;
      line.arrived = passage.arrived;
      line.text = passage.more == 0 ? passage.mark->what
                                    : "and " + std::to_string(passage.more + 1) + " more";
      layout_.wire.push_back(line);
      y += kWire;
    }
  }

  struct Column {
    int x = 0;
    bool leftward = false;
  };

  std::vector<std::string> names_;
  std::vector<StepRecord> opening_;  // only when shown as one divider
  std::vector<StepRecord> steps_;    // each drawn
  EventOrder order_;
  std::set<int> begin_rows_;     // in which a call begins
  std::set<int> violated_rows_;  // in which a violated step returned
  std::vector<int> row_tops_;    // and where the last one ends
  std::map<std::string, Column> column_;
  std::vector<std::vector<Passage>> gaps_;  // by the row that follows
  int next_unreached_ = 0;
  Layout layout_;
};

}  // namespace

Layout lay_out(const std::vector<StepRecord>& steps, const std::vector<WireMark>& wire) {
  return Builder(steps, wire).build();
}

}  // namespace ws2conform::reports::svg
