#include "conformance/zoo/faults.hpp"

#include <algorithm>

#include "conformance/zoo/api.hpp"
#include "conformance/zoo/reached.hpp"
#include "ws2/errors.h"

namespace ws2conform::zoo {
namespace {

// There are no sockets.
void break_everything(Api& api) {
  api.WSASocketA = [](int family, int type, int protocol, LPWSAPROTOCOL_INFOA info, GROUP group,
                      DWORD flags) -> SOCKET {
    const SOCKET made = reference_api().WSASocketA(family, type, protocol, info, group, flags);
    if (made == INVALID_SOCKET) return made;
    reached();
    reference_api().closesocket(made);
    WSASetLastError(WSAENETDOWN);
    return INVALID_SOCKET;
  };
}

}  // namespace

const Faults& all_faults() {
  static const Faults kFaults = [] {
    Faults all = {
        {kNullFault, "The null fault: a layer that changes nothing.", "", "", "", "", {}},
        {kTotalFault, "There are no sockets: everything that needs one fails.", "", "", "*", "",
         in_api(break_everything)},
    };
    for (const auto& area :
         {user_data_faults, disconnect_faults, verdict_faults, event_faults, end_faults,
          closing_faults, quality_faults, callee_data_faults, connecting_faults, inheritance_faults,
          transfer_faults, process_faults, circumstance_faults, aftermath_faults, lane_faults,
          patience_faults, stack_faults, second_look_faults}) {
      const Faults some = area();
      all.insert(all.end(), some.begin(), some.end());
    }
    return all;
  }();
  return kFaults;
}

const Fault* find_fault(std::string_view name) {
  const auto& all = all_faults();
  const auto found =
      std::find_if(all.begin(), all.end(), [&](const Fault& fault) { return fault.name == name; });
  return found == all.end() ? nullptr : &*found;
}

}  // namespace ws2conform::zoo
