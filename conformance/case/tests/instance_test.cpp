#include "conformance/case/instance.hpp"

#include <gtest/gtest.h>

#include "conformance/case/tests/written.hpp"

namespace ws2conform::instance_test {
namespace {

using nlohmann::json;

// "client connect(socket=client) after given.4 by given.6"
std::string text_of(const Step& step) {
  std::string text = step.actor + " " + step.operation + "(";
  for (const Field& field : step.fields) {
    if (text.back() != '(') text += ", ";
    text += field.name + "=" +
            (field.value.is_string() ? field.value.get<std::string>() : field.value.dump());
  }
  text += ")";
  for (const std::string& id : step.after) text += " after " + id;
  if (step.by) text += " by " + *step.by;
  return text;
}

std::vector<std::string> opening_of(const std::string& steps, const std::string& head) {
  const WrittenInstance written(with_steps(steps, head));
  std::vector<std::string> texts;
  for (const Step& step : written.instance.opening) {
    EXPECT_TRUE(step.opening);
    EXPECT_EQ(step.id, "given." + std::to_string(texts.size() + 1));
    texts.push_back(text_of(step));
  }
  return texts;
}

using Texts = std::vector<std::string>;

TEST(Instances, AreTheProductOfTheAxesInTheirOrder) {
  const Case source =
      case_of(with_steps("- {client: $how}\n", "axes: {how: [recv, WSARecv], octets: [1, 2]}"));
  std::vector<std::string> names;
  for (const Instance& instance : instances(source, "tcp")) {
    names.push_back(instance.name());
    EXPECT_EQ(instance.provider, "tcp");
    EXPECT_EQ(instance.source, &source);
  }
  EXPECT_EQ(names,
            (Texts{"a-case/provider=tcp,how=recv,octets=1", "a-case/provider=tcp,how=recv,octets=2",
                   "a-case/provider=tcp,how=WSARecv,octets=1",
                   "a-case/provider=tcp,how=WSARecv,octets=2"}));
}

TEST(Instances, WithoutAxesAreOne) {
  const Case source = case_of(with_steps("- {client: socket}\n"));
  ASSERT_EQ(instances(source, "tcp").size(), 1U);
  EXPECT_EQ(instances(source, "tcp").front().name(), "a-case/provider=tcp");
}

TEST(Instances, HaveTheValuesInPlaceOfTheNames) {
  const WrittenInstance written(
      with_steps("- {client: send, data: {pattern: $octets}}\n- {client: send, data: $octets}\n"
                 "- {client: send, data: a $octets}\n",
                 "axes: {octets: [16]}"));
  const std::vector<Step>& steps = written.instance.steps;
  EXPECT_EQ(steps[0].fields[0].value, json({{"pattern", "16"}}));
  EXPECT_EQ(steps[1].fields[0].value, "16");
  EXPECT_EQ(steps[2].fields[0].value, "a $octets") << "a name stands for a whole value";
}

TEST(Instances, InitiatorAndResponderAreTheTwoActors) {
  const Case source = case_of(with_steps("- {$initiator: socket}\n- {$responder: socket}\n",
                                         "axes: {initiator: [client, server]}"));
  const std::vector<Instance> both = instances(source, "tcp");
  ASSERT_EQ(both.size(), 2U);
  EXPECT_EQ(both[0].steps[0].actor, "client");
  EXPECT_EQ(both[0].steps[1].actor, "server");
  EXPECT_EQ(both[1].steps[0].actor, "server");
  EXPECT_EQ(both[1].steps[1].actor, "client");
  EXPECT_EQ(both[1].name(), "a-case/provider=tcp,initiator=server") << "the responder follows";
}

TEST(Instances, AnAxisValueThatIsNoOperationIsAnError) {
  const Case source = case_of(with_steps("- {client: $how}\n", "axes: {how: [recv, recieve]}"));
  try {
    instances(source, "tcp");
    FAIL() << "recieve is taken for an operation";
  } catch (const InputError& error) {
    EXPECT_STREQ(error.what(),
                 "case.yaml:6:3: \"recieve\" is no operation; did you mean \"receive\"?");
  }
}

TEST(Opening, OfNothingIsEmpty) {
  EXPECT_TRUE(opening_of("- {client: socket}\n", "given: nothing").empty());
}

TEST(Opening, OfAListener) {
  EXPECT_EQ(
      opening_of("- {client: connect}\n", "given: listener"),
      (Texts{"server socket(as=listener)", "server bind(socket=listener, addr=loopback)",
             "server listen(socket=listener, backlog=SOMAXCONN)",
             "server getsockname(socket=listener, addr=$listener)", "client socket(as=client)"}));
}

TEST(Opening, OfAConnection) {
  const Texts opening = opening_of("- {client: closesocket}\n", "given: connected");
  EXPECT_EQ(Texts(opening.begin() + 5, opening.end()),
            (Texts{"client connect(socket=client) by given.7",
                   "server accept(socket=listener, as=server) after given.6",
                   "client getsockname(socket=client, addr=$client.name)"}));
}

TEST(Opening, OfSeveralConnectionsNamesTheServersEndsAfterTheClients) {
  const Texts opening =
      opening_of("- {alice: closesocket}\n", "actors: [alice, bob, server]\ngiven: connected");
  EXPECT_EQ(Texts(opening.begin() + 4, opening.end()),
            (Texts{"alice socket(as=alice)", "bob socket(as=bob)",
                   "alice connect(socket=alice) by given.8",
                   "server accept(socket=listener, as=alice) after given.7",
                   "alice getsockname(socket=alice, addr=$alice.name)",
                   "bob connect(socket=bob) by given.11",
                   "server accept(socket=listener, as=bob) after given.10",
                   "bob getsockname(socket=bob, addr=$bob.name)"}));
}

TEST(Opening, SelectsTheEventsThatStepsNameWhereTheSocketsAre) {
  const Texts connected = opening_of(
      "- {client: FD_READ}\n- {client: FD_CLOSE}\n- {server: FD_CLOSE}\n", "given: connected");
  ASSERT_GE(connected.size(), 12U);
  EXPECT_EQ(Texts(connected.end() - 4, connected.end()),
            (Texts{"client WSACreateEvent(as=client.event)",
                   "client WSAEventSelect(socket=client, event=client.event, "
                   "network_events=[\"FD_CLOSE\",\"FD_READ\"])",
                   "server WSACreateEvent(as=server.event)",
                   "server WSAEventSelect(socket=server, event=server.event, "
                   "network_events=[\"FD_CLOSE\"])"}));
}

// A listener whose events are selected does not block: accept may come before the request.
TEST(Opening, SelectsOnAListenerWhenAllAreConnected) {
  const Texts opening = opening_of("- {server: FD_ACCEPT, socket: listener}\n", "given: connected");
  ASSERT_EQ(opening.size(), 10U);
  EXPECT_EQ(opening.at(6).find("server accept("), 0U);
  EXPECT_EQ(opening.at(8), "server WSACreateEvent(as=listener.event)");
  EXPECT_EQ(opening.at(9),
            "server WSAEventSelect(socket=listener, event=listener.event, "
            "network_events=[\"FD_ACCEPT\"])");
}

TEST(Opening, SelectsNothingForSocketsThatAreNotThereYet) {
  EXPECT_EQ(
      opening_of("- {server: FD_READ, socket: later}\n- {server: FD_READ}\n", "given: listener")
          .size(),
      5U);
}

TEST(Opening, OfSeveralConnectionsHasNoEndCalledServer) {
  for (const std::string& text :
       opening_of("- {server: FD_READ}\n- {server: FD_READ, socket: bob}\n",
                  "actors: [alice, bob, server]\ngiven: connected")) {
    EXPECT_EQ(text.find("socket=server"), std::string::npos) << text;
  }
}

TEST(AxisValues, AreFoundByName) {
  const AxisChoice axes = {{"provider", "tcp"}, {"family", "AF_INET6"}};
  EXPECT_EQ(axis_value(axes, "family", "AF_INET"), "AF_INET6");
  EXPECT_EQ(axis_value(axes, "other", "AF_INET"), "AF_INET");
  EXPECT_EQ(to_string(axes), "provider=tcp,family=AF_INET6");
}

}  // namespace
}  // namespace ws2conform::instance_test
