// Reads history.jsonl.
#pragma once

#include <filesystem>
#include <functional>

#include "conformance/history/history.hpp"

namespace ws2conform {

// Throws InputError with file and line for a file that is no history, and for one that was changed
// after it was written. One that ends early, even in the middle of a line, is no error but is not
// complete.
History read_history(const std::filesystem::path& path);

// Is given a schedule with its events when it has ended, and those that have not when the file
// ends; and of the history its file and header. Not those that a later session made void. It is
// called in a thread of its own, for one after the other, while the file is read on; what it throws
// is thrown by read_history().
using OnSchedule = std::function<void(const History& of, const ScheduleHistory& schedule)>;

// The same, but the events are given to `on_schedule` and not kept: the schedules of the result
// have none. So no more of them are in memory than those of the schedules that are open at once and
// of a few that wait.
History read_history(const std::filesystem::path& path, const OnSchedule& on_schedule);

}  // namespace ws2conform
