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
  local dir=$1 entry name
  for entry in "${node_modules[@]}"; do
    name=${entry%%|*}
    [[ ! -d $dir/node_modules/${name%@*} ]] || continue
    if ! has npm; then
      say "There is no npm to install $name with (${entry#*|}); going on without."
      return 0
    fi
    say "+ npm install $name, into $dir: ${entry#*|}"
    npm install --prefix "$dir" --no-save --no-package-lock --ignore-scripts --no-audit --no-fund \
      "$name" </dev/null >&2 || say "npm could not install $name; going on without."
  done
}
