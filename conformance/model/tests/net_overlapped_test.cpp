#include "conformance/case/octets.hpp"
#include "conformance/model/tests/model_net.hpp"

namespace ws2conform::model {
namespace {

class Overlapped : public ModelNet {
 protected:
  // A receive of the server, named as its event object is.
  json begin(const std::string& name, std::size_t length) {
    call("server", {{"op", "WSACreateEvent"}, {"as", name}});
    return call("server", {{"op", "WSARecv"},
                           {"socket", "server"},
                           {"overlapped", name},
                           {"event", name},
                           {"length", length}});
  }
  json result_of(const std::string& name) {
    return call("server",
                {{"op", "WSAGetOverlappedResult"}, {"socket", "server"}, {"overlapped", name}});
  }
  void send(const std::string& data) {
    call("client", {{"op", "send"}, {"socket", "client"}, {"data", to_base64(data)}});
    deliver_all();
  }
};

TEST_F(Overlapped, receives_complete_in_the_order_in_which_they_were_begun) {
  connect();
  EXPECT_EQ(begin("one", 1).at("error"), "WSA_IO_PENDING");
  EXPECT_EQ(begin("two", 8).at("error"), "WSA_IO_PENDING");
  EXPECT_EQ(result_of("one").at("error"), "WSA_IO_INCOMPLETE");
  net_.issue("server",
             {{"op", "WSAWaitForMultipleEvents"}, {"events", {"one", "two"}}, {"wait_all", true}});
  EXPECT_FALSE(net_.ready("server"));
  send("abc");
  ASSERT_TRUE(net_.ready("server"));
  net_.answer("server");
  EXPECT_EQ(result_of("one").at("data"), to_base64("a"));
  EXPECT_EQ(result_of("two").at("transferred"), 2);
  EXPECT_EQ(result_of("two").at("data"), to_base64("bc"));
}

TEST_F(Overlapped, what_is_there_completes_at_once) {
  connect();
  send("abc");
  EXPECT_EQ(begin("one", 8).at("returns"), 0);
  EXPECT_EQ(result_of("one").at("data"), to_base64("abc"));
}

TEST_F(Overlapped, closing_aborts) {
  connect();
  begin("one", 8);
  call("server", {{"op", "closesocket"}, {"socket", "server"}});
  EXPECT_EQ(call("server", {{"op", "WSAWaitForMultipleEvents"}, {"events", {"one"}}}).at("returns"),
            0);
  EXPECT_EQ(result_of("one").at("error"), "WSA_OPERATION_ABORTED");
}

TEST_F(Overlapped, the_end_completes) {
  connect();
  begin("one", 8);
  call("client", {{"op", "WSASendDisconnect"}, {"socket", "client"}});
  deliver_all();
  EXPECT_EQ(result_of("one").at("transferred"), 0);
}

TEST_F(Overlapped, is_beside_a_plain_receive_outside_of_the_model) {
  connect();
  begin("one", 8);
  EXPECT_THROW(net_.issue("server", {{"op", "recv"}, {"socket", "server"}, {"length", 1}}),
               Outside);
}

}  // namespace
}  // namespace ws2conform::model
