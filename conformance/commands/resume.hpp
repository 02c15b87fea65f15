// Going on with a run that was cut off.
#pragma once

#include <map>
#include <string>

#include "conformance/commands/options.hpp"
#include "conformance/history/history.hpp"
#include "conformance/judge/result.hpp"

namespace ws2conform {

// What earlier sessions of a run have done already.
struct EarlierSessions {
  History history;
  std::map<std::string, InstanceResult> results;  // of instances that had begun, by name

  const HistoryInstance* planned(const std::string& name) const;
};

// The options of the run whose history this is, but for those that may differ from session to
// session: jobs. Throws InputError for one that is complete.
Options resumed_options(const Options& options, const History& history);

// Of a history that was read, which is read once more. Throws InputError where the cases have
// changed since.
EarlierSessions earlier_sessions(History history, const CaseSet& cases);

}  // namespace ws2conform
