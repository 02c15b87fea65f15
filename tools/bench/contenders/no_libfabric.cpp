#include "contenders/all.hpp"

namespace bench {

Contender libfabric() {
  return {.name = "libfabric tcp",
          .can = 0,
          .serve = nullptr,
          .call = nullptr,
          .package = "libfabric-dev",
          .remark = {}};
}

}  // namespace bench
