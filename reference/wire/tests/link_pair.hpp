#pragma once

#include <memory>
#include <string>

#include "connection/tests/recorded_unit.hpp"
#include "wire/link.hpp"

namespace ws2 {

/// No time passes on the way.
inline constexpr TimePoint kNow{0};

/// Two links and an ideal transport between them, which delivers in pieces of at most `piece`
/// octets. Nothing moves but by carry() and run().
class LinkPair {
 public:
  struct Provider {
    Limits limits;
    std::unique_ptr<Codec> (*codec)();
  };
  static Provider stream();
  static Provider message();
  static Provider tcp();

  explicit LinkPair(const Provider& provider, std::size_t piece = SIZE_MAX);

  Link& caller() { return *caller_.link; }
  Link& acceptor() { return *acceptor_.link; }
  [[nodiscard]] bool descriptor_closed(const Link& link) const { return end(link).closed; }

  /// Writes, delivers and does the transport's steps for one end, once; false if nothing was to do.
  bool carry(const Link& from);
  /// Both ways until nothing moves.
  void run();
  /// Request, verdict, established.
  void establish(std::string_view caller_data = {}, std::string_view callee_data = {});

  struct Read {
    int error;
    std::string text;
    friend bool operator==(const Read&, const Read&) = default;
  };
  static Read receive(Link& link, std::size_t size = 512);
  static Read recv_disconnect(Link& link, std::size_t size = 512);

 private:
  struct End {
    std::unique_ptr<Link> link;
    bool half_closed = false;
    bool closed = false;
  };
  [[nodiscard]] const End& end(const Link& link) const {
    return &link == caller_.link.get() ? caller_ : acceptor_;
  }

  std::size_t piece_;
  End caller_;
  End acceptor_;
};

}  // namespace ws2
