# shellcheck shell=bash disable=SC2034,SC2154  # shared with the other files here
# Configures and builds with meson.

# configure_build ROOT DIR ARGUMENT...: ARGUMENTs are for meson setup; has_meson has succeeded. A
# build directory that is good is reused. One that is not is wiped when it is ROOT/build, which
# these commands made, and otherwise named. A new one compiles several files as one, which takes half
# the time; -Dunity=off among the ARGUMENTs compiles each by itself.
configure_build() {
  local root=$1 dir=$2 state='' detail=''
  shift 2
  read -r state detail < <(
    python3 "$tools_dir/lib/build_state.py" "$root" "$dir" "$meson_version"
  ) || true
  case $state in
    ready)
      # What was looked for in vain is looked for again only if meson is told.
      if (($# > 0 || packages_changed)); then run_setup "$root" "$dir" --reconfigure "$@"; fi
      return
      ;;
    absent) ;;
    spoiled)
      if [[ $dir == "$root/build" && ! -L $dir ]]; then
        say "$dir $detail: wiping it"
        rm -rf -- "$dir"
      else
        die "$kCannot" "$dir $detail" 'Remove it, or name another with --build-dir.'
      fi
      ;;
    foreign)
      die "$kWrongUse" "$dir $detail" 'Name another with --build-dir.'
      ;;
    *) die "$kCannot" "the state of $dir could not be found out" ;;
  esac
  run_setup "$root" "$dir" -Dunity=on -Dunity_size=8 "$@"
}

run_setup() {
  local root=$1 dir=$2
  shift 2
  meson setup "$@" "$dir" "$root" </dev/null >&2 ||
    die "$kCannot" "configuring failed; meson says why above, and more in $dir/meson-logs"
}

# compile_build DIR [TARGET...]: all targets when none is named.
compile_build() {
  local dir=$1
  shift
  meson compile -C "$dir" "$@" </dev/null >&2 ||
    die "$kCannot" "the build in $dir failed; see above"
}
