"""Linux as a program (user-mode-linux): where it is, and how it is started on the host's files."""

import pathlib
import shutil

MODULES = pathlib.Path("/usr/lib/uml/modules")
INSTALL = "Debian: apt-get install --no-install-recommends user-mode-linux"


def find_kernel():
    """Nothing where it is not installed, or not with its modules."""
    return (shutil.which("linux.uml") or shutil.which("linux")) if MODULES.is_dir() else None


def command(kernel, memory, console, first_process, *arguments):
    """It has the host's files, read-only, and says nothing but on `console`."""
    # Its control socket is made in uml_dir, or not at all where nothing can be made.
    return [
        *(kernel, f"mem={memory}", "uml_dir=/proc/"),
        *("root=/dev/root", "rootfstype=hostfs", "rootflags=/", "ro"),
        *("con=null", f"con0={console}", "console=tty1", "quiet", "panic=-1"),
        *(f"init={first_process}", "--", *arguments),
    ]
