"""Runs a test in a Linux kernel of its own (user-mode-linux), for what this machine's kernel lacks.

Usage: other_kernel.py MODULE[,MODULE...] TEST.py [ARGUMENT...]

The test sees the host's files and cannot change them; /run is its own, and a folder for temporary
files. What it prints and its exit status are this program's. WS2CONFORM_OTHER_KERNEL tells it the
modules. Skipped (77) where user-mode-linux is not installed.
"""

import ctypes
import os
import pathlib
import signal
import subprocess
import sys
import tempfile

SOURCE = pathlib.Path(__file__).resolve().parents[3]
sys.path.insert(0, str(SOURCE / "runners" / "x25"))

from user_mode_linux import INSTALL, MODULES, command, find_kernel  # noqa: E402

SYSTEM_CALL_FINIT_MODULE = 313  # of x86-64
POWER_OFF = 0x4321FEDC
OUTPUT, STATUS = "output.txt", "status.txt"

libc = ctypes.CDLL(None, use_errno=True)


# ---- on the host ----------------------------------------------------------------------------------


def run_in_kernel(kernel, arguments):
    with tempfile.TemporaryDirectory() as folder:
        inside = [os.path.abspath(__file__), "--inside", os.getcwd(), folder, *arguments]
        python = os.path.realpath(sys.executable)
        nothing = subprocess.DEVNULL
        process = subprocess.Popen(
            command(kernel, "1024M", "null", python, "-B", *inside),
            stdin=nothing,
            stdout=nothing,
            stderr=nothing,
            start_new_session=True,
        )
        signal.signal(signal.SIGTERM, lambda *_: os.killpg(process.pid, signal.SIGKILL))
        process.wait()
        output, status = (pathlib.Path(folder) / name for name in (OUTPUT, STATUS))
        print(output.read_text() if output.exists() else "nothing was heard of the kernel\n", end="")
        return int(status.read_text()) if status.exists() else 1


# ---- in the kernel, as its first process ----------------------------------------------------------


def must(result, what):
    if result != 0:
        raise OSError(ctypes.get_errno(), f"{what}: {os.strerror(ctypes.get_errno())}")


def mount(kind, where, data=None):
    must(libc.mount(b"none", where.encode(), kind.encode(), 0, data and data.encode()), where)


def load(modules):
    """The modules with all that they need."""
    folder = MODULES / os.uname().release
    needed = {}
    for line in (folder / "modules.dep").read_text().splitlines():
        path, _, others = line.partition(":")
        needed[pathlib.Path(path).stem] = [*reversed(others.split()), path]
    for module in set(modules) - set(needed):
        raise OSError(f"the kernel has no module {module}")
    loaded = set()
    for path in (path for module in modules for path in needed[module]):
        if path not in loaded:
            file = os.open(folder / path, os.O_RDONLY)
            must(libc.syscall(SYSTEM_CALL_FINIT_MODULE, file, b"", 0), path)
            loaded.add(path)


def run_first(working_directory, folder, modules, test):
    # A folder for a file system of its own, which hides nothing that is needed.
    needed = [f"{os.path.abspath(path)}/" for path in (working_directory, sys.executable, *test)]
    scratch = next(
        path
        for path in ("/tmp", "/mnt", "/media", "/srv")
        if os.path.isdir(path) and not any(one.startswith(path + "/") for one in needed)
    )
    os.environ.update(PATH=os.defpath + ":/usr/sbin:/sbin", HOME=scratch, TMPDIR=scratch)
    os.environ.update(LANG="C.UTF-8", WS2CONFORM_OTHER_KERNEL=modules)
    for kind, where in (("proc", "/proc"), ("sysfs", "/sys"), ("tmpfs", scratch), ("tmpfs", "/run")):
        mount(kind, where)
    host = pathlib.Path(scratch) / "host"
    host.mkdir()
    mount("hostfs", str(host), folder)
    os.chdir(working_directory)
    status = 1
    with open(host / OUTPUT, "w", encoding="utf-8") as output:
        try:
            load(modules.split(","))
            status = subprocess.run(
                [sys.executable, "-B", *test], stdin=subprocess.DEVNULL, stdout=output, stderr=output
            ).returncode
        except OSError as problem:
            print(f"other_kernel: {problem}", file=output)
    (host / STATUS).write_text(str(status))


def main(arguments):
    if arguments[:1] == ["--inside"]:
        try:
            run_first(*arguments[1:4], arguments[4:])
        finally:
            os.sync()
            libc.reboot(POWER_OFF)
    if len(arguments) < 2:
        sys.exit(__doc__)
    kernel = find_kernel()
    if kernel is None:
        print(f"skipped: no user-mode-linux ({INSTALL})")
        return 77
    return run_in_kernel(kernel, arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
