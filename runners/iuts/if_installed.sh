#!/bin/sh
# Runs a command of the suite on an implementation; skipped (77) where that is not installed.
#
# usage: if_installed.sh WS2CONFORM COMMAND IUT [ARGUMENT...]
set -eu
ws2conform=$1 iut=$3
shift

missing=$("$ws2conform" list iuts | sed -n "s/^$iut  *.*\[\(not installed: .*\)\]\$/\1/p")
if [ "$missing" ]; then
  echo "skipped: $missing"
  exit 77
fi
exec "$ws2conform" "$@"
