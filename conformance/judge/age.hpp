// For how long a failure has been known.
#pragma once

#include <string>

namespace ws2conform {

// Whether `since` is a date that there is ("2025-11-03") or looks like a version ("0.1.0").
bool is_since(const std::string& since);

// "known since 2025-11-03, for 18 days" or "known since version 0.1.0". `now` is a date with or
// without a time behind it, the run's own: whoever reads the report later reads the same. Empty for
// an empty `since`.
std::string age_text(const std::string& since, const std::string& now);

}  // namespace ws2conform
