# shellcheck shell=bash disable=SC1091,SC2034,SC2154  # shared with the commands
# What the commands share: their options, and everything up to a finished build. Whoever sources
# this defines `usage`, which prints the help.

tools_dir=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
root=$(dirname "$tools_dir")

. "$tools_dir/lib/say.sh"
. "$tools_dir/lib/needs.sh"
. "$tools_dir/lib/probes.sh"
. "$tools_dir/lib/missing.sh"
. "$tools_dir/lib/packages.sh"
. "$tools_dir/lib/modules.sh"
. "$tools_dir/lib/build.sh"

option_help='Options, before all others:
  --build-dir DIR    where to build (default: build beside this folder)
  --configure ARG    an argument for meson setup, such as -Dwerror=true; may be repeated
  --with-extras      also install what some tests are skipped without
  --help             this text
  --                 ends these options: everything after it is passed on

What is missing is installed with apt on Debian and Ubuntu (with sudo where needed, and never by
removing a package), and named elsewhere. Where nothing is missing no package manager is called.
CC, CXX and BOOST_ROOT are heeded.'

# parse_options ARGUMENT...: sets build_dir, setup_arguments, with_extras, and leaves what is to be
# passed on in passed_on.
parse_options() {
  build_dir=$root/build
  setup_arguments=()
  with_extras=0
  while (($# > 0)); do
    case $1 in
      --help)
        usage
        exit 0
        ;;
      --build-dir=* | --configure=*) set -- "${1%%=*}" "${1#*=}" "${@:2}" ;;
      --build-dir)
        [[ -n ${2:-} ]] || die "$kWrongUse" '--build-dir wants a folder'
        build_dir=$(realpath -m -- "$2")
        [[ $build_dir != "$root" ]] ||
          die "$kWrongUse" '--build-dir must not be the source folder itself'
        shift 2
        ;;
      --configure)
        [[ -n ${2:-} ]] || die "$kWrongUse" '--configure wants an argument for meson setup'
        setup_arguments+=("$2")
        shift 2
        ;;
      --with-extras)
        with_extras=1
        shift
        ;;
      --)
        shift
        break
        ;;
      *) break ;;
    esac
  done
  passed_on=("$@")
}

# prepare_build [TARGET...]: from the options to a build in which the targets, or all, are up to date.
prepare_build() {
  ensure_packages "$with_extras"
  configure_build "$root" "$build_dir" "${setup_arguments[@]}"
  if ((with_extras)); then ensure_node_modules "$build_dir"; fi
  compile_build "$build_dir" "$@"
}
