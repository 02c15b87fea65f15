#include "runners/relay/listening.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

namespace ws2conform::relay {
namespace {

class BoundSocket {
 public:
  explicit BoundSocket(const std::string& at) {
    const Address address = *parse_address(at);
    socket_ = ::socket(address.storage.ss_family, SOCK_STREAM, 0);
    EXPECT_EQ(::bind(socket_, address.pointer(), address.length), 0) << at;
  }
  ~BoundSocket() { ::close(socket_); }
  void listen() { ::listen(socket_, 1); }
  Address address() const { return local_address(socket_); }

 private:
  int socket_;
};

TEST(Address, IsReadAsItIsWritten) {
  for (const char* text : {"127.0.0.1:80", "0.0.0.0:0", "[::1]:65535", "[2001:db8::7]:1"}) {
    const auto address = parse_address(text);
    ASSERT_TRUE(address) << text;
    EXPECT_EQ(to_string(*address), text);
  }
  EXPECT_EQ(to_string(parse_address("127.0.0.1:80")->with_port_0()), "127.0.0.1:0");
  EXPECT_EQ(to_string(parse_address("[::1]:80")->with_port_0()), "[::1]:0");
}

TEST(Address, OtherTextIsNone) {
  for (const char* text :
       {"", ":", "80", ":80", "127.0.0.1", "127.0.0.1:", "127.0.0.1:x", "127.0.0.1:65536",
        "127.0.0.1:-1", "::1:80", "[::1]", "[:80", "name:80", "[127.0.0.1]:80", "127.0.0.1:80 "}) {
    EXPECT_FALSE(parse_address(text)) << text;
  }
}

TEST(Listening, OnlyWhileSomebodyListens) {
  for (const char* at : {"127.0.0.1:0", "[::1]:0"}) {
    Address address;
    {
      BoundSocket listener(at);
      address = listener.address();
      EXPECT_FALSE(is_listening(address)) << at << ": bound is not listening";
      listener.listen();
      EXPECT_TRUE(is_listening(address)) << at;
    }
    EXPECT_FALSE(is_listening(address)) << at;
  }
}

TEST(Listening, AtTheAddressOrAtAny) {
  BoundSocket any("0.0.0.0:0");
  any.listen();
  const std::string port = std::to_string(any.address().port());
  EXPECT_TRUE(is_listening(*parse_address("127.0.0.1:" + port)));
  BoundSocket one("127.0.0.1:0");
  one.listen();
  const std::string other = std::to_string(one.address().port());
  EXPECT_TRUE(is_listening(*parse_address("127.0.0.1:" + other)));
  EXPECT_FALSE(is_listening(*parse_address("127.0.0.2:" + other)));
}

}  // namespace
}  // namespace ws2conform::relay
