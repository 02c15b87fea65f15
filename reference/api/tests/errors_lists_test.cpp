// The lists themselves: all that the specification prints for a function is either brought about or
// said to be out of reach, and nothing is both.

#include <algorithm>
#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <sstream>

#include "api/tests/errors.hpp"

namespace ws2 {
namespace {

using List = std::map<std::string, std::set<int>>;

std::set<int> with(std::set<int> codes, const std::set<int>& more) {
  codes.insert(more.begin(), more.end());
  return codes;
}

/// As printed; WSANOTINITIALISED, WSAENETDOWN and WSAENOTSOCK are on all of them but the two
/// events.
List printed() {
  const std::set<int> connect = {
      WSAEADDRINUSE,   WSAEINTR,     WSAEINPROGRESS, WSAEALREADY, WSAEADDRNOTAVAIL, WSAEAFNOSUPPORT,
      WSAECONNREFUSED, WSAEFAULT,    WSAEINVAL,      WSAEISCONN,  WSAENETUNREACH,   WSAEHOSTUNREACH,
      WSAENOBUFS,      WSAETIMEDOUT, WSAEWOULDBLOCK, WSAEACCES};
  const std::set<int> accept = {WSAECONNRESET, WSAEFAULT,      WSAEINTR,
                                WSAEINVAL,     WSAEINPROGRESS, WSAEMFILE,
                                WSAENOBUFS,    WSAEOPNOTSUPP,  WSAEWOULDBLOCK};
  const std::set<int> transfer = {WSAEFAULT,    WSAENOTCONN,   WSAEINTR,        WSAEINPROGRESS,
                                  WSAENETRESET, WSAEOPNOTSUPP, WSAESHUTDOWN,    WSAEWOULDBLOCK,
                                  WSAEMSGSIZE,  WSAEINVAL,     WSAECONNABORTED, WSAECONNRESET};
  const std::set<int> overlapped = {WSA_IO_PENDING, WSA_OPERATION_ABORTED};
  List lists = {
      {"WSAAccept", with(accept, {WSAEACCES, WSAECONNREFUSED, WSATRY_AGAIN})},
      {"accept", accept},
      {"listen",
       {WSAEADDRINUSE, WSAEINPROGRESS, WSAEINVAL, WSAEISCONN, WSAEMFILE, WSAENOBUFS,
        WSAEOPNOTSUPP}},
      {"WSAConnect", with(connect, {WSAEOPNOTSUPP, WSAEPROTONOSUPPORT})},
      {"connect", connect},
      {"WSASendDisconnect", {WSAENOPROTOOPT, WSAEINPROGRESS, WSAENOTCONN, WSAEFAULT}},
      {"WSARecvDisconnect", {WSAENOPROTOOPT, WSAEINPROGRESS, WSAENOTCONN, WSAEFAULT}},
      {"shutdown", {WSAECONNABORTED, WSAECONNRESET, WSAEINPROGRESS, WSAEINVAL, WSAENOTCONN}},
      {"closesocket", {WSAEINPROGRESS, WSAEINTR, WSAEWOULDBLOCK}},
      {"recv", with(transfer, {WSAETIMEDOUT})},
      {"WSARecv", with(with(transfer, {WSAETIMEDOUT, WSAEDISCON}), overlapped)},
      {"send", with(transfer, {WSAEACCES, WSAENOBUFS, WSAEHOSTUNREACH, WSAETIMEDOUT})},
      {"WSASend", with(with(transfer, {WSAENOBUFS}), overlapped)},
      {"WSAEventSelect", {WSAEINVAL, WSAEINPROGRESS}},
      {"WSAEnumNetworkEvents", {WSAEINVAL, WSAEINPROGRESS, WSAEFAULT}},
      {"SO_CONDITIONAL_ACCEPT", {WSAEFAULT, WSAEINPROGRESS, WSAEINVAL, WSAENOPROTOOPT}},
      {"WSAIoctl",
       {WSAENOPROTOOPT, WSAEOPNOTSUPP, WSAEFAULT, WSAEINVAL, WSAEINPROGRESS, WSAEWOULDBLOCK,
        WSA_IO_PENDING}},
      {"ioctlsocket", {WSAEINPROGRESS, WSAEFAULT, WSAEINVAL}},
  };
  for (auto& [function, codes] : lists) {
    codes.insert({WSANOTINITIALISED, WSAENETDOWN, WSAENOTSOCK});
  }
  lists["FD_CONNECT"] = {WSAEAFNOSUPPORT, WSAECONNREFUSED, WSAENETUNREACH, WSAENOBUFS,
                         WSAETIMEDOUT};
  lists["FD_CLOSE"] = {WSAENETDOWN, WSAECONNRESET, WSAECONNABORTED};
  return lists;
}

/// A call of every function as it would be made on a working socket: its error on `s`.
std::map<std::string, std::function<int(SOCKET)>> calls() {
  static sockaddr_in name;
  static char octet;
  static WSABUF buffer{1, &octet};
  static WSANETWORKEVENTS events;
  static DWORD count, flags;
  static u_long argument;
  static int value;
  name.sin_family = AF_INET;
  name.sin_port = htons(80);
  auto* address = reinterpret_cast<sockaddr*>(&name);
  const auto last = [](int result) { return Errors::last(result); };
  return {
      {"WSAAccept", [](SOCKET s) { return Errors::last(Condition().accept(s)); }},
      {"accept", [](SOCKET s) { return Errors::last(accept(s, nullptr, nullptr)); }},
      {"listen", [=](SOCKET s) { return last(listen(s, 1)); }},
      {"WSAConnect",
       [=](SOCKET s) {
         return last(WSAConnect(s, address, sizeof name, nullptr, nullptr, nullptr, nullptr));
       }},
      {"connect", [=](SOCKET s) { return last(connect(s, address, sizeof name)); }},
      {"WSASendDisconnect", [=](SOCKET s) { return last(WSASendDisconnect(s, nullptr)); }},
      {"WSARecvDisconnect", [=](SOCKET s) { return last(WSARecvDisconnect(s, nullptr)); }},
      {"shutdown", [=](SOCKET s) { return last(shutdown(s, SD_SEND)); }},
      {"closesocket", [=](SOCKET s) { return last(closesocket(s)); }},
      {"recv", [=](SOCKET s) { return last(recv(s, &octet, 1, 0)); }},
      {"WSARecv",
       [=](SOCKET s) { return last(WSARecv(s, &buffer, 1, &count, &flags, nullptr, nullptr)); }},
      {"send", [=](SOCKET s) { return last(send(s, &octet, 1, 0)); }},
      {"WSASend",
       [=](SOCKET s) { return last(WSASend(s, &buffer, 1, &count, 0, nullptr, nullptr)); }},
      {"WSAEventSelect", [=](SOCKET s) { return last(WSAEventSelect(s, nullptr, 0)); }},
      {"WSAEnumNetworkEvents",
       [=](SOCKET s) { return last(WSAEnumNetworkEvents(s, nullptr, &events)); }},
      {"SO_CONDITIONAL_ACCEPT",
       [=](SOCKET s) {
         return last(setsockopt(s, SOL_SOCKET, SO_CONDITIONAL_ACCEPT,
                                reinterpret_cast<const char*>(&value), sizeof value));
       }},
      {"WSAIoctl",
       [=](SOCKET s) {
         return last(WSAIoctl(s, FIONREAD, nullptr, 0, &argument, sizeof argument, &count, nullptr,
                              nullptr));
       }},
      {"ioctlsocket", [=](SOCKET s) { return last(ioctlsocket(s, FIONREAD, &argument)); }},
  };
}

std::vector<ErrorCase> all_cases() {
  std::vector<ErrorCase> all;
  for (auto* part : {setup_errors, teardown_errors, transfer_errors, other_errors}) {
    for (ErrorCase& one : part()) all.push_back(std::move(one));
  }
  return all;
}

class ErrorOf : public Winsock, public testing::WithParamInterface<ErrorCase> {};

TEST_P(ErrorOf, IsReturned) {
  EXPECT_EQ(GetParam().make(), GetParam().code);
}

INSTANTIATE_TEST_SUITE_P(Lists, ErrorOf, testing::ValuesIn(all_cases()), [](const auto& info) {
  return std::string(info.param.function) + "_" + std::to_string(info.param.code);
});

// ERR-01.
TEST(ErrorLists, EveryFunctionNeedsWsaStartup) {
  for (const auto& [function, call] : calls()) EXPECT_EQ(call(4), WSANOTINITIALISED) << function;
}

// ERR-02: what never was a socket, and what is none any more.
TEST_F(Errors, EveryFunctionNeedsASocket) {
  const SOCKET closed = open("stream");
  ASSERT_EQ(closesocket(closed), 0);
  for (const auto& [function, call] : calls()) {
    for (const SOCKET s : {INVALID_SOCKET, SOCKET(0), SOCKET(12'345), closed}) {
      EXPECT_EQ(call(s), WSAENOTSOCK) << function;
    }
    EXPECT_NE(call(open("stream")), WSAENOTSOCK) << function;
  }
}

// ERR-03: what failed has changed nothing; the connection goes on in both directions.
TEST_F(Errors, FailedCallsChangeNothing) {
  for (const char* provider : kProviders) {
    const Pair pair = connected(provider);
    const SOCKET s = pair.client;
    const sockaddr_storage name = name_of(pair.listener);
    std::string octets(70'000, 'x');
    WSABUF unusable{4, nullptr};
    WSABUF too_long{static_cast<ULONG>(octets.size()), octets.data()};
    QOS qos{};
    qos.SendingFlowspec.TokenRate = 4'000'000'000u;
    qos.SendingFlowspec.ServiceType = 99;
    DWORD count = 0;
    const int results[] = {
        bind(s, reinterpret_cast<const sockaddr*>(&name), size_of(name)),
        listen(s, 1),
        connect(s, reinterpret_cast<const sockaddr*>(&name), size_of(name)),
        WSASendDisconnect(s, &unusable),
        WSASendDisconnect(s, &too_long),
        WSARecvDisconnect(s, &unusable),
        shutdown(s, 3),
        send(s, nullptr, 1, 0),
        send(s, octets.data(), 1, MSG_OOB),
        recv(s, nullptr, 1, 0),
        recv(s, octets.data(), 1, MSG_OOB),
        WSASend(s, &unusable, 1, &count, 0, nullptr, nullptr),
        WSAEventSelect(s, nullptr, FD_READ),
        WSAEnumNetworkEvents(s, nullptr, nullptr),
        WSAIoctl(s, SIO_SET_QOS, &qos, sizeof qos, nullptr, 0, &count, nullptr, nullptr),
        WSAIoctl(s, 1, nullptr, 0, nullptr, 0, &count, nullptr, nullptr),
        ioctlsocket(s, FIONBIO, nullptr),
        setsockopt(s, SOL_SOCKET, SO_CONDITIONAL_ACCEPT, nullptr, 4),
        setsockopt(s, SOL_SOCKET, SO_DISCDATA, octets.data(), 70'000),
    };
    for (const int result : results) EXPECT_EQ(result, SOCKET_ERROR) << &result - results;
    EXPECT_EQ(send_text(s, "out"), 3) << provider;
    EXPECT_EQ(receive_exactly(pair.server, 3), "out");
    EXPECT_EQ(send_text(pair.server, "back"), 4);
    EXPECT_EQ(receive_exactly(s, 4), "back");
    EXPECT_EQ(shutdown(s, SD_SEND), 0);
  }
}

/// Names of the codes in <ws2/errors.h>, and the table of ERRORS.md: "| code | functions | why |".
class Document {
 public:
  static List unreachable() {
    const std::map<std::string, int> numbers = read_numbers();
    List lists;
    std::ifstream file(WS2_ERRORS_FILE);
    EXPECT_TRUE(file) << WS2_ERRORS_FILE;
    const std::regex row(R"(^\| (WSA\w+) \| ([^|]+) \| .+ \|$)");
    const std::regex word(R"(\w+)");
    std::string line;
    while (std::getline(file, line)) {
      std::smatch found;
      if (!std::regex_match(line, found, row)) continue;
      const auto number = numbers.find(found[1]);
      EXPECT_NE(number, numbers.end()) << line;
      if (number == numbers.end()) continue;
      const std::string functions = found[2];
      for (std::sregex_iterator it(functions.begin(), functions.end(), word), end; it != end;
           ++it) {
        EXPECT_TRUE(lists[it->str()].insert(number->second).second) << "twice: " << line;
      }
    }
    return lists;
  }

 private:
  static std::map<std::string, int> read_numbers() {
    std::map<std::string, int> numbers;
    std::ifstream file(WS2_ERRORS_HEADER);
    const std::regex define(R"(^#define (WSA\w+) (\d+)$)");
    std::string line;
    while (std::getline(file, line)) {
      std::smatch found;
      if (std::regex_match(line, found, define)) numbers[found[1]] = std::stoi(found[2]);
    }
    return numbers;
  }
};

TEST(ErrorLists, AreCompleteTogether) {
  List produced;
  for (const ErrorCase& one : all_cases()) {
    EXPECT_TRUE(produced[one.function].insert(one.code).second)
        << one.function << ' ' << one.code << " twice";
  }
  for (const auto& [function, call] : calls()) {
    produced[function].insert({WSANOTINITIALISED, WSAENOTSOCK});
  }
  const List unreachable = Document::unreachable();
  for (const auto& [function, codes] : unreachable) {
    for (const int code : codes) {
      EXPECT_TRUE(produced[function].insert(code).second)
          << function << ' ' << code << " is produced, and ERRORS.md says that nothing can";
    }
  }
  const List lists = printed();
  for (const auto& [function, codes] : lists) {
    for (const int code : codes) {
      EXPECT_TRUE(produced[function].contains(code)) << function << ' ' << code << " is missing";
    }
  }
  for (const auto& [function, codes] : produced) {
    for (const int code : codes) {
      const auto list = lists.find(function);
      EXPECT_TRUE(list != lists.end() && list->second.contains(code))
          << function << ' ' << code << " is not printed";
    }
  }
}

}  // namespace
}  // namespace ws2
