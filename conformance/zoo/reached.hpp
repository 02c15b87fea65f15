#pragma once

namespace ws2conform::zoo {

// The fault has just made a difference: what comes next is no longer what the reference does. A
// line on standard error, which the suite keeps with the history of the schedule. Any thread.
void reached();

}  // namespace ws2conform::zoo
