"""Linux as a program (user-mode-linux): where it is, and how it is started on the host's files.

usage: user_mode_linux.py KERNEL ARGUMENT...

As a program: becomes the kernel, which sees of its processes' registers what fits into it.
"""

import ctypes
import os
import pathlib
import re
import shutil
import struct
import subprocess
import sys

MODULES = pathlib.Path("/usr/lib/uml/modules")
INSTALL = "Debian: apt-get install --no-install-recommends user-mode-linux"

# What is kept then of AVX registers is their lower halves: glibc is told to live without them.
PLAIN_REGISTERS = (
    "GLIBC_TUNABLES=glibc.cpu.hwcaps="
    "-AVX,-AVX2,-AVX_Fast_Unaligned_Load,-AVX512F,-AVX512VL,-AVX512BW"
)


def find_kernel():
    """Nothing where it is not installed, or not with its modules."""
    return (shutil.which("linux.uml") or shutil.which("linux")) if MODULES.is_dir() else None


def command(kernel, memory, console, first_process, *arguments):
    """It has the host's files, read-only, and says nothing but on `console`."""
    fits = registers_fit(kernel)
    # Its control socket is made in uml_dir, or not at all where nothing can be made.
    return [
        *([] if fits else [sys.executable, "-B", os.path.abspath(__file__)]),
        *(kernel, f"mem={memory}", "uml_dir=/proc/"),
        *("root=/dev/root", "rootfstype=hostfs", "rootflags=/", "ro"),
        *("con=null", f"con0={console}", "console=tty1", "quiet", "panic=-1"),
        *([] if fits else [PLAIN_REGISTERS]),
        *(f"init={first_process}", "--", *arguments),
    ]


def has_room(kernel):
    """Whether it makes room for whatever registers the processor has. Before 6.13 it has 2,696
    octets for all of a process's, and panics at the first process where there are more (seen of
    6.1); since then it asks how many they are (not tried here: Debian 12 has 6.1)."""
    said = subprocess.run([kernel, "--version"], stdout=subprocess.PIPE, text=True, check=False)
    numbers = re.match(r"(\d+)\.(\d+)", said.stdout)
    return numbers is not None and tuple(map(int, numbers.groups())) >= (6, 13)


def registers_fit(kernel, cpuinfo="/proc/cpuinfo"):
    """AMX adds 8 KiB to what a processor has otherwise."""
    with open(cpuinfo, encoding="utf-8", errors="replace") as file:
        is_long = any("amx_tile" in line.split() for line in file if line.startswith("flags"))
    return not is_long or has_room(kernel)


def hide_long_registers():
    """For this process and those it becomes or starts, ptrace fails that reads or writes all
    registers (NT_X86_XSTATE). The kernel then keeps those that PTRACE_GETFPREGS knows."""
    load, equal, mask, give = 0x20, 0x15, 0x54, 0x06
    ptrace, get_register_set, all_registers = 101, 0x4204, 0x202
    allow, invalid = 0x7FFF0000, 0x00050000 | 22
    number, first, third = 0, 16, 32  # offsets in struct seccomp_data
    steps = [
        (load, 0, 0, number),
        (equal, 0, 5, ptrace),
        (load, 0, 0, first),
        (mask, 0, 0, 0xFFFFFFFE),  # PTRACE_SETREGSET is the next number
        (equal, 0, 2, get_register_set),
        (load, 0, 0, third),
        (equal, 1, 0, all_registers),
        (give, 0, 0, allow),
        (give, 0, 0, invalid),
    ]
    code = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *step) for step in steps))
    program = struct.pack("HxxxxxxQ", len(steps), ctypes.addressof(code))
    prctl = ctypes.CDLL(None, use_errno=True).prctl
    no_new_privileges, set_seccomp, filter_mode = 38, 22, 2
    if prctl(no_new_privileges, 1, 0, 0, 0) != 0 or prctl(set_seccomp, filter_mode, program) != 0:
        raise OSError(ctypes.get_errno(), "registers cannot be hidden (seccomp)")


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    hide_long_registers()
    os.execv(sys.argv[1], sys.argv[1:])
