// Adapter: message endpoints of libfabric, with its tcp provider.
//
//     caller data       what fi_connect carries        the answer waits for the decision
//     callee data       what fi_accept carries
//     rejection         fi_reject
//     data              fi_send, fi_recv
//     abortive end      fi_shutdown
//
// There is one notice of an end, FI_SHUTDOWN, for a shutdown, a close and a peer that died, and it
// has no data. So nothing is graceful here, and there is no disconnect data. A connection has a
// thread of its own, which waits for events and completions.

#include <poll.h>
#include <rdma/fabric.h>
#include <rdma/fi_cm.h>
#include <rdma/fi_domain.h>
#include <rdma/fi_endpoint.h>
#include <rdma/fi_eq.h>
#include <rdma/fi_errno.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstring>
#include <set>
#include <thread>
#include <vector>

#include "../cpp/transport.hpp"

namespace {

using namespace ws2adapter;

constexpr std::size_t kUserDataMax = 256;  // of the provider: fi_connect with 257 is FI_EINVAL
constexpr std::size_t kMessageMax = 131'072;
constexpr std::size_t kReceives = 16;  // posted at once
constexpr std::size_t kMostUnsent = 16;

// Of the library, as an error of Winsock's. Its numbers begin with those of errno.
void must(int result) {
  if (result < 0) throw CallFailed(error_name(-result));
}

struct FreeInfo {
  void operator()(fi_info* info) const { fi_freeinfo(info); }
};
using Info = std::unique_ptr<fi_info, FreeInfo>;

Info info_of(const std::string& addr, std::uint64_t flags) {
  const auto [host, port] = parse_address(addr);
  const Info hints(fi_allocinfo());
  hints->ep_attr->type = FI_EP_MSG;
  hints->caps = FI_MSG;
  hints->addr_format = host.find(':') == std::string::npos ? FI_SOCKADDR_IN : FI_SOCKADDR_IN6;
  hints->fabric_attr->prov_name = ::strdup("tcp");
  hints->domain_attr->threading = FI_THREAD_SAFE;
  fi_info* found = nullptr;
  must(fi_getinfo(FI_VERSION(1, 17), host.c_str(), std::to_string(port).c_str(), flags, hints.get(),
                  &found));
  return Info(found);
}

// One for the process.
fid_fabric* fabric(const Info& info) {
  static fid_fabric* const made = [&] {
    fid_fabric* opened = nullptr;
    must(fi_fabric(info->fabric_attr, &opened, nullptr));
    return opened;
  }();
  return made;
}

fid_eq* event_queue(const Info& info) {
  fi_eq_attr wanted{};
  wanted.wait_obj = FI_WAIT_FD;
  fid_eq* made = nullptr;
  must(fi_eq_open(fabric(info), &wanted, &made, nullptr));
  return made;
}

int descriptor_of(fid& queue) {
  int descriptor = -1;
  must(fi_control(&queue, FI_GETWAIT, &descriptor));
  return descriptor;
}

template <typename Queue>
void close(Queue*& queue) {
  if (queue != nullptr) fi_close(&queue->fid);
  queue = nullptr;
}

std::string name_of(fid& end) {
  sockaddr_storage own{};
  std::size_t length = sizeof own;
  fi_getname(&end, &own, &length);
  return address_of(&own);
}

// An event of the connection's management; nothing where there is none.
struct Event {
  std::uint32_t kind = 0;
  int error = 0;
  Info info;
  std::string data;
};

std::optional<Event> next_event(fid_eq* queue) {
  alignas(fi_eq_cm_entry) std::array<std::uint8_t, sizeof(fi_eq_cm_entry) + kUserDataMax> buffer;
  auto* const entry = reinterpret_cast<fi_eq_cm_entry*>(buffer.data());
  Event event;
  const ssize_t size = fi_eq_read(queue, &event.kind, entry, buffer.size(), 0);
  if (size == -FI_EAVAIL) {
    fi_eq_err_entry failed{};
    fi_eq_readerr(queue, &failed, 0);
    event.error = failed.err;
    return event;
  }
  if (size < static_cast<ssize_t>(sizeof *entry)) return std::nullopt;
  if (event.kind == FI_CONNREQ) event.info.reset(entry->info);
  event.data.assign(reinterpret_cast<const char*>(entry->data), size - sizeof *entry);
  return event;
}

// Something that others wake.
class Bell {
 public:
  ~Bell() { ::close(descriptor_); }
  void ring() const { ::eventfd_write(descriptor_, 1); }
  int descriptor() const { return descriptor_; }

 private:
  int descriptor_ = ::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
};

void wait_for(const Info& info, std::vector<fid*> queues, std::vector<int> descriptors) {
  if (fi_trywait(fabric(info), queues.data(), static_cast<int>(queues.size())) != FI_SUCCESS) {
    return;
  }
  std::vector<pollfd> all;
  for (const int descriptor : descriptors) all.push_back({descriptor, POLLIN, 0});
  ::poll(all.data(), all.size(), -1);
}

class Endpoint : public Link {
 public:
  // `passive` for one that was asked for, nullptr for one that asks.
  Endpoint(Info info, fid_pep* passive) : info_(std::move(info)), passive_(passive) {
    if (passive == nullptr) return;
    requested = true;
    local = address_of(info_->src_addr);
    remote = address_of(info_->dest_addr);
  }
  ~Endpoint() override { close_all(); }

  static std::shared_ptr<Endpoint> connect(Info info, const Octets& data) {
    const auto made = std::make_shared<Endpoint>(std::move(info), nullptr);
    const Lock lock(changes().mutex);
    made->remote = address_of(made->info_->dest_addr);
    made->open();
    const std::string text = data.value_or("");
    must(fi_connect(made->endpoint_, made->info_->dest_addr, text.data(), text.size()));
    made->start(made);
    return made;
  }

  void accept(const Octets& data) override {
    const std::string text = data.value_or("");
    if (text.size() > kUserDataMax) {  // fi_accept would write them beyond its buffer
      reject();
      throw CallFailed("WSAEFAULT");
    }
    try {
      open();
      must(fi_accept(endpoint_, text.data(), text.size()));
    } catch (const CallFailed&) {
      lost = true;
      throw;
    }
    start(std::static_pointer_cast<Endpoint>(shared_from_this()));
  }
  void reject() override {
    lost = true;
    fi_reject(passive_, info_->handle, nullptr, 0);
  }
  bool writable() const override { return unsent_.size() < kMostUnsent; }
  void send(std::string data) override {
    if (data.size() > kMessageMax) throw CallFailed("WSAEMSGSIZE");
    auto message = std::make_unique<std::string>(std::move(data));
    must(static_cast<int>(
        fi_send(endpoint_, message->data(), message->size(), nullptr, 0, message.get())));
    unsent_.insert(std::move(message));
  }
  void end(const Octets&) override {
    ending_ = true;
    bell_.ring();
  }
  void abort() override {
    lost = true;
    bell_.ring();
  }

  static void end_all() {
    Lock lock(changes().mutex);
    for (Endpoint* link : running_) link->abort();
    changes().happened.wait(lock, [] { return running_.empty(); });
  }

 private:
  void open();
  void start(const std::shared_ptr<Endpoint>& self);
  void run();
  void post(std::vector<char>& buffer) {
    fi_recv(endpoint_, buffer.data(), buffer.size(), nullptr, 0, &buffer);
  }
  void take_events();
  void take_completions();
  void close_all() {
    close(endpoint_);
    close(completions_);
    close(events_);
    close(domain_);
  }

  static inline std::set<Endpoint*> running_;

  Info info_;
  fid_pep* passive_;
  fid_domain* domain_ = nullptr;
  fid_eq* events_ = nullptr;
  fid_cq* completions_ = nullptr;
  fid_ep* endpoint_ = nullptr;
  Bell bell_;
  std::array<std::vector<char>, kReceives> received_;
  std::set<std::unique_ptr<std::string>> unsent_;
  bool ending_ = false;
  bool gone_ = false;  // the library said so
};

void Endpoint::open() {
  must(fi_domain(fabric(info_), info_.get(), &domain_, nullptr));
  events_ = event_queue(info_);
  fi_cq_attr wanted{};
  wanted.format = FI_CQ_FORMAT_MSG;
  wanted.wait_obj = FI_WAIT_FD;
  must(fi_cq_open(domain_, &wanted, &completions_, nullptr));
  must(fi_endpoint(domain_, info_.get(), &endpoint_, nullptr));
  must(fi_ep_bind(endpoint_, &events_->fid, 0));
  must(fi_ep_bind(endpoint_, &completions_->fid, FI_SEND | FI_RECV));
  must(fi_enable(endpoint_));
  for (std::vector<char>& buffer : received_) {
    buffer.assign(kMessageMax, kFiller);
    post(buffer);
  }
}

void Endpoint::start(const std::shared_ptr<Endpoint>& self) {
  running_.insert(this);
  std::thread([this, self] {
    run();
    const Lock lock(changes().mutex);
    running_.erase(this);
    changes().happened.notify_all();
  }).detach();
}

void Endpoint::run() {
  const std::vector<int> descriptors = {descriptor_of(events_->fid),
                                        descriptor_of(completions_->fid), bell_.descriptor()};
  while (true) {
    {
      const Lock lock(changes().mutex);
      take_events();
      take_completions();  // also those of before the end
      lost = lost || gone_;
      changes().happened.notify_all();
      if (lost) break;
      if (ending_ && unsent_.empty()) {
        fi_shutdown(endpoint_, 0);
        break;
      }
    }
    wait_for(info_, {&events_->fid, &completions_->fid}, descriptors);
    eventfd_t rung = 0;
    ::eventfd_read(bell_.descriptor(), &rung);
  }
  const Lock lock(changes().mutex);
  close_all();
  lost = true;
}

void Endpoint::take_events() {
  while (auto event = next_event(events_)) {
    if (event->error != 0) {
      rejected = !connected && event->error == FI_ECONNREFUSED;
      gone_ = true;
    } else if (event->kind == FI_CONNECTED) {
      local = name_of(endpoint_->fid);
      if (passive_ == nullptr && !event->data.empty()) callee_data = event->data;
      connected = true;
    } else if (event->kind == FI_SHUTDOWN) {
      gone_ = true;
    }
  }
}

void Endpoint::take_completions() {
  fi_cq_msg_entry done{};
  while (true) {
    const ssize_t count = fi_cq_read(completions_, &done, 1);
    if (count == -FI_EAVAIL) {  // cancelled by the end
      fi_cq_err_entry failed{};
      fi_cq_readerr(completions_, &failed, 0);
      continue;
    }
    if (count < 1) return;
    if ((done.flags & FI_RECV) != 0) {
      auto& buffer = *static_cast<std::vector<char>*>(done.op_context);
      messages.emplace_back(buffer.data(), done.len);
      post(buffer);
    } else {
      const auto sent = std::find_if(unsent_.begin(), unsent_.end(), [&](const auto& message) {
        return message.get() == done.op_context;
      });
      if (sent != unsent_.end()) unsent_.erase(sent);
    }
  }
}

class PassiveEndpoint : public Listener {
 public:
  explicit PassiveEndpoint(Info info) : info_(std::move(info)), events_(event_queue(info_)) {
    must(fi_passive_ep(fabric(info_), info_.get(), &passive_, nullptr));
    must(fi_pep_bind(passive_, &events_->fid, 0));
    must(fi_listen(passive_));
    local = name_of(passive_->fid);
    taker_ = std::thread([this] { take(); });
  }
  ~PassiveEndpoint() override {
    over_ = true;
    bell_.ring();
    taker_.join();
    {
      const Lock lock(changes().mutex);
      for (const auto& link : waiting) link->reject();
      waiting.clear();
    }
    close(passive_);
    close(events_);
  }
  void abort() override {}  // a request has no other end than a rejection

 private:
  void take() {
    const std::vector<int> descriptors = {descriptor_of(events_->fid), bell_.descriptor()};
    while (!over_) {
      while (auto event = next_event(events_)) {
        if (event->kind != FI_CONNREQ) continue;
        const auto link = std::make_shared<Endpoint>(std::move(event->info), passive_);
        if (!event->data.empty()) link->caller_data = event->data;
        const Lock lock(changes().mutex);
        waiting.push_back(link);
        changes().happened.notify_all();
      }
      wait_for(info_, {&events_->fid}, descriptors);
    }
  }

  Info info_;
  fid_eq* events_;
  fid_pep* passive_ = nullptr;
  Bell bell_;
  std::atomic<bool> over_ = false;
  std::thread taker_;
};

class Fabric : public Transport {
 public:
  std::unique_ptr<Listener> listen(const std::string& addr, const std::string&, int) override {
    return std::make_unique<PassiveEndpoint>(info_of(addr, FI_SOURCE));
  }
  std::shared_ptr<Link> connect(const std::string& addr, const Octets& data) override {
    return Endpoint::connect(info_of(addr, 0), data);
  }
};

}  // namespace

int main() {
  Fabric transport;
  const std::uint32_t version = fi_version();
  transport.implementation = "libfabric's tcp provider";
  transport.version = std::to_string(FI_MAJOR(version)) + "." + std::to_string(FI_MINOR(version));
  transport.provider = {{"name", "fabric"},
                        {"type", "SOCK_SEQPACKET"},
                        {"flags",
                         {"XP1_GUARANTEED_DELIVERY", "XP1_GUARANTEED_ORDER", "XP1_MESSAGE_ORIENTED",
                          "XP1_CONNECT_DATA"}},
                        {"families", {"AF_INET", "AF_INET6"}},
                        {"capabilities", {"conditional-accept", "delayed-accept"}},
                        {"caller_data_max", kUserDataMax},
                        {"callee_data_max", kUserDataMax}};
  transport.without = {"shutdown", "WSASendDisconnect", "WSARecvDisconnect", "setsockopt"};
  // Not relayable, although a connection is one TCP connection: the provider loses a request that
  // comes in pieces.
  const int status = serve(transport);
  Endpoint::end_all();
  return status;
}
