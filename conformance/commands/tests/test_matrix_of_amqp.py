"""The matrix of AMQP: two vendors meet, and what fails between them fails with neither alone.

Usage: test_matrix_of_amqp.py WS2CONFORM SOURCE_ROOT [unittest arguments]
"""

import json
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

PROGRAM, SOURCE = (pathlib.Path(sys.argv.pop(1)).resolve() for _ in range(2))
PROTON, RHEA = "amqp", "rhea"
PROTON_MODULE = pathlib.Path("/usr/lib/python3/dist-packages/proton/__init__.py")
RHEA_MODULE = PROGRAM.parent / "node_modules" / "rhea" / "package.json"


class MatrixOfAmqp(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def run_program(self, command, *arguments):
        line = [PROGRAM, command, *arguments, "--schedules", "2", "--time-factor", "2"]
        return subprocess.run(line, capture_output=True, text=True, timeout=500)

    def test_an_answer_is_lost_between_the_two(self):
        out = self.folder / "matrix"
        result = self.run_program(
            "matrix", PROTON, RHEA, "--filter", "answer-goes-back", "--reference", PROTON, "--out", out
        )
        print(result.stdout)
        self.assertEqual(result.returncode, 1, result.stderr)
        pairs = json.loads((out / "matrix.json").read_text())["pairs"]
        found = {(pair["client"], pair["server"]): pair for pair in pairs}
        self.assertEqual(len(found), 4)
        failing = [between for between, pair in found.items() if pair["failures"]]
        self.assertEqual(failing, [(PROTON, RHEA)])
        for failure in found[PROTON, RHEA]["failures"]:
            self.assertIn("SEED-A18", failure["requirements"])
            self.assertEqual(failure["blame"], "server")

    def test_pairs_of_two_vendors(self):
        for client, server, known in ((RHEA, PROTON, "rhea-client"), (PROTON, RHEA, "rhea-server")):
            with self.subTest(client=client, server=server):
                baseline = SOURCE / "cases" / "baselines" / f"{known}.yaml"
                arguments = ["--client", client, "--server", server, "--baseline", baseline]
                result = self.run_program("run", *arguments, "--report", self.folder / known)
                self.assertEqual(result.returncode, 0, result.stdout + result.stderr)


if __name__ == "__main__":
    if not shutil.which("node") or not PROTON_MODULE.exists():
        print("skipped: it needs nodejs and python3-qpid-proton (Debian)")
        sys.exit(77)
    if not RHEA_MODULE.exists():
        print(f"skipped: {RHEA_MODULE} is not there (npm install --prefix {PROGRAM.parent} rhea)")
        sys.exit(77)
    unittest.main()
