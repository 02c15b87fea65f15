"""The zoo as a command: kills for the right reason, wrong reasons, the null fault, the generated line;
and what a failure on a faulty implementation looks like to its user.

Usage: test_zoo.py WS2CONFORM WINSOCK_ZOO SOURCE_ROOT [unittest arguments]
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
sys.path.insert(0, str(SOURCE / "runners" / "python"))

from claims import claims_of  # noqa: E402

HOLDS, VIOLATED, WRONG_INPUT = 0, 1, 2


def run(*arguments):
    return subprocess.run(
        [str(a) for a in arguments],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=250,
    )


class Table(unittest.TestCase):
    def test_enough_faults_each_told_whole(self):
        table = json.loads(run(ZOO, "--list").stdout)
        self.assertGreaterEqual(len(table), 270)
        names = [fault["name"] for fault in table]
        self.assertEqual(len(set(names)), len(names))
        for fault in table:
            with self.subTest(fault["name"]):
                self.assertTrue(fault["description"].endswith("."))
                if fault["name"] in ("none", "breaks-everything"):
                    continue
                self.assertTrue(fault["requirements"])
                self.assertTrue(fault["symptoms"])
                for symptom in fault["symptoms"]:
                    # The operation or the invariant in full, a wildcard for the aspect at most; or what
                    # the relay was to treat and never came.
                    self.assertRegex(symptom, r"^(relay|INV-[A-Z-]+|[A-Za-z-]+(_[A-Z]+)*_[a-z_*]+)$")

    def test_listed_by_the_suite(self):
        result = run(PROGRAM, "list", "faults")
        self.assertEqual(result.returncode, HOLDS, result.stderr)
        self.assertRegex(result.stdout, r"(?m)^none +The null fault")
        self.assertIn("violates TEAR-05", result.stdout)

    def test_unknown_fault(self):
        self.assertEqual(run(ZOO, "--fault", "nonsense").returncode, WRONG_INPUT)
        result = run(PROGRAM, "zoo", "--fault", "nonsense")
        self.assertEqual(result.returncode, WRONG_INPUT)
        self.assertIn("no fault is called nonsense", result.stderr)


class Matrix(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.folder)

    def zoo(self, *arguments):
        out = self.folder / "zoo.json"
        result = run(PROGRAM, "zoo", "--jobs", "2", "--out", out, *arguments)
        self.assertTrue(out.exists(), result.stdout + result.stderr)
        return result, json.loads(out.read_text())

    def row(self, matrix, name):
        return next(fault for fault in matrix["faults"] if fault["name"] == name)

    def cell(self, matrix, name, case):
        return next(c for c in self.row(matrix, name)["cells"] if c["case"] == case)

    def test_kills_and_lets_live(self):
        result, matrix = self.zoo(
            "--fault", "none", "--fault", "drops-disconnect-data", "--fault", "breaks-everything",
            "--filter", "totals-answered-by-grand-total",
        )
        self.assertEqual(result.returncode, HOLDS, result.stdout)
        self.assertEqual(matrix["score"], {"faults": 1, "killed": 1, "percent": 100})
        null = self.cell(matrix, "none", "totals-answered-by-grand-total")
        self.assertEqual((null["outcome"], null["reached"]), ("not reached", False))
        killed = self.cell(matrix, "drops-disconnect-data", "totals-answered-by-grand-total")
        self.assertEqual((killed["outcome"], killed["reached"]), ("killed", True))
        self.assertEqual(killed["check"], "INV-DISCONNECT-DATA")
        self.assertRegex(killed["replay"], r"^[0-9A-Z]{8}$")
        self.assertEqual(self.row(matrix, "breaks-everything")["killed_by"],
                         ["totals-answered-by-grand-total"])
        self.assertEqual(matrix["problems"], [])

    def test_a_choice_is_no_whole(self):
        """Reports tell of the whole matrix: what is asked of a few faults stays out of it."""
        result = run(PROGRAM, "zoo", "--fault", "none", "--filter", "disconnect-without-data")
        self.assertRegex(result.stdout, r"(?m)^matrix: .*/zoo-selected\.json$")

    def test_fault_that_is_reached_and_passes(self):
        _, matrix = self.zoo("--fault", "reading-drops-disconnect-data",
                             "--filter", "disconnect-without-data")
        cell = self.row(matrix, "reading-drops-disconnect-data")["cells"][0]
        self.assertIn(cell["outcome"], ("passed", "not reached"))
        self.assertEqual(self.row(matrix, "reading-drops-disconnect-data")["killed_by"], [])

    def test_what_takes_time_anyway_kills_nothing(self):
        # It lingers for a second, which is longer than the zoo waits in haste.
        case = "lingering-gives-up-on-a-stalled-peer"
        _, matrix = self.zoo("--fault", "lingers-to-the-end", "--filter", case)
        self.assertEqual(self.cell(matrix, "lingers-to-the-end", case)["outcome"], "passed")

    def test_named_case_that_does_not_kill(self):
        # Every provider but the one the fault is about.
        result, matrix = self.zoo("--fault", "abortive-provider-ends-gracefully",
                                  "--filter", "only-abortive-ends", "--provider", "tp4")
        self.assertEqual(result.returncode, HOLDS, result.stdout)
        self.assertEqual(matrix["score"]["killed"], 1)

    def test_part_of_the_matrix_leaves_the_readme_alone(self):
        readme = self.folder / "README.md"
        readme.write_text("no place for it\n")
        result, _ = self.zoo("--fault", "none", "--filter", "never-connected", "--readme", readme)
        self.assertEqual(result.returncode, HOLDS, result.stdout)
        self.assertEqual(readme.read_text(), "no place for it\n")


class Failure(unittest.TestCase):
    """What a user reads who runs the suite on one of them."""

    def test_names_step_requirement_and_line(self):
        claims = claims_of(SOURCE / "runners" / "iuts" / "reference.yaml")
        with tempfile.TemporaryDirectory() as name:
            folder = pathlib.Path(name)
            iut = folder / "zoo.yaml"
            command = [str(ZOO), "--fault", "drops-disconnect-data", *claims]
            iut.write_text(json.dumps({"name": "zoo", "title": "faulty", "command": command}))
            result = run(PROGRAM, "run", iut, "--schedules", "2", "--filter",
                         "totals-answered-by-grand-total", "--report", folder / "report")
        self.assertEqual(result.returncode, VIOLATED, result.stderr)
        output = result.stdout
        self.assertIn(
            'step 3 (server WSARecvDisconnect): expected what the peer gave: "3", observed ""', output)
        self.assertIn("requirement SEED-A16", output)
        places = re.findall(r"written at (\S+):(\d+)", output)
        self.assertTrue(places)
        for path, number in places:
            line = (SOURCE / path).read_text().splitlines()[int(number) - 1]
            self.assertTrue(line.lstrip().startswith("- {"), line)
        self.assertIn("again:    ws2conform replay ", output)


if __name__ == "__main__":
    unittest.main()
