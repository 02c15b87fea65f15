// What an examination of an adapter found.
#pragma once

#include <string>
#include <vector>

namespace ws2conform::doctor {

struct Finding {
  enum class Grade {
    kGood,
    kNote,  // nothing wrong, but worth knowing
    kBad,
  };
  Grade grade = Grade::kGood;
  std::string subject;  // "an operation that does not exist"
  std::string tried;    // what was sent or done
  std::string came;
  std::string wanted;  // empty where nothing is wrong
  std::string mend;    // how
};

using Findings = std::vector<Finding>;

inline Finding good(std::string subject, std::string tried, std::string came) {
  return {Finding::Grade::kGood, std::move(subject), std::move(tried), std::move(came), "", ""};
}
inline Finding note(std::string subject, std::string tried, std::string came, std::string mend) {
  return {Finding::Grade::kNote, std::move(subject), std::move(tried), std::move(came), "",
          std::move(mend)};
}
inline Finding bad(std::string subject, std::string tried, std::string came, std::string wanted,
                   std::string mend) {
  return {Finding::Grade::kBad, std::move(subject), std::move(tried),
          std::move(came),      std::move(wanted),  std::move(mend)};
}

}  // namespace ws2conform::doctor
