"""A pretended machine: a copy of tools/, and a PATH on which only fakes answer."""

import json
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

TOOLS = pathlib.Path(__file__).resolve().parent.parent
FAKE_PROGRAM = pathlib.Path(__file__).resolve().parent / "fake_program.py"

# Real programs that the scripts use besides the ones under test.
REAL = "awk bash cat dirname env grep mkdir mktemp realpath rm sed sh sort tail".split()

# Fakes that fake_program.py plays.
FAKES = "apt-cache apt-get dpkg-query meson sudo".split()

# A file beside it named COMPILER.broken keeps it from compiling anything, COMPILER.old from
# compiling C++20.
COMPILER = """#!/bin/sh
program=$(cat)
[ ! -e "$0.broken" ] || exit 1
case "$* $program" in
  *-std=c++20*) [ ! -e "$0.old" ] || exit 1 ;;
esac
case $program in
  *"<boost/version.hpp>"*) [ "$FAKE_BOOST" != 0 ] && echo "$FAKE_BOOST" ;;
  *__has_include*)
    header=${program#*<}
    case " $FAKE_HEADERS " in *" ${header%%>*} "*) ;; *) exit 1 ;; esac
    ;;
esac
"""

LIBRARIES = {
    "libgtest-dev": "gtest/gtest.h",
    "libyaml-cpp-dev": "yaml-cpp/yaml.h",
    "nlohmann-json3-dev": "nlohmann/json.hpp",
    "libcli11-dev": "CLI/CLI.hpp",
    "libfmt-dev": "fmt/core.h",
    "libvalijson-dev": "valijson/validator.hpp",
    "libkainjow-mustache-dev": "kainjow/mustache.hpp",
    "libpugixml-dev": "pugixml.hpp",
    "libmimalloc-dev": "mimalloc.h",
    "librapidcheck-dev": "rapidcheck.h",
}

BOOST_181 = ["libboost1.81-dev", "libboost-filesystem1.81-dev", "libboost-system1.81-dev"]


def packages(*names, version="1.0"):
    return {name: {"version": version} for name in names}


class SystemTest(unittest.TestCase):
    """Begins on a Debian 12 where everything is installed, as root."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="ws2conform-tools-")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name).resolve()
        self.root = self.folder / "source"
        shutil.copytree(
            TOOLS, self.root / "tools", ignore=shutil.ignore_patterns("tests", "__pycache__")
        )
        self.bin = self.folder / "bin"
        self.bin.mkdir()
        for name in REAL:
            (self.bin / name).symlink_to(shutil.which(name))
        (self.bin / "python3").symlink_to(sys.executable)
        for name in FAKES:
            program = f'exec "{sys.executable}" -I -S "{FAKE_PROGRAM}" {name} "$@"'
            self.add_program(name, f"#!/bin/sh\n{program}\n")
        self.add_program("id", '#!/bin/sh\necho "${FAKE_SUDO:-$FAKE_USER}"\n')
        self.add_program("uname", '#!/bin/sh\necho "$FAKE_KERNEL"\n')
        self.add_program("ninja", "#!/bin/sh\n")
        self.add_program("pkg-config", "#!/bin/sh\nexit 1\n")
        self.add_program("cc", COMPILER)
        self.add_program("c++", COMPILER)
        self.os_release("bookworm")
        self.environment = {}
        self.kernel = "Linux"
        self.compiler_boost = 0  # BOOST_VERSION that the compiler finds by itself
        self.headers = []  # and the headers, where it is asked
        self.system = {
            "root": True,
            "packages": packages("dpkg", *LIBRARIES, *BOOST_181),
            "known": {},  # what apt can install now, with versions
            "after_update": {},  # and what besides after apt-get update
            "stale": False,  # the lists name versions that are gone until apt-get update
            "in_the_way": [],  # what apt would remove if it is installed
            "programs": {},  # package -> compiler that works once it is installed
            "sudo_refuses": False,
            "meson": "1.0.1",
            "setup_fails": False,
            "compile_fails": False,
            "results": ["OK"],
            "test_status": 0,
        }

    def add_program(self, name, text):
        (self.bin / name).write_text(text, encoding="utf-8")
        (self.bin / name).chmod(0o755)

    def remove_program(self, name):
        (self.bin / name).unlink()

    def os_release(self, codename):
        (self.folder / "os-release").write_text(f"VERSION_CODENAME={codename}\n", encoding="utf-8")

    def debian_12_offers(self, *names):
        self.system["known"].update({name: "1.0-2" for name in [*LIBRARIES, *names]})
        self.system["known"].update({"libboost-dev": "1.74.0.3"})
        self.system["known"].update({name: "1.81.0-5+deb12u1" for name in BOOST_181})

    def execute(self, command, cwd=None):
        """Runs COMMAND there; sets output, errors, status, calls, and reads the system back."""
        state = self.folder / "system.json"
        calls = self.folder / "calls"
        state.write_text(json.dumps(self.system), encoding="utf-8")
        calls.write_text("", encoding="utf-8")
        run = subprocess.run(
            command,
            cwd=cwd or self.folder,
            env={
                "PATH": str(self.bin),
                "TMPDIR": str(self.folder),
                "FAKE_SYSTEM": str(state),
                "FAKE_USER": "0" if self.system["root"] else "1000",
                "FAKE_KERNEL": self.kernel,
                "FAKE_BOOST": str(self.compiler_boost),
                "FAKE_HEADERS": " ".join(self.headers),
                "FAKE_CALLS": str(calls),
                **self.environment,
            },
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=60,
        )
        self.output, self.errors, self.status = run.stdout, run.stderr, run.returncode
        self.calls = calls.read_text(encoding="utf-8").splitlines()
        self.system = json.loads(state.read_text(encoding="utf-8"))

    def ensure(self, extras=0):
        """The package logic alone."""
        self.execute(
            [
                "bash",
                "-euo",
                "pipefail",
                "-c",
                f'. "{self.root}/tools/lib/command.sh"\n'
                f'os_release_file="{self.folder}/os-release"\n'
                f"ensure_packages {extras}\n"
                'echo "CXX=${CXX:-}"\n',
            ]
        )

    def tool(self, name, *arguments, cwd=None):
        self.execute(["bash", str(self.root / "tools" / name), *arguments], cwd)

    def calls_of(self, *names):
        return [call for call in self.calls if call.split()[0] in names]

    def assert_status(self, expected):
        self.assertEqual(self.status, expected, f"{self.output}\n{self.errors}")

    def assert_no_package_manager(self):
        self.assertEqual(self.calls_of("apt-get", "apt-cache", "sudo"), [])

    def assert_nothing_changed(self):
        changing = [call for call in self.calls_of("apt-get", "sudo") if " -s " not in call]
        self.assertEqual(changing, [])


