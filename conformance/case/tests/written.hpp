// Cases written in a test's own text.
#pragma once

#include <stdexcept>
#include <string>
#include <vector>

#include "conformance/case/instance.hpp"
#include "conformance/case/loader.hpp"
#include "conformance/case/tests/scratch.hpp"

namespace ws2conform {

// Loaded under the name "case.yaml", in the area "area". Line 1 of `yaml` is line 1 of the file.
inline Case case_of(const std::string& yaml) {
  const ScratchFolder folder;
  return load_case(folder.write("case.yaml", yaml), "case.yaml", "area");
}

// A case of these steps, the first of which stands in line 5.
inline std::string with_steps(const std::string& steps, const std::string& head = "") {
  return "id: a-case\ntitle: A case for a test\nrequirements: [REQ-1, REQ-2]\n" +
         (head.empty() ? "steps:\n" : head + "\nsteps:\n") + steps;
}

// A case and the instance of it that a test looks at, kept together.
struct WrittenInstance {
  explicit WrittenInstance(const std::string& yaml, const std::string& provider = "stream")
      : source(case_of(yaml)), instance(instances(source, provider).front()) {}
  WrittenInstance(const WrittenInstance&) = delete;
  WrittenInstance& operator=(const WrittenInstance&) = delete;

  // Of the case's own steps; throws std::out_of_range where none has that ID.
  const Step& step(const std::string& id) const {
    for (const Step& step : instance.steps) {
      if (step.id == id) return step;
    }
    throw std::out_of_range("no step " + id);
  }

  Case source;
  Instance instance;
};

}  // namespace ws2conform
