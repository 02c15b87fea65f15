// The smallest part of a list that still shows something.
#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

namespace ws2conform::walks {

// Leaves out parts of `items`, ever smaller ones, as long as `shows` is true of what is left. Each
// item alone is needed in the end, or `tries` came to their end.
template <typename Item, typename Shows>
std::vector<Item> shrunk(std::vector<Item> items, std::size_t tries, Shows shows) {
  std::size_t part = std::max<std::size_t>(1, items.size() / 2);
  while (tries > 0 && !items.empty()) {
    bool any = false;
    for (std::size_t at = 0; at < items.size() && tries > 0;) {
      std::vector<Item> less(items.begin(), items.begin() + static_cast<std::ptrdiff_t>(at));
      const std::size_t end = std::min(items.size(), at + part);
      less.insert(less.end(), items.begin() + static_cast<std::ptrdiff_t>(end), items.end());
      --tries;
      if (shows(less)) {
        items = std::move(less);
        any = true;
      } else {
        at += part;
      }
    }
    if (!any && part == 1) break;
    if (!any) part = std::max<std::size_t>(1, part / 2);
  }
  return items;
}

}  // namespace ws2conform::walks
