# shellcheck shell=bash disable=SC2034,SC2154  # shared with the other files here
# Whether programs, headers and Boost are there and good enough, found out by trying them.

has() { command -v "$1" >/dev/null 2>&1; }

# try_compiler LANGUAGE COMMAND...: whether COMMAND compiles and links standard input.
try_compiler() (
  language=$1
  shift
  scratch=$(mktemp -d)
  trap 'rm -rf "$scratch"' EXIT
  "$@" -x "$language" - -x none "${probe_libraries[@]}" -o "$scratch/probe" >/dev/null 2>&1
)
probe_libraries=()

has_c_compiler() {
  local name
  local -a words
  if [[ -n ${CC:-} ]]; then
    read -ra words <<<"$CC"
    if has "${words[0]}" && try_compiler c "${words[@]}" <<<'int main(void) { return 0; }'; then
      return 0
    fi
    die "$kCannot" "CC is '$CC', which is not a C compiler that works"
  fi
  for name in cc gcc clang; do
    if has "$name" && try_compiler c "$name" <<<'int main(void) { return 0; }'; then return 0; fi
  done
  return 1
}

compiles_cxx20() {
  try_compiler c++ "$@" -std=c++20 <<'PROGRAM'
#include <compare>
#include <concepts>
#include <span>
#include <string>
template <std::integral T> struct Size { T octets; auto operator<=>(const Size&) const = default; };
int main() {
  std::string text("ws2");
  return Size<int>{static_cast<int>(std::span(text).size())} > Size<int>{2} ? 0 : 1;
}
PROGRAM
}

# Succeeds when meson will find a C++20 compiler, and leaves its command in `cxx`. CC and CXX are
# somebody's choice, so a wrong one is an error. Where the first compiler in PATH is too old and a
# later one is not, CXX is exported so that meson takes that one.
has_cxx20_compiler() {
  local name first=
  cxx=()
  if [[ -n ${CXX:-} ]]; then
    read -ra cxx <<<"$CXX"
    if has "${cxx[0]}" && compiles_cxx20 "${cxx[@]}"; then return 0; fi
    die "$kCannot" "CXX is '$CXX', which is not a C++20 compiler that works"
  fi
  for name in c++ g++ clang++; do
    has "$name" || continue
    first=${first:-$name}
    if compiles_cxx20 "$name"; then
      cxx=("$name")
      if [[ $name != "$first" ]]; then
        say "$first is not a C++20 compiler; using $name"
        export CXX=$name
      fi
      return 0
    fi
  done
  return 1
}

# Leaves what meson calls itself in `meson_version`.
has_meson() {
  has meson || return 1
  meson_version=$(meson --version 2>/dev/null || echo 0)
  version_at_least "$meson_version" 1.0
}
has_ninja() { has ninja || has ninja-build || has samu; }
has_pkg_config() { has "${PKG_CONFIG:-pkg-config}"; }
has_python() {
  has python3 && python3 -c 'import sys; sys.exit(sys.version_info < (3, 9))' 2>/dev/null
}

# has_header HEADER [MODULE]: needs `cxx`; MODULE is asked for the include folders.
has_header() {
  local -a flags=()
  if [[ -n ${2:-} ]] && has_pkg_config; then
    read -ra flags <<<"$("${PKG_CONFIG:-pkg-config}" --cflags "$2" 2>/dev/null || true)"
  fi
  printf '#if !__has_include(<%s>)\n#error\n#endif\n' "$1" |
    "${cxx[@]}" -std=c++20 "${flags[@]}" -E -x c++ - >/dev/null 2>&1
}

# boost_version NUMBER: 108100 becomes 1.81
boost_version() { echo "$(($1 / 100000)).$(($1 / 100 % 1000))"; }

# Whether the compiler finds a Boost that is new enough without being told where it is.
has_boost_in_compiler() {
  local number part
  local -a probe_libraries=()
  ((${#cxx[@]} > 0)) || return 1
  number=$(printf '#include <boost/version.hpp>\nBOOST_VERSION\n' |
    "${cxx[@]}" -E -P -x c++ - 2>/dev/null | tail -n 1) || return 1
  [[ $number =~ ^[0-9]+$ ]] || return 1
  version_at_least "$(boost_version "$number")" "$kBoostWanted" || return 1
  # Boost.System needs no linking from 1.69 on.
  for part in $(boost_components "$(boost_version "$number")"); do
    if [[ $part != system ]]; then probe_libraries+=("-lboost_$part"); fi
  done
  try_compiler c++ "${cxx[@]}" <<<'int main() { return 0; }'
}

# Whether the Boost that BOOST_ROOT names will do; it is not tried when BOOST_ROOT is unset. A
# BOOST_ROOT that will not do is an error: meson would look there and nowhere else.
has_boost_root() {
  local header='' place number part
  [[ -n ${BOOST_ROOT:-} ]] || return 1
  for place in "$BOOST_ROOT/include" "$BOOST_ROOT"; do
    if [[ -f $place/boost/version.hpp ]]; then
      header=$place/boost/version.hpp
      break
    fi
  done
  if [[ -z $header ]]; then
    die "$kCannot" "BOOST_ROOT is $BOOST_ROOT, and there is no include/boost/version.hpp in it"
  fi
  number=$(sed -n 's/^#define BOOST_VERSION \([0-9]*\).*/\1/p' "$header")
  if ! version_at_least "$(boost_version "${number:-0}")" "$kBoostWanted"; then
    die "$kCannot" "BOOST_ROOT is $BOOST_ROOT, which holds Boost $(boost_version "${number:-0}");" \
      "needed is $kBoostPurpose"
  fi
  for part in $(boost_components "$(boost_version "$number")"); do
    [[ $part != system ]] || continue
    if ! compgen -G "$BOOST_ROOT/lib*/libboost_$part*" >/dev/null &&
      ! compgen -G "$BOOST_ROOT/lib/*/libboost_$part*" >/dev/null; then
      die "$kCannot" "BOOST_ROOT is $BOOST_ROOT, and there is no lib/libboost_$part in it"
    fi
  done
}
