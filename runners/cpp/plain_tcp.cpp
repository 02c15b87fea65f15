// Adapter: the operating system's TCP, through Boost.Asio's blocking calls.
//
// What listens is of another type in Asio than what connects: listen() turns the one into the
// other.

#include <boost/asio.hpp>

#include "ws2adapter.hpp"

namespace {

using boost::asio::ip::tcp;
using namespace ws2adapter;

boost::asio::io_context context;

struct Endpoint {
  tcp protocol = tcp::v4();
  tcp::socket stream{context};
  tcp::acceptor listener{context};
  bool connected = false;
  bool sending_is_shut = false;
};

Names<Endpoint> endpoints;

// The error that an exception of Asio's stands for.
std::string name_of(const std::exception& problem, const Request& request) {
  const auto* failure = dynamic_cast<const boost::system::system_error*>(&problem);
  if (failure == nullptr) return "";
  if (failure->code() != boost::asio::error::broken_pipe)
    return error_name(failure->code().value());
  // One error for three conditions that Winsock tells apart.
  if (endpoints[request].sending_is_shut) return "WSAESHUTDOWN";
  return endpoints[request].connected ? "WSAECONNRESET" : "WSAENOTCONN";
}

tcp::endpoint address(const Request& request) {
  const auto [host, port] = parse_address(request.text("addr"));
  return {boost::asio::ip::make_address(host), port};
}

json named(const tcp::endpoint& end) {
  return {{"returns", 0}, {"addr", format_address(end.address().to_string(), end.port())}};
}

json do_socket(Request& request) {
  auto end = std::make_unique<Endpoint>();
  if (request.has("family") && request.text("family") == "AF_INET6") end->protocol = tcp::v6();
  end->stream.open(end->protocol);
  return endpoints.add(request, std::move(end));
}

json do_listen(Request& request) {
  Endpoint& end = endpoints[request];
  tcp::acceptor listener(context);
  listener.assign(end.protocol, ::dup(end.stream.native_handle()));
  listener.listen(request.backlog());
  end.listener = std::move(listener);
  return 0;
}

json do_accept(Request& request) {
  Endpoint& listener = endpoints[request];
  endpoints.free(request);
  auto end = std::make_unique<Endpoint>();
  end->protocol = listener.protocol;
  end->connected = true;
  tcp::endpoint peer;
  listener.listener.accept(end->stream, peer);
  json reply = named(peer);
  reply["returns"] = endpoints.add(request, std::move(end));
  return reply;
}

json do_recv(Request& request) {
  Endpoint& end = endpoints[request];
  request.no_flags();
  std::string buffer(request.size("length"), kFiller);
  boost::system::error_code error;  // an end of the data is one to Asio
  const std::size_t got = end.stream.read_some(boost::asio::buffer(buffer), error);
  if (error && error != boost::asio::error::eof) throw boost::system::system_error(error);
  return {{"returns", got}, {"data", octets({buffer.data(), got})}};
}

json do_shutdown(Request& request) {
  Endpoint& end = endpoints[request];
  const int how = request.how();
  end.stream.shutdown(static_cast<tcp::socket::shutdown_type>(how));
  end.sending_is_shut = end.sending_is_shut || how >= tcp::socket::shutdown_send;
  return 0;
}

json do_closesocket(Request& request) {
  Endpoint& end = endpoints[request];
  if (!end.stream.is_open()) throw CallFailed("WSAENOTSOCK");  // Asio says nothing
  end.listener.close();
  return end.stream.close(), 0;
}

json do_setsockopt(Request& request) {
  const auto [on, seconds] = request.linger();
  return endpoints[request].stream.set_option(boost::asio::socket_base::linger(on, seconds)), 0;
}

void end_all() {
  for (auto& [name, end] : endpoints.all()) {
    boost::system::error_code ignored;
    end->stream.set_option(boost::asio::socket_base::linger(true, 0), ignored);
  }
  endpoints.all().clear();
}

}  // namespace

int main() {
  Adapter adapter("the operating system's TCP", "Boost.Asio " BOOST_LIB_VERSION, end_all, name_of);
  adapter.provider(
      {{"name", "tcp"},
       {"type", "SOCK_STREAM"},
       {"flags", {"XP1_GUARANTEED_DELIVERY", "XP1_GUARANTEED_ORDER", "XP1_GRACEFUL_CLOSE"}},
       {"families", {"AF_INET", "AF_INET6"}},
       {"capabilities", {"half-close", "relayable"}}});
  adapter.operation("socket", "as provider family?", do_socket);
  adapter.operation("bind", "socket addr", [](Request& request) {
    return endpoints[request].stream.bind(address(request)), json(0);
  });
  adapter.operation("listen", "socket backlog", do_listen);
  adapter.operation("accept", "socket as", do_accept);
  adapter.operation("connect", "socket addr", [](Request& request) {
    endpoints[request].stream.connect(address(request));
    return endpoints[request].connected = true, json(0);
  });
  adapter.operation("send", "socket data flags?", [](Request& request) -> json {
    request.no_flags();
    return endpoints[request].stream.write_some(boost::asio::buffer(request.data()));
  });
  adapter.operation("recv", "socket length flags?", do_recv);
  adapter.operation("shutdown", "socket how", do_shutdown);
  adapter.operation("closesocket", "socket", do_closesocket);
  adapter.operation("getsockname", "socket", [](Request& request) {
    return named(endpoints[request].stream.local_endpoint());
  });
  adapter.operation("getpeername", "socket", [](Request& request) {
    return named(endpoints[request].stream.remote_endpoint());
  });
  adapter.operation("setsockopt", "socket option value level?", do_setsockopt);
  return adapter.serve();
}
