"""Runs shellcheck over every shell script of the project; skips where it is not installed."""

import pathlib
import shutil
import subprocess
import sys

SKIP = 77
TOOLS = pathlib.Path(__file__).resolve().parent.parent


def main():
    if not shutil.which("shellcheck"):
        print("skipped: shellcheck is not installed (apt-get install shellcheck)")
        return SKIP
    scripts = [TOOLS / "bench" / "run", TOOLS / "fuzz", TOOLS / "repeat", TOOLS / "run", TOOLS / "slurm-array", TOOLS / "soak", TOOLS / "test", *sorted(TOOLS.glob("lib/*.sh"))]
    ci = TOOLS.parent / ".ci/run"
    if ci.exists():
        scripts.append(ci)
    return subprocess.run(["shellcheck", *map(str, scripts)]).returncode


if __name__ == "__main__":
    sys.exit(main())
