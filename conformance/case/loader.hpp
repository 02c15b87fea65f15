// From files to cases and requirements. Everything throws InputError for what a user wrote wrong.
#pragma once

#include <filesystem>
#include <string>

#include "conformance/case/model.hpp"

namespace ws2conform {

// Loads one case file. `name` is how the file is called in messages and reports, `area` the folder
// it lies in. Checks what can be seen in the file alone; lint.hpp checks the rest.
Case load_case(const std::filesystem::path& path, const std::string& name, const std::string& area);

// Adds the requirements of one file; an ID that is there already is an error.
void load_requirements(const std::filesystem::path& path, const std::string& name,
                       Requirements& requirements);

// All of `directory`: requirements/*.yaml, and a case in every other *.yaml, lint included.
// Baselines (baselines/) are no cases.
CaseSet load_case_set(const std::filesystem::path& directory);

Provenance parse_provenance(const std::string& word, const SourcePlace& place);

}  // namespace ws2conform
