// How reports write numbers, times, links and commands. No locale has a say.
#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "conformance/judge/result.hpp"

namespace ws2conform::reports {

// "412 µs", "12.3 ms", "1.23 s", "2 min 3 s".
std::string duration(std::chrono::nanoseconds time);

// Seconds with six decimals, as JUnit writes times; never negative.
std::string seconds(std::chrono::nanoseconds time);

// "932,957,575".
std::string grouped(std::size_t number);

// "2026-11-28T19:29:30Z" as "2026-11-28 19:29:30 UTC"; another text as it is.
std::string moment(std::string_view utc);

// "1 case", "2 cases".
std::string count(std::size_t number, std::string_view noun);

// "3 of 12" or, when all ran, "12".
std::string part(std::size_t some, std::size_t all);

// "provider=stream, notice=FD_CLOSE"; "no axes" when there are none.
std::string axes(const std::vector<std::pair<std::string, std::string>>& axes);

// "cases/teardown/totals.yaml:12"; without the line when it is 0.
std::string place(std::string_view file, int line);

// A provenance as readers know it: "Windows" is a name, whatever files and options call it.
std::string word(Provenance provenance);

// A text as part of an element's id and of a link to it: other than letters, digits, '.' and '-'
// are written as '_' and two hexadecimal digits, so that different texts stay different.
std::string anchor(std::string_view text);

// The command that runs one schedule again. An implementation other than the reference is named in
// it, for that is what replay takes when none is named.
std::string replay_command(std::string_view replay_id,
                           const std::vector<ImplementationInfo>& implementations);

// The same for a schedule of `run`: with the cases and the sample that it is of, where those are
// not what replay takes.
std::string replay_command(std::string_view replay_id, const RunResult& run);

}  // namespace ws2conform::reports
