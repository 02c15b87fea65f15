# shellcheck shell=bash disable=SC2034  # shared with the other files here
# Messages go to stderr: stdout belongs to what ws2conform and meson test have to say.

# Exit statuses of the commands themselves; 0, 1 and 4 are left to what they run.
readonly kWrongUse=2
readonly kCannot=3

say() { printf '%s\n' "$*" >&2; }

# die STATUS LINE...: the first line is the error, the rest says what to do about it.
die() {
  local status=$1
  shift
  printf 'error: %s\n' "$1" >&2
  shift
  if (($# > 0)); then printf '%s\n' "$@" >&2; fi
  exit "$status"
}

# Empty arrays under `set -u` are an error before 4.4.
if ((BASH_VERSINFO[0] * 100 + BASH_VERSINFO[1] < 404)); then
  die "$kCannot" "bash 4.4 or newer is needed, this is $BASH_VERSION"
fi

# version_at_least HAVE WANT: both dotted; Debian epochs must be cut off before.
version_at_least() { printf '%s\n' "$2" "$1" | sort -V -C; }
