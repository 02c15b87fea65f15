"""Stands in for the programs that tools/ asks about packages, and for meson.

Called as `fake_program.py NAME ARGUMENT...` by the shims that fake_system.py writes. What the
pretended machine is like is in the JSON file $FAKE_SYSTEM; every call is added to $FAKE_CALLS.
"""

import fnmatch
import json
import os
import pathlib
import re
import subprocess
import sys

STATE = pathlib.Path(os.environ["FAKE_SYSTEM"])


def read():
    return json.loads(STATE.read_text(encoding="utf-8"))


def write(system):
    STATE.write_text(json.dumps(system), encoding="utf-8")


def is_root(system):
    return system["root"] or "FAKE_SUDO" in os.environ


def dpkg_query(system, arguments):
    assert arguments[:2] == ["-W", "-f"], arguments
    layout, patterns = arguments[2], arguments[3:] or ["*"]
    failed = False
    for pattern in patterns:
        names = fnmatch.filter(system["packages"], pattern)
        failed = failed or not names
        for name in names:
            package = system["packages"][name]
            fields = {
                "Package": name,
                "Version": package["version"],
                "db:Status-Status": package.get("status", "installed"),
                "Depends": package.get("depends", ""),
                "Pre-Depends": "",
            }
            text = layout.replace("\\n", "\n").replace("\\t", "\t")
            sys.stdout.write(re.sub(r"\$\{([^}]*)\}", lambda found: fields[found[1]], text))
    return 1 if failed else 0


def apt_cache(system, arguments):
    assert arguments[0] == "policy", arguments
    for name in arguments[1:]:
        if name in system["known"]:
            print(f"{name}:\n  Installed: (none)\n  Candidate: {system['known'][name]}")
    return 0


def apt_get(system, arguments):
    flags = [word for word in arguments if word.startswith("-")]
    words = [word for word in arguments if not word.startswith(("-", "DPkg::"))]
    command, *names = words
    simulated = "-s" in flags
    if not simulated and not is_root(system):
        print("E: are you root?", file=sys.stderr)
        return 100
    if command == "update":
        system["known"].update(system["after_update"])
        system["stale"] = False
        write(system)
        return 0
    assert command == "install", arguments
    removed = [name for name in system["in_the_way"] if name in system["packages"]]
    if any(name not in system["known"] for name in names):
        return 100
    if simulated:
        for name in removed:
            print(f"Remv {name} [1.0]")
        return 0
    if system["stale"] or "--no-remove" not in flags or removed:
        return 100
    for name in names:
        version = system["known"][name]
        system["packages"][name] = {"version": version}
        # libboost-filesystem-dev and its kin only stand for those of one release.
        if name.startswith("libboost") and not re.search(r"\d", name):
            release = ".".join(version.split(".")[:2])
            full = name.removesuffix("-dev") + f"{release}-dev"
            system["packages"][full] = {"version": version}
        if name in system["programs"]:
            (STATE.parent / "bin" / f"{system['programs'][name]}.broken").unlink()
    write(system)
    return 0


def sudo(system, arguments):
    if system["sudo_refuses"]:
        return 1
    if arguments[0] == "-n":
        arguments = arguments[1:]
    return subprocess.run(arguments, env={**os.environ, "FAKE_SUDO": "0"}).returncode


def meson(system, arguments):
    """Enough of meson to see what it is asked: setup makes a build, test writes a testlog."""
    if arguments == ["--version"]:
        print(system["meson"])
        return 0
    words = [word for word in arguments[1:] if not word.startswith("-")]
    if arguments[0] == "setup":
        if system["setup_fails"]:
            return 1
        build, source = map(pathlib.Path, words)
        for folder in ("meson-private", "meson-info", "meson-logs"):
            (build / folder).mkdir(parents=True, exist_ok=True)
        for name in ("meson-private/coredata.dat", "build.ninja"):
            (build / name).touch()
        info = {"directories": {"source": str(source)}, "meson_version": {"full": system["meson"]}}
        (build / "meson-info/meson-info.json").write_text(json.dumps(info), encoding="utf-8")
        program = build / "ws2conform"
        program.write_text('#!/bin/sh\necho "$@"\nexit "${WS2CONFORM_STATUS:-0}"\n')
        program.chmod(0o755)
    build = pathlib.Path(arguments[arguments.index("-C") + 1]) if "-C" in arguments else None
    if arguments[0] == "compile":
        return 1 if system["compile_fails"] else 0
    if arguments[0] == "test":
        if "--list" in arguments:
            print("a-test")
            return 0
        lines = [json.dumps({"name": "t", "result": result}) for result in system["results"]]
        (build / "meson-logs/testlog.json").write_text("\n".join(lines) + "\n", encoding="utf-8")
        print("meson's own summary")
        return system["test_status"]
    return 0


def main():
    system = read()
    with open(os.environ["FAKE_CALLS"], "a", encoding="utf-8") as calls:
        calls.write(" ".join([NAME, *sys.argv[2:]]) + "\n")
    handlers = {
        "dpkg-query": dpkg_query,
        "apt-cache": apt_cache,
        "apt-get": apt_get,
        "sudo": sudo,
        "meson": meson,
    }
    return handlers[NAME](system, sys.argv[2:])


if __name__ == "__main__":
    NAME = sys.argv[1]
    sys.exit(main())
