#include "runners/host/conversation.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

#include "runners/host/tests/watching.hpp"

namespace ws2conform::host {
namespace {

using nlohmann::json;

class ConversationTest : public testing::Test {
 protected:
  Conversation& start(const char* how, int lanes, bool reads_ahead = false) {
    Iut iut;
    iut.name = "peer";
    iut.command = {PYTHON, "-S", "-B", MISBEHAVING, how};
    adapter_ = std::make_unique<Adapter>(context_, iut);
    adapter_->receive(soon());  // its hello
    conversation_ = std::make_unique<Conversation>(*adapter_, lanes, reads_ahead);
    return *conversation_;
  }

  long long ask(const json& request) {
    const json numbered = conversation_->numbered(request);
    conversation_->send(numbered);
    return numbered.at("id");
  }

  json answer(long long id) {
    const auto received = conversation_->receive(id, soon());
    if (const auto* message = std::get_if<Message>(&received)) return message->body;
    ADD_FAILURE() << std::get<Breakdown>(received).detail;
    return nullptr;
  }

  std::string breakdown(long long id) {
    const auto received = conversation_->receive(id, soon());
    if (const auto* broke = std::get_if<Breakdown>(&received)) return broke->detail;
    return "no breakdown";
  }

  boost::asio::io_context context_;
  std::unique_ptr<Adapter> adapter_;
  std::unique_ptr<Conversation> conversation_;
};

TEST_F(ConversationTest, AnswersMayComeInAnyOrder) {
  start("answers_in_reverse", 3);
  const long long first = ask({{"value", "a"}});
  const long long second = ask({{"value", "b"}});
  const long long third = ask({{"value", "c"}});
  EXPECT_EQ(answer(first).at("returns"), "a") << "though it came last";
  EXPECT_FALSE(conversation_->is_open(first));
  EXPECT_TRUE(conversation_->is_open(second));
  EXPECT_EQ(answer(third).at("returns"), "c");
  EXPECT_EQ(answer(second).at("returns"), "b");
}

TEST_F(ConversationTest, WhoReadsAheadTakesMoreThanItsLanes) {
  start("answers_in_reverse", 1, true);
  const long long first = ask({{"value", "a"}});
  const long long second = ask({{"value", "b"}});
  const long long third = ask({{"value", "c"}});
  EXPECT_EQ(answer(first).at("returns"), "a");
  EXPECT_EQ(answer(second).at("returns"), "b");
  EXPECT_EQ(answer(third).at("returns"), "c");
}

TEST_F(ConversationTest, WhoDoesNotIsNotAskedBeforeItHasAnswered) {
  start("answers_in_reverse", 1);
  ask({{"value", "a"}});
  EXPECT_THROW(ask({{"value", "b"}}), std::logic_error);
}

TEST_F(ConversationTest, WhatBelongsToARequestComesInItsOwnOrder) {
  start("announces_in_reverse", 2);
  const long long first = ask({{"value", "a"}});
  const long long second = ask({{"value", "b"}});
  // It said: second started, first started, second's upcall, first's reply, second's reply.
  EXPECT_TRUE(answer(second).contains("started"));
  EXPECT_TRUE(answer(first).contains("started"));
  EXPECT_EQ(answer(first).at("returns"), "a");
  EXPECT_TRUE(answer(second).contains("condition"));
  EXPECT_TRUE(conversation_->is_open(second));
  EXPECT_EQ(answer(second).at("returns"), "b");
}

TEST_F(ConversationTest, ALaneIsFreeAgainOnceItsRequestIsAnswered) {
  start("answers_in_reverse", 3);
  const long long first = ask({{"value", "a"}});
  ask({{"value", "b"}});
  ask({{"value", "c"}});
  EXPECT_THROW(conversation_->numbered({{"value", "d"}}), std::logic_error);
  answer(first);
  const json next = conversation_->numbered({{"value", "d"}});
  EXPECT_EQ(next.at("id"), 4) << "never repeated";
  EXPECT_THROW(conversation_->receive(first, soon()), std::logic_error);
}

TEST_F(ConversationTest, ASecondAnswerIsFoundWhileOthersAreOpen) {
  start("answers_one_twice", 2);
  const long long first = ask({{"value", "a"}});
  const long long second = ask({{"value", "b"}});
  EXPECT_EQ(breakdown(first).find("peer answers request " + std::to_string(second) +
                                  ", which is not open: "),
            0U)
      << "its first answer is kept, its second is one too many";
}

TEST_F(ConversationTest, AnEndBreaksEveryOpenRequest) {
  start("answers_one_and_exits", 2);
  const long long first = ask({{"value", "a"}});
  const long long second = ask({{"value", "b"}});
  EXPECT_EQ(breakdown(first), "peer exited with status 6");
  EXPECT_EQ(answer(second).at("returns"), "b") << "it had come before";
}

TEST_F(ConversationTest, SilenceIsNothingUnasked) {
  start("polite", 1);
  EXPECT_EQ(conversation_->unasked(Clock::now()).kind, Breakdown::Kind::kSilent);
}

}  // namespace
}  // namespace ws2conform::host
