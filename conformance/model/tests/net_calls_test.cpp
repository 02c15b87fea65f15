// select, options of user data, and what concerns a process.
#include "conformance/case/octets.hpp"
#include "conformance/model/tests/model_net.hpp"

namespace ws2conform::model {
namespace {

json sets(const json& names, bool waits) {
  json request = {{"op", "select"}, {"read", names}, {"write", names}, {"except", names}};
  if (!waits) request["timeout"] = 0;
  return request;
}

TEST_F(ModelNet, select_waits_until_a_socket_is_ready) {
  connect();
  json answer = call("server", sets({"server"}, false));
  EXPECT_EQ(answer.at("returns"), 1);
  EXPECT_EQ(answer.at("writable"), json::array({"server"}));
  net_.issue("server", {{"op", "select"}, {"read", {"server"}}});
  EXPECT_FALSE(net_.ready("server"));
  call("client", {{"op", "send"}, {"socket", "client"}, {"data", to_base64("x")}});
  EXPECT_FALSE(net_.ready("server"));
  deliver_all();
  ASSERT_TRUE(net_.ready("server"));
  EXPECT_EQ(net_.answer("server").at("readable"), json::array({"server"}));
  call("server", {{"op", "closesocket"}, {"socket", "server"}});
  EXPECT_EQ(call("server", sets({"server"}, false)).at("error"), "WSAENOTSOCK");
  EXPECT_EQ(call("server", {{"op", "select"}, {"timeout", 0}}).at("error"), "WSAEINVAL");
}

TEST_F(ModelNet, a_failed_connect_is_among_the_failed) {
  listen();
  call("server", {{"op", "closesocket"}, {"socket", "listener"}});
  call("client",
       {{"op", "ioctlsocket"}, {"socket", "client"}, {"command", "FIONBIO"}, {"argument", 1}});
  call("client", {{"op", "connect"}, {"socket", "client"}, {"addr", address_}});
  deliver_all();
  const json answer = call("client", sets({"client"}, false));
  EXPECT_EQ(answer.at("failed"), json::array({"client"}));
  EXPECT_EQ(answer.at("writable"), json::array());
}

TEST_F(ModelNet, the_data_of_an_option_goes_with_the_request_and_the_end) {
  listen();
  const auto set = [&](const char* actor, const char* socket, const char* option, json value) {
    json request = {{"op", "setsockopt"}, {"socket", socket}, {"option", option}};
    request[value.is_string() ? "data" : "value"] = value;
    return call(actor, request);
  };
  set("client", "client", "SO_CONNDATA", to_base64("it is me"));
  set("client", "client", "SO_CONNDATALEN", 16);
  set("server", "listener", "SO_DISCDATALEN", 16);
  net_.issue("client", {{"op", "connect"}, {"socket", "client"}, {"addr", address_}});
  deliver_all();
  net_.issue("server",
             {{"op", "WSAAccept"}, {"socket", "listener"}, {"as", "server"}, {"condition", true}});
  EXPECT_EQ(net_.answer("server").at("condition").at("caller_data"), to_base64("it is me"));
  net_.decide("server", {{"verdict", "CF_ACCEPT"}, {"callee_data", to_base64("well")}});
  net_.answer("server");
  deliver_all();
  net_.answer("client");
  const auto get = [&](const char* actor, const char* option) {
    return call(actor, {{"op", "getsockopt"}, {"socket", actor}, {"option", option}});
  };
  EXPECT_EQ(get("client", "SO_CONNDATA").at("data"), to_base64("well"));
  EXPECT_EQ(get("client", "SO_CONNDATALEN").at("error"), "WSAENOPROTOOPT");
  EXPECT_EQ(set("client", "client", "SO_CONNDATA", to_base64("late")).at("error"), "WSAEINVAL");
  set("client", "client", "SO_DISCDATA", to_base64("bye"));
  call("client", {{"op", "shutdown"}, {"socket", "client"}, {"how", "SD_SEND"}});
  deliver_all();
  EXPECT_EQ(get("server", "SO_DISCDATA").at("data"), to_base64("bye"));
}

TEST_F(ModelNet, cleaning_up_ends_all_abortively) {
  connect();
  EXPECT_EQ(call("client", {{"op", "WSACleanup"}}).at("returns"), 0);
  const json name = {{"op", "getsockname"}, {"socket", "client"}};
  EXPECT_EQ(call("client", name).at("error"), "WSANOTINITIALISED");
  deliver_all();
  EXPECT_EQ(call("server", {{"op", "recv"}, {"socket", "server"}, {"length", 4}}).at("error"),
            "WSAECONNRESET");
  EXPECT_EQ(call("client", {{"op", "WSAStartup"}}).at("returns"), 0);
  EXPECT_EQ(call("client", name).at("error"), "WSAENOTSOCK");
}

// It may be a reset or an end: that is the system's choice.
TEST(ModelNetOfTcp, a_process_that_leaves_its_connections_is_outside_of_the_model) {
  Net net("tcp", ws2::kTcpLimits);
  const auto call = [&](const std::string& actor, const json& request) {
    net.issue(actor, request);
    return net.answer(actor);
  };
  call("server", {{"op", "socket"}, {"as", "listener"}});
  call("server", {{"op", "bind"}, {"socket", "listener"}, {"addr", "127.0.0.1:0"}});
  call("server", {{"op", "listen"}, {"socket", "listener"}});
  const json name = call("server", {{"op", "getsockname"}, {"socket", "listener"}});
  call("client", {{"op", "socket"}, {"as", "client"}});
  net.issue("client", {{"op", "connect"}, {"socket", "client"}, {"addr", name.at("addr")}});
  EXPECT_THROW(net.vanish("server"), Outside);
}

TEST_F(ModelNet, who_started_twice_cleans_up_twice) {
  listen();
  call("client", {{"op", "WSAStartup"}});
  call("client", {{"op", "WSACleanup"}});
  EXPECT_EQ(call("client", {{"op", "socket"}, {"as", "more"}}).at("returns"), "more");
}

TEST_F(ModelNet, looks_up_numbers) {
  listen();
  const auto look = [&](const std::string& service) {
    return call("client", {{"op", "getaddrinfo"}, {"host", "127.0.0.1"}, {"service", service}});
  };
  EXPECT_EQ(look(address_).at("addr"), address_);
  EXPECT_EQ(look("no-such-service").at("error"), "WSATYPE_NOT_FOUND");
  EXPECT_THROW(net_.issue("client", {{"op", "getaddrinfo"}, {"host", "a.b"}, {"service", "1"}}),
               Outside);
}

}  // namespace
}  // namespace ws2conform::model
