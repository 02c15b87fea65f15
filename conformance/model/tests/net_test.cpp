#include "conformance/case/octets.hpp"
#include "conformance/model/tests/model_net.hpp"

namespace ws2conform::model {
namespace {

using nlohmann::json;

TEST_F(ModelNet, request_waits_for_the_verdict) {
  listen();
  net_.issue("client", {{"op", "WSAConnect"},
                        {"socket", "client"},
                        {"addr", address_},
                        {"caller_data", to_base64("hi")},
                        {"callee_capacity", 16}});
  net_.issue("server",
             {{"op", "WSAAccept"}, {"socket", "listener"}, {"as", "server"}, {"condition", true}});
  EXPECT_FALSE(net_.ready("server"));
  deliver_all();
  EXPECT_FALSE(net_.ready("client"));
  ASSERT_TRUE(net_.ready("server"));
  EXPECT_EQ(net_.answer("server").at("condition").at("caller_data"), to_base64("hi"));
  EXPECT_FALSE(net_.ready("server"));
  net_.decide("server", {{"verdict", "CF_ACCEPT"}, {"callee_data", to_base64("well")}});
  EXPECT_EQ(net_.answer("server").at("returns"), "server");
  deliver_all();
  ASSERT_TRUE(net_.ready("client"));
  EXPECT_EQ(net_.answer("client").at("callee_data"), to_base64("well"));
}

TEST_F(ModelNet, nobody_listens) {
  call("client", {{"op", "socket"}, {"as", "client"}});
  const json reply =
      call("client", {{"op", "connect"}, {"socket", "client"}, {"addr", "127.0.0.1:9"}});
  EXPECT_EQ(reply.at("error"), "WSAECONNREFUSED");
}

TEST_F(ModelNet, octets_take_their_time) {
  connect();
  call("client", {{"op", "send"}, {"socket", "client"}, {"data", to_base64("abc")}});
  net_.issue("server", {{"op", "recv"}, {"socket", "server"}, {"length", 2}});
  EXPECT_FALSE(net_.ready("server"));
  deliver_all();
  ASSERT_TRUE(net_.ready("server"));
  EXPECT_EQ(net_.answer("server").at("data"), to_base64("ab"));
}

TEST_F(ModelNet, events_are_recorded_and_signalled) {
  connect();
  call("server", {{"op", "WSACreateEvent"}, {"as", "event"}});
  call("server", {{"op", "WSAEventSelect"},
                  {"socket", "server"},
                  {"event", "event"},
                  {"network_events", {"FD_CLOSE"}}});
  net_.issue("server", {{"op", "WSAWaitForMultipleEvents"}, {"events", {"event"}}});
  EXPECT_FALSE(net_.ready("server"));
  call("client", {{"op", "closesocket"}, {"socket", "client"}});
  deliver_all();
  ASSERT_TRUE(net_.ready("server"));
  EXPECT_EQ(net_.answer("server").at("returns"), 0);
  const json events =
      call("server", {{"op", "WSAEnumNetworkEvents"}, {"socket", "server"}, {"event", "event"}});
  EXPECT_EQ(events.at("network_events"), (json{{"FD_CLOSE", 0}}));
}

// A refusal used to leave the link before the events of the socket were looked at.
TEST_F(ModelNet, refused_connect_is_told_by_an_event) {
  listen();
  call("client", {{"op", "WSACreateEvent"}, {"as", "event"}});
  call("client", {{"op", "WSAEventSelect"},
                  {"socket", "client"},
                  {"event", "event"},
                  {"network_events", {"FD_CONNECT"}}});
  EXPECT_EQ(
      call("client", {{"op", "connect"}, {"socket", "client"}, {"addr", address_}}).at("error"),
      "WSAEWOULDBLOCK");
  call("server", {{"op", "closesocket"}, {"socket", "listener"}});
  deliver_all();
  const json events = call("client", {{"op", "WSAEnumNetworkEvents"}, {"socket", "client"}});
  EXPECT_EQ(events.at("network_events"), (json{{"FD_CONNECT", "WSAECONNREFUSED"}}));
}

TEST_F(ModelNet, what_it_does_not_have_is_said) {
  connect();
  EXPECT_THROW(net_.issue("client", {{"op", "descriptors"}, {"free", false}}), Outside);
  EXPECT_THROW(
      net_.issue("client", {{"op", "getsockopt"}, {"socket", "client"}, {"option", "SO_X"}}),
      Outside);
}

// QOS-04, QOS-05, EVT-28.
TEST_F(ModelNet, quality_is_agreed_on_and_changed) {
  connect();
  const json thousand = {{"SendingFlowspec", {{"TokenRate", 1000}}}};
  const json set = {{"op", "WSAIoctl"}, {"command", "SIO_SET_QOS"}, {"qos", thousand}};
  json request = set;
  request["socket"] = "client";
  EXPECT_EQ(call("client", request).value("returns", -1), 0);
  deliver_all();
  const json seen =
      call("server", {{"op", "WSAIoctl"}, {"socket", "server"}, {"command", "SIO_GET_QOS"}});
  EXPECT_EQ(seen.at("agreed").at("ReceivingFlowspec").at("TokenRate"), 1000);
  EXPECT_EQ(seen.at("agreed").at("ProviderSpecific"), nullptr);
  request["qos"]["SendingFlowspec"]["TokenRate"] = 0;
  EXPECT_TRUE(call("client", request).contains("error"));
}

TEST_F(ModelNet, who_is_gone_calls_nothing) {
  connect();
  net_.vanish("client");
  EXPECT_THROW(net_.issue("client", {{"op", "closesocket"}, {"socket", "client"}}), Outside);
  EXPECT_THROW(net_.vanish("client"), Outside);
}

}  // namespace
}  // namespace ws2conform::model
