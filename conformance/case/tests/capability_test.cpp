#include "conformance/case/capability.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <stdexcept>

#include "conformance/case/operations.hpp"
#include "conformance/case/tests/written.hpp"

namespace ws2conform::capability_test {
namespace {

using nlohmann::json;

json good() {
  return {{"hello", 1},
          {"implementation", "an IUT"},
          {"version", "2.0"},
          {"lanes", 3},
          {"operations", {"socket", "bind", "listen", "getsockname", "connect", "accept", "send"}},
          {"providers",
           {{{"name", "stream"},
             {"type", "SOCK_STREAM"},
             {"flags", {"XP1_GRACEFUL_CLOSE", "XP1_CONNECT_DATA", "XP1_DISCONNECT_DATA"}},
             {"families", {"AF_INET", "AF_INET6"}},
             {"capabilities", {"events"}},
             {"caller_data_max", 512},
             {"callee_data_max", 256},
             {"disconnect_data_max", 128},
             {"disconnect_reply_max", 64}},
            {{"name", "message"}, {"flags", {"XP1_MESSAGE_ORIENTED"}}}}}};
}

std::string error_of(const json& message) {
  try {
    parse_hello(message);
  } catch (const std::runtime_error& error) {
    return error.what();
  }
  return "no error";
}

std::string error_with(const char* name, const json& value) {
  json message = good();
  message[name] = value;
  return error_of(message);
}

std::string error_without(const char* name) {
  json message = good();
  message.erase(name);
  return error_of(message);
}

std::string provider_error(const char* name, const json& value) {
  json message = good();
  message["providers"][0][name] = value;
  return error_of(message);
}

TEST(Hello, HasWhatTheAdapterSays) {
  const Hello hello = parse_hello(good());
  EXPECT_EQ(hello.implementation, "an IUT");
  EXPECT_EQ(hello.version, "2.0");
  EXPECT_EQ(hello.lanes, 3);
  EXPECT_EQ(hello.operations.count("accept"), 1U);
  ASSERT_EQ(hello.providers.size(), 2U);
  const Provider& stream = *hello.provider("stream");
  EXPECT_EQ(stream.families, (std::set<std::string>{"AF_INET", "AF_INET6"}));
  EXPECT_EQ(stream.caller_data_max, 512);
  EXPECT_EQ(stream.callee_data_max, 256);
  EXPECT_EQ(stream.disconnect_data_max, 128);
  EXPECT_EQ(stream.disconnect_reply_max, 64);
  EXPECT_EQ(hello.provider("none"), nullptr);
}

TEST(Hello, LeavesOutWhatMayBeAbsent) {
  json message = good();
  message.erase("lanes");
  const Hello hello = parse_hello(message);
  EXPECT_EQ(hello.lanes, 1);
  const Provider& provider = *hello.provider("message");
  EXPECT_EQ(provider.families, std::set<std::string>{"AF_INET"});
  EXPECT_EQ(provider.caller_data_max, 0);
}

TEST(Hello, FlagsTellCapabilities) {
  const Hello hello = parse_hello(good());
  EXPECT_EQ(hello.provider("stream")->capabilities,
            (std::set<std::string>{"events", "graceful-close", "connect-data", "disconnect-data",
                                   "disconnect-reply", "byte-stream"}));
  EXPECT_EQ(hello.provider("message")->capabilities, std::set<std::string>{"message-oriented"});
  json message = good();
  message["providers"][0]["flags"] = {"XP1_MESSAGE_ORIENTED", "XP1_PSEUDO_STREAM",
                                      "XP1_QOS_SUPPORTED"};
  EXPECT_EQ(parse_hello(message).provider("stream")->capabilities,
            (std::set<std::string>{"events", "qos", "byte-stream"}));
  message = good();
  message["providers"][0]["disconnect_reply_max"] = 0;
  EXPECT_EQ(parse_hello(message).provider("stream")->capabilities.count("disconnect-reply"), 0U)
      << "a one-shot disconnect";
}

TEST(Hello, OfAWrongFormSaysWhatIsWrong) {
  EXPECT_EQ(error_of(good()), "no error");
  EXPECT_EQ(error_of(json::array()), "it is no object");
  EXPECT_EQ(error_with("hello", 2), "it speaks protocol version 2, this suite 1");
  EXPECT_EQ(error_with("hello", 0), "it speaks protocol version 0, this suite 1");
  for (const char* name : {"hello", "implementation", "version", "operations", "providers"}) {
    EXPECT_EQ(error_without(name), "no \"" + std::string(name) + "\"");
  }
  EXPECT_EQ(error_with("implementation", 5), "\"implementation\" has the wrong type: 5");
  EXPECT_EQ(error_with("version", 2), "\"version\" has the wrong type: 2");
  EXPECT_EQ(error_with("operations", "send"), "\"operations\" has the wrong type: \"send\"");
  EXPECT_EQ(error_with("operations", {1}), "\"operations\" has the wrong type: [1]");
  EXPECT_EQ(error_with("lanes", "two"), "\"lanes\" has the wrong type: \"two\"");
  EXPECT_EQ(error_with("providers", 5), "\"providers\" has the wrong type: 5");
  EXPECT_EQ(error_with("providers", json::array()), "it lists no provider");
  EXPECT_EQ(error_with("providers", {5}), "a provider is no object");
  EXPECT_EQ(error_with("only", 5), "\"only\" is no object: 5");
}

TEST(Hello, ANumberIsNothingElse) {
  EXPECT_EQ(error_with("hello", true), "\"hello\" has the wrong type: true");
  EXPECT_EQ(error_with("hello", 1.5), "\"hello\" has the wrong type: 1.5");
  EXPECT_EQ(error_with("lanes", 1.5), "\"lanes\" has the wrong type: 1.5");
  EXPECT_EQ(error_with("lanes", 0), "\"lanes\" is less than 1: 0");
  EXPECT_EQ(provider_error("caller_data_max", true),
            "\"caller_data_max\" has the wrong type: true");
  EXPECT_EQ(provider_error("caller_data_max", -1), "\"caller_data_max\" is less than 0: -1");
}

TEST(Hello, OfAProviderOfAWrongFormSaysWhatIsWrong) {
  for (const char* name : {"name", "flags"}) {
    json message = good();
    message["providers"][0].erase(name);
    EXPECT_EQ(error_of(message), "no \"" + std::string(name) + "\"");
  }
  EXPECT_EQ(provider_error("name", 5), "\"name\" has the wrong type: 5");
  EXPECT_EQ(provider_error("flags", "XP1"), "\"flags\" has the wrong type: \"XP1\"");
  EXPECT_EQ(provider_error("families", 4), "\"families\" has the wrong type: 4");
  EXPECT_EQ(provider_error("capabilities", {1}), "\"capabilities\" has the wrong type: [1]");
  for (const char* name :
       {"caller_data_max", "callee_data_max", "disconnect_data_max", "disconnect_reply_max"}) {
    EXPECT_EQ(provider_error(name, "512"),
              "\"" + std::string(name) + "\" has the wrong type: \"512\"");
  }
}

TEST(Hello, TwoProvidersOfOneNameAreAnError) {
  EXPECT_EQ(provider_error("name", "message"), "two providers are called \"message\"");
}

class Gap : public testing::Test {
 protected:
  // Why steps of the client do not apply; "" where they do.
  static std::string of(const std::string& steps, const std::string& head, const json& message,
                        const std::string& actor = "client",
                        const std::string& provider = "stream") {
    const WrittenInstance written(with_steps(steps, head), provider);
    return declared_gap(written.instance, actor, parse_hello(message), "the IUT");
  }
  static std::string of(const std::string& steps, const std::string& head) {
    return of(steps, head, good());
  }
};

constexpr const char* kSend = "- {client: send, data: a}\n";

TEST_F(Gap, IsNoneWhereAllIsThere) {
  EXPECT_EQ(of(kSend, "given: connected"), "");
}

TEST_F(Gap, OfTheProvider) {
  EXPECT_EQ(of(kSend, "given: connected", good(), "client", "tp4"),
            "the IUT has no provider \"tp4\"");
}

TEST_F(Gap, OfNeedsAndLacks) {
  EXPECT_EQ(of(kSend, "needs: [connect-data]"), "");
  EXPECT_EQ(of(kSend, "needs: [connect-data, qos]"),
            "provider stream of the IUT does not claim qos");
  EXPECT_EQ(of(kSend, "lacks: [qos]"), "");
  EXPECT_EQ(of(kSend, "lacks: [events]"),
            "provider stream of the IUT claims events, the case is about its absence");
}

TEST_F(Gap, OfLanes) {
  const std::string in_two = "- {client: send, data: a, lane: 2}\n";
  json message = good();
  message["lanes"] = 2;
  EXPECT_EQ(of(in_two, "given: connected", message), "");
  EXPECT_EQ(of("- {server: send, data: a, lane: 3}\n", "given: connected", message), "")
      << "the other actor's";
  message["lanes"] = 1;
  EXPECT_EQ(of(in_two, "given: connected", message),
            "the adapter of the IUT holds 1 call open at once, the case needs 2");
}

TEST_F(Gap, OfAValue) {
  const std::string of_a = "- {client: send, data: a}\n";
  json message = good();
  message["only"] = {{"send", {{"data", {"a"}}}}};
  EXPECT_EQ(of(of_a, "given: connected", message), "");
  message["only"] = {{"send", {{"data", {"b"}}}}};
  EXPECT_EQ(of(of_a, "given: connected", message),
            "the adapter of the IUT does not offer send with data a");
  message["only"] = {{"send", {{"data", "a"}}}};
  EXPECT_NE(error_of(message), "no error");
}

TEST_F(Gap, OfTheFamily) {
  EXPECT_EQ(of(kSend, "axes: {family: [AF_INET6]}"), "");
  EXPECT_EQ(of(kSend, "axes: {family: [AF_INET6]}", good(), "client", "message"),
            "provider message of the IUT does not serve AF_INET6");
  json only_ipv6 = good();
  only_ipv6["providers"][0]["families"] = {"AF_INET6"};
  EXPECT_EQ(of(kSend, "given: connected", only_ipv6), "");
  EXPECT_EQ(of(kSend, "axes: {family: [AF_INET]}", only_ipv6),
            "provider stream of the IUT does not serve AF_INET");
}

TEST_F(Gap, OfAnOperationOfTheStepsOrTheOpening) {
  EXPECT_EQ(of("- {client: closesocket}\n", "given: nothing"),
            "the adapter of the IUT does not offer closesocket");
  json message = good();
  message["operations"] = {"send"};
  EXPECT_EQ(of(kSend, "given: connected", message), "the adapter of the IUT does not offer socket");
}

TEST_F(Gap, IsOfTheActorsOwnStepsOnly) {
  EXPECT_EQ(of("- {server: closesocket}\n", "given: nothing"), "");
  EXPECT_EQ(of("- {server: closesocket}\n", "given: nothing", good(), "server"),
            "the adapter of the IUT does not offer closesocket");
}

TEST_F(Gap, OfEvents) {
  EXPECT_EQ(of("- {client: FD_CLOSE}\n", "given: connected"),
            "the adapter of the IUT does not offer WSACreateEvent");
  json message = good();
  message["providers"][0]["capabilities"] = json::array();
  EXPECT_EQ(of("- {client: FD_CLOSE}\n", "given: connected", message),
            "provider stream of the IUT does not claim events");
}

TEST_F(Gap, OfTheConditionFunction) {
  EXPECT_EQ(
      of("- {client: WSAAccept, condition: true}\n- {client: condition, verdict: CF_ACCEPT}\n",
         "given: nothing"),
      "provider stream of the IUT does not claim conditional-accept");
}

TEST_F(Gap, OfWhatAnOperationIsNotOfferedFor) {
  json message = good();
  message["only"] = {{"send", {{"state", {"fresh"}}}}};
  EXPECT_EQ(of(kSend, "given: connected", message),
            "the adapter of the IUT does not offer send on a socket that is connected");
  EXPECT_EQ(of(kSend, "given: listener", message), "");
}

TEST_F(Gap, OfTheKindOfEnd) {
  EXPECT_EQ(of("- {client: WSAEDISCON}\n", "given: nothing"),
            "provider stream of the IUT does not claim message-oriented");
  EXPECT_EQ(of("- {client: recv-zero}\n", "given: nothing", good(), "client", "message"),
            "provider message of the IUT does not claim byte-stream");
}

TEST(Capabilities, OfOperationsAreAmongTheNames) {
  const std::vector<std::string> names = capability_names();
  for (const std::string& name : operation_names()) {
    const std::string capability(find_operation(name)->capability);
    EXPECT_TRUE(capability.empty() ||
                std::find(names.begin(), names.end(), capability) != names.end())
        << name;
  }
}

}  // namespace
}  // namespace ws2conform::capability_test
