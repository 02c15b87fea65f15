"""Runs a test in a Linux kernel of its own (user-mode-linux), for what this machine's kernel lacks.

Usage: other_kernel.py MODULE[,MODULE...] TEST.py [ARGUMENT...]

The test sees the host's files and cannot change them; /run is its own, and a folder for temporary files.
What it prints and its exit status are this program's. Skipped (77) where user-mode-linux is not installed.
"""

import ctypes
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile

MODULES = pathlib.Path("/usr/lib/uml/modules")
INSTALL = "Debian: apt-get install --no-install-recommends user-mode-linux"
SYSTEM_CALL_FINIT_MODULE = 313  # of x86-64, which is all that user-mode-linux is packaged for
POWER_OFF = 0x4321FEDC
OUTPUT, STATUS = "output.txt", "status.txt"

libc = ctypes.CDLL(None, use_errno=True)


# ---- on the host ----------------------------------------------------------------------------------


def run_in_kernel(kernel, arguments):
    with tempfile.TemporaryDirectory() as folder:
        inside = [os.path.abspath(__file__), "--inside", os.getcwd(), folder, *arguments]
        # Its control socket is made in uml_dir, or not at all where nothing can be made.
        command = [kernel, "mem=1024M", "uml_dir=/proc/", "root=/dev/root", "rootfstype=hostfs"]
        command += ["rootflags=/", "ro", "con=null", "con0=null", "console=tty1", "quiet", "panic=-1"]
        command += [f"init={os.path.realpath(sys.executable)}", "--", "-B", *inside]
        nothing = subprocess.DEVNULL
        process = subprocess.Popen(
            command, stdin=nothing, stdout=nothing, stderr=nothing, start_new_session=True
        )
        signal.signal(signal.SIGTERM, lambda *_: os.killpg(process.pid, signal.SIGKILL))
        process.wait()
        output, status = (pathlib.Path(folder) / name for name in (OUTPUT, STATUS))
        print(output.read_text() if output.exists() else "nothing was heard of the kernel", end="")
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
    os.environ.update(LANG="C.UTF-8")
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
        except (OSError, KeyError) as problem:
            print(f"{type(problem).__name__}: {problem}", file=output)
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
    kernel = shutil.which("linux.uml")
    if kernel is None or not MODULES.is_dir():
        print(f"skipped: no user-mode-linux ({INSTALL})")
        return 77
    return run_in_kernel(kernel, arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
