// Where something was written, and errors that say so.
#pragma once

#include <stdexcept>
#include <string>
#include <vector>

namespace ws2conform {

// A place in a file. Lines and columns are 1-based; line 0 means the file as a whole.
struct SourcePlace {
  std::string file;
  int line = 0;
  int column = 0;
};

// "cases/teardown/x.yaml:12:3", leaving out what is not known.
std::string to_string(const SourcePlace& place);

// Something that a user wrote is wrong. what() is one line: place, colon, what was meant.
class InputError : public std::runtime_error {
 public:
  InputError(SourcePlace place, const std::string& message)
      : std::runtime_error(to_string(place) + ": " + message), place_(std::move(place)) {}
  const SourcePlace& place() const { return place_; }

 private:
  SourcePlace place_;
};

// The word of `known` that `word` was probably meant to be, as "; did you mean \"x\"?", or "".
std::string did_you_mean(const std::string& word, const std::vector<std::string>& known);

}  // namespace ws2conform
