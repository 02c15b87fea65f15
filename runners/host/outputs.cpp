#include "runners/host/outputs.hpp"

#include <sys/epoll.h>

#include <array>
#include <cerrno>
#include <system_error>
#include <utility>

namespace ws2conform::host {
namespace {

int made_epoll() {
  const int made = ::epoll_create1(EPOLL_CLOEXEC);
  if (made < 0) throw std::system_error(errno, std::generic_category(), "epoll_create1");
  return made;
}

}  // namespace

Outputs::Outputs(boost::asio::io_context& context)
    : service(context), epoll_(context, made_epoll()) {
  take_in_context();
}

void Outputs::shutdown() {
  epoll_.close();
  readers_.clear();
}

void Outputs::add(int descriptor, std::function<void()> readable) {
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.fd = descriptor;
  if (::epoll_ctl(epoll_.native_handle(), EPOLL_CTL_ADD, descriptor, &event) != 0) {
    throw std::system_error(errno, std::generic_category(), "epoll_ctl");
  }
  readers_[descriptor] = std::make_shared<const std::function<void()>>(std::move(readable));
}

void Outputs::forget(int descriptor) {
  if (readers_.erase(descriptor) == 0) return;
  ::epoll_ctl(epoll_.native_handle(), EPOLL_CTL_DEL, descriptor, nullptr);
}

bool Outputs::take(std::chrono::milliseconds most) {
  std::array<epoll_event, 16> events;
  const int count = ::epoll_wait(epoll_.native_handle(), events.data(),
                                 static_cast<int>(events.size()), static_cast<int>(most.count()));
  for (int i = 0; i < count; ++i) {
    const auto found = readers_.find(events.at(static_cast<std::size_t>(i)).data.fd);
    if (found == readers_.end()) continue;  // forgotten by one that was called before it
    const auto reader = found->second;      // which may forget itself
    (*reader)();
  }
  return count > 0;
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
