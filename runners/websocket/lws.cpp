// Adapter: WebSocket through libwebsockets.
//
//     caller data       a header of the request        the answer waits for the decision
//     callee data       a header of the answer, 101
//     rejection         the answer 403
//     data              binary messages
//     graceful end      a close frame, and the disconnect data as its reason
//     abortive end      a reset
//
// An end that is told of a close chooses its own answer here, code and reason, and may send before
// it: the callback that tells of it returns when the application has decided. The end that closed
// first is not told what the answer was, nor of anything else that comes after its own close.
//
// The library calls back in the thread that serves it, and each answer is a callback's return
// value. So every connection has a context and a thread of its own, which waits for the application
// within the callback and keeps nobody else waiting.

#include <libwebsockets.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstring>
#include <set>
#include <thread>

#include "../cpp/transport.hpp"

namespace {

using namespace ws2adapter;

constexpr char kCallerData[] = "x-caller-data:";
constexpr char kCalleeData[] = "x-callee-data:";
// As websocket.py has them.
constexpr std::size_t kHeaderMax = 6'126;
constexpr std::size_t kReasonMax = 92;  // of the 123 octets of text of RFC 6455, 5.5
constexpr unsigned kBuffer = 16'384;    // of the library, for headers and for what is received
// Queued for one direction, in octets.
constexpr std::size_t kMostQueued = 262'144;

int on_event(lws* wsi, lws_callback_reasons reason, void* user, void* in, std::size_t length);

const lws_protocols kProtocols[] = {{"ws2conform", on_event, 0, kBuffer, 0, nullptr, 0},
                                    {nullptr, nullptr, 0, 0, 0, nullptr, 0}};

std::size_t octets_in(const std::deque<std::string>& messages) {
  std::size_t sum = 0;
  for (const std::string& message : messages) sum += message.size();
  return sum;
}

Octets header(lws* wsi, const char* name) {
  const int length = static_cast<int>(std::strlen(name));
  const int octets = lws_hdr_custom_length(wsi, name, length);
  if (octets < 0) return std::nullopt;
  std::string value(static_cast<std::size_t>(octets) + 1, '\0');
  lws_hdr_custom_copy(wsi, value.data(), octets + 1, name, length);
  value.resize(static_cast<std::size_t>(octets));
  return from_text(value);
}

class WebSocket : public Link {
 public:
  // At a server, of a connection that was accepted; at a client, of one to be made.
  static std::shared_ptr<WebSocket> serve(int descriptor) {
    const auto made = std::make_shared<WebSocket>();
    made->local = local_address(descriptor);
    made->remote = remote_address(descriptor);
    made->start([made, descriptor] { made->run(descriptor, "", std::nullopt); });
    return made;
  }
  static std::shared_ptr<WebSocket> connect(const std::string& addr, const Octets& data) {
    const auto made = std::make_shared<WebSocket>();
    const Lock lock(changes().mutex);
    made->start([made, addr, data] { made->run(-1, addr, data); });
    return made;
  }
  // Ends all there are, and waits for their threads.
  static void end_all() {
    Lock lock(changes().mutex);
    for (WebSocket* link : running_) link->abort();
    changes().happened.wait(lock, [] { return running_.empty(); });
  }

  void accept(const Octets& data) override {
    callee_data = data;
    decide(Decision::kAccept);
  }
  void reject() override { decide(Decision::kReject); }
  void send(std::string data) override {
    unsent_.push_back(std::move(data));
    wake();
  }
  bool writable() const override { return octets_in(unsent_) < kMostQueued; }
  void end(const Octets& data) override {
    if (!reason_) reason_ = to_text(data.value_or(""));
    wake();
  }
  void abort() override {
    aborted_ = true;
    lost = true;
    wake();
  }
  void taken() override { wake(); }

  // In the thread of its own.
  int on(lws* wsi, lws_callback_reasons what, void* in, std::size_t length);

 private:
  enum class Decision { kNone, kAccept, kReject };

  template <typename Run>
  void start(Run run) {
    running_.insert(this);
    std::thread([this, run = std::move(run)] {
      run();
      const Lock lock(changes().mutex);
      running_.erase(this);
      changes().happened.notify_all();
    }).detach();
  }
  void decide(Decision decision) {
    decision_ = decision;
    changes().happened.notify_all();
  }
  void wake() {
    changes().happened.notify_all();
    if (context_ != nullptr) lws_cancel_service(context_);
  }
  void run(int descriptor, const std::string& addr, const Octets& data);
  bool dial(const std::string& addr);
  void receive(lws* wsi, const void* in, std::size_t length);
  int peer_closes(lws* wsi, const char* in, std::size_t length, Lock& lock);
  int write(lws* wsi);
  bool write_one(lws* wsi);
  int say_close(lws* wsi);

  static inline std::set<WebSocket*> running_;

  lws_context* context_ = nullptr;
  lws* wsi_ = nullptr;
  Decision decision_ = Decision::kNone;
  std::string partial_;  // of a message that comes in pieces
  std::deque<std::string> unsent_;
  Octets reason_;  // of the close frame that the application wants
  bool closing_ = false;
  bool aborted_ = false;
  bool over_ = false;  // the library has let go of the connection
  bool refused_ = false;
};

void WebSocket::run(int descriptor, const std::string& addr, const Octets& data) {
  lws_context_creation_info info{};
  info.port = CONTEXT_PORT_NO_LISTEN;
  info.protocols = kProtocols;
  info.user = this;
  info.gid = info.uid = static_cast<decltype(info.gid)>(-1);
  info.pt_serv_buf_size = info.max_http_header_data2 = kBuffer;
  info.fd_limit_per_thread = 16;
  caller_data = data;
  lws_context* const context = lws_create_context(&info);
  Lock lock(changes().mutex);
  context_ = context;
  lock.unlock();
  bool begun = context != nullptr;
  if (begun && descriptor >= 0) {
    wsi_ = lws_adopt_socket(context, descriptor);
    begun = wsi_ != nullptr;
  } else if (begun) {
    begun = dial(addr);
  }
  lock.lock();
  while (begun && !over_ && !aborted_) {
    lock.unlock();
    lws_service(context, 0);
    lock.lock();
  }
  if (aborted_ && !over_ && wsi_ != nullptr) {
    const linger now{1, 0};
    ::setsockopt(lws_get_socket_fd(wsi_), SOL_SOCKET, SO_LINGER, &now, sizeof now);
  }
  lost = lost || !(ended || closing_);
  context_ = nullptr;
  over_ = true;
  changes().happened.notify_all();
  lock.unlock();
  if (context != nullptr) lws_context_destroy(context);
}

bool WebSocket::dial(const std::string& addr) {
  const auto [host, port] = parse_address(addr);
  lws_client_connect_info info{};
  info.context = context_;
  info.address = info.host = host.c_str();
  info.port = port;
  info.path = "/";
  info.local_protocol_name = kProtocols[0].name;
  info.ietf_version_or_minus_one = -1;
  info.pwsi = &wsi_;
  return lws_client_connect_via_info(&info) != nullptr;
}

int WebSocket::on(lws* wsi, lws_callback_reasons what, void* in, std::size_t length) {
  Lock lock(changes().mutex);
  struct Tell {  // whatever happened
    ~Tell() { changes().happened.notify_all(); }
  } tell;
  switch (what) {
    case LWS_CALLBACK_CLIENT_APPEND_HANDSHAKE_HEADER: {
      local = local_address(lws_get_socket_fd(wsi));
      remote = remote_address(lws_get_socket_fd(wsi));
      auto** const at = static_cast<unsigned char**>(in);
      if (!caller_data) return 0;
      const std::string text = to_text(*caller_data);
      return lws_add_http_header_by_name(wsi, reinterpret_cast<const unsigned char*>(kCallerData),
                                         reinterpret_cast<const unsigned char*>(text.data()),
                                         static_cast<int>(text.size()), at, *at + length);
    }
    case LWS_CALLBACK_CLIENT_FILTER_PRE_ESTABLISH:  // the last that has the headers
      callee_data = header(wsi, kCalleeData);
      return 0;
    case LWS_CALLBACK_CLIENT_ESTABLISHED:
      connected = true;
      return 0;
    case LWS_CALLBACK_CLIENT_CONNECTION_ERROR:
      rejected = remote.empty() || lws_http_client_http_response(wsi) >= 400;
      over_ = true;
      return 0;
    case LWS_CALLBACK_HTTP_CONFIRM_UPGRADE:
      wsi_ = wsi;
      caller_data = header(wsi, kCallerData);
      requested = true;
      changes().happened.notify_all();
      changes().happened.wait(lock, [&] { return decision_ != Decision::kNone || aborted_; });
      if (aborted_) return -1;
      if (decision_ == Decision::kAccept) return 0;
      refused_ = true;
      lws_return_http_status(wsi, HTTP_STATUS_FORBIDDEN, nullptr);
      return 1;
    case LWS_CALLBACK_ADD_HEADERS: {
      if (!callee_data || refused_) return 0;
      auto* const to = static_cast<lws_process_html_args*>(in);
      const std::string text = kCalleeData + (" " + to_text(*callee_data)) + "\r\n";
      if (text.size() > static_cast<std::size_t>(to->max_len)) return 1;
      std::memcpy(to->p, text.data(), text.size());
      to->p += text.size();
      return 0;
    }
    case LWS_CALLBACK_ESTABLISHED:
      connected = true;
      return 0;
    case LWS_CALLBACK_RECEIVE:
    case LWS_CALLBACK_CLIENT_RECEIVE:
      receive(wsi, in, length);
      return 0;
    case LWS_CALLBACK_WS_PEER_INITIATED_CLOSE:
      return peer_closes(wsi, static_cast<const char*>(in), length, lock);
    case LWS_CALLBACK_SERVER_WRITEABLE:
    case LWS_CALLBACK_CLIENT_WRITEABLE:
      return write(wsi);
    case LWS_CALLBACK_EVENT_WAIT_CANCELLED:  // wake()
      if (wsi_ == nullptr || !connected || over_) return 0;
      lws_rx_flow_control(wsi_, octets_in(messages) < kMostQueued ? 1 : 0);
      if (!unsent_.empty() || (reason_ && !closing_)) lws_callback_on_writable(wsi_);
      return 0;
    case LWS_CALLBACK_CLOSED:
    case LWS_CALLBACK_CLIENT_CLOSED:
    case LWS_CALLBACK_CLOSED_HTTP:
      over_ = true;
      return 0;
    default:
      return 0;
  }
}

void WebSocket::receive(lws* wsi, const void* in, std::size_t length) {
  partial_.append(static_cast<const char*>(in), length);
  if (lws_remaining_packet_payload(wsi) > 0 || lws_is_final_fragment(wsi) == 0) return;
  messages.push_back(std::move(partial_));
  partial_.clear();
  if (octets_in(messages) >= kMostQueued) lws_rx_flow_control(wsi, 0);
}

// What this returns from is the library's whole notice of a close: the answer is due.
int WebSocket::peer_closes(lws* wsi, const char* in, std::size_t length, Lock& lock) {
  if (length > 2) disconnect_data = from_text({in + 2, length - 2});
  ended = true;
  changes().happened.notify_all();
  while (true) {
    changes().happened.wait(lock, [&] { return !unsent_.empty() || reason_ || aborted_; });
    if (aborted_) return 0;
    if (unsent_.empty()) return say_close(wsi);
    if (!write_one(wsi)) return -1;
  }
}

int WebSocket::write(lws* wsi) {
  if (!unsent_.empty()) {
    if (!write_one(wsi)) return -1;
    lws_callback_on_writable(wsi);
    return 0;
  }
  return reason_ && !closing_ ? say_close(wsi) : 0;
}

bool WebSocket::write_one(lws* wsi) {
  const std::string message = std::move(unsent_.front());
  unsent_.pop_front();
  std::vector<unsigned char> framed(LWS_PRE + message.size());
  std::memcpy(framed.data() + LWS_PRE, message.data(), message.size());
  return lws_write(wsi, framed.data() + LWS_PRE, message.size(), LWS_WRITE_BINARY) >= 0;
}

int WebSocket::say_close(lws* wsi) {
  closing_ = true;
  lws_close_reason(wsi, LWS_CLOSE_STATUS_NORMAL, reinterpret_cast<unsigned char*>(reason_->data()),
                   reason_->size());
  return -1;
}

int on_event(lws* wsi, lws_callback_reasons reason, void*, void* in, std::size_t length) {
  auto* const link = static_cast<WebSocket*>(lws_context_user(lws_get_context(wsi)));
  return link->on(wsi, reason, in, length);
}

// Takes connections and leaves them to the library.
class Door : public Listener {
 public:
  Door(int descriptor, std::string at) : descriptor_(descriptor) {
    local = std::move(at);
    taker_ = std::thread([this] { take(); });
  }
  ~Door() override {
    ::shutdown(descriptor_, SHUT_RDWR);  // wakes accept
    taker_.join();
    ::close(descriptor_);
    const Lock lock(changes().mutex);
    for (const auto& link : waiting) link->requested ? link->reject() : link->abort();
  }
  void abort() override {
    for (const auto& link : waiting) link->abort();
    waiting.clear();
  }

 private:
  void take() {
    while (true) {
      const int taken = ::accept4(descriptor_, nullptr, nullptr, SOCK_CLOEXEC);
      if (taken < 0 && errno != ECONNABORTED && errno != EINTR) return;
      if (taken < 0) continue;
      const Lock lock(changes().mutex);
      waiting.push_back(WebSocket::serve(taken));
    }
  }

  int descriptor_;
  std::thread taker_;
};

class WebSockets : public Transport {
 public:
  std::unique_ptr<Listener> listen(const std::string& addr, const std::string& family,
                                   int backlog) override {
    const int made = listening_socket(addr, family, backlog);
    return std::make_unique<Door>(made, local_address(made));
  }
  std::shared_ptr<Link> connect(const std::string& addr, const Octets& data) override {
    return WebSocket::connect(addr, data);
  }
};

}  // namespace

int main() {
  lws_set_log_level(0, nullptr);
  WebSockets transport;
  transport.implementation = "libwebsockets";
  transport.version = std::to_string(LWS_LIBRARY_VERSION_MAJOR) + "." +
                      std::to_string(LWS_LIBRARY_VERSION_MINOR) + "." +
                      std::to_string(LWS_LIBRARY_VERSION_PATCH);
  // After its own close frame the library drops what comes.
  const json sending = {"sending"};
  transport.only = {{"recv", {{"state", sending}, {"flags", json::array()}}},
                    {"WSARecv",
                     {{"state", sending},
                      {"flags", json::array()},
                      {"overlapped", json::array()},
                      {"event", json::array()}}},
                    {"WSARecvDisconnect", {{"state", sending}}}};
  transport.provider = {{"name", "websocket"},
                        {"type", "SOCK_SEQPACKET"},
                        {"flags",
                         {"XP1_GUARANTEED_DELIVERY", "XP1_GUARANTEED_ORDER", "XP1_MESSAGE_ORIENTED",
                          "XP1_GRACEFUL_CLOSE", "XP1_CONNECT_DATA", "XP1_DISCONNECT_DATA"}},
                        {"families", {"AF_INET", "AF_INET6"}},
                        {"capabilities", {"conditional-accept", "delayed-accept", "relayable"}},
                        {"caller_data_max", kHeaderMax},
                        {"callee_data_max", kHeaderMax},
                        {"disconnect_data_max", kReasonMax},
                        {"disconnect_reply_max", kReasonMax}};
  const int status = serve(transport);
  WebSocket::end_all();
  return status;
}
