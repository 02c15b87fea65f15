// What the relay saw, as packets: TCP as it would look on the wire, made up from what went through
// the sockets. Acknowledgements by themselves, windows and retransmissions are not shown.
#pragma once

#include <array>
#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "runners/relay/address.hpp"
#include "runners/relay/pcapng.hpp"

namespace ws2conform::relay {

// Which schedule of which case is running.
struct Label {
  std::string instance;  // "totals-answered-by-grand-total/provider=stream,notice=FD_CLOSE"
  std::string replay_id;
  std::string order;
};

// The file, which several relays may share. It is there only once one of them has something to
// record.
class CaptureFile {
 public:
  // Removes what an earlier run left there, or goes on with it when it is to `append`.
  CaptureFile(std::filesystem::path path, bool append);

  // As those of PcapngWriter. Throws std::runtime_error with path and reason when the file cannot
  // be written.
  std::uint32_t interface(std::string_view name, std::string_view comment);
  void packet(std::uint32_t interface, std::string_view octets, std::string_view comment);
  void flush();

 private:
  const std::filesystem::path path_;
  const bool append_;
  std::mutex mutex_;
  std::optional<PcapngWriter> writer_;
};

class Capture {
 public:
  explicit Capture(std::shared_ptr<CaptureFile> file) : file_(std::move(file)) {}

  // Every instance is an interface of its own. Throws as CaptureFile does.
  void begin(const Label& label);
  void end() { file_->flush(); }

  // One TCP connection: between an actor and the relay, or between the relay and an actor.
  class Stream {
   public:
    // `from` connects to `to`: three packets, the first with `comment`.
    void open(const Address& from, const Address& to, std::string_view comment);
    void refused(const Address& from, const Address& to, std::string_view comment);

    // `by_caller`: from the end that connected.
    void octets(bool by_caller, std::string_view octets);
    void fin(bool by_caller);
    void reset(bool by_caller);

   private:
    friend class Capture;
    explicit Stream(Capture* capture) : capture_(capture) {}
    void packet(bool by_caller, unsigned flags, std::string_view octets, std::string_view comment);

    Capture* capture_;  // null where nothing is recorded
    std::array<Address, 2> ends_;
    std::array<std::uint32_t, 2> sequence_{};
    std::array<bool, 2> over_{};  // the end has sent its FIN or a reset
  };

  // A stream that is recorded in `capture`, or nowhere where that is null.
  static Stream stream(Capture* capture) { return Stream(capture); }

 private:
  std::shared_ptr<CaptureFile> file_;
  std::string instance_;
  std::string schedule_;
  std::optional<std::uint32_t> interface_;
};

}  // namespace ws2conform::relay
