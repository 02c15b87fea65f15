// ENet: reliable packets over UDP. Its request and its disconnect carry 32 bits each; user data
// goes as packets, and nobody is asked whether a caller is to be accepted.

#include <enet/enet.h>

#include <cstdlib>
#include <memory>

#include "contenders/all.hpp"
#include "octets.hpp"

namespace bench {
namespace {

constexpr enet_uint32 kCallerNumber = 0x43414c4c;
constexpr enet_uint32 kEndNumber = 0x454e4421;
/// Milliseconds; only a failure lasts so long.
constexpr enet_uint32 kPatience = 30'000;

struct DestroyHost {
  void operator()(ENetHost* host) const { enet_host_destroy(host); }
};
using Host = std::unique_ptr<ENetHost, DestroyHost>;

void start() {
  static const bool is_started = enet_initialize() == 0;
  if (!is_started) fail("enet_initialize");
}

ENetAddress loopback(std::uint16_t port) {
  ENetAddress address{};
  enet_address_set_host_ip(&address, "127.0.0.1");
  address.port = port;
  return address;
}

ENetEvent await(ENetHost* host, ENetEventType type) {
  ENetEvent event;
  if (enet_host_service(host, &event, kPatience) <= 0) fail("nothing happens");
  if (event.type != type) fail("something else happens");
  return event;
}

void send_part(ENetPeer* peer, Part part) {
  ENetPacket* packet = enet_packet_create(piece(part).data(), kPiece, ENET_PACKET_FLAG_RELIABLE);
  if (enet_peer_send(peer, 0, packet) != 0) fail("enet_peer_send");
}

void receive_part(ENetHost* host, Part part) {
  const ENetEvent event = await(host, ENET_EVENT_TYPE_RECEIVE);
  verify(part, {reinterpret_cast<const char*>(event.packet->data), event.packet->dataLength});
  enet_packet_destroy(event.packet);
}

class EnetServer final : public Server {
 public:
  EnetServer() {
    start();
    const ENetAddress any = loopback(0);
    host_.reset(enet_host_create(&any, 64, 1, 0, 0));
    ENetAddress bound;
    if (!host_ || enet_socket_get_address(host_->socket, &bound) != 0) fail("enet_host_create");
    port_ = bound.port;
  }

  std::uint16_t port() const override { return port_; }

  void serve_exchange() override {
    const ENetEvent connected = await(host_.get(), ENET_EVENT_TYPE_CONNECT);
    if (connected.data != kCallerNumber) fail("another caller");
    receive_part(host_.get(), Part::kCaller);
    send_part(connected.peer, Part::kCallee);
    receive_part(host_.get(), Part::kRequest);
    send_part(connected.peer, Part::kReply);
    receive_part(host_.get(), Part::kClientEnd);
    send_part(connected.peer, Part::kServerEnd);
    if (await(host_.get(), ENET_EVENT_TYPE_DISCONNECT).data != kEndNumber) fail("another end");
    enet_host_flush(host_.get());
  }

 private:
  Host host_;
  std::uint16_t port_;
};

class EnetClient final : public Client {
 public:
  explicit EnetClient(std::uint16_t port) : address_(loopback(port)) {
    start();
    host_.reset(enet_host_create(nullptr, 1, 1, 0, 0));
    if (!host_) fail("enet_host_create");
  }

  void exchange() override {
    ENetPeer* peer = enet_host_connect(host_.get(), &address_, 1, kCallerNumber);
    if (peer == nullptr) fail("enet_host_connect");
    await(host_.get(), ENET_EVENT_TYPE_CONNECT);
    send_part(peer, Part::kCaller);
    receive_part(host_.get(), Part::kCallee);
    send_part(peer, Part::kRequest);
    receive_part(host_.get(), Part::kReply);
    send_part(peer, Part::kClientEnd);
    receive_part(host_.get(), Part::kServerEnd);
    enet_peer_disconnect(peer, kEndNumber);
    await(host_.get(), ENET_EVENT_TYPE_DISCONNECT);
  }

 private:
  const ENetAddress address_;
  Host host_;
};

}  // namespace

Contender enet() {
  return {.name = "ENet",
          .can = Contender::kExchange,
          .serve = [] { return std::unique_ptr<Server>(new EnetServer); },
          .call = [](std::uint16_t port) { return std::unique_ptr<Client>(new EnetClient(port)); },
          .package = {},
          .remark = "no condition; all user data as packets; a disconnect of 32 bits"};
}

}  // namespace bench
