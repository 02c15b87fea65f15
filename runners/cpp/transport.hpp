// What adapters of transports without sockets of their own share, on the kit of ws2adapter.hpp: the
// operations, on links. ../websocket/lws.cpp is an example.
//
// A transport's own thread or threads make things happen while the application is elsewhere. They
// and the calls share one lock, changes().mutex.
#pragma once

#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "ws2adapter.hpp"

namespace ws2adapter {

using Octets = std::optional<std::string>;  // nothing for a NULL pointer
using Lock = std::unique_lock<std::mutex>;

// Guards every link and listener, and tells of everything that happens.
struct Changes {
  std::mutex mutex;
  std::condition_variable happened;
};
Changes& changes();

// One end of a connection. Everything is called with the lock held; that one is given up while a
// call waits.
class Link : public std::enable_shared_from_this<Link> {
 public:
  virtual ~Link() = default;
  // Decides about a request. What follows is told by `connected` or `lost`.
  virtual void accept(const Octets& callee_data) = 0;
  virtual void reject() = 0;
  virtual void send(std::string data) = 0;
  virtual bool writable() const { return true; }
  virtual void taken() {}  // one of `messages`, by the application
  virtual void end(const Octets& disconnect_data) = 0;
  virtual void abort() = 0;

  bool requested = false;  // at a server: the request is there
  bool connected = false;
  bool rejected = false;  // at a client: by the peer's decision
  bool ended = false;     // gracefully, by the peer
  bool lost = false;      // it broke, or never came to be
  std::string local, remote;
  Octets caller_data;                // what came with the request
  Octets callee_data;                // what came with the acceptance
  std::string disconnect_data;       // what came with the peer's end
  std::deque<std::string> messages;  // or parts of a byte stream; received and not yet read
};

// Its destructor rejects what waits, and takes the lock itself.
class Listener {
 public:
  virtual ~Listener() = default;
  virtual void abort() = 0;  // nothing is answered; the destructor follows

  std::string local;
  std::deque<std::shared_ptr<Link>> waiting;  // in the order in which they came
};

class Transport {
 public:
  virtual ~Transport() = default;
  // Both are called without the lock, and throw CallFailed.
  virtual std::unique_ptr<Listener> listen(const std::string& addr, const std::string& family,
                                           int backlog) = 0;
  virtual std::shared_ptr<Link> connect(const std::string& addr, const Octets& caller_data) = 0;

  std::string implementation;
  std::string version;
  json provider;                  // the hello's only entry
  json only = json::object();     // besides what goes without saying here
  std::set<std::string> without;  // operations that are not there
};

// Says hello and answers requests until standard input ends. The program's exit status.
int serve(Transport& transport);

// Octets as text without padding, and with "-" and "_", for fields of a protocol that are text.
std::string to_text(std::string_view data);
std::string from_text(std::string text);

// A sockaddr as requests write it; empty for another family than AF_INET and AF_INET6.
std::string address_of(const void* address);

// A socket's own or its peer's address as requests write it; empty where there is none.
std::string local_address(int descriptor);
std::string remote_address(int descriptor);

// The operating system's socket, listening. Throws CallFailed.
int listening_socket(const std::string& addr, const std::string& family, int backlog);

}  // namespace ws2adapter
