#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

namespace bench {

/// The called end, in its own process. Everything throws std::runtime_error on failure, and when
/// octets are not what the other end must have sent.
class Server {
 public:
  virtual ~Server() = default;

  virtual std::uint16_t port() const = 0;
  /// One whole exchange, from the acceptance to the close.
  virtual void serve_exchange() { serve_accepted(accept()); }

  // Only where Contender::kThreads says so: one thread accepts and others serve.
  virtual std::intptr_t accept();
  virtual void serve_accepted(std::intptr_t connection);

  // Only where Contender::kConnections says so.
  /// Accepts a connection and answers requests of kPiece octets until it ends.
  virtual void answer_requests();
  /// Accepts a connection, takes so many octets of the pattern from it and confirms them with one.
  virtual void take_bulk(std::uint64_t octets);

  // Only where Contender::kHolds says so: connections that are there and do nothing.
  virtual void hold_idle(int count);
  /// A second port, whose requests get no answer.
  virtual std::uint16_t defer_port();
  /// Defers the first request there, behind which all others wait.
  virtual void defer();
};

/// The calling end. exchange() may be called by several threads where the contender says kThreads.
class Client {
 public:
  virtual ~Client() = default;

  /// The full exchange: request with caller data, conditional acceptance with callee data, one
  /// request and its reply, disconnect data in both directions, close. kPiece octets each.
  virtual void exchange() = 0;
  virtual void request_often(int count);
  virtual void send_bulk(std::uint64_t octets);
  virtual void hold_idle(int count);
  virtual void hold_deferred(int count, std::uint16_t defer_port);
};

struct Contender {
  enum : unsigned { kThreads = 1, kConnections = 2, kHolds = 4, kExchange = 8 };

  std::string_view name;
  unsigned can;
  std::unique_ptr<Server> (*serve)();
  std::unique_ptr<Client> (*call)(std::uint16_t port);
  /// Absent contenders have no functions, but the Debian package that would bring them.
  std::string_view package;
  /// What of the full exchange it cannot do, or does in another way.
  std::string_view remark;
};

/// In the order of the table: the reference's providers, raw TCP, then the others.
std::span<const Contender> contenders();
const Contender& contender(std::string_view name);

}  // namespace bench
