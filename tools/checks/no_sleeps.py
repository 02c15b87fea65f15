"""Checks that nothing in the repository waits a fixed time: whatever waits, waits for something.

Usage: no_sleeps.py SOURCE_ROOT
"""

import pathlib
import re
import sys

FOLDERS = ("conformance", "reference", "reports", "runners", "tools", "cases")
SUFFIXES = {".c", ".cpp", ".h", ".hpp", ".py", ".js", ".mjs", ".sh", ".yaml", ""}
# A call or command that lets time pass and does nothing else.
SLEEP = re.compile(
    r"\b(sleep|usleep|nanosleep|clock_nanosleep|sleep_for|sleep_until|Sleep|SleepEx)\s*\("
    r"|\bp?poll\s*\(\s*(nullptr|NULL)"
    r"|\bselect\s*\(\s*\[\], *\[\], *\[\], *[0-9]"
    r"|^\s*sleep\s+[0-9]"
)
HERE = pathlib.Path(__file__).resolve()


def main():
    root = pathlib.Path(sys.argv[1]).resolve()
    found = 0
    seen = 0
    for folder in FOLDERS:
        for path in sorted((root / folder).rglob("*")):
            if not path.is_file() or path.suffix not in SUFFIXES or path == HERE:
                continue
            seen += 1
            for number, line in enumerate(path.read_text(errors="replace").splitlines(), 1):
                if SLEEP.search(line):
                    print(f"{path.relative_to(root)}:{number}: a fixed sleep: {line.strip()}")
                    found += 1
    if seen == 0:
        print("no files found")
        return 1
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
