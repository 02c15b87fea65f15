// Two threads, and calls that block.

#include <thread>

#include "api/tests/faults/session.hpp"

namespace ws2::faults {
namespace {

/// What one end did and saw.
struct End {
  bool went_well = false;
  bool has_ended = false;  ///< its disconnect was sent, or begun
};

bool send_all(SOCKET s, const std::string& text) {
  const int sent = in([&] { return send(s, text.data(), static_cast<int>(text.size()), 0); });
  if (sent >= 0 && sent != static_cast<int>(text.size())) give_up("a part was sent");
  return sent >= 0;
}

/// Receives `text`, and nothing else, or fails.
bool receive_all(SOCKET s, const Texts& texts, const std::string& text) {
  std::string got;
  while (got.size() < text.size()) {
    char room[64];
    const int count = in([&] { return recv(s, room, sizeof room, 0); });
    if (texts.is_graceful && is_end(texts, count, WSAGetLastError())) {
      give_up("the end came before the data");
    }
    if (count < 0) return false;
    got.append(room, static_cast<std::size_t>(count));
  }
  if (got != text) give_up("the data is not what was sent");
  return true;
}

bool receive_end(SOCKET s, const Texts& texts, const End& peer) {
  char octet;
  const int outcome = in([&] { return recv(s, &octet, 1, 0); });
  if (!is_end(texts, outcome, WSAGetLastError())) {
    if (outcome >= 0) give_up("more than was sent");
    return false;
  }
  if (!peer.has_ended && texts.is_graceful) give_up("an end that nobody has made");
  return true;
}

bool serve(SOCKET listener, const Texts& texts, End& own, const End& peer) {
  Socket s = accept(listener, texts);
  if (!s || !receive_all(*s, texts, texts.ping) || !send_all(*s, texts.pong)) return false;
  if (!receive_end(*s, texts, peer) || !receive_disconnect(*s, texts, texts.bye)) return false;
  if (!texts.is_answered) return s.close();
  own.has_ended = true;
  return send_disconnect(*s, texts, texts.ciao) && s.close();
}

bool call(const std::string& provider, const sockaddr_in& name, const Texts& texts, End& own,
          const End& peer) {
  Socket s = open(provider);
  if (!s) return false;
  std::string room(64, '\0');
  WSABUF callee{static_cast<ULONG>(room.size()), room.data()};
  if (begin_connect(*s, name, texts, texts.has_user_data ? &callee : nullptr) != 0) return false;
  if (texts.has_user_data && room.substr(0, callee.len) != texts.callee) {
    give_up("the callee data is not what was sent");
  }
  if (!send_all(*s, texts.ping) || !receive_all(*s, texts, texts.pong)) return false;
  own.has_ended = true;
  if (!send_disconnect(*s, texts, texts.bye)) return false;
  if (!texts.is_answered) return s.close();
  return receive_end(*s, texts, peer) && receive_disconnect(*s, texts, texts.ciao) && s.close();
}

}  // namespace

bool run_blocking(const Scenario& scenario) {
  const Texts texts = texts_of(scenario.provider);
  sockaddr_in name;
  Socket listener = open_listener(scenario.provider, name);
  if (!listener) return false;
  // Whoever fails closes the listener, so that nobody waits for who does not come.
  const SOCKET handle = listener.release();
  const auto close_listener = [handle] { (void)in([&] { return closesocket(handle); }); };
  // Written by one thread while the other looks: before octets that say so are sent.
  static End server;
  static End client;
  server = client = End();
  std::thread calling([&] {
    const Outside outside;
    client.went_well = call(scenario.provider, name, texts, client, server);
    if (!client.went_well) close_listener();
  });
  server.went_well = serve(handle, texts, server, client);
  if (!server.went_well) close_listener();
  calling.join();
  if (client.went_well && server.went_well) close_listener();
  return client.went_well && server.went_well;
}

}  // namespace ws2::faults
