#!/usr/bin/env python3
"""Compiles each file of a build by itself, and keeps nothing of what comes out.

usage: files_alone.py BUILD_DIR

BUILD_DIR was configured with -Dunity=off and need not be built. Where several files are compiled as
one, a file may live by what another includes; here it is found out. Files that the build makes are
left out. Exit status: 0 all compile, 1 some do not, 2 there is nothing to compile.
"""

import concurrent.futures
import json
import os
import pathlib
import shlex
import subprocess
import sys


def syntax_check(entry):
    """What the compiler says, and whether it is content."""
    arguments = shlex.split(entry["command"]) + ["-fsyntax-only"]
    done = subprocess.run(
        arguments,
        cwd=entry["directory"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        check=False,
    )
    return done.returncode == 0, done.stdout


def main(arguments):
    if len(arguments) != 1:
        sys.exit(__doc__)
    commands = pathlib.Path(arguments[0], "compile_commands.json")
    entries = [
        entry
        for entry in json.loads(commands.read_text(encoding="utf-8"))
        if pathlib.Path(entry["directory"], entry["file"]).exists()
    ]
    if not entries:
        print(f"{commands} names no file that is there", file=sys.stderr)
        return 2
    failed = 0
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for entry, (is_content, said) in zip(entries, pool.map(syntax_check, entries)):
            failed += not is_content
            if said:
                print(f"{entry['file']}:\n{said}", file=sys.stderr)
    print(f"Files compiled by themselves: {len(entries)}, failed: {failed}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
