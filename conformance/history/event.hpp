// What happened in a schedule, in order: the primary record of a run. Everything that is judged is
// judged from this.
#pragma once

#include <chrono>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "conformance/case/json_line.hpp"
#include "conformance/case/model.hpp"

namespace ws2conform {

struct Event {
  // JSON that does not change any more: its copies share it.
  class Body {
   public:
    Body() = default;
    Body(nlohmann::json value) : Body(with_text(std::move(value), "")) {}  // it is written as JSON
    Body(nlohmann::json::initializer_list_t members) : Body(nlohmann::json(members)) {}

    // `text`: the same as it crossed the pipe; empty if it did not.
    static Body with_text(nlohmann::json value, std::string text) {
      Body body;
      body.content_ = std::make_shared<const Content>(Content{std::move(value), std::move(text)});
      return body;
    }

    const nlohmann::json& operator*() const {
      static const nlohmann::json kNull;
      return content_ ? content_->value : kNull;
    }
    const nlohmann::json* operator->() const { return &**this; }

    // Appends it as JSON, with whatever spaces its writer likes.
    void append_to(std::string& line) const {
      if (content_ && !content_->text.empty()) {
        line += content_->text;
      } else {
        append_json(line, **this);
      }
    }

   private:
    struct Content {
      nlohmann::json value;
      std::string text;  // empty where it has to be made
    };

    std::shared_ptr<const Content> content_;
  };

  enum class Kind {
    kCall,        // request sent to the adapter; body: the request
    kStarted,     // the adapter is about to make the call
    kReturn,      // reply; body: the reply
    kPartial,     // reply to one of several calls that a step is made of, or of a wait that is made
                  // again; body: the reply
    kIndication,  // a step made of several calls has its outcome; body: the outcome, as a reply
    kCondition,   // the IUT called the condition function; body: its arguments
    kVerdict,     // the condition function's answer; body: what was sent
    kComputed,    // the suite's arithmetic; body: {name: value}
    kBreakdown,   // the conversation broke; body: {"kind": "crashed", "detail": "..."}
    kStderr,      // body: {"text": "..."}
    kRound,       // a round of a case with rounds begins; body: its number, from 1
    kRelay,       // what the relay was told to do, has done or saw; body: {"way": ...}
                  // with "does", "did", or "saw" and "arrived"; actor: the client. Done and seen
                  // things come at the end of the schedule, with the time at which they happened
  };

  Kind kind = Kind::kCall;
  std::chrono::nanoseconds at{};  // when it crossed the pipe, since the schedule's start
  std::string actor;
  std::string step;  // the step it belongs to; for kStderr the one that was running, if any
  Body body;
};

// In the body of a kCall: a member that is no part of the request. It is true where the call waits
// for a window: for what must not come, where nothing that comes later could tell.
inline constexpr const char* kWindowed = "windowed";

std::string_view to_string(Event::Kind kind);

struct ScheduleHistory {
  std::string case_id;
  AxisChoice axes;
  std::string order;  // the schedule in words
  std::string replay_id;
  std::vector<Event> events;
  std::chrono::nanoseconds duration{};
  bool complete = false;  // false: the run was cut off in the middle of it
};

}  // namespace ws2conform
