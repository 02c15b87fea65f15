// Where everything of a sequence diagram goes. Pure geometry: steps in, coordinates out.
#pragma once

#include <string>
#include <vector>

#include "conformance/judge/result.hpp"

namespace ws2conform::reports::svg {

// All lengths are SVG user units, which the report shows as CSS pixels.

// One actor: its title in a box, and the line below it.
struct Lifeline {
  std::string title;
  int x = 0;
  int width = 0;  // of the box
};

// A call on its lifeline, from where it began to where it returned.
struct Span {
  enum class Kind {
    kCall,        // returned before anything else happened
    kWait,        // something else happened while it was open
    kOpen,        // never returned
    kNotReached,  // was never begun
  };
  Kind kind = Kind::kCall;
  bool violated = false;
  int x = 0;
  int top = 0;
  int bottom = 0;
  int depth = 0;  // so many calls of the lane were open when it began, which it lies upon
};

struct Label {
  enum class Kind {
    kCall,
    kResult,
    kExpected,  // below a result that is not as expected
    kNote,      // a call that was not reached
  };
  Kind kind = Kind::kCall;
  bool violated = false;
  bool leftward = false;  // the text ends at x instead of beginning there
  int x = 0;
  int y = 0;         // base line
  std::string text;  // perhaps shortened: the table of the steps has the whole
};

// What had to happen first, from the cause to what had to wait for it: the begin of a step, or the
// return of one that was open already. Violated where it did not wait.
struct Arrow {
  int x1 = 0, y1 = 0;
  int x2 = 0, y2 = 0;
  bool violated = false;
};

// What the relay saw on the wire: from the sender to the middle, where the relay is, from there to
// the receiver, or all the way.
struct Wire {
  int x1 = 0;
  int x2 = 0;
  int y = 0;
  bool arrived = false;  // at the receiver; else it ends at the relay
  std::string text;
};

// A line across all lifelines with a note on it.
struct Divider {
  int y = 0;
  std::string note;
};

struct Layout {
  int width = 0;
  int height = 0;
  int head = 0;  // where the boxes end and the lifelines begin
  std::vector<Lifeline> lifelines;
  std::vector<Span> spans;
  std::vector<Label> labels;
  std::vector<Arrow> arrows;
  std::vector<Wire> wire;
  std::vector<Divider> dividers;
};

// From top to bottom stand the events in the order in which they happened, each a row whatever time
// passed between them; last the steps that were not reached. Opening steps are one divider as long
// as each went as expected. Steps that carry no times are taken to follow their actor's previous
// step. The wire stands between the events, in lower rows; what was on it during an opening that is
// one divider is left out, and of many between two events only the first are shown.
Layout lay_out(const std::vector<StepRecord>& steps, const std::vector<WireMark>& wire = {});

}  // namespace ws2conform::reports::svg
