// A model with a server and its clients, driven by requests.
#pragma once

#include <gtest/gtest.h>

#include "conformance/model/net.hpp"

namespace ws2conform::model {

using nlohmann::json;

class ModelNet : public testing::Test {
 protected:
  // The reply of a call that returns at once.
  json call(const std::string& actor, const json& request) {
    net_.issue(actor, request);
    EXPECT_TRUE(net_.ready(actor)) << request;
    return net_.answer(actor);
  }
  void deliver_all() {
    for (auto next = net_.enabled(); !next.empty(); next = net_.enabled()) net_.apply(next.front());
  }
  // A listener of "server", and a connection of "client" to it.
  void listen() {
    call("server", {{"op", "socket"}, {"as", "listener"}});
    call("server", {{"op", "bind"}, {"socket", "listener"}, {"addr", "127.0.0.1:0"}});
    call("server", {{"op", "listen"}, {"socket", "listener"}});
    address_ = call("server", {{"op", "getsockname"}, {"socket", "listener"}}).at("addr");
    call("client", {{"op", "socket"}, {"as", "client"}});
  }
  void connect() {
    listen();
    net_.issue("client", {{"op", "connect"}, {"socket", "client"}, {"addr", address_}});
    deliver_all();
    call("server", {{"op", "accept"}, {"socket", "listener"}, {"as", "server"}});
    deliver_all();
    ASSERT_EQ(net_.answer("client").value("returns", -1), 0);
  }

  Net net_{"any", ws2::kStreamLimits};
  std::string address_;
};

}  // namespace ws2conform::model
