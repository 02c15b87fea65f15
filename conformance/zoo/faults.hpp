// The zoo: all faults, in one table.
#pragma once

#include <string_view>

#include "conformance/zoo/fault.hpp"

namespace ws2conform::zoo {

inline constexpr std::string_view kNullFault = "none";
inline constexpr std::string_view kTotalFault = "breaks-everything";

// The null fault, which changes nothing, comes first.
const Faults& all_faults();

// nullptr for a name that is no fault.
const Fault* find_fault(std::string_view name);

// By area, a file each in faults/.
Faults user_data_faults();
Faults disconnect_faults();
Faults verdict_faults();
Faults event_faults();
Faults end_faults();
Faults closing_faults();
Faults quality_faults();
Faults callee_data_faults();
Faults connecting_faults();
Faults inheritance_faults();
Faults transfer_faults();
Faults process_faults();
Faults circumstance_faults();
Faults aftermath_faults();
Faults patience_faults();
Faults lane_faults();
Faults stack_faults();
Faults second_look_faults();

}  // namespace ws2conform::zoo
