#pragma once

#include <winsock2.h>

#include <string>
#include <vector>

// Winsock as these programs use it: what goes wrong is thrown.

namespace soak {

void start_up();

/// Throws what `call` failed with unless `holds`.
void require(bool holds, const std::string& call);
/// Throws unless both are the same.
void require_same(const std::string& found, const std::string& expected, const std::string& what);

[[nodiscard]] SOCKET open_socket(const std::string& provider);
/// Listening on the loopback address; its port.
[[nodiscard]] SOCKET open_listener(const std::string& provider, unsigned& port);
/// Connects there with caller data; returns the callee data.
std::string connect_to(SOCKET s, unsigned port, std::string caller_data);

/// Waits for a request, sees its caller data, and answers with what `reply` makes of it.
[[nodiscard]] SOCKET accept_one(SOCKET listener, std::string (*reply)(const std::string&),
                                std::string& caller_data);

void send_all(SOCKET s, const std::string& octets);
/// Exactly so many, in one message or in pieces of a stream.
[[nodiscard]] std::string receive(SOCKET s, std::size_t count);
/// The peer's graceful end, and nothing before it.
void expect_end(SOCKET s);
void send_disconnect(SOCKET s, std::string data);
[[nodiscard]] std::string receive_disconnect(SOCKET s);
void close(SOCKET s);

}  // namespace soak
