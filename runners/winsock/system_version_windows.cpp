#include "system_version.hpp"
#include "winsock_api.hpp"

namespace ws2conform {
namespace {

// A function of ntdll.dll; nullptr where it has none of that name.
template <typename Function>
Function find_in_ntdll(const char* name) {
  const HMODULE ntdll = GetModuleHandleA("ntdll.dll");
  if (ntdll == nullptr) return nullptr;
  // Through void*, as GCC takes the direct cast for a mistake.
  return reinterpret_cast<Function>(reinterpret_cast<void*>(GetProcAddress(ntdll, name)));
}

}  // namespace

std::string system_version() {
  if (const auto wine = find_in_ntdll<const char*(__cdecl*)()>("wine_get_version")) {
    return std::string("Wine ") + wine();
  }
  // GetVersionEx tells an older version to programs that it does not know.
  OSVERSIONINFOW info{};
  info.dwOSVersionInfoSize = sizeof info;
  const auto get = find_in_ntdll<LONG(WINAPI*)(OSVERSIONINFOW*)>("RtlGetVersion");
  if (get == nullptr || get(&info) != 0) return {};
  return "Windows " + std::to_string(info.dwMajorVersion) + "." +
         std::to_string(info.dwMinorVersion) + "." + std::to_string(info.dwBuildNumber);
}

}  // namespace ws2conform
