#include "reports/svg/histogram.hpp"

#include <algorithm>

#include "reports/page/embedded.hpp"
#include "reports/page/template.hpp"
#include "reports/text/format.hpp"

namespace ws2conform::reports::svg {
namespace {

using std::chrono::nanoseconds;

// In SVG user units.
constexpr int kPitch = 46;   // from bar to bar
constexpr int kBar = 38;     // width of one
constexpr int kTop = 20;     // for the number above the highest
constexpr int kHeight = 90;  // of the highest
constexpr int kFoot = 24;    // for the scale
constexpr int kSide = 26;

constexpr nanoseconds kLeast = std::chrono::microseconds(1);

// The bounds of the scale from 1 us on.
nanoseconds bound(int index) {
  nanoseconds value = kLeast;
  for (int i = 0; i < index / 3; ++i) value *= 10;
  constexpr int kSteps[] = {1, 2, 5};
  return value * kSteps[index % 3];
}

int bar_of(nanoseconds value) {
  int index = 0;
  while (bound(index + 1) <= value) ++index;
  return index;
}

std::string bound_text(nanoseconds value) {
  using std::chrono::duration_cast;
  using std::chrono::microseconds;
  using std::chrono::milliseconds;
  const auto text = [](auto number, const char* unit) {
    return std::to_string(number.count()) + " " + unit;
  };
  if (value < milliseconds(1)) return text(duration_cast<microseconds>(value), "µs");
  if (value < std::chrono::seconds(1)) return text(duration_cast<milliseconds>(value), "ms");
  return text(duration_cast<std::chrono::seconds>(value), "s");
}

Data number(std::size_t value) {
  return Data(std::to_string(value));
}
}  // namespace

Histogram histogram(const std::vector<nanoseconds>& values) {
  Histogram made;
  if (values.empty()) return made;
  const auto [least, most] = std::minmax_element(values.begin(), values.end());
  const int first = bar_of(*least);
  for (int i = first; i <= bar_of(*most); ++i) made.bars.push_back({bound(i), bound(i + 1), 0});
  for (const nanoseconds value : values)
    ++made.bars[static_cast<std::size_t>(bar_of(value) - first)].number;
  return made;
}

std::string plot(const Histogram& histogram, const std::string& name) {
  if (histogram.bars.empty()) return {};
  std::size_t most = 0;
  for (const Histogram::Bar& bar : histogram.bars) most = std::max(most, bar.number);
  const int base = kTop + kHeight;
  std::string aloud = name + ":";
  List bars;
  List bounds;
  int x = kSide;
  for (const Histogram::Bar& bar : histogram.bars) {
    // What is there is seen, however little it is.
    const int height =
        bar.number == 0
            ? 0
            : std::max(2, static_cast<int>(static_cast<std::size_t>(kHeight) * bar.number / most));
    Data item;
    item["x"] = number(x + (kPitch - kBar) / 2);
    item["y"] = number(base - height);
    item["width"] = number(kBar);
    item["height"] = number(height);
    item["middle"] = number(x + kPitch / 2);
    item["above"] = number(base - height - 5);
    item["number"] = number(bar.number);
    item["some"] = bar.number > 0;
    bars.push_back(item);
    if (bar.number > 0) {
      aloud += " " + std::to_string(bar.number) + " from " + bound_text(bar.from) + " to " +
               bound_text(bar.to) + ";";
    }
    Data tick;
    tick["x"] = number(x);
    tick["text"] = bound_text(bar.from);
    bounds.push_back(tick);
    x += kPitch;
  }
  Data last;
  last["x"] = number(x);
  last["text"] = bound_text(histogram.bars.back().to);
  bounds.push_back(last);
  aloud.pop_back();
  Data data;
  data["name"] = aloud;
  data["width"] = number(x + kSide);
  data["height"] = number(base + kFoot);
  data["left"] = number(kSide);
  data["right"] = number(x);
  data["base"] = number(base);
  data["foot"] = number(base + 16);
  data["tick"] = number(base + 4);
  data["bars"] = Data(bars);
  data["bounds"] = Data(bounds);
  return Template(embedded::histogram_mustache).render(data);
}

}  // namespace ws2conform::reports::svg
