#include "conformance/case/offer.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

#include "conformance/case/tests/written.hpp"

namespace ws2conform::offer_test {
namespace {

using nlohmann::json;

std::string error_of(const json& only) {
  try {
    parse_offer(only);
  } catch (const std::runtime_error& error) {
    return error.what();
  }
  return "no error";
}

// The first of the client's steps that is not offered; "" where there is none.
std::string gap(const json& only, const std::string& steps,
                const std::string& head = "given: connected") {
  const WrittenInstance written(with_steps(steps, head));
  const Offer offer = parse_offer(only);
  OfferedSteps offered(offer, "client");
  for (const auto* part : {&written.instance.opening, &written.instance.steps}) {
    for (const Step& step : *part) {
      if (step.actor != "client") continue;
      const std::string found = offered.gap(step);
      if (!found.empty()) return found;
    }
  }
  return "";
}

TEST(Offer, OfAWrongFormSaysWhatIsWrong) {
  EXPECT_EQ(error_of({{"shutdown", {{"how", {"SD_SEND"}}}}}), "no error");
  EXPECT_EQ(error_of(5), "\"only\" is no object: 5");
  EXPECT_EQ(error_of({{"shutdown", 5}}), "only: shutdown is no object: 5");
  EXPECT_EQ(error_of({{"shutdown", {{"how", "SD_SEND"}}}}),
            "only: shutdown.how is no list: \"SD_SEND\"");
}

TEST(Offer, OfValues) {
  const json only = {{"shutdown", {{"how", {"SD_SEND", 7}}}}};
  EXPECT_EQ(gap(only, "- {client: shutdown, how: SD_SEND}\n"), "");
  EXPECT_EQ(gap(only, "- {client: shutdown, how: 7}\n"), "");
  EXPECT_EQ(gap(only, "- {client: shutdown, how: SD_BOTH}\n"), "shutdown with how SD_BOTH");
  EXPECT_EQ(gap(only, "- {server: shutdown, how: SD_BOTH}\n"), "") << "another actor";
}

TEST(Offer, OfWhatComesBackOrOfNothing) {
  const std::string accept = "- {client: accept, socket: listener, as: one, addr_length: 16}\n";
  EXPECT_EQ(gap({{"accept", {{"addr_length", json::array()}}}}, accept), "accept with addr_length");
  EXPECT_EQ(gap({{"accept", {{"addr_length", {18}}}}}, accept), "") << "its value is judged";
}

TEST(Offer, OfValuesThatHaveMembers) {
  const json only = {{"setsockopt", {{"value", {{{"onoff", 1}, {"linger", 0}}}}}}};
  const std::string set = "- {client: setsockopt, option: SO_LINGER, value: {onoff: 1, linger: ";
  EXPECT_EQ(gap(only, set + "0}}\n"), "");
  EXPECT_EQ(gap(only, set + "30}}\n"), R"(setsockopt with value {"linger":"30","onoff":"1"})");
}

TEST(Offer, OfEveryWordOfAList) {
  const json only = {{"recv", {{"flags", {"MSG_PEEK"}}}}};
  EXPECT_EQ(gap(only, "- {client: recv, flags: [MSG_PEEK]}\n"), "");
  EXPECT_EQ(gap(only, "- {client: recv, flags: [MSG_PEEK, MSG_OOB]}\n"),
            R"(recv with flags ["MSG_PEEK","MSG_OOB"])");
}

TEST(Offer, WithoutAFieldAtAll) {
  const json only = {{"WSAConnect", {{"sqos", json::array()}}}};
  EXPECT_EQ(gap(only, "- {client: WSAConnect}\n", "given: listener"), "");
  EXPECT_EQ(gap(only, "- {client: WSAConnect, sqos: {}}\n", "given: listener"),
            "WSAConnect with sqos");
}

TEST(Offer, OfTheCallsThatAnOperationIsMadeOf) {
  const json only = {{"recv", {{"state", {"fresh"}}}}};
  EXPECT_EQ(gap(only, "- {client: recv-zero}\n"), "recv on a socket that is connected");
}

TEST(Offer, OfVerdicts) {
  const json only = {{"condition", {{"verdict", {"CF_ACCEPT"}}}}};
  const std::string accept = "- {client: WSAAccept, condition: true}\n- {client: condition";
  EXPECT_EQ(gap(only, accept + ", verdict: CF_ACCEPT}\n", "given: listener"), "");
  EXPECT_EQ(gap(only, accept + ", verdict: CF_DEFER}\n", "given: listener"),
            "condition with verdict CF_DEFER");
  EXPECT_EQ(gap(only, accept + "}\n- {client: decide, verdict: CF_DEFER}\n", "given: listener"),
            "condition with verdict CF_DEFER");
}

// The state in which a getpeername after these steps finds the client's socket.
std::string state_after(const std::string& steps, const std::string& head = "given: listener") {
  const json only = {{"getpeername", {{"state", json::array()}}}};
  const std::string found = gap(only, steps + "- {client: getpeername}\n", head);
  const std::string before = "getpeername on a socket that is ";
  return found.rfind(before, 0) == 0 ? found.substr(before.size()) : found;
}

TEST(Offer, KnowsTheStateOfASocket) {
  EXPECT_EQ(state_after(""), "fresh");
  EXPECT_EQ(state_after("- {client: bind, addr: loopback}\n"), "bound");
  EXPECT_EQ(state_after("- {client: listen, socket: client}\n"), "listening");
  EXPECT_EQ(state_after("- {client: connect}\n"), "connected");
  EXPECT_EQ(state_after("- {client: WSAConnect}\n"), "connected");
  EXPECT_EQ(state_after("", "given: connected"), "connected");
  EXPECT_EQ(state_after("- {client: accept}\n"), "connected");
  for (const std::string ended : {"shutdown, how: SD_SEND", "WSASendDisconnect"}) {
    EXPECT_EQ(state_after("- {client: " + ended + "}\n", "given: connected"),
              "connected, its sending ended");
  }
  EXPECT_EQ(state_after("- {client: shutdown, how: SD_BOTH}\n", "given: connected"),
            "receiving-ended");
  EXPECT_EQ(state_after("- {client: WSARecvDisconnect}\n", "given: connected"), "receiving-ended");
  EXPECT_EQ(state_after("- {client: closesocket}\n"), "closed");
}

TEST(Offer, OfASendingSocketEndsWithItsSending) {
  const std::string ends = "- {client: WSASendDisconnect}\n";
  const std::string fetches = "- {client: WSARecvDisconnect}\n";
  const json sending = {{"WSARecvDisconnect", {{"state", {"sending"}}}}};
  EXPECT_EQ(gap(sending, fetches), "");
  EXPECT_EQ(gap(sending, ends + fetches),
            "WSARecvDisconnect on a socket that is connected, its sending ended");
  const json connected = {{"WSARecvDisconnect", {{"state", {"connected"}}}}};
  EXPECT_EQ(gap(connected, fetches), "");
  EXPECT_EQ(gap(connected, ends + fetches), "");
}

TEST(Offer, CallsThatFailChangeNoState) {
  EXPECT_EQ(state_after("- {client: connect, error: WSAECONNREFUSED}\n"), "fresh");
  EXPECT_EQ(state_after("- {client: connect, error: WSAEWOULDBLOCK}\n"), "connected");
  const std::string readings = "- {client: connect, requirement: REQ-1, readings: ";
  EXPECT_EQ(state_after(readings + "{a: {error: WSAEISCONN}, b: {}}}\n"), "connected");
  EXPECT_EQ(state_after(readings + "{a: {error: WSAEISCONN}, b: {error: WSAEINVAL}}}\n"), "fresh");
}

TEST(Offer, AnotherSocketHasAStateOfItsOwn) {
  EXPECT_EQ(state_after("- {client: closesocket, socket: another}\n"), "fresh");
  EXPECT_EQ(state_after("- {client: accept, as: another}\n"), "fresh");
}

}  // namespace
}  // namespace ws2conform::offer_test
