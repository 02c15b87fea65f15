"""Tells what a folder is good for as a build directory.

Usage: build_state.py SOURCE BUILD MESON_VERSION
Prints one word and, where there is one, the reason:
  absent     nothing is there, or an empty folder, or a first configuration that failed
  ready      configured for SOURCE by a meson that works together with MESON_VERSION
  spoiled    made by meson, and of no use to SOURCE
  foreign    something else
"""

import json
import pathlib
import sys


def state_of(source, build, meson_version):
    if not build.exists():
        return ("absent", "")
    if not build.is_dir():
        return ("foreign", "is not a folder")
    if not any(build.iterdir()):
        return ("absent", "")
    if not (build / "meson-private").is_dir():
        return ("foreign", "is not empty and no build directory of meson")
    if not (build / "meson-private" / "coredata.dat").exists():
        return ("absent", "")
    if not (build / "build.ninja").exists():
        return ("spoiled", "was never configured to the end")
    try:
        info = json.loads((build / "meson-info" / "meson-info.json").read_text(encoding="utf-8"))
        configured_for = pathlib.Path(info["directories"]["source"])
        made_by = info["meson_version"]["full"]
    except (OSError, ValueError, KeyError, TypeError):
        return ("spoiled", "has lost what meson keeps there")
    if configured_for.resolve() != source.resolve():
        return ("spoiled", f"was configured for {configured_for}")
    # Meson refuses a directory that another major.minor version made.
    if made_by.split(".")[:2] != meson_version.split(".")[:2]:
        return ("spoiled", f"was configured by meson {made_by}, and this is {meson_version}")
    return ("ready", "")


def main():
    source, build, meson_version = sys.argv[1:]
    print(*state_of(pathlib.Path(source), pathlib.Path(build), meson_version))


if __name__ == "__main__":
    main()
