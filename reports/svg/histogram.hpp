// Small plots of how long things took, as inline SVG.
#pragma once

#include <chrono>
#include <string>
#include <vector>

namespace ws2conform::reports::svg {

// Bars over a logarithmic scale: three to a power of ten, of 1 to 2, 2 to 5 and 5 to 10.
struct Histogram {
  struct Bar {
    std::chrono::nanoseconds from{};  // the first that counts
    std::chrono::nanoseconds to{};    // the first that does not
    std::size_t number = 0;
  };
  std::vector<Bar> bars;  // from the least value to the greatest, those between them included
};

// Values below a microsecond count as one. Nothing for no values.
Histogram histogram(const std::vector<std::chrono::nanoseconds>& values);

// One <svg> element; `name` is what assistive technology reads in its place, before the numbers.
// Needs the report's style sheet for its colours. Empty for no bars.
std::string plot(const Histogram& histogram, const std::string& name);

}  // namespace ws2conform::reports::svg
