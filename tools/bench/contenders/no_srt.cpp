#include "contenders/all.hpp"

namespace bench {

Contender srt() {
  return {.name = "SRT",
          .can = 0,
          .serve = nullptr,
          .call = nullptr,
          .package = "libsrt-openssl-dev",
          .remark = {}};
}

}  // namespace bench
