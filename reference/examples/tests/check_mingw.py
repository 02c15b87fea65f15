"""The example as Windows' own headers see it: only syntax and types are checked.

usage: check_mingw.py SOURCE...

Exits with 77, meson's sign for a skipped test, where there is no such compiler.
"""

import shutil
import subprocess
import sys

COMPILERS = ("x86_64-w64-mingw32-gcc", "x86_64-w64-mingw32-gcc-posix")


def main(sources):
    compiler = next(filter(None, map(shutil.which, COMPILERS)), None)
    if compiler is None:
        print("no mingw-w64 compiler: apt-get install gcc-mingw-w64-x86-64-posix")
        return 77
    flags = ["-std=gnu11", "-Wall", "-Wextra", "-Werror", "-fsyntax-only"]
    return subprocess.run([compiler, *flags, *sources], check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
