"""Linux as a program where the processor has more registers than it has room for.

usage: test_registers.py
"""

import ctypes
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest
from unittest import mock

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, ".."))

import user_mode_linux  # noqa: E402

COPIES = 50
POWER_OFF = 0x4321FEDC


def copy_inside():
    """In the kernel, as its first process. Copies come upon each page for the first time in the
    middle of it, where the kernel takes over."""
    once = bytes(range(256))
    with open("/dev/tty0", "w", encoding="ascii") as console:
        for _ in range(COPIES):
            many = bytearray(once * 2000)
            again = bytes(many)
            print("good" if again == many and again.count(once) == 2000 else "bad", file=console)
    ctypes.CDLL(None).reboot(POWER_OFF)


def fits(flags, version):
    with tempfile.TemporaryDirectory() as folder:
        cpuinfo = pathlib.Path(folder, "cpuinfo")
        cpuinfo.write_text(f"processor\t: 0\nflags\t\t: {flags}\n\n", encoding="utf-8")
        kernel = pathlib.Path(folder, "linux")
        kernel.write_text(f"#!/bin/sh\necho {version}\n", encoding="utf-8")
        kernel.chmod(0o755)
        return user_mode_linux.registers_fit(kernel, cpuinfo)


class Fit(unittest.TestCase):
    def test_up_to_amx(self):
        self.assertTrue(fits("fpu sse2 avx avx512f", "6.1.176"))
        self.assertFalse(fits("fpu avx512f amx_bf16 amx_tile amx_int8", "6.1.176"))

    def test_whatever_there_is_where_the_kernel_makes_room(self):
        self.assertFalse(fits("fpu amx_tile", "6.12.9"))
        self.assertTrue(fits("fpu amx_tile", "6.13.0"))
        self.assertTrue(fits("fpu amx_tile", "7.0"))
        self.assertFalse(fits("fpu amx_tile", "nothing of a version"))

    def test_only_where_they_do_not_the_kernel_is_started_by_another(self):
        with mock.patch.object(user_mode_linux, "registers_fit", return_value=True):
            self.assertEqual(user_mode_linux.command("linux", "64M", "null", "/bin/true")[0], "linux")
        with mock.patch.object(user_mode_linux, "registers_fit", return_value=False):
            words = user_mode_linux.command("linux", "64M", "null", "/bin/true")
        self.assertEqual(words[:2] + words[3:4], [sys.executable, "-B", "linux"])
        self.assertTrue(os.path.samefile(words[2], user_mode_linux.__file__))
        self.assertIn(user_mode_linux.PLAIN_REGISTERS, words[: words.index("--")])

    def test_how_it_is_called(self):
        done = subprocess.run(
            [sys.executable, "-B", user_mode_linux.__file__], capture_output=True, text=True, check=False
        )
        self.assertEqual(done.returncode, 1)
        self.assertIn("usage: user_mode_linux.py KERNEL", done.stderr)


KERNEL = user_mode_linux.find_kernel()


@unittest.skipUnless(KERNEL, user_mode_linux.INSTALL)
class Kernel(unittest.TestCase):
    """On every processor, also where the kernel could have all registers."""

    @unittest.skipIf(KERNEL and user_mode_linux.has_room(KERNEL), "this kernel has to have them all")
    def test_what_is_copied_in_it_is_right(self):
        with mock.patch.object(user_mode_linux, "registers_fit", return_value=False):
            command = user_mode_linux.command(
                *(KERNEL, "96M", "null,fd:1"),
                *(os.path.realpath(sys.executable), "-B", os.path.abspath(__file__), "--inside"),
            )
        done = subprocess.run(
            command, stdin=subprocess.DEVNULL, capture_output=True, check=False, timeout=100
        )
        self.assertEqual(done.stdout.split(), [b"good"] * COPIES)


if __name__ == "__main__":
    if sys.argv[1:] == ["--inside"]:
        copy_inside()
    unittest.main()
