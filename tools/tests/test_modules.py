"""What tests use from npm: all of it is asked for at once, or not at all."""

import os
import pathlib
import subprocess
import tempfile
import unittest

TOOLS = pathlib.Path(__file__).resolve().parent.parent
# npm as far as it matters: what is not asked for is removed again.
NPM = """#!/usr/bin/env bash
echo "npm $*" >>"$CALLS"
while [[ $1 != --prefix ]]; do shift; done
rm -rf "$2/node_modules"
for name in "${@:3}"; do [[ $name == -* ]] || mkdir -p "$2/node_modules/${name%@*}"; done
"""
SCRIPT = """
has() { command -v "$1" >/dev/null; }
. "$1/lib/say.sh"
. "$1/lib/modules.sh"
ensure_node_modules "$2"
for entry in "${node_modules[@]}"; do name=${entry%%|*}; echo "${name%@*}"; done
"""


class Modules(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.calls = self.folder / "calls"
        npm = self.folder / "npm"
        npm.write_text(NPM)
        npm.chmod(0o755)

    def ensure(self):
        path = f"{self.folder}:{os.environ['PATH']}"
        done = subprocess.run(
            ["bash", "-c", SCRIPT, "-", TOOLS, self.folder], check=True, text=True, capture_output=True,
            env={**os.environ, "PATH": path, "CALLS": str(self.calls)})
        return done.stdout.split()

    def test_a_new_one_does_not_remove_the_others(self):
        names = self.ensure()
        self.assertGreater(len(names), 1)
        (self.folder / "node_modules" / names[-1]).rmdir()
        self.ensure()
        found = {path.name for path in (self.folder / "node_modules").iterdir()}
        self.assertEqual(found, set(names))

    def test_where_nothing_is_missing_npm_is_not_called(self):
        self.ensure()
        self.calls.write_text("")
        self.ensure()
        self.assertEqual(self.calls.read_text(), "")


if __name__ == "__main__":
    unittest.main()
