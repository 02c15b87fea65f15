// A layer over a socket of the reference: every call goes through. A fault overrides the calls it
// is about.
#pragma once

#include <functional>
#include <memory>
#include <utility>

#include "provider/service_provider.hpp"

namespace ws2conform::zoo {

// Makes the layer over one socket.
using Wrap =
    std::function<std::shared_ptr<ws2::ServiceSocket>(std::shared_ptr<ws2::ServiceSocket>)>;

class LayeredSocket : public ws2::ServiceSocket {
 public:
  LayeredSocket(std::shared_ptr<ws2::ServiceSocket> inner, Wrap wrap)
      : inner_(std::move(inner)), wrap_(std::move(wrap)) {}

  const ws2::ProviderEntry& entry() const override { return inner_->entry(); }
  int bind(const ws2::Endpoint& name) override { return inner_->bind(name); }
  int listen(int backlog) override { return inner_->listen(backlog); }
  int connect(const ws2::ConnectCall& call) override { return inner_->connect(call); }
  // The accepted socket gets its layer here.
  int accept(const ws2::AcceptCall& call, ws2::Accepted& accepted) override;
  int send(std::span<const ws2::ByteView> buffers, bool end_of_message,
           std::size_t& sent) override {
    return inner_->send(buffers, end_of_message, sent);
  }
  int receive(std::span<const ws2::MutableByteView> buffers, const ws2::ReceiveCall& call,
              ws2::ReceiveResult& received) override {
    return inner_->receive(buffers, call, received);
  }
  int start_send(std::span<const ws2::ByteView> buffers, bool end_of_message, std::size_t& sent,
                 ws2::OverlappedDone done) override {
    return inner_->start_send(buffers, end_of_message, sent, std::move(done));
  }
  int start_receive(std::span<const ws2::MutableByteView> buffers, const ws2::ReceiveCall& call,
                    ws2::ReceiveResult& received, ws2::OverlappedDone done) override {
    return inner_->start_receive(buffers, call, received, std::move(done));
  }
  void cancel_overlapped() override { inner_->cancel_overlapped(); }
  int send_disconnect(std::optional<ws2::ByteView> data) override {
    return inner_->send_disconnect(data);
  }
  int receive_disconnect(std::optional<ws2::MutableByteView> buffer, std::size_t& bytes) override {
    return inner_->receive_disconnect(buffer, bytes);
  }
  int shutdown(ws2::ShutdownHow how) override { return inner_->shutdown(how); }
  int close() override { return inner_->close(); }
  int get_qos(ws2::Qos& qos) override { return inner_->get_qos(qos); }
  int set_qos(const ws2::Qos& qos) override { return inner_->set_qos(qos); }
  int join_group(std::uint32_t group) override { return inner_->join_group(group); }
  int get_user_data(ws2::UserData which, ws2::Bytes& data) override {
    return inner_->get_user_data(which, data);
  }
  int set_user_data(ws2::UserData which, ws2::ByteView data) override {
    return inner_->set_user_data(which, data);
  }
  int reserve_user_data(ws2::UserData which, std::size_t size) override {
    return inner_->reserve_user_data(which, size);
  }
  // Keeps the object and the mask, as an accepted socket inherits them.
  int select_events(std::shared_ptr<ws2::EventObject> object, int mask) override;
  int enumerate_events(ws2::EventObject* object, ws2::NetworkEvents& events) override {
    return inner_->enumerate_events(object, events);
  }
  int readiness(ws2::Readiness& found) override { return inner_->readiness(found); }
  int observe(std::shared_ptr<ws2::EventObject> observer) override {
    return inner_->observe(std::move(observer));
  }
  void unobserve(const ws2::EventObject* observer) override { inner_->unobserve(observer); }
  // Likewise.
  int set_blocking(bool blocking) override;
  int available(std::size_t& bytes) override { return inner_->available(bytes); }
  int get_option(ws2::Option option, int& value) override {
    return inner_->get_option(option, value);
  }
  int set_option(ws2::Option option, int value) override {
    return inner_->set_option(option, value);
  }
  int get_linger(ws2::Linger& linger) override { return inner_->get_linger(linger); }
  int set_linger(const ws2::Linger& linger) override { return inner_->set_linger(linger); }
  int local_name(ws2::Endpoint& name) override { return inner_->local_name(name); }
  int peer_name(ws2::Endpoint& name) override { return inner_->peer_name(name); }

  // Null where no events are selected.
  const std::shared_ptr<ws2::EventObject>& event_object() const { return event_object_; }
  int event_mask() const { return event_mask_; }
  bool is_blocking() const { return is_blocking_; }

 protected:
  ws2::ServiceSocket& inner() { return *inner_; }
  const ws2::Limits& limits() const { return *inner_->entry().limits; }
  // Lets the socket below live as long as the process, whoever lets go of it.
  void keep_for_ever();
  // Called for an accepted socket, once it has its layer.
  virtual void on_accepted(LayeredSocket&) {}

 private:
  std::shared_ptr<ws2::ServiceSocket> inner_;
  Wrap wrap_;
  std::shared_ptr<ws2::EventObject> event_object_;
  int event_mask_ = 0;
  bool is_blocking_ = true;
};

struct Effect;

// Everything that is opened from now on has the effect, which has to live as long as the process.
void install(const Effect& effect);

}  // namespace ws2conform::zoo
