# shellcheck shell=bash disable=SC2034,SC2154  # shared with the other files here
# What is missing. On Debian and Ubuntu libraries are looked up with dpkg-query, never with apt.

# Whether dpkg manages this system; it may also be installed where another package manager rules.
on_debian() {
  if [[ -z $debian ]]; then
    debian=0
    if [[ $(uname -s) == Linux ]] && has dpkg-query &&
      [[ $(dpkg-query -W -f '${db:Status-Status}' dpkg 2>/dev/null) == installed ]]; then
      debian=1
    fi
  fi
  ((debian))
}
debian=

os_release_file=/etc/os-release

os_codename() {
  # shellcheck disable=SC1090
  (VERSION_CODENAME='' && . "$os_release_file" 2>/dev/null && echo "$VERSION_CODENAME") || true
}

# installed_packages NAME...: the installed ones among them, "name version" a line. Names may be
# patterns. Versions come without epoch.
installed_packages() {
  { dpkg-query -W -f '${db:Status-Status} ${Package} ${Version}\n' "$@" 2>/dev/null || true; } |
    sed -n 's/^installed //p' | sed 's/ [0-9]*:/ /' | sort -u
}

# The releases of Boost (such as 1.81) whose headers dpkg has installed, newest first.
installed_boost_releases() {
  installed_packages 'libboost[0-9]*-dev' |
    sed -n 's/^libboost\([0-9]\+\.[0-9]\+\)-dev .*/\1/p' | sort -rV
}

# boost_family RELEASE: Debian's packages for it; an empty RELEASE means the unversioned packages
# of the release $2.
boost_family() {
  local part
  echo "libboost$1-dev"
  for part in $(boost_components "${1:-$2}"); do echo "libboost-$part$1-dev"; done
}

has_boost_packages() {
  local release
  local -a wanted found
  for release in $(installed_boost_releases); do
    version_at_least "$release" "$kBoostWanted" || break
    mapfile -t wanted < <(boost_family "$release")
    mapfile -t found < <(installed_packages "${wanted[@]}")
    if ((${#found[@]} == ${#wanted[@]})); then return 0; fi
  done
  return 1
}

# find_missing WITH_EXTRAS: fills `missing` and `missing_extras` with "package|purpose" and sets
# `missing_boost` to 1 or 0. WITH_EXTRAS is 1 or 0.
find_missing() {
  local entry package probe header module purpose
  local -A installed=()
  local -a extras=()
  missing=()
  missing_extras=()
  missing_boost=0
  for entry in "${program_needs[@]}"; do
    IFS='|' read -r package probe purpose <<<"$entry"
    "$probe" || missing+=("$package|$purpose")
  done
  if on_debian; then
    while read -r package _; do installed[$package]=1; done \
      < <(installed_packages "${library_needs[@]%%|*}" "${extra_needs[@]%%|*}")
  fi
  for entry in "${library_needs[@]}"; do
    IFS='|' read -r package header module purpose <<<"$entry"
    if on_debian; then
      [[ -n ${installed[$package]:-} ]] || missing+=("$package|$purpose")
    elif ((${#cxx[@]} > 0)); then
      has_header "$header" "$module" || missing+=("$header|$purpose")
    else
      missing+=("$header|$purpose (not looked for without a compiler)")
    fi
  done
  has_boost || missing_boost=1
  (($1)) || return 0
  extras=("${extra_needs[@]}")
  if [[ $(os_codename) == bookworm ]]; then extras+=("${extra_needs_bookworm[@]}"); fi
  for entry in "${extras[@]}"; do
    IFS='|' read -r package probe purpose <<<"$entry"
    { [[ -n $probe ]] && has "$probe"; } || [[ -z $probe && -n ${installed[$package]:-} ]] ||
      missing_extras+=("$package|$purpose")
  done
}

has_boost() {
  has_boost_root || { on_debian && has_boost_packages; } || has_boost_in_compiler
}

# say_missing TITLE ENTRY...: entries as find_missing leaves them.
say_missing() {
  local entry
  say "$1"
  shift
  for entry in "$@"; do say "$(printf '  %-30s %s' "${entry%%|*}" "${entry#*|}")"; done
}
