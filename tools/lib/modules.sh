# shellcheck shell=bash disable=SC2154  # shared with the other files here
# What tests can use from npm, which no Debian package brings.

# package of npm and version | what it is for
node_modules=(
  'axe-core@4|the check that the HTML report is accessible'
  'rhea@3|the adapter of AMQP 1.0 in JavaScript'
)

# ensure_node_modules DIR: puts what is missing into DIR/node_modules. Tests are skipped without it,
# so that nothing stops here.
ensure_node_modules() {
  local dir=$1 entry name missing=0
  local -a names=()
  for entry in "${node_modules[@]}"; do
    name=${entry%%|*}
    names+=("$name")
    [[ ! -d $dir/node_modules/${name%@*} ]] || continue
    missing=1
    if has npm; then
      say "npm is to install $name, into $dir: ${entry#*|}"
    else
      say "There is no npm to install $name with (${entry#*|}); going on without."
    fi
  done
  if ((missing == 0)) || ! has npm; then return 0; fi
  # All at once: what npm installed by itself before, it removes when asked for something else.
  npm install --prefix "$dir" --no-save --no-package-lock --ignore-scripts --no-audit --no-fund \
    "${names[@]}" </dev/null >&2 || say "npm could not install ${names[*]}; going on without."
}
