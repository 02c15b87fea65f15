#include "runners/relay/link.hpp"

#include <fmt/format.h>
#include <netinet/tcp.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "runners/relay/silence.hpp"

namespace ws2conform::relay {
namespace {

constexpr const char* kFin = "FIN";
constexpr const char* kReset = "RST";

std::string octets_text(std::size_t octets) {
  return fmt::format("{} octet{}", octets, octets == 1 ? "" : "s");
}

void send_at_once(int socket) {
  const int on = 1;
  ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

void close_by_reset(int& socket) {
  if (socket < 0) return;
  const linger now{1, 0};
  ::setsockopt(socket, SOL_SOCKET, SO_LINGER, &now, sizeof now);
  ::close(socket);
  socket = -1;
}

}  // namespace

Link::Link(std::string actor, int client, int calling, const Address& target, Cables& cables,
           Capture* capture, Sightings& seen)
    : actor_(std::move(actor)),
      seen_(seen),
      target_(target),
      client_(cables.to_server, Capture::stream(capture)),
      server_(cables.to_client, Capture::stream(capture)) {
  client_.socket = client;
  server_.socket = calling;
  server_.called = true;
  send_at_once(client);
  send_at_once(calling);
  client_.stream.open(peer_address(client), local_address(client),
                      fmt::format("from {}, on to {} as {}", actor_, to_string(target_),
                                  to_string(local_address(calling))));
}

void Link::begin(Clock::time_point now,
                 const std::vector<std::pair<Direction, Treatment>>& treated) {
  const auto treat = [&](bool cuts) {
    for (const auto& [direction, treatment] : treated) {
      const bool is_cut = treatment.kind == Treatment::Kind::kCut;
      if (is_cut == cuts) flow(direction).treat(now, treatment);
    }
  };
  treat(false);
  client_.out.open(now);
  treat(true);  // what is cut must have begun
  note_silence();
}

Link::~Link() {
  close_by_reset(client_.socket);
  close_by_reset(server_.socket);
}

// Of what poll() tells unasked, an end that has finished in both directions says POLLHUP for ever.
short Link::wanted(const End& end) const {
  const bool server = &end == &server_;
  if (server && calling_ == Calling::kNotYet) return 0;
  if (server && calling_ == Calling::kPending) return POLLOUT;
  short events = 0;
  if (!end.finished && end.out.queued() < kMostQueued) events |= POLLIN;
  if (end.full) events |= POLLOUT;
  return events;
}

void Link::poll_for(std::vector<pollfd>& list) const {
  for (const End* end : {&client_, &server_}) {
    const bool no_room = end->out.queued() >= kMostQueued;
    const bool silent = end->dead || (end->told_fin && (end->finished || no_room)) ||
                        (end == &server_ && calling_ == Calling::kNotYet);
    const bool calls = end == &server_ && calling_ == Calling::kPending;
    list.push_back({silent || (silent_ && !calls) ? -1 : end->socket, wanted(*end), 0});
  }
}

void Link::polled(const pollfd* entries, Clock::time_point now) {
  if (over_) return;
  if (entries[1].revents != 0 && calling_ == Calling::kPending) finish_call();
  for (End* end : {&client_, &server_}) {
    if (over_ || silent_) return;
    const short events = (end == &client_ ? entries[0] : entries[1]).revents;
    if (end == &server_ && calling_ != Calling::kDone) continue;
    if ((events & POLLOUT) != 0) end->full = false;
    if ((events & POLLERR) != 0) {
      notice_reset(*end, now);
    } else if ((events & (POLLIN | POLLHUP)) != 0 && !end->finished) {
      read(*end, now, kMostQueued);
    }
  }
}

void Link::treat(Clock::time_point now, Direction direction, const Treatment& treatment) {
  drain(now);
  flow(direction).treat(now, treatment);
  if (!over_) note_silence();
}

void Link::drain(Clock::time_point now) {
  if (silent_) return;
  read(client_, now, std::string::npos);
  if (calling_ == Calling::kDone) read(server_, now, std::string::npos);
}

void Link::came(const End& from, std::string what) {
  const Direction direction = &from == &client_ ? Direction::kToServer : Direction::kToClient;
  seen_.add({Clock::now(), actor_, direction, false, std::move(what)});
}

void Link::arrived(const End& to, std::string what) {
  const Direction direction = &to == &server_ ? Direction::kToServer : Direction::kToClient;
  seen_.add({Clock::now(), actor_, direction, true, std::move(what)});
}

// How many octets came; 0 for the end, negative for an error.
ssize_t Link::take(End& end, Clock::time_point now) {
  std::array<char, 32768> chunk;
  ssize_t count = 0;
  do {
    count = ::recv(end.socket, chunk.data(), chunk.size(), MSG_DONTWAIT);
  } while (count < 0 && errno == EINTR);
  if (count > 0) {
    const std::string_view octets(chunk.data(), static_cast<std::size_t>(count));
    end.stream.octets(!end.called, octets);
    came(end, octets_text(octets.size()));
    end.out.octets(now, octets);
    note_silence();
  }
  return count;
}

void Link::read(End& end, Clock::time_point now, std::size_t most_queued) {
  if (over_) return;
  while (!over_ && !silent_ && !end.finished && !end.dead && end.out.queued() < most_queued) {
    const ssize_t count = take(end, now);
    if (count == 0) {
      end.finished = true;
      end.stream.fin(!end.called);
      came(end, kFin);
      end.out.fin(now);
    } else if (count < 0) {
      if (errno != EAGAIN && errno != EWOULDBLOCK) notice_reset(end, now);
      return;
    }
  }
}

// What came before the reset is read before it; the end of that is not taken for a FIN.
void Link::notice_reset(End& end, Clock::time_point now) {
  if (end.dead) return;
  while (!end.finished && take(end, now) > 0) {
  }
  end.dead = true;
  end.stream.reset(!end.called);
  came(end, kReset);
  end.out.reset(now);
}

void Link::move(Clock::time_point now) {
  if (!over_) forward(client_, server_, now);
  if (!over_) forward(server_, client_, now);
}

void Link::forward(End& from, End& to, Clock::time_point now) {
  const auto reachable = [&] { return &to != &server_ || calling_ == Calling::kDone; };
  while (const Item* item = over_ ? nullptr : from.out.ready(now)) {
    if (item->kind == Item::Kind::kOpen) {
      from.out.took(0);
      call();
    } else if (!reachable()) {
      return;
    } else if (item->kind == Item::Kind::kOctets) {
      if (to.full || !write(from, to, *item)) break;
    } else if (item->kind == Item::Kind::kFin) {
      from.out.took(0);
      to.told_fin = true;
      to.stream.fin(to.called);
      arrived(to, kFin);
      ::shutdown(to.socket, SHUT_WR);
    } else {
      abort();
    }
  }
  if (over_) return;
  // What the receiver has no room for is lost with the reset, as it would be in the sender.
  if (reachable() && from.out.reset_is_due(now)) abort();
  if (client_.finished && server_.finished && client_.told_fin && server_.told_fin) {
    over_ = true;
    for (End* end : {&client_, &server_}) {
      ::close(end->socket);
      end->socket = -1;
    }
  }
}

// False when the receiver takes no more for now.
bool Link::write(End& from, End& to, const Item& item) {
  if (to.dead) return false;
  const ssize_t count =
      ::send(to.socket, item.octets.data(), item.octets.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
  if (count < 0) {
    if (errno == EAGAIN || errno == EWOULDBLOCK) {
      to.full = true;
    } else {
      notice_reset(to, Clock::now());
    }
    return false;
  }
  const auto sent = static_cast<std::size_t>(count);
  to.stream.octets(to.called, std::string_view(item.octets).substr(0, sent));
  arrived(to, octets_text(sent));
  from.out.took(sent);
  return true;
}

void Link::call() {
  calling_ = Calling::kPending;
  if (::connect(server_.socket, target_.pointer(), target_.length) == 0) {
    finish_call();
  } else if (errno != EINPROGRESS && errno != EINTR) {
    abort();
  }
}

void Link::finish_call() {
  int error = 0;
  socklen_t size = sizeof error;
  ::getsockopt(server_.socket, SOL_SOCKET, SO_ERROR, &error, &size);
  const std::string comment =
      fmt::format("for {}, {}", actor_, to_string(peer_address(client_.socket)));
  if (error != 0) {
    server_.stream.refused(local_address(server_.socket), target_, comment);
    abort();
    return;
  }
  calling_ = Calling::kDone;
  server_.stream.open(local_address(server_.socket), target_, comment);
  note_silence();
}

// The end of both connections by a reset; an end that is dead already needs none.
void Link::abort() {
  over_ = true;
  for (End* end : {&client_, &server_}) {
    if (!end->dead) {
      end->stream.reset(end->called);
      arrived(*end, kReset);
    }
    close_by_reset(end->socket);
  }
}

// At once, so that nothing is acknowledged that does not count any more; a socket that is still
// calling has to hear the answer first. What cannot be silenced is reset, which the recording
// shows.
void Link::note_silence() {
  if (!client_.out.is_silent() && !server_.out.is_silent()) return;
  silent_ = silence(client_.socket) && (calling_ != Calling::kDone || silence(server_.socket));
  if (!silent_) abort();
}

std::optional<Clock::time_point> Link::next(Clock::time_point now) const {
  const auto a = client_.out.next(now);
  const auto b = server_.out.next(now);
  if (!a || !b) return a ? a : b;
  return std::min(*a, *b);
}

}  // namespace ws2conform::relay
