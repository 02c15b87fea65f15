#include "provider/event_object.hpp"

#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <thread>

namespace ws2 {
namespace {

using std::chrono::milliseconds;
using Objects = std::array<std::shared_ptr<EventObject>, 2>;

Objects make_two() {
  return {std::make_shared<EventObject>(), std::make_shared<EventObject>()};
}

TEST(EventObject, StaysSetUntilReset) {
  const Objects objects = make_two();
  EXPECT_EQ(EventObject::wait(objects, false, milliseconds(0)), std::nullopt);
  objects[1]->set();
  EXPECT_EQ(EventObject::wait(objects, false, std::nullopt), 1u);
  EXPECT_EQ(EventObject::wait(objects, false, std::nullopt), 1u);
  EXPECT_EQ(EventObject::wait(objects, true, milliseconds(1)), std::nullopt);
  objects[1]->reset();
  EXPECT_EQ(EventObject::wait(objects, false, milliseconds(1)), std::nullopt);
}

TEST(EventObject, ClosingWakesWhoWaits) {
  const Objects objects = make_two();
  std::thread closing([&] { objects[1]->close(); });
  EXPECT_EQ(EventObject::wait(objects, true, std::nullopt), 2u);
  closing.join();
  objects[0]->set();
  EXPECT_EQ(EventObject::wait(objects, false, std::nullopt), 2u);
}

TEST(EventObject, WakesWhoWaitsForAll) {
  const Objects objects = make_two();
  std::thread setting([&] {
    objects[0]->set();
    objects[1]->set();
  });
  EXPECT_EQ(EventObject::wait(objects, true, std::nullopt), 0u);
  setting.join();
}

// A reset hard behind the set must not undo the wait that the set satisfied.
TEST(EventObject, APulseWakesWhoWaits) {
  for (int i = 0; i < 200; ++i) {
    const Objects objects = make_two();
    std::atomic<bool> woken = false;
    std::thread waiting([&] {
      EventObject::wait(objects, false, std::nullopt);
      woken = true;
    });
    while (!woken) {
      objects[0]->set();
      objects[0]->reset();
    }
    waiting.join();
  }
}

TEST(EventObject, MayStandTwiceInAList) {
  const auto object = std::make_shared<EventObject>();
  const Objects objects = {object, object};
  std::thread setting([&] { object->set(); });
  EXPECT_EQ(EventObject::wait(objects, true, std::nullopt), 0u);
  setting.join();
}

}  // namespace
}  // namespace ws2
