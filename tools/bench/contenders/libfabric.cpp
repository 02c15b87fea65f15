// libfabric's connected endpoints over its tcp provider: user data with the request and the
// acceptance; disconnect data as messages, and then a shutdown.

#include <rdma/fabric.h>
// After fabric.h.
#include <netinet/in.h>
#include <rdma/fi_cm.h>
#include <rdma/fi_domain.h>
#include <rdma/fi_endpoint.h>
#include <rdma/fi_eq.h>

#include <array>
#include <cstring>
#include <string>

#include "contenders/all.hpp"
#include "octets.hpp"

namespace bench {
namespace {

void check(long result, const char* what) {
  if (result < 0) fail((std::string(what) + ": " + fi_strerror(static_cast<int>(-result))).c_str());
}

/// Closes what libfabric made.
template <typename Object>
class Made {
 public:
  Made() = default;
  Made(const Made&) = delete;
  Made& operator=(const Made&) = delete;
  ~Made() {
    if (object_ != nullptr) fi_close(&object_->fid);
  }
  Object** out() { return &object_; }
  Object* get() const { return object_; }
  fid* id() const { return &object_->fid; }

 private:
  Object* object_ = nullptr;
};

class Info {
 public:
  Info(const char* service, std::uint64_t flags) {
    fi_info* hints = fi_allocinfo();
    hints->ep_attr->type = FI_EP_MSG;
    hints->caps = FI_MSG;
    hints->addr_format = FI_SOCKADDR_IN;
    hints->fabric_attr->prov_name = strdup("tcp");
    const int result = fi_getinfo(FI_VERSION(1, 14), "127.0.0.1", service, flags, hints, &info_);
    fi_freeinfo(hints);
    check(result, "fi_getinfo");
  }
  ~Info() { fi_freeinfo(info_); }
  Info(const Info&) = delete;
  Info& operator=(const Info&) = delete;
  fi_info* get() const { return info_; }

 private:
  fi_info* info_ = nullptr;
};

/// What either end has all the time.
struct Fabric {
  Fabric(const char* service, std::uint64_t flags) : info(service, flags) {
    check(fi_fabric(info.get()->fabric_attr, fabric.out(), nullptr), "fi_fabric");
    fi_eq_attr events{};
    events.wait_obj = FI_WAIT_UNSPEC;
    check(fi_eq_open(fabric.get(), &events, eq.out(), nullptr), "fi_eq_open");
    check(fi_domain(fabric.get(), info.get(), domain.out(), nullptr), "fi_domain");
    fi_cq_attr completions{};
    completions.format = FI_CQ_FORMAT_CONTEXT;
    completions.wait_obj = FI_WAIT_UNSPEC;
    check(fi_cq_open(domain.get(), &completions, cq.out(), nullptr), "fi_cq_open");
  }

  void open(fi_info* of, Made<fid_ep>& ep) {
    check(fi_endpoint(domain.get(), of, ep.out(), nullptr), "fi_endpoint");
    check(fi_ep_bind(ep.get(), eq.id(), 0), "fi_ep_bind");
    check(fi_ep_bind(ep.get(), cq.id(), FI_TRANSMIT | FI_RECV), "fi_ep_bind");
    check(fi_enable(ep.get()), "fi_enable");
    post_receive(ep.get());
  }

  /// Of the request only: information for its endpoint, to be freed.
  fi_info* await(std::uint32_t wanted) {
    std::uint32_t type = FI_SHUTDOWN;
    long result = 0;
    // An earlier connection's shutdown may be told at any time.
    while (type == FI_SHUTDOWN) {
      do {
        result = fi_eq_sread(eq.get(), &type, event.data(), event.size(), -1, 0);
      } while (result == -FI_EAGAIN || result == -FI_EINTR);
      check(result, "fi_eq_sread");
    }
    if (type != wanted) fail("another event");
    event_size = static_cast<std::size_t>(result);
    fi_eq_cm_entry entry;
    std::memcpy(&entry, event.data(), sizeof entry);
    return entry.info;
  }
  /// The user data that the event brought.
  void verify_event(Part part) const {
    verify(part, std::span(event).first(event_size).subspan(sizeof(fi_eq_cm_entry)));
  }

  void post_receive(fid_ep* ep) {
    check(fi_recv(ep, received.data(), kPiece, nullptr, 0, nullptr), "fi_recv");
  }
  /// Another receive is posted afterwards.
  void receive_part(fid_ep* ep, Part part) {
    await_completion();
    verify(part, received);
    post_receive(ep);
  }

  void await_completion() {
    fi_cq_entry entry;
    long result;
    do {
      result = fi_cq_sread(cq.get(), &entry, 1, nullptr, -1);
    } while (result == -FI_EAGAIN || result == -FI_EINTR);
    check(result, "fi_cq_sread");
  }

  /// The shutdown ends the receive that is posted.
  void await_end() {
    fi_cq_entry entry;
    long result;
    do {
      result = fi_cq_sread(cq.get(), &entry, 1, nullptr, -1);
    } while (result == -FI_EAGAIN || result == -FI_EINTR);
    fi_cq_err_entry error{};
    if (result != -FI_EAVAIL || fi_cq_readerr(cq.get(), &error, 0) < 0) fail("no end");
  }

  void send_part(fid_ep* ep, Part part) {
    long result;
    while ((result = fi_inject(ep, piece(part).data(), kPiece, 0)) == -FI_EAGAIN) {
      fi_cq_read(cq.get(), nullptr, 0);
    }
    check(result, "fi_inject");
  }

  Piece received;
  std::array<char, 512> event;
  std::size_t event_size = 0;
  const Info info;
  Made<fid_fabric> fabric;
  Made<fid_eq> eq;
  Made<fid_domain> domain;
  Made<fid_cq> cq;
};

class FabricServer final : public Server {
 public:
  FabricServer() : fabric_("0", FI_SOURCE) {
    check(fi_passive_ep(fabric_.fabric.get(), fabric_.info.get(), passive_.out(), nullptr),
          "fi_passive_ep");
    check(fi_pep_bind(passive_.get(), fabric_.eq.id(), 0), "fi_pep_bind");
    check(fi_listen(passive_.get()), "fi_listen");
    sockaddr_in name{};
    std::size_t size = sizeof name;
    check(fi_getname(passive_.id(), &name, &size), "fi_getname");
    port_ = ntohs(name.sin_port);
  }

  std::uint16_t port() const override { return port_; }

  void serve_exchange() override {
    fi_info* request = fabric_.await(FI_CONNREQ);
    fabric_.verify_event(Part::kCaller);
    Made<fid_ep> ep;
    fabric_.open(request, ep);
    fi_freeinfo(request);
    check(fi_accept(ep.get(), piece(Part::kCallee).data(), kPiece), "fi_accept");
    fabric_.await(FI_CONNECTED);
    fabric_.receive_part(ep.get(), Part::kRequest);
    fabric_.send_part(ep.get(), Part::kReply);
    fabric_.receive_part(ep.get(), Part::kClientEnd);
    fabric_.send_part(ep.get(), Part::kServerEnd);
    fabric_.await_end();
  }

 private:
  Fabric fabric_;
  Made<fid_pep> passive_;
  std::uint16_t port_;
};

class FabricClient final : public Client {
 public:
  explicit FabricClient(std::uint16_t port) : fabric_(std::to_string(port).c_str(), 0) {}

  void exchange() override {
    Made<fid_ep> ep;
    fabric_.open(fabric_.info.get(), ep);
    check(fi_connect(ep.get(), fabric_.info.get()->dest_addr, piece(Part::kCaller).data(), kPiece),
          "fi_connect");
    fabric_.await(FI_CONNECTED);
    fabric_.verify_event(Part::kCallee);
    fabric_.send_part(ep.get(), Part::kRequest);
    fabric_.receive_part(ep.get(), Part::kReply);
    fabric_.send_part(ep.get(), Part::kClientEnd);
    fabric_.await_completion();
    verify(Part::kServerEnd, fabric_.received);
    check(fi_shutdown(ep.get(), 0), "fi_shutdown");
  }

 private:
  Fabric fabric_;
};

}  // namespace

Contender libfabric() {
  return {
      .name = "libfabric tcp",
      .can = Contender::kExchange,
      .serve = [] { return std::unique_ptr<Server>(new FabricServer); },
      .call = [](std::uint16_t port) { return std::unique_ptr<Client>(new FabricClient(port)); },
      .package = {},
      .remark = "caller and callee data and the decision; disconnect data as messages"};
}

}  // namespace bench
