"""A file that lives by what another includes is found out."""

import json
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

CHECK = pathlib.Path(__file__).resolve().parents[1] / "checks" / "files_alone.py"
COMPILER = shutil.which("c++")


@unittest.skipUnless(COMPILER, "there is no C++ compiler")
class FilesAlone(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def check(self, **files):
        """Of a build of these files, whose contents are given, or None for one that is not there."""
        for name, text in files.items():
            if text is not None:
                (self.folder / f"{name}.cpp").write_text(text, encoding="utf-8")
        entries = [
            {
                "directory": str(self.folder),
                "file": f"{name}.cpp",
                "command": f"{COMPILER} -o {name}.o -c {name}.cpp",
            }
            for name in files
        ]
        commands = self.folder / "compile_commands.json"
        commands.write_text(json.dumps(entries), encoding="utf-8")
        return subprocess.run(
            [sys.executable, "-B", CHECK, self.folder],
            capture_output=True,
            text=True,
            check=False,
        )

    def test_files_that_include_what_they_use_are_fine(self):
        done = self.check(one="#include <cstddef>\nstd::size_t one = 1;\n", two="int two = 2;\n")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("themselves: 2, failed: 0", done.stdout)
        self.assertFalse(list(self.folder.glob("*.o")), "nothing is kept")

    def test_one_that_does_not_is_named(self):
        done = self.check(one="#include <cstddef>\n", two="std::size_t two = 2;\n")
        self.assertEqual(done.returncode, 1)
        self.assertIn("two.cpp", done.stderr)
        self.assertIn("failed: 1", done.stdout)

    def test_what_the_build_makes_is_left_out(self):
        done = self.check(one="int one = 1;\n", made=None)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("themselves: 1,", done.stdout)

    def test_nothing_to_compile_is_no_success(self):
        self.assertEqual(self.check(made=None).returncode, 2)


if __name__ == "__main__":
    unittest.main()
