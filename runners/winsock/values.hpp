#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "channel.hpp"
#include "winsock_api.hpp"

// JSON values to what the API takes, and back.
namespace ws2conform {

// What buffers hold before a call, so that octets nobody wrote are recognised.
constexpr char kFiller = '\xA5';

// A count that no call has written yet.
constexpr DWORD kUnwritten = 0xA5A5A5A5;

// Whether all of the octets are kFiller.
bool is_filler(const void* memory, std::size_t octets);

std::string to_base64(std::string_view octets);
// Nothing when the text is not base64 with padding.
std::optional<std::string> from_base64(std::string_view text);

// A socket address of either family, or whatever the implementation made of it.
struct SocketAddress {
  sockaddr_storage storage;
  int length;

  // For the implementation to fill in.
  static SocketAddress blank();
  // "127.0.0.1:80" or "[::1]:80"; throws AdapterError.
  static SocketAddress parse(const std::string& text);

  // Whether nothing of the storage was filled in.
  bool is_blank() const;

  sockaddr* get() { return reinterpret_cast<sockaddr*>(&storage); }
  int size() const { return length; }
};

// The address as text; something unreadable is described as such, never passed over.
std::string to_text(const SocketAddress& address);
// The address in a WSABUF; null for a NULL pointer.
Json to_text(const WSABUF* buffer);

// A WSABUF over octets of the suite; NULL when there are none.
class InBuffer {
 public:
  explicit InBuffer(std::optional<std::string> octets);
  InBuffer(const InBuffer&) = delete;
  InBuffer& operator=(const InBuffer&) = delete;

  WSABUF* get() { return octets_ ? &buffer_ : nullptr; }

 private:
  std::optional<std::string> octets_;
  WSABUF buffer_;
};

// A WSABUF over room for octets of the implementation, filled with kFiller; NULL without capacity.
// The implementation may change len, and even buf.
class OutBuffer {
 public:
  explicit OutBuffer(std::optional<std::size_t> capacity);
  OutBuffer(const OutBuffer&) = delete;
  OutBuffer& operator=(const OutBuffer&) = delete;

  WSABUF* get() { return memory_ ? &buffer_ : nullptr; }
  char* data() { return memory_.get(); }

  // Whether any octet of the room, or len, is no longer as the constructor left it.
  bool octets_touched() const;
  bool length_touched() const { return memory_ && buffer_.len != capacity_; }

  // len as it is now; null for NULL.
  Json length() const;
  // The first len octets, cut at the capacity, as base64; null for NULL.
  Json octets() const;
  Json octets(std::size_t count) const;

 private:
  std::size_t capacity_;
  std::unique_ptr<char[]> memory_;
  WSABUF buffer_;
};

// The octets a WSABUF of the implementation points to; null for a NULL pointer.
Json to_octets(const WSABUF* buffer);
// null for a NULL pointer.
Json to_json(const QOS* qos);

// A QOS of the suite. It holds what it points to.
class QosValue {
 public:
  // What is absent is QOS_NOT_SPECIFIED, a direction that is absent SERVICETYPE_NOCHANGE. Throws
  // AdapterError.
  explicit QosValue(const Json& qos);

  QOS* get();
  // Into a structure of the implementation, whose provider-specific part stays as it is.
  void give(QOS& qos);
  std::size_t specific_size() const { return specific_ ? specific_->size() : 0; }

 private:
  QOS qos_{};
  std::optional<std::string> specific_;
};

// WSAPROTOCOL_INFO, as far as it describes the provider.
Json to_json(const WSAPROTOCOL_INFOA& entry);

}  // namespace ws2conform
