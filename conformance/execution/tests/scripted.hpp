// Implementations under test that do as a test tells them: scripted.py says how.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "conformance/case/tests/scratch.hpp"
#include "conformance/execution/actors.hpp"

namespace ws2conform {

class ScriptedIuts {
 public:
  using json = nlohmann::json;

  host::Iut iut(const std::string& name, const json& script) const {
    host::Iut iut;
    iut.name = name;
    iut.file = name + ".yaml";
    iut.command = {PYTHON, "-S", "-B", SCRIPTED, folder_.write(name + ".json", script.dump())};
    return iut;
  }

  const ScratchFolder& folder() const { return folder_; }

 private:
  ScratchFolder folder_;
};

// Long enough for what comes, short enough for what does not.
inline Patience test_patience() {
  return {std::chrono::milliseconds(250), std::chrono::milliseconds(20000),
          std::chrono::milliseconds(20000)};
}

}  // namespace ws2conform
