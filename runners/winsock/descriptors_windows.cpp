#include "descriptors.hpp"

namespace ws2conform {

// Nothing limits the handles of a process.
bool can_free_descriptors() {
  return false;
}

bool free_descriptors(bool) {
  return false;
}

}  // namespace ws2conform
