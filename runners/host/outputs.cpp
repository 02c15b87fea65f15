#include "runners/host/outputs.hpp"

#include <sys/epoll.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdint>
#include <system_error>
#include <utility>

namespace ws2conform::host {
namespace {

int made(int descriptor, const char* call) {
  if (descriptor < 0) throw std::system_error(errno, std::generic_category(), call);
  return descriptor;
}

void wait_for(int epoll, int descriptor) {
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.fd = descriptor;
  made(::epoll_ctl(epoll, EPOLL_CTL_ADD, descriptor, &event), "epoll_ctl");
}

void tick(int timer) {
  constexpr std::chrono::nanoseconds kEach = Outputs::kTick;
  const itimerspec each{{0, kEach.count()}, {0, kEach.count()}};
  made(::timerfd_settime(timer, 0, &each, nullptr), "timerfd_settime");
}

}  // namespace

Outputs::Outputs(boost::asio::io_context& context)
    : service(context),
      epoll_(context, made(::epoll_create1(EPOLL_CLOEXEC), "epoll_create1")),
      timer_(context, made(::timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK),
                           "timerfd_create")) {
  wait_for(epoll_.native_handle(), timer_.native_handle());
  tick(timer_.native_handle());
  take_in_context();
}

void Outputs::shutdown() {
  epoll_.close();
  timer_.close();
  readers_.clear();
}

void Outputs::add(int descriptor, std::function<void()> readable) {
  wait_for(epoll_.native_handle(), descriptor);
  readers_[descriptor] = std::make_shared<const std::function<void()>>(std::move(readable));
}

void Outputs::forget(int descriptor) {
  if (readers_.erase(descriptor) == 0) return;
  ::epoll_ctl(epoll_.native_handle(), EPOLL_CTL_DEL, descriptor, nullptr);
}

bool Outputs::take(std::chrono::milliseconds most) {
  std::array<epoll_event, 16> events;
  const int count =
      ::epoll_wait(epoll_.native_handle(), events.data(), static_cast<int>(events.size()),
                   most < kTick ? static_cast<int>(most.count()) : -1);
  bool is_any = false;
  for (int i = 0; i < count; ++i) {
    const int descriptor = events.at(static_cast<std::size_t>(i)).data.fd;
    if (descriptor == timer_.native_handle()) {
      std::uint64_t ticks = 0;
      [[maybe_unused]] const ssize_t got = ::read(descriptor, &ticks, sizeof ticks);
      continue;
    }
    is_any = true;
    const auto found = readers_.find(descriptor);
    if (found == readers_.end()) continue;  // forgotten by one that was called before it
    const auto reader = found->second;      // which may forget itself
    (*reader)();
  }
  return is_any;
}

void Outputs::take_in_context() {
  epoll_.async_wait(boost::asio::posix::stream_descriptor::wait_read,
                    [this](boost::system::error_code error) {
                      if (error) return;
                      take(std::chrono::milliseconds::zero());
                      take_in_context();
                    });
}

}  // namespace ws2conform::host
