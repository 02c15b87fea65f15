#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace ws2 {

/// Where the specification's text and Windows disagree. The members of the default value follow the
/// text; a true member makes that one rule what Windows does. EDITIONS.md has the rules as a table.
///
/// A connection is given its edition with its Limits; nothing in the core looks one up.
struct Edition {
  /// FD_CLOSE while data is unread (EVT-21, WIN-15). Text: recorded once everything before the end
  /// was read or dropped. Windows: recorded as soon as the end arrives; FD_READ goes on while data
  /// remains, and nothing follows it.
  bool close_overtakes_data = false;
  /// FD_CLOSE's error after a reset (EVT-20, WIN-16). Text: WSAECONNRESET. Windows:
  /// WSAECONNABORTED; receiving and sending fail with WSAECONNRESET all the same.
  bool reset_closes_as_aborted = false;
  /// Data or a request that arrives after FD_READ or FD_ACCEPT was recorded, no receive or accept
  /// between (EVT-03, WIN-19). Text: not recorded again before the re-enabling call. Windows: every
  /// arrival is recorded.
  bool arrivals_record_again = false;
  /// A receive that fails with WSAEFAULT while data waits (EVT-05, WIN-26). Text: enables FD_READ
  /// like any other. Windows: enables nothing.
  bool faulty_receive_enables_nothing = false;
  /// FD_READ and FD_ACCEPT that the application was given, and whose condition still holds, when it
  /// selects again (EVT-08, WIN-26). Text: recorded again. Windows: not again for the same
  /// condition; one never given under the earlier mask is recorded.
  bool selecting_repeats_nothing = false;
  /// A reset after the peer's graceful end, as when this end answers one who has closed (TEAR-31,
  /// WIN-17). Text: receiving stays graceful. Windows: receives fail with WSAECONNABORTED.
  bool reset_overrides_end = false;
  /// Data that arrived before a reset and is unread (WIN-22; the text is silent). Here by default:
  /// stays readable. Windows may drop it, and this edition does.
  bool reset_drops_unread = false;

  friend constexpr bool operator==(const Edition&, const Edition&) = default;
};

inline constexpr Edition kDocumentedEdition{};
inline constexpr Edition kWindowsEdition{
    .close_overtakes_data = true,
    .reset_closes_as_aborted = true,
    .arrivals_record_again = true,
    .faulty_receive_enables_nothing = true,
    .selecting_repeats_nothing = true,
    .reset_overrides_end = true,
    .reset_drops_unread = true,
};

enum class EditionName : unsigned char { kDocumented, kWindows };
inline constexpr std::size_t kEditionCount = 2;

[[nodiscard]] constexpr const Edition& edition_of(EditionName name) {
  return name == EditionName::kWindows ? kWindowsEdition : kDocumentedEdition;
}
/// "documented" or "windows"; nothing for any other text.
[[nodiscard]] std::optional<EditionName> edition_named(std::string_view text);
[[nodiscard]] std::string_view to_string(EditionName name);

/// The rules as a Markdown table, a row for each member. EDITIONS.md holds it.
[[nodiscard]] std::string edition_table();

}  // namespace ws2
