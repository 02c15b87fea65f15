#include "wire/tests/link_pair.hpp"

#include <algorithm>

namespace ws2 {
LinkPair::Provider LinkPair::stream() {
  return {kStreamLimits, [] { return make_frame_codec(WireProvider::kStream, kStreamLimits); }};
}
LinkPair::Provider LinkPair::message() {
  return {kMessageLimits, [] { return make_frame_codec(WireProvider::kMessage, kMessageLimits); }};
}
LinkPair::Provider LinkPair::tcp() {
  return {kTcpLimits, [] { return make_tcp_codec(); }};
}

LinkPair::LinkPair(const Provider& provider, std::size_t piece)
    : piece_(piece),
      caller_{Link::caller(provider.limits, provider.codec())},
      acceptor_{Link::acceptor(provider.limits, provider.codec(), kNow)} {}

bool LinkPair::carry(const Link& from) {
  const bool from_caller = &from == caller_.link.get();
  End& sender = from_caller ? caller_ : acceptor_;
  End& receiver = from_caller ? acceptor_ : caller_;
  if (sender.closed) return false;
  const ByteView output = sender.link->output();
  if (!output.empty() && (receiver.closed || receiver.link->wants_input())) {
    const ByteView part = output.first(std::min(piece_, output.size()));
    if (receiver.closed) {  // a transport without a reader answers with a reset
      sender.link->on_transport_reset();
      return true;
    }
    receiver.link->on_bytes(part, kNow);
    sender.link->on_written(part.size());
    return true;
  }
  switch (sender.link->transport_step()) {
    case TransportStep::kNone:
      return false;
    case TransportStep::kHalfClose:
      sender.link->on_half_closed();
      sender.half_closed = true;
      if (!receiver.closed) receiver.link->on_transport_end(kNow);
      return true;
    case TransportStep::kAbort:
      sender.closed = true;
      if (!receiver.closed) receiver.link->on_transport_reset();
      return true;
    case TransportStep::kClose:
      sender.closed = true;
      if (!receiver.closed && !sender.half_closed) receiver.link->on_transport_end(kNow);
      return true;
  }
  return false;
}

void LinkPair::run() {
  while (carry(*caller_.link) || carry(*acceptor_.link)) {
  }
}

void LinkPair::establish(std::string_view caller_data, std::string_view callee_data) {
  const Bytes request = bytes_of(caller_data);
  const Bytes answer = bytes_of(callee_data);
  static_cast<void>(caller().request(request, 512, {}, kNow));
  caller().on_transport_connected(kNow);
  acceptor().on_transport_connected(kNow);
  run();
  static_cast<void>(acceptor().accept(answer, {}));
  run();
}

LinkPair::Read LinkPair::receive(Link& link, std::size_t size) {
  Bytes buffer(size);
  const Received received = link.receive(buffer);
  return {received.result.error(), text_of(ByteView(buffer).first(received.bytes))};
}

LinkPair::Read LinkPair::recv_disconnect(Link& link, std::size_t size) {
  Bytes buffer(size);
  const RecvDisconnected fetched = link.recv_disconnect(buffer);
  return {fetched.result.error(), text_of(ByteView(buffer).first(fetched.bytes))};
}

}  // namespace ws2
