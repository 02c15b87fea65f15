#pragma once

#include "contender.hpp"

namespace bench {

Contender ws2_stream();
Contender ws2_message();
Contender raw_tcp();
Contender framed_tcp();
Contender enet();
Contender srt();
Contender beast();
Contender libfabric();

}  // namespace bench
