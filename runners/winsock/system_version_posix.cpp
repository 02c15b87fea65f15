#include "system_version.hpp"

namespace ws2conform {

std::string system_version() {
  return {};
}

}  // namespace ws2conform
