#include "conformance/judge/age.hpp"

#include <gtest/gtest.h>

namespace ws2conform::age_test {
namespace {

TEST(Age, IsCountedFromTheRunsOwnDate) {
  EXPECT_EQ(age_text("2025-11-03", "2025-11-21T20:52:00Z"), "known since 2025-11-03, for 18 days");
  EXPECT_EQ(age_text("2025-11-20", "2025-11-21T00:00:00Z"), "known since 2025-11-20, for 1 day");
  EXPECT_EQ(age_text("2025-11-21", "2025-11-21T23:59:59Z"), "known since 2025-11-21, for 0 days");
  EXPECT_EQ(age_text("2024-02-28", "2024-03-01"), "known since 2024-02-28, for 2 days");
}

TEST(Age, IsInLargerUnitsWhereItIsLong) {
  EXPECT_EQ(age_text("2025-01-01", "2025-03-31"), "known since 2025-01-01, for 89 days");
  EXPECT_EQ(age_text("2025-01-01", "2025-04-01"), "known since 2025-01-01, for 3 months");
  EXPECT_EQ(age_text("2023-01-01", "2025-01-01"), "known since 2023-01-01, for 2 years");
}

TEST(Age, IsNotKnownOfAVersionOrOfWhatIsStillToCome) {
  EXPECT_EQ(age_text("0.1.0", "2025-11-21"), "known since version 0.1.0");
  EXPECT_EQ(age_text("2025-11-22", "2025-11-21"), "known since 2025-11-22");
  EXPECT_EQ(age_text("2025-11-22", ""), "known since 2025-11-22");
  EXPECT_EQ(age_text("", "2025-11-21"), "");
}

TEST(Age, BeginsAtADateThatThereIsOrAtAVersion) {
  for (const char* good : {"2025-11-03", "2024-02-29", "0.1.0", "1.2", "1.2.3-rc1"})
    EXPECT_TRUE(is_since(good)) << good;
  for (const char* bad : {"2025-02-29", "2025-13-01", "2025-1-1", "soon", "3", "", "1."})
    EXPECT_FALSE(is_since(bad)) << bad;
}

}  // namespace
}  // namespace ws2conform::age_test
