"""Checks that clang-format would change nothing. Exit status 77 where clang-format 14 is missing.

Usage: format.py SOURCE_ROOT
"""

import pathlib
import re
import shutil
import subprocess
import sys

# Other versions break lines differently.
VERSION = "14"
FOLDERS = ("conformance", "reference", "reports", "runners")
SUFFIXES = {".c", ".cpp", ".h", ".hpp"}


def find_clang_format():
    for name in ("clang-format-" + VERSION, "clang-format"):
        program = shutil.which(name)
        if program is None:
            continue
        version = subprocess.run([program, "--version"], capture_output=True, text=True).stdout
        if re.search(rf"version {VERSION}\.", version):
            return program
    return None


def main():
    root = pathlib.Path(sys.argv[1])
    program = find_clang_format()
    if program is None:
        print(f"clang-format {VERSION} is not installed (Debian 12: apt-get install clang-format-{VERSION})")
        return 77
    files = sorted(
        path for folder in FOLDERS for path in (root / folder).rglob("*") if path.suffix in SUFFIXES
    )
    if not files:
        print("no source files found")
        return 1
    return subprocess.run([program, "--dry-run", "--Werror", *map(str, files)]).returncode


if __name__ == "__main__":
    sys.exit(main())
