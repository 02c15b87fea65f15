#include "hostile/service.hpp"

#include <deque>

#include "hostile/frames.hpp"
#include "provider/service_provider.hpp"

namespace ws2::hostile {
namespace {

constexpr auto kLimit = std::chrono::seconds(60);  // before a wait counts as a hang

/// Opens what the base provider opens, with other time-outs.
class ImpatientProvider final : public ServiceProvider {
 public:
  int open(const ProviderEntry& entry, std::shared_ptr<ServiceSocket>& socket) override {
    const std::lock_guard lock(mutex_);
    Limits& limits = limits_.emplace_back(*entry.limits);
    constexpr auto kSoon = std::chrono::seconds(1);
    limits.timeouts = {.request = kSoon, .half_open = kSoon, .offer = {}, .close = kSoon};
    ProviderEntry& impatient = entries_.emplace_back(entry);
    impatient.limits = &limits;
    return base_provider().open(impatient, socket);
  }

 private:
  std::mutex mutex_;
  // Sockets refer to them for as long as they live.
  std::deque<Limits> limits_;
  std::deque<ProviderEntry> entries_;
};

}  // namespace

std::uint16_t port_of(const sockaddr_storage& name) {
  return ntohs(reinterpret_cast<const sockaddr_in&>(name).sin_port);
}

Service::Service() = default;

Service::~Service() {
  is_over_ = true;
  if (calling_.joinable()) calling_.join();
  if (listener_ != INVALID_SOCKET) closesocket(listener_);
  if (serving_.joinable()) serving_.join();
  install_provider(nullptr);
}

void Service::be_impatient() {
  static auto* provider = new ImpatientProvider;  // as long as any socket
  install_provider(provider);
}

void Service::serve(const std::string& provider) {
  provider_ = provider;
  listener_ = open_listener(provider);
  port_ = port_of(name_of(listener_));
  serving_ = std::thread([this] { accept_all(); });
  calling_ = std::thread([this] { call_all(); });
  expect_service(1);
}

void Service::accept_all() {
  while (true) {
    Condition condition;
    condition.callee_data = "welcome";
    const SOCKET s = condition.accept(listener_);
    if (s == INVALID_SOCKET) {
      if (WSAGetLastError() == WSAECONNRESET) continue;  // somebody has withdrawn
      EXPECT_TRUE(is_over_) << WSAGetLastError();
      return;
    }
    if (condition.caller_data == "good") {
      serve_one(s);
      continue;
    }
    const std::lock_guard lock(mutex_);
    waiting_guests_.push(s);
    ++guests_;
    changed_.notify_all();
  }
}

void Service::serve_one(SOCKET s) {
  EXPECT_EQ(receive_exactly(s, 4), "ping");
  EXPECT_EQ(send_text(s, "pong"), 4);
  char octet;
  const int end = recv(s, &octet, 1, 0);
  EXPECT_TRUE(end == 0 || (end < 0 && WSAGetLastError() == WSAEDISCON)) << WSAGetLastError();
  EXPECT_EQ(receive_disconnect(s), "3");
  EXPECT_EQ(send_disconnect(s, "45"), 0);
  EXPECT_EQ(closesocket(s), 0);
}

void Service::call_all() {
  while (!is_over_ && !HasFailure()) {
    const SOCKET s = open(provider_);
    std::string greeting;
    EXPECT_EQ(connect_to(s, listener_, "good", &greeting), 0) << WSAGetLastError();
    EXPECT_EQ(greeting, "welcome");
    if (HasFailure()) break;
    EXPECT_EQ(send_text(s, "ping"), 4);
    EXPECT_EQ(receive_exactly(s, 4), "pong");
    EXPECT_EQ(send_disconnect(s, "3"), 0);
    char octet;
    const int end = recv(s, &octet, 1, 0);
    EXPECT_TRUE(end == 0 || (end < 0 && WSAGetLastError() == WSAEDISCON)) << WSAGetLastError();
    EXPECT_EQ(receive_disconnect(s), "45");
    EXPECT_EQ(closesocket(s), 0);
    const std::lock_guard lock(mutex_);
    ++exchanges_;
    changed_.notify_all();
  }
}

void Service::expect_service(int exchanges) {
  std::unique_lock lock(mutex_);
  const int enough = exchanges_ + exchanges;
  EXPECT_TRUE(changed_.wait_for(lock, kLimit, [&] {
    return exchanges_ >= enough || testing::Test::HasFailure();
  })) << "the good client is not served";
}

RawPeer Service::accepted_peer() {
  RawPeer peer = RawPeer::connect_to(port_);
  const char number = provider_ == "stream" ? 1 : 2;
  peer.say(request("guest", number));
  const std::string acceptance = frame(kAccept, preamble(number) + item(1, "welcome"));
  EXPECT_EQ(peer.hear(acceptance.size()), acceptance);
  return peer;
}

SOCKET Service::next_guest() {
  std::unique_lock lock(mutex_);
  EXPECT_TRUE(changed_.wait_for(lock, kLimit, [&] { return !waiting_guests_.empty(); }));
  if (waiting_guests_.empty()) return INVALID_SOCKET;
  const SOCKET s = waiting_guests_.front();
  waiting_guests_.pop();
  return s;
}

}  // namespace ws2::hostile
