#!/bin/sh
# The suite on Wine, strictly: whatever is not in the baseline of its version is red, and so is what is
# there and no longer happens. Skipped (77) where something is missing.
#
# usage: test_suite.sh WS2CONFORM WINSOCK_EXE BASELINES SUFFIX [ARGUMENT...]
#
# BASELINES is the folder, SUFFIX what comes after the version in a baseline's name.
set -eu
ws2conform=$1 exe=$2 baselines=$3 suffix=$4
shift 4

skip() {
  echo "skipped: $1"
  exit 77
}

[ -x "$exe" ] || skip 'no adapter for Windows was built (Debian: apt-get install g++-mingw-w64-x86-64-posix)'
version=$("$(dirname "$0")/in_wine" --version 2>/dev/null) ||
  skip 'Wine is not installed (Debian: apt-get install --no-install-recommends wine64)'
version=${version#wine-}
baseline=$baselines/wine-${version%% *}$suffix.yaml
[ -e "$baseline" ] || skip "nothing is known of Wine ${version%% *} yet: there is no $baseline"
# Wine's processes take their time to start on a busy machine.
exec "$ws2conform" run wine --baseline "$baseline" --time-factor 2 --schedules 3 "$@"
