#include "conformance/history/merge.hpp"

#include <gtest/gtest.h>

#include "conformance/case/source.hpp"

namespace ws2conform::merge_test {
namespace {

using Names = std::vector<std::string>;

History shard(int index, int total, const std::vector<std::size_t>& positions) {
  History history;
  history.file = "shard" + std::to_string(index);
  history.complete = true;
  history.duration = std::chrono::nanoseconds(index);
  history.header.options = {{"seed", 1}, {"shard", {{"index", index}, {"total", total}}}};
  for (const std::size_t position : positions) {
    HistoryInstance instance;
    instance.case_id = "case-" + std::to_string(position);
    instance.axes = {{"provider", "tcp"}};
    instance.position = position;
    history.instances.push_back(instance);
    ScheduleHistory schedule;
    schedule.case_id = instance.case_id;
    history.schedules.push_back(schedule);
  }
  return history;
}

Names cases(const History& history) {
  Names names;
  for (const HistoryInstance& instance : history.instances) names.push_back(instance.case_id);
  return names;
}

std::string error_of(std::vector<History> histories) {
  try {
    merge(std::move(histories));
  } catch (const InputError& error) {
    return error.what();
  }
  return "no error";
}

TEST(Merge, ShardsMakeUpTheWholeInItsOrder) {
  const History whole = merge({shard(2, 3, {1, 4}), shard(3, 3, {2}), shard(1, 3, {0, 3})});
  EXPECT_EQ(cases(whole), Names({"case-0", "case-1", "case-2", "case-3", "case-4"}));
  EXPECT_EQ(whole.schedules.size(), 5U);
  EXPECT_TRUE(whole.complete);
  EXPECT_TRUE(whole.missing.empty());
  EXPECT_EQ(whole.duration, std::chrono::nanoseconds(3)) << "they ran side by side";
}

TEST(Merge, OneHistoryIsItself) {
  History alone = shard(1, 1, {0});
  alone.header.options.erase("shard");
  const History whole = merge({alone});
  EXPECT_TRUE(whole.complete);
  EXPECT_EQ(whole.file, "shard1");
}

TEST(Merge, AMissingShardIsNamed) {
  const History whole = merge({shard(3, 3, {2})});
  EXPECT_FALSE(whole.complete);
  EXPECT_EQ(whole.missing, Names({"shard 1/3 is missing", "shard 2/3 is missing"}));
}

TEST(Merge, AShardThatWasCutOffMakesTheWholeIncomplete) {
  History cut = shard(2, 2, {1});
  cut.complete = false;
  cut.missing = {"shard2:7: the run was cut off here"};
  const History whole = merge({shard(1, 2, {0}), cut});
  EXPECT_FALSE(whole.complete);
  EXPECT_EQ(whole.missing, cut.missing);
}

TEST(Merge, OnlyShardsOfOneRunAreMerged) {
  History other = shard(2, 2, {1});
  other.header.options["seed"] = 2;
  EXPECT_EQ(error_of({shard(1, 2, {0}), other}),
            "shard2:1: it is no shard of the run that shard1 is of: its options is {\"seed\":2}, "
            "not {\"seed\":1}");
  other = shard(2, 2, {1});
  other.header.case_set = "new";
  EXPECT_NE(error_of({shard(1, 2, {0}), other}).find("its case set is \"new\""), std::string::npos);
  EXPECT_NE(error_of({shard(1, 2, {0}), shard(2, 3, {1})}).find("its number of shards is 3"),
            std::string::npos);
}

TEST(Merge, OneCaseCannotComeTwice) {
  EXPECT_EQ(error_of({shard(1, 2, {0}), shard(1, 2, {0})}),
            "shard1: case-0/provider=tcp is in shard1 as well");
}

}  // namespace
}  // namespace ws2conform::merge_test
