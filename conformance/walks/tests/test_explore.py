"""Random walks find nothing in the reference and something in what is wrong; what they write down is a
case that fails again there and passes on the reference.

Usage: test_explore.py WS2CONFORM WINSOCK_ZOO SOURCE_ROOT [unittest arguments]
"""

import json
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

PROGRAM, ZOO, SOURCE = (pathlib.Path(sys.argv.pop(1)).resolve() for _ in range(3))

HOLDS, VIOLATED = 0, 1

sys.path.insert(0, str(SOURCE / "runners" / "python"))

from claims import claims_of  # noqa: E402

CLAIMS = claims_of(SOURCE / "runners" / "iuts" / "reference.yaml")


class Explore(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.folder)

    def run_program(self, *arguments):
        result = subprocess.run(
            [PROGRAM, *arguments],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=280,
        )
        return result.returncode, result.stdout + result.stderr

    def faulty(self, fault):
        iut = self.folder / "zoo.yaml"
        command = [str(ZOO), "--fault", fault, "--implementation", fault, *CLAIMS]
        iut.write_text(json.dumps({"name": "zoo", "title": fault, "command": command}))
        return iut

    def test_nothing_in_the_reference(self):
        code, output = self.run_program("explore", "--walks", "50", "--seed", "3")
        self.assertEqual(code, HOLDS, output)
        walked = int(re.search(r"(\d+) walks of 50 tried", output).group(1))
        self.assertGreater(walked, 30, output)

    def test_the_same_seed_walks_the_same(self):
        iut = self.faulty("drops-disconnect-data")
        first, second = (
            self.run_program("explore", iut, "--out", self.folder / name) for name in ("a", "b")
        )
        found = sorted(path.name for path in (self.folder / "a" / "walks").iterdir())
        self.assertEqual(first[0], VIOLATED, first[1])
        self.assertEqual(found, sorted(path.name for path in (self.folder / "b" / "walks").iterdir()))

    def test_what_is_found_is_a_case(self):
        iut = self.faulty("drops-disconnect-data")
        out = self.folder / "found"
        code, output = self.run_program("explore", iut, "--out", out)
        self.assertEqual(code, VIOLATED, output)
        self.assertIn("WSARecvDisconnect", output)
        (walk,) = (out / "walks").iterdir()
        # Four make the connection; then its end, and what the other end finds.
        self.assertLessEqual(len(re.findall(r"^  - \{id", walk.read_text(), re.MULTILINE)), 7)
        again = ["--cases", out, "--schedules", "20", "--report", self.folder / "report"]
        self.assertEqual(self.run_program("lint", "--cases", out)[0], HOLDS)
        code, output = self.run_program("run", iut, *again)
        self.assertEqual(code, VIOLATED, output)
        code, output = self.run_program("run", "reference", *again)
        self.assertEqual(code, HOLDS, output)


if __name__ == "__main__":
    unittest.main()
