#include "conformance/model/output.hpp"

#include <gtest/gtest.h>

namespace ws2conform::model {
namespace {

using nlohmann::json;

Step step_of(const std::string& id, const std::string& actor) {
  Step step;
  step.id = id;
  step.actor = actor;
  step.operation = "getsockname";
  return step;
}

class ModelOutput : public testing::Test {
 protected:
  ModelOutput() {
    source_.id = "two-calls";
    source_.steps = {step_of("1", "client"), step_of("2", "server")};
    instance_.source = &source_;
    instance_.steps = source_.steps;
    counted_.source = &source_;
  }
  static Explored explored(std::size_t states, bool sampled) {
    Explored one;
    one.states = states;
    one.sampled = sampled;
    return one;
  }
  static Explored outside(const std::string& reason) {
    Explored one;
    one.outside = reason;
    return one;
  }
  json only_case(std::vector<Finding> findings = {}) const {
    return model_json({"any", "documented", {}, {counted_}, std::move(findings)}).at("cases").at(0);
  }
  static Finding finding(const std::string& because) {
    Finding one;
    one.case_id = "two-calls";
    one.message = "something else";
    one.because = because;
    return one;
  }

  Case source_;
  Instance instance_;
  CaseCount counted_;
};

TEST_F(ModelOutput, adds_up_the_choices_of_axes) {
  counted_.add(instance_, explored(7, false));
  counted_.add(instance_, explored(20'000, true));
  counted_.add(instance_, outside("time is not in the model"));
  const json one = only_case();
  EXPECT_EQ(one.at("verdict"), "agrees");
  EXPECT_EQ(one.at("instances"), 3);
  // Of two calls that nothing orders: either first, or together.
  EXPECT_EQ(one.at("schedules"), 2 * 3);
  EXPECT_EQ(one.at("states"), 20'007);
  EXPECT_EQ(one.at("sampled"), 1);
  EXPECT_EQ(one.at("outside"), json({{"time is not in the model", 1}}));
}

TEST_F(ModelOutput, a_case_is_outside_where_all_of_it_is) {
  counted_.add(instance_, outside("select is not in the model"));
  EXPECT_EQ(only_case().at("verdict"), "outside");
  EXPECT_EQ(only_case().at("states"), 0);
}

TEST_F(ModelOutput, one_finding_without_a_reason_is_a_disagreement) {
  counted_.add(instance_, explored(1, false));
  EXPECT_EQ(only_case({finding("it is so")}).at("verdict"), "justified");
  const json one = only_case({finding("it is so"), finding("")});
  EXPECT_EQ(one.at("verdict"), "disagrees");
  EXPECT_EQ(one.at("findings").at(0).at("because"), "it is so");
  EXPECT_EQ(one.at("findings").at(1).count("because"), 0U);
}

}  // namespace
}  // namespace ws2conform::model
