// Adapter: Linux's AF_X25, in a kernel of its own (user-mode-linux; guest.hpp).
//
//     caller data       call user data of a call request with fast select
//     callee data       call user data of the call's acceptance
//     the decision      SIOCX25CALLACCPTAPPRV, and SIOCX25SENDCALLACCPT or a closing
//     data              sends and receives of whole messages
//     abortive end      a closing; there is no other, and shutdown is not supported
//
// The kernel wants a number bound before a call is made, and the caller here has one of its own.
// What the suite calls 127.0.0.1:40112 is the X.121 number 40112. A cause and a diagnostic come
// with each end, but two octets that are always there are no disconnect data.

#include <linux/sockios.h>
#include <linux/x25.h>
#include <poll.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <optional>
#include <utility>

#include "../cpp/ws2adapter.hpp"
#include "guest.hpp"

namespace {

using namespace ws2adapter;
using Octets = std::optional<std::string>;  // nothing for a NULL pointer

constexpr const char* kProvider = "x25";
constexpr const char* kHost = "127.0.0.1";
constexpr std::size_t kUserDataMax = 128;
constexpr unsigned kFastSelect = 0x80;
constexpr unsigned kReverseCharging = 0x01;  // without it the kernel takes no fast select
constexpr unsigned kWindow = 7;              // packets, which are numbered modulo 8

class Descriptor {
 public:
  explicit Descriptor(int number = -1) : number_(number) {}
  Descriptor(Descriptor&& other) noexcept : number_(other.release()) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(number_, other.number_);
    return *this;
  }
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  int operator*() const { return number_; }
  int release() { return std::exchange(number_, -1); }

 private:
  int number_;
};

struct Socket {
  Descriptor descriptor;
  bool bound = false;
  bool asked = false;      // to connect, and not refused
  bool connected = false;  // it was
  Descriptor deferred;     // of a listener: the call whose decision was put off
};

// With the error of the call that has just failed.
[[noreturn]] void fail(const Socket& own) {
  // One error for two conditions that Winsock tells apart.
  if (errno == EPIPE) throw CallFailed(own.connected ? "WSAECONNRESET" : "WSAENOTCONN");
  throw CallFailed(error_name(errno));
}

sockaddr_x25 number_of(const std::string& addr) {
  const auto [host, port] = parse_address(addr);
  if (host != kHost) throw Unsupported(addr);
  sockaddr_x25 number{};
  number.sx25_family = AF_X25;
  std::snprintf(number.sx25_addr.x25_addr, sizeof number.sx25_addr.x25_addr, "%05u", port);
  return number;
}

const sockaddr* generic(const sockaddr_x25* number) {
  return reinterpret_cast<const sockaddr*>(number);
}

// An own or a peer's address, by getsockname or getpeername; nothing where there is none.
using NameCall = int (*)(int, sockaddr*, socklen_t*);
std::optional<std::string> address_by(NameCall call, int descriptor) {
  sockaddr_x25 number{};
  socklen_t length = sizeof number;
  if (call(descriptor, reinterpret_cast<sockaddr*>(&number), &length) < 0) return {};
  const int port = std::atoi(number.sx25_addr.x25_addr);  // 0 for no number
  return format_address(kHost, static_cast<std::uint16_t>(port));
}

json named(const Socket& own, NameCall call) {
  const auto addr = address_by(call, *own.descriptor);
  if (!addr) fail(own);
  return {{"returns", 0}, {"addr", *addr}};
}

int flags_of(const Request& request) {
  if (!request.has("flags")) return 0;
  json flags = request["flags"];
  if (flags.is_string()) flags = json::array({flags});
  int all = 0;
  for (const json& flag : flags) {
    if (flag != "MSG_PEEK") throw Unsupported(flag.dump());
    all |= MSG_PEEK;
  }
  return all;
}

Names<Socket> sockets;

// Numbers that are nobody's: each adapter in the guest has a block of its own, and none of them the
// block of one that has just ended.
class Numbers {
 public:
  void begin(int adapter) { first_ = kFirst + adapter % kBlocks * kMost; }
  std::string next() { return format_address(kHost, first_ + next_++ % kMost); }

 private:
  static constexpr std::uint16_t kFirst = 1024;
  static constexpr std::uint16_t kBlocks = 1000;
  static constexpr std::uint16_t kMost = 64;
  std::uint16_t first_ = kFirst;
  std::uint16_t next_ = 0;
};
Numbers numbers;

json do_socket(Request& request) {
  if (request["provider"] != kProvider) {
    throw AdapterError("no provider is called " + request["provider"].dump());
  }
  if (request.has("family") && request.text("family") != "AF_INET") {
    throw Unsupported(request.text("family"));
  }
  auto own = std::make_unique<Socket>();
  own->descriptor = Descriptor(::socket(AF_X25, SOCK_SEQPACKET | SOCK_CLOEXEC, 0));
  if (*own->descriptor < 0) fail(*own);
  return sockets.add(request, std::move(own));
}

void bind_to(Socket& own, std::string addr) {
  if (parse_address(addr).second == 0) addr = numbers.next();
  const sockaddr_x25 number = number_of(addr);
  if (::bind(*own.descriptor, generic(&number), sizeof number) < 0) fail(own);
  own.bound = true;
}

// The facilities of an end. Packets are the largest that there are, and as many as there can be on
// their way: with those of 128 octets, as by default, a message of more than some 10,000 fills the
// receiver's buffer before it is whole, and stays there for ever.
void ask_for(const Socket& own, unsigned reverse) {
  x25_facilities wanted{};
  if (::ioctl(*own.descriptor, SIOCX25GFACILITIES, &wanted) < 0) fail(own);
  wanted.reverse = reverse;
  wanted.pacsize_in = wanted.pacsize_out = X25_PS4096;
  wanted.winsize_in = wanted.winsize_out = kWindow;
  if (::ioctl(*own.descriptor, SIOCX25SFACILITIES, &wanted) < 0) fail(own);
}

json do_listen(Request& request) {
  Socket& own = sockets[request];
  // Only before the listening: calls are to wait for the decision.
  if (::ioctl(*own.descriptor, SIOCX25CALLACCPTAPPRV, 0) == 0) ask_for(own, 0);
  if (::listen(*own.descriptor, request.backlog()) < 0) fail(own);
  return 0;
}

Octets user_data_of(int descriptor) {
  x25_calluserdata data{};
  if (::ioctl(descriptor, SIOCX25GCALLUSERDATA, &data) < 0 || data.cudlength == 0) return {};
  return std::string(reinterpret_cast<const char*>(data.cuddata), data.cudlength);
}

void give_user_data(const Socket& own, int descriptor, const Octets& data) {
  x25_calluserdata given{};
  if (data && data->size() > sizeof given.cuddata) throw CallFailed("WSAEFAULT");
  given.cudlength = data ? static_cast<unsigned>(data->size()) : 0;
  if (data) std::memcpy(given.cuddata, data->data(), data->size());
  if (::ioctl(descriptor, SIOCX25SCALLUSERDATA, &given) < 0) fail(own);
}

json into_buffer(const Octets& data, const Request& request) {
  if (!request.has("callee_capacity")) {
    return {{"returns", 0}, {"callee_len", 0}, {"callee_data", nullptr}};
  }
  const std::size_t room = request.size("callee_capacity");
  const std::string all = data.value_or("");
  if (all.size() > room) {
    const std::string untouched(room, kFiller);
    throw CallFailed("WSAEFAULT", {{"callee_len", room}, {"callee_data", octets(untouched)}});
  }
  return {{"returns", 0}, {"callee_len", all.size()}, {"callee_data", octets(all)}};
}

json do_connect(Request& request) {
  Socket& own = sockets[request];
  const sockaddr_x25 number = number_of(request.text("addr"));
  if (!own.asked) {
    ask_for(own, kFastSelect | kReverseCharging);
    give_user_data(own, *own.descriptor, request.octets("caller_data"));
    if (!own.bound) bind_to(own, format_address(kHost, 0));
  }
  own.asked = true;
  if (::connect(*own.descriptor, generic(&number), sizeof number) < 0) {
    own.asked = errno == EINPROGRESS;
    fail(own);
  }
  own.connected = true;
  return into_buffer(user_data_of(*own.descriptor), request);
}

// What the condition function decides; `callee_data` is what it answers with.
std::string decision_of(Adapter& adapter, int call, Octets& callee_data) {
  const Octets data = user_data_of(call);
  const auto text = [](const std::optional<std::string>& addr) {
    return addr ? json(*addr) : json();
  };
  const json asked = {{"caller_id", text(address_by(::getpeername, call))},
                      {"caller_data", data ? json(octets(*data)) : json()},
                      {"sqos", nullptr},
                      {"gqos", nullptr},
                      {"callee_id", text(address_by(::getsockname, call))},
                      {"callee_capacity", kUserDataMax},
                      {"same_thread", true}};
  const Request decision(adapter.upcall({{"condition", asked}}));
  callee_data = decision.octets("callee_data");
  return decision.text("verdict");
}

json do_accept(Adapter& adapter, Request& request) {
  Socket& listener = sockets[request];
  sockets.free(request);
  auto own = std::make_unique<Socket>();
  own->bound = own->connected = own->asked = true;
  own->descriptor = std::move(listener.deferred);
  if (*own->descriptor < 0) {
    own->descriptor = Descriptor(::accept4(*listener.descriptor, nullptr, nullptr, SOCK_CLOEXEC));
  }
  const int call = *own->descriptor;
  if (call < 0) fail(listener);
  Octets callee_data;
  if (request.has("condition") && request["condition"] == true) {
    const std::string verdict = decision_of(adapter, call, callee_data);
    if (verdict == "CF_DEFER") {
      listener.deferred = std::move(own->descriptor);
      throw CallFailed("WSATRY_AGAIN");
    }
    if (verdict != "CF_ACCEPT") throw CallFailed("WSAECONNREFUSED");
  }
  // Without any the kernel would answer with the caller's.
  give_user_data(listener, call, callee_data);
  if (::ioctl(call, SIOCX25SENDCALLACCPT, 0) < 0) fail(listener);
  json reply = named(*own, ::getpeername);
  reply["returns"] = sockets.add(request, std::move(own));
  return reply;
}

json do_send(Request& request) {
  Socket& own = sockets[request];
  request.no_flags();
  const std::string data = request.data();
  // The kernel takes whole messages only.
  const ssize_t sent = ::send(*own.descriptor, data.data(), data.size(), MSG_EOR);
  if (sent < 0) fail(own);
  return sent;
}

json do_recv(Request& request) {
  Socket& own = sockets[request];
  std::string buffer(request.size("length"), kFiller);
  iovec place = {buffer.data(), buffer.size()};
  msghdr message{};
  message.msg_iov = &place;
  message.msg_iovlen = 1;
  const ssize_t got = ::recvmsg(*own.descriptor, &message, flags_of(request));
  if (got < 0) fail(own);
  const std::string data = octets({buffer.data(), static_cast<std::size_t>(got)});
  if ((message.msg_flags & MSG_TRUNC) != 0) throw CallFailed("WSAEMSGSIZE", {{"data", data}});
  return {{"returns", got}, {"data", data}};
}

json do_getsockopt(Request& request) {
  static const std::map<std::string, int> kOptions = {{"SO_ERROR", SO_ERROR},
                                                      {"SO_TYPE", SO_TYPE},
                                                      {"SO_ACCEPTCONN", SO_ACCEPTCONN},
                                                      {"SO_LINGER", SO_LINGER}};
  Socket& own = sockets[request];
  const auto option = kOptions.find(request.text("option"));
  if (option == kOptions.end()) throw Unsupported(request.text("option"));
  linger value{};
  socklen_t length = option->second == SO_LINGER ? sizeof value : sizeof(int);
  if (::getsockopt(*own.descriptor, SOL_SOCKET, option->second, &value, &length) < 0) fail(own);
  const int number = value.l_onoff;  // the first member, where there is but one
  json shown = number;
  if (option->second == SO_LINGER) shown = {{"onoff", number}, {"linger", value.l_linger}};
  if (option->second == SO_ERROR && number != 0) shown = error_name(number);
  return {{"returns", 0}, {"value", shown}};
}

json do_ioctlsocket(Request& request) {
  static const std::map<std::string, unsigned long> kCommands = {{"FIONBIO", FIONBIO},
                                                                 {"FIONREAD", FIONREAD}};
  Socket& own = sockets[request];
  const auto command = kCommands.find(request.text("command"));
  if (command == kCommands.end()) throw Unsupported(request.text("command"));
  int argument = request.has("argument") ? static_cast<int>(request.number("argument")) : 0;
  if (::ioctl(*own.descriptor, command->second, &argument) < 0) fail(own);
  return {{"returns", 0}, {"value", argument}};
}

json do_setsockopt(Request& request) {
  Socket& own = sockets[request];
  const auto [on, seconds] = request.linger();
  const linger value = {on ? 1 : 0, seconds};
  if (::setsockopt(*own.descriptor, SOL_SOCKET, SO_LINGER, &value, sizeof value) < 0) fail(own);
  return 0;
}

json do_closesocket(Request& request) {
  Socket& own = sockets[request];
  own.deferred = Descriptor();
  if (::close(own.descriptor.release()) < 0) fail(own);
  return 0;
}

// For `reset`. Callers that wait for a listener are cleared: a listener that is closed would leave
// them waiting, and the kernel confused for some seconds about their channels.
void end_all() {
  for (auto& [name, own] : sockets.all()) {
    pollfd waiting = {*own->descriptor, POLLIN, 0};
    while (::poll(&waiting, 1, 0) > 0) {
      const Descriptor call(::accept4(*own->descriptor, nullptr, nullptr, SOCK_CLOEXEC));
      if (*call < 0) break;
    }
  }
  sockets.all().clear();
}

// What is offered in part.
json what_there_is() {
  const json none = json::array();
  // The length of an address is that of an X.121 number's, which is in no address family here.
  const json accept = {
      {"no_addr", none}, {"no_addrlen", none}, {"addr_capacity", none}, {"addr_length", none}};
  json wsa_accept = accept;
  wsa_accept["callback_data"] = none;
  const json send = {{"flags", none}};
  const json recv = {{"flags", {"MSG_PEEK"}}};
  const auto besides = [&](json fields) {
    fields["overlapped"] = fields["event"] = none;
    return fields;
  };
  return {{"connect", {{"addr_length", none}}},
          {"WSAConnect", {{"addr_length", none}, {"sqos", none}, {"gqos", none}}},
          {"accept", accept},
          {"WSAAccept", wsa_accept},
          {"condition",
           {{"verdict", {"CF_ACCEPT", "CF_REJECT", "CF_DEFER"}},
            {"altered_sqos", none},
            {"group", none}}},
          {"send", send},
          {"WSASend", besides(send)},
          {"recv", recv},
          {"WSARecv", besides(recv)},
          {"getsockopt", {{"option", {"SO_ERROR", "SO_TYPE", "SO_ACCEPTCONN", "SO_LINGER"}}}},
          {"setsockopt", {{"level", none}, {"data", none}, {"option", {"SO_LINGER"}}}},
          {"ioctlsocket", {{"command", {"FIONBIO", "FIONREAD"}}}}};
}

// As one of the processes in the guest.
int adapt(int adapter_number) {
  ::signal(SIGPIPE, SIG_IGN);
  numbers.begin(adapter_number);
  utsname kernel{};
  ::uname(&kernel);
  Adapter adapter("Linux AF_X25", kernel.release, end_all);
  adapter.provider({{"name", kProvider},
                    {"type", "SOCK_SEQPACKET"},
                    {"flags",
                     {"XP1_GUARANTEED_DELIVERY", "XP1_GUARANTEED_ORDER", "XP1_MESSAGE_ORIENTED",
                      "XP1_CONNECT_DATA"}},
                    {"families", {"AF_INET"}},
                    {"capabilities", {"conditional-accept", "delayed-accept"}},
                    {"caller_data_max", kUserDataMax},
                    {"callee_data_max", kUserDataMax}});
  adapter.only(what_there_is());
  adapter.operation("socket", "as provider family?", do_socket);
  adapter.operation("bind", "socket addr", [](Request& request) {
    return bind_to(sockets[request], request.text("addr")), json(0);
  });
  adapter.operation("listen", "socket backlog", do_listen);
  adapter.operation("connect", "socket addr",
                    [](Request& request) { return do_connect(request)["returns"]; });
  adapter.operation("WSAConnect", "socket addr caller_data? callee_capacity?", do_connect);
  const auto accept = [&](Request& request) { return do_accept(adapter, request); };
  adapter.operation("accept", "socket as", accept);
  adapter.operation("WSAAccept", "socket as condition?", accept);
  for (const char* name : {"send", "WSASend"}) {
    adapter.operation(name, "socket data flags?", do_send);
  }
  adapter.operation("recv", "socket length flags?", do_recv);
  adapter.operation("WSARecv", "socket length flags?", [](Request& request) {
    json reply = do_recv(request);
    reply["left_flags"] = json::array();
    return reply;
  });
  adapter.operation("getsockname", "socket",
                    [](Request& request) { return named(sockets[request], ::getsockname); });
  adapter.operation("getpeername", "socket",
                    [](Request& request) { return named(sockets[request], ::getpeername); });
  adapter.operation("getsockopt", "socket option level?", do_getsockopt);
  adapter.operation("setsockopt", "socket option value", do_setsockopt);
  adapter.operation("ioctlsocket", "socket command argument?", do_ioctlsocket);
  adapter.operation("closesocket", "socket", do_closesocket);
  return adapter.serve();
}

}  // namespace

int main(int count, char** arguments) {
  if (::getpid() == 1 && count == 2) x25::keep_guest(arguments[1], adapt);
  return adapt(0);  // for a kernel that has X.25 itself
}
