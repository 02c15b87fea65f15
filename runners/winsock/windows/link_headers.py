"""Makes a folder with a link to one library's headers, for a compiler that must not see the others.

Usage: link_headers.py HEADER FOLDER
HEADER is as in an #include, "nlohmann/json.hpp". CXX (default: c++) is asked where it is.
"""

import os
import pathlib
import shlex
import subprocess
import sys


def where(header):
    """The path of the header as the system's own compiler finds it."""
    compiler = shlex.split(os.environ.get("CXX", "c++"))
    rule = subprocess.run(
        [*compiler, "-std=c++17", "-M", "-x", "c++", "-"],
        input=f"#include <{header}>\n",
        stdout=subprocess.PIPE,
        check=True,
        text=True,
    ).stdout
    return next(pathlib.Path(word) for word in rule.split() if word.endswith("/" + header))


def main():
    header, folder = sys.argv[1], pathlib.Path(sys.argv[2])
    headers = where(header).resolve().parent
    folder.mkdir(parents=True, exist_ok=True)
    link = folder / pathlib.PurePath(header).parts[0]
    link.unlink(missing_ok=True)
    link.symlink_to(headers)


if __name__ == "__main__":
    main()
