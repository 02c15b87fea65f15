"""Installs the library into a folder and builds a program that knows nothing but its pkg-config
module: in C and in C++, linked with the shared and with the static library.

usage: test_installed.py BUILD CONSUMER.c
"""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

BUILD, CONSUMER = Path(sys.argv[1]), Path(sys.argv[2])
SAID = "caller data: may I\ncallee data: welcome\ndisconnect data: 3\n"
COMPILERS = {
    "c": (os.environ.get("CC", "cc"), ["-std=c11", "-x", "c"]),
    "c++": (os.environ.get("CXX", "c++"), ["-std=c++20", "-x", "c++"]),
}


def output(*command, **more):
    done = subprocess.run(command, capture_output=True, text=True, timeout=100, **more)
    if done.returncode != 0:
        raise AssertionError(f"{shlex.join(map(str, command))}\n{done.stdout}{done.stderr}")
    return done.stdout


def sanitizers():
    """What the library was built with, the program has to be linked with too."""
    options = json.loads((BUILD / "meson-info/intro-buildoptions.json").read_text())
    value = next(o["value"] for o in options if o["name"] == "b_sanitize")
    chosen = value if isinstance(value, str) else ",".join(value)
    return [] if chosen in ("none", "") else ["-fsanitize=" + chosen]


class InstalledLibrary(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = Path(tempfile.mkdtemp(prefix="ws2-installed-"))
        cls.addClassCleanup(shutil.rmtree, cls.folder)
        # The library, which is all that is sure to be built.
        output(
            "meson", "install", "-C", BUILD, "--no-rebuild", "--quiet",
            "--tags", "devel,runtime", "--destdir", cls.folder,
        )
        cls.module = next(cls.folder.rglob("ws2.pc"))
        cls.prefix = cls.folder / re.search(r"^prefix=/(.*)$", cls.module.read_text(), re.M)[1]

    def pkg_config(self, *arguments):
        flags = output(
            "pkg-config",
            f"--define-variable=prefix={self.prefix}",
            *arguments,
            "ws2",
            env={**os.environ, "PKG_CONFIG_PATH": str(self.module.parent)},
        )
        return shlex.split(flags)

    def build_and_run(self, language, libraries, environment):
        compiler, arguments = COMPILERS[language]
        # A C linker does not bring the part of a sanitizer that C++ needs.
        linker = COMPILERS["c++"][0] if sanitizers() else compiler
        program = self.folder / "consumer"
        output(
            *shlex.split(compiler),
            *arguments,
            *["-Wall", "-Wextra", "-Wpedantic", "-Werror", *sanitizers()],
            *self.pkg_config("--cflags"),
            *["-c", CONSUMER, "-o", f"{program}.o"],
        )
        output(*shlex.split(linker), *sanitizers(), f"{program}.o", *libraries, "-o", program)
        self.assertEqual(output(program, env={**os.environ, **environment}), SAID)

    def test_a_program_uses_the_shared_library(self):
        library = next(self.prefix.rglob("libws2.so"))
        for language in COMPILERS:
            with self.subTest(language):
                self.build_and_run(
                    language, self.pkg_config("--libs"), {"LD_LIBRARY_PATH": str(library.parent)}
                )

    def test_a_program_uses_the_static_library(self):
        archive = next(self.prefix.rglob("libws2.a"))
        private = [flag for flag in self.pkg_config("--libs", "--static") if flag != "-lws2"]
        for language in COMPILERS:
            with self.subTest(language):
                self.build_and_run(language, [str(archive), *private], {})

    def test_the_shared_library_exports_what_the_headers_declare(self):
        """No more: no function of the inside, no template of the standard library. And no less."""
        library = next(self.prefix.rglob("libws2.so"))
        table = output("nm", "--dynamic", "--defined-only", "--format=posix", library)
        exported = {line.split()[0].split("@")[0] for line in table.splitlines()}
        exported.discard("WS2_0")  # the version itself
        self.assertEqual(exported, self.declared())

    def declared(self):
        text = output(
            *shlex.split(COMPILERS["c"][0]),
            *["-E", "-P", *self.pkg_config("--cflags"), "-include", "ws2tcpip.h"],
            *["-x", "c", "-"],
            input="",
        )
        names = set()
        for declaration in text.replace("\n", " ").split(";"):
            if 'visibility("default")' not in declaration:
                continue
            label = re.search(r'__asm__\s*\(((?:\s*"[^"]*")+)\s*\)', declaration)
            if label:
                names.add("".join(re.findall(r'"([^"]*)"', label[1])))
            else:
                plain = declaration.split('visibility("default")')[1].split("))", 1)[1]
                names.add(re.search(r"(\w+)\s*\(", plain)[1])
        return names


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
