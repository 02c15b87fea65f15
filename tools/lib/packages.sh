# shellcheck shell=bash disable=SC2034,SC2154  # shared with the other files here
# Installs what is missing on Debian and Ubuntu, and names it elsewhere. Never removes a package,
# and calls no package manager where nothing is missing.

# ensure_packages WITH_EXTRAS: returns when a build can begin, and ends the program otherwise.
ensure_packages() {
  find_missing "$1"
  if ((${#missing[@]} + ${#missing_extras[@]} + missing_boost == 0)); then return 0; fi
  if ! on_debian; then
    stop_elsewhere
    return 0
  fi
  say_all_missing 'These packages are needed and not installed:' \
    'These make more of the tests possible and are not installed:'
  has apt-get || die "$kCannot" 'there is no apt-get to install them with'
  if ((missing_boost)); then refuse_older_boost; fi
  install_missing
  packages_changed=1
  find_missing "$1"
  if ((${#missing[@]} + missing_boost > 0)); then
    say_all_missing 'Still missing after the installation:' ''
    die "$kCannot" 'the packages were installed, but what PATH and CC, CXX name will not do'
  fi
}

packages_changed=0

say_all_missing() {
  local -a entries=("${missing[@]}")
  if ((missing_boost)); then entries+=("Boost|$kBoostPurpose"); fi
  if ((${#entries[@]} > 0)); then say_missing "$1" "${entries[@]}"; fi
  if ((${#missing_extras[@]} > 0)) && [[ -n $2 ]]; then say_missing "$2" "${missing_extras[@]}"; fi
}

# Where there is no apt: only the extras may be missing.
stop_elsewhere() {
  say_all_missing 'These are needed and were not found:' \
    'These make more of the tests possible and were not found:'
  if ((${#missing[@]} + missing_boost > 0)); then
    die "$kCannot" 'this is neither Debian nor Ubuntu, so nothing is installed for you' \
      'Install what is named above with your package manager, then run this again.' \
      'BOOST_ROOT and PKG_CONFIG_PATH say where libraries are that are not in the usual places.'
  fi
}

# installed_dependents NAME...: the installed packages that need one of them, and those that need
# these in turn: what would go with them.
installed_dependents() {
  dpkg-query -W -f '${db:Status-Status}\t${Package}\t${Pre-Depends}, ${Depends}\n' |
    awk -F '\t' -v roots="$*" '
      $1 == "installed" {
        count = split($3, items, /[,|]/)
        for (i = 1; i <= count; i++) {
          sub(/^ +/, "", items[i]); sub(/[ :(].*/, "", items[i])
          if (items[i] != "") needs[$2] = needs[$2] " " items[i] " "
        }
      }
      END {
        count = split(roots, root, " ")
        for (i = 1; i <= count; i++) going[root[i]] = 1
        do {
          grown = 0
          for (package in needs) if (!(package in going))
            for (gone in going) if (index(needs[package], " " gone " ")) {
              going[package] = 1; grown = 1; print package; break
            }
        } while (grown)
      }' | sort
}

# The headers of two releases of Boost share one folder, so Debian's packages of one conflict with
# those of every other. An older one that somebody installed is theirs to remove.
refuse_older_boost() {
  local release
  local -a older=() dependents=()
  for release in $(installed_boost_releases); do
    version_at_least "$release" "$kBoostWanted" || older+=("libboost$release-dev")
  done
  ((${#older[@]} > 0)) || return 0
  mapfile -t dependents < <(installed_dependents "${older[@]}")
  say "needed is $kBoostPurpose."
  say "Installed is ${older[*]}, with which the newer packages conflict; nothing was changed."
  if ((${#dependents[@]} > 0)); then say "What needs it would go with it: ${dependents[*]}"; fi
  die "$kCannot" "${older[*]} is in the way, and this command never removes a package" \
    'Any of these helps:' \
    "  - remove it yourself, if you can spare it: sudo apt-get remove ${older[*]}" \
    '  - build in a container or in a debootstrap root' \
    "  - set BOOST_ROOT to a Boost $kBoostWanted or newer of your own"
}

# apt_candidates PACKAGE...: those that apt can install, "name version" a line, without epochs.
apt_candidates() {
  LC_ALL=C apt-cache policy "$@" 2>/dev/null | awk '
    /^[^ ].*:$/ { name = substr($0, 1, length($0) - 1) }
    $1 == "Candidate:" && $2 != "(none)" { sub(/^[0-9]+:/, "", $2); print name, $2 }'
}

# Debian's names for a Boost that is new enough: the release already begun, else the system's own,
# else 1.81 beside an older one, as in Debian 12.
choose_boost_packages() {
  local release version=''
  for release in $(installed_boost_releases); do
    boost_family "$release"
    return
  done
  read -r _ version < <(apt_candidates libboost-dev) || true
  if [[ -z $version && $(os_codename) == bookworm ]]; then version=1.74; fi
  if version_at_least "${version:-$kBoostWanted}" "$kBoostWanted"; then
    boost_family '' "${version:-$kBoostWanted}"
  else
    boost_family "$kBoostWanted"
  fi
}

# Fills `wanted` with package names, `unknown` with those among them that apt does not know, and
# `unknown_extras` with the extras that apt does not know and that are therefore not wanted.
choose_packages() {
  local package
  local -a boost=()
  local -A known=()
  if ((missing_boost)); then mapfile -t boost < <(choose_boost_packages); fi
  wanted=("${missing[@]%%|*}" "${boost[@]}")
  unknown=()
  unknown_extras=()
  while read -r package _; do known[$package]=1; done \
    < <(apt_candidates "${wanted[@]}" "${missing_extras[@]%%|*}")
  for package in "${wanted[@]}"; do
    [[ -n ${known[$package]:-} ]] || unknown+=("$package")
  done
  for package in "${missing_extras[@]%%|*}"; do
    if [[ -n ${known[$package]:-} ]]; then
      wanted+=("$package")
    else
      unknown_extras+=("$package")
    fi
  done
}

# A system that has just started may be busy with updates of its own: apt waits up to so many
# seconds for its turn.
apt_install=(apt-get install -y --no-install-recommends --no-remove -o DPkg::Lock::Timeout=120)

# run_as_root COMMAND...: runs apt-get and says so; returns its status.
run_as_root() {
  local status=0
  local -a as_root=(env DEBIAN_FRONTEND=noninteractive)
  if [[ $(id -u) != 0 ]]; then
    as_root=(sudo "${as_root[@]}")
    # Nobody is there to type a password.
    if [[ -n ${CI:-} ]]; then as_root=(sudo -n "${as_root[@]:1}"); fi
  fi
  say "+ ${as_root[*]} $*"
  "${as_root[@]}" "$@" </dev/null >&2 || status=$?
  # Of its own accord apt-get fails with 100; anything else is sudo's doing.
  if ((status != 0 && status != 100)); then stop_without_root "$1 was not let run as root"; fi
  return "$status"
}

# stop_without_root REASON
stop_without_root() {
  die "$kCannot" "$1; as root, run" "  apt-get update && ${apt_install[*]} ${wanted[*]}"
}

refresh_lists() {
  say 'Asking for the lists of packages first.'
  run_as_root apt-get update ||
    die "$kCannot" 'apt-get update failed; what it says is above'
  choose_packages
}

install_missing() {
  local refreshed=0
  local -a unknown=() unknown_extras=() wanted=()
  choose_packages
  if [[ $(id -u) != 0 ]]; then
    has sudo || stop_without_root 'installing takes root, and there is no sudo'
    say 'Installing takes root: sudo is used for that, and for nothing else.'
  fi
  if ((${#unknown[@]} + ${#unknown_extras[@]} > 0)); then
    refreshed=1
    refresh_lists
  fi
  if ((${#unknown[@]} > 0)); then
    die "$kCannot" "this release has no package ${unknown[*]}" \
      'Debian 12, Ubuntu 24.04 and newer releases have all of them.'
  fi
  if ((${#unknown_extras[@]} > 0)); then
    say "This release has no package ${unknown_extras[*]}; going on without."
  fi
  ((${#wanted[@]} > 0)) || return 0
  refuse_removals
  if run_as_root "${apt_install[@]}" "${wanted[@]}"; then return 0; fi
  # Lists that are out of date name versions that are no longer there.
  if ((refreshed == 0)); then
    refresh_lists
    if run_as_root "${apt_install[@]}" "${wanted[@]}"; then return 0; fi
  fi
  die "$kCannot" 'apt-get install failed; what it says is above'
}

# Tries the installation without doing it, and stops when a package would have to go.
refuse_removals() {
  local plan
  local -a removed=()
  plan=$(LC_ALL=C apt-get -s install --no-install-recommends "${wanted[@]}" 2>&1) ||
    die "$kCannot" 'apt finds no way to install them:' "$plan"
  mapfile -t removed < <(sed -n 's/^Remv \([^ ]*\).*/\1/p' <<<"$plan")
  ((${#removed[@]} > 0)) || return 0
  die "$kCannot" "${removed[*]} would have to go, and this command never removes a package" \
    'Remove it yourself if you can spare it, or build in a container or in a debootstrap root.'
}
