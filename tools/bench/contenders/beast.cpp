// WebSocket by Boost.Beast, with blocking calls: caller and callee data as header fields of the
// upgrade, disconnect data as the reason of the close frame, whose answer carries none.

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/websocket.hpp>
#include <string_view>

#include "contenders/all.hpp"
#include "octets.hpp"

namespace bench {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
namespace websocket = beast::websocket;
using asio::ip::tcp;
using Stream = websocket::stream<tcp::socket>;

constexpr const char* kField = "X-User-Data";

beast::string_view text(Part part) {
  return {piece(part).data(), kPiece};
}

template <typename Text>
void verify_text(Part part, const Text& found) {
  verify(part, {found.data(), found.size()});
}

void send_part(Stream& stream, Part part) {
  stream.write(asio::buffer(piece(part)));
}

void receive_part(Stream& stream, Part part) {
  beast::flat_buffer buffer;
  stream.read(buffer);
  verify(part, {static_cast<const char*>(buffer.cdata().data()), buffer.size()});
}

class BeastServer final : public Server {
 public:
  BeastServer() : acceptor_(context_, {asio::ip::address_v4::loopback(), 0}) {}

  std::uint16_t port() const override { return acceptor_.local_endpoint().port(); }

  void serve_exchange() override {
    tcp::socket socket = acceptor_.accept();
    socket.set_option(tcp::no_delay(true));
    beast::flat_buffer buffer;
    http::request<http::string_body> request;
    http::read(socket, buffer, request);
    verify_text(Part::kCaller, request[kField]);
    Stream stream(std::move(socket));
    stream.set_option(websocket::stream_base::decorator(
        [](websocket::response_type& response) { response.set(kField, text(Part::kCallee)); }));
    stream.accept(request);
    stream.binary(true);
    receive_part(stream, Part::kRequest);
    send_part(stream, Part::kReply);
    beast::error_code error;
    buffer.clear();
    stream.read(buffer, error);
    if (error != websocket::error::closed) fail("no close frame");
    verify_text(Part::kClientEnd, stream.reason().reason);
  }

 private:
  asio::io_context context_;
  tcp::acceptor acceptor_;
};

class BeastClient final : public Client {
 public:
  explicit BeastClient(std::uint16_t port) : server_(asio::ip::address_v4::loopback(), port) {}

  void exchange() override {
    Stream stream(context_);
    stream.next_layer().connect(server_);
    stream.next_layer().set_option(tcp::no_delay(true));
    stream.set_option(websocket::stream_base::decorator(
        [](websocket::request_type& request) { request.set(kField, text(Part::kCaller)); }));
    websocket::response_type response;
    stream.handshake(response, "localhost", "/");
    verify_text(Part::kCallee, response[kField]);
    stream.binary(true);
    send_part(stream, Part::kRequest);
    receive_part(stream, Part::kReply);
    stream.close({websocket::close_code::normal, text(Part::kClientEnd)});
  }

 private:
  asio::io_context context_;
  const tcp::endpoint server_;
};

}  // namespace

Contender beast() {
  return {.name = "Beast WebSocket",
          .can = Contender::kExchange,
          .serve = [] { return std::unique_ptr<Server>(new BeastServer); },
          .call = [](std::uint16_t port) { return std::unique_ptr<Client>(new BeastClient(port)); },
          .package = {},
          .remark = "all but the server's own disconnect data"};
}

}  // namespace bench
