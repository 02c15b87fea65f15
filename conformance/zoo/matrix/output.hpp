// The matrix for people and programs.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "conformance/zoo/matrix/score.hpp"

namespace ws2conform::zoo {

// zoo.json; its format is told in ../README.md.
nlohmann::json matrix_json(const std::vector<Exposed>& matrix, const Score& score,
                           const std::vector<Subject>& subjects, const Excuses& excuses);

// One fault's line, once its row is done.
std::string row_text(const Exposed& row);

// Score, single killers, what is wrong: several lines.
std::string summary_text(const Score& score, const std::vector<Subject>& subjects,
                         std::size_t schedules);

// What the score comes to, as a line for a document (readme.hpp).
std::string readme_line(const Score& score);

}  // namespace ws2conform::zoo
