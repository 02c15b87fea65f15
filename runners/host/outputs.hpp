// What the adapters of one context write. A schedule is dozens of turns between processes: who
// waits for what an adapter says waits in the system itself, which takes less time than going
// through Boost.Asio (tools/bench/README.md). Whoever runs the context gets it as well.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <unordered_map>

namespace ws2conform::host {

class Outputs : public boost::asio::execution_context::service {
 public:
  using key_type = Outputs;
  static inline boost::asio::execution_context::id id;

  // By boost::asio::use_service(). Throws std::system_error where the system has no more
  // descriptors.
  explicit Outputs(boost::asio::io_context& context);

  // Calls `readable` whenever `descriptor`, which remains the caller's, has something to be read or
  // has come to its end, until it is forgotten. Throws std::system_error.
  void add(int descriptor, std::function<void()> readable);
  void forget(int descriptor);

  // Has read what is there to be read, having waited for it no longer than `most` or kTick. Whether
  // there was any.
  bool take(std::chrono::milliseconds most);

  // A timer that ticks by itself ends waits that are as long: to set one for each of them and to
  // take it back costs the system more than the turn can spare.
  static constexpr std::chrono::milliseconds kTick{100};

 private:
  void shutdown() override;
  void take_in_context();

  boost::asio::posix::stream_descriptor epoll_;
  boost::asio::posix::stream_descriptor timer_;
  std::unordered_map<int, std::shared_ptr<const std::function<void()>>> readers_;
};

}  // namespace ws2conform::host
