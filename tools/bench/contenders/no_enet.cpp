#include "contenders/all.hpp"

namespace bench {

Contender enet() {
  return {.name = "ENet",
          .can = 0,
          .serve = nullptr,
          .call = nullptr,
          .package = "libenet-dev",
          .remark = {}};
}

}  // namespace bench
