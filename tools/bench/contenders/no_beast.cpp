#include "contenders/all.hpp"

namespace bench {

Contender beast() {
  return {.name = "Beast WebSocket",
          .can = 0,
          .serve = nullptr,
          .call = nullptr,
          .package = "libboost1.81-dev",
          .remark = {}};
}

}  // namespace bench
