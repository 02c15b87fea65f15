#pragma once

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <queue>

#include "api/tests/raw_peer.hpp"
#include "api/tests/winsock_fixture.hpp"

namespace ws2::hostile {

/// A listener that serves a good client all the time: one exchange after the other, from the
/// request with data to the disconnects with data, while a test does to the listener whatever it
/// does. Whoever else is accepted is the test's.
class Service : public Winsock {
 protected:
  Service();
  ~Service() override;

  /// Begins to listen and to serve.
  void serve(const std::string& provider = "stream");
  [[nodiscard]] std::uint16_t port() const { return port_; }

  /// Goes on once so many further exchanges of the good client are complete: whatever is under way
  /// holds nobody up, and has had time to do its harm.
  void expect_service(int exchanges = 20);
  /// Connects a raw peer that is accepted: the request is sent and the acceptance heard.
  RawPeer accepted_peer();
  /// The socket that was accepted for a caller other than the good one. Waits for it.
  SOCKET next_guest();
  [[nodiscard]] int guests_so_far() const { return guests_; }

  /// Time-outs of the wire that are over quickly, for whatever is opened from now on.
  static void be_impatient();

 private:
  void accept_all();
  void serve_one(SOCKET s);
  void call_all();

  std::string provider_;
  SOCKET listener_ = INVALID_SOCKET;
  std::uint16_t port_ = 0;
  std::thread serving_;
  std::thread calling_;
  std::atomic<bool> is_over_ = false;
  std::atomic<int> guests_ = 0;

  std::mutex mutex_;
  std::condition_variable changed_;
  int exchanges_ = 0;
  std::queue<SOCKET> waiting_guests_;
};

/// The port a Winsock listener has.
std::uint16_t port_of(const sockaddr_storage& name);

}  // namespace ws2::hostile
