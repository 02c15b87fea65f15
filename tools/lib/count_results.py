"""Counts what a run of `meson test` came to.

Usage: count_results.py LOG_FOLDER
Reads every testlog (*.json, one JSON object a line) that meson wrote there and prints
`N passed, N failed, N skipped`. Exit status: 0; 1 when something failed or nothing ran.
"""

import json
import pathlib
import sys

PASSED = {"OK", "EXPECTEDFAIL"}
SKIPPED = {"SKIP"}


def count(folder):
    """Returns passed, failed, skipped; a result that is neither known as good nor a skip failed."""
    passed = failed = skipped = 0
    for log in sorted(folder.glob("*.json")):
        for line in log.read_text(encoding="utf-8", errors="replace").splitlines():
            if not line.strip():
                continue
            result = json.loads(line)["result"]
            if result in PASSED:
                passed += 1
            elif result in SKIPPED:
                skipped += 1
            else:
                failed += 1
    return passed, failed, skipped


def main():
    passed, failed, skipped = count(pathlib.Path(sys.argv[1]))
    if passed + failed == 0:
        print("nothing ran", file=sys.stderr)
    print(f"{passed} passed, {failed} failed, {skipped} skipped")
    return 0 if passed > 0 and failed == 0 else 1


if __name__ == "__main__":
    sys.exit(main())
