#include <linux/filter.h>
#include <sys/socket.h>

#include "runners/relay/silence.hpp"

namespace ws2conform::relay {

// A filter of one instruction: keep nothing. It needs no privilege, and TCP asks it first.
bool silence(int socket) {
  sock_filter keep_nothing = BPF_STMT(BPF_RET | BPF_K, 0);
  const sock_fprog program{1, &keep_nothing};
  return ::setsockopt(socket, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof program) == 0;
}

}  // namespace ws2conform::relay
