"""The doctor finds what is wrong with an adapter, and nothing where nothing is.

Usage: test_doctor.py PROGRAM SOURCE_ROOT [unittest arguments]
"""

import json
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

PROGRAM = pathlib.Path(sys.argv.pop(1)).resolve()
SOURCE = pathlib.Path(sys.argv.pop(1)).resolve()
LIARS = SOURCE / "conformance" / "doctor" / "tests" / "liars.py"
MISBEHAVING = SOURCE / "runners" / "host" / "tests" / "misbehaving.py"

HOLDS, VIOLATED, WRONG_INPUT, NOT_DRIVEN = 0, 1, 2, 3


class Doctor(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.folder)

    def ws2conform(self, *arguments):
        return subprocess.run(
            [PROGRAM, *map(str, arguments)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            timeout=120,
        )

    def iut(self, *command):
        path = self.folder / "patient.yaml"
        command = [sys.executable, "-B", *map(str, command)]
        path.write_text(json.dumps({"name": "patient", "title": "patient", "command": command}))
        return path

    def examine(self, *command, factor=0.3):
        result = self.ws2conform("doctor", self.iut(*command), "--time-factor", factor)
        return result.returncode, result.stdout + result.stderr

    def wrong(self, output):
        """The subjects of what is wrong."""
        return [line[7:] for line in output.splitlines() if line.startswith("WRONG")]


class Healthy(Doctor):
    def test_the_bundled_adapters(self):
        for name in ("reference", "plain-tcp"):
            with self.subTest(name):
                result = self.ws2conform("doctor", name)
                self.assertEqual(result.returncode, HOLDS, result.stdout + result.stderr)
                self.assertEqual(self.wrong(result.stdout), [])
                self.assertIn("speaks the protocol", result.stdout)

    def test_no_fault_is_no_fault(self):
        code, output = self.examine(LIARS, "no_fault", factor=1)
        self.assertEqual((code, self.wrong(output)), (HOLDS, []), output)

    def test_who_reads_ahead_is_found_to(self):
        code, output = self.examine(LIARS, "reads_ahead", factor=1)
        self.assertEqual((code, self.wrong(output)), (HOLDS, []), output)
        self.assertIn("requests before the last is answered", output)

    def test_what_cannot_be_started(self):
        result = self.ws2conform("doctor", "no-such-iut")
        self.assertEqual(result.returncode, WRONG_INPUT)
        code, output = self.examine(self.folder / "missing.py")
        self.assertEqual(code, NOT_DRIVEN, output)
        self.assertIn("exited with status 2", output)


class Liars(Doctor):
    FAULTS = {
        "claims_everything": ["an operation that does not exist"],
        "overlooks_fields": ["a field that does not exist"],
        "answers_twice": ["a name that is taken"],
        "foreign_id": ["an operation that does not exist"],
        "pretends_gap": ["an operation that the hello does not list: shutdown"],
        "ascii_only": ["tcp: all 256 octet values", "tcp: a big payload"],
        "mangles_names": ["a name beyond ASCII"],
        "never_announces": ["announcing a call"],
        "remembers_names": ["a name after reset", "giving the name again after reset"],
        "narrow_ids": ["an id of 53 bits"],
        "forgets_out_parameters": ["tcp: getsockname"],
        "stays": ["the end of input"],
        "chatty": ["an operation that does not exist"],
        "dies_of_garbage": ["a line that is no JSON"],
        "boasts_of_lanes": ["several calls at once"],
        "boasts_of_reading_ahead": ["requests before the last is answered"],
        "limits_without_flags": ["provider tcp: XP1_CONNECT_DATA and caller_data_max"],
    }

    def test_each_fault_is_found_and_explained(self):
        for fault, subjects in self.FAULTS.items():
            with self.subTest(fault):
                code, output = self.examine(LIARS, fault)
                self.assertEqual(code, VIOLATED, output)
                wrong = self.wrong(output)
                for subject in subjects:
                    self.assertIn(subject, wrong, output)
                for word in ("tried:", "came:", "wanted:", "mend:"):
                    self.assertEqual(output.count("\n       " + word) >= len(wrong), True, output)

    def test_a_run_does_not_begin_with_a_liar(self):
        for fault, what in (("claims_everything", "WSATeleport"), ("pretends_gap", "shutdown")):
            with self.subTest(fault):
                result = self.ws2conform(
                    "run", self.iut(LIARS, fault), "--report", self.folder / "report"
                )
                self.assertEqual(result.returncode, NOT_DRIVEN, result.stdout + result.stderr)
                self.assertIn(f"not to be believed: asked for {what}", result.stderr)
                self.assertIn("ws2conform doctor", result.stderr)


class Misbehaving(Doctor):
    """What breaks the protocol outright, in runners/host/tests."""

    NO_HELLO = {
        ("says", "no JSON\\n"): "no JSON object",
        ("says", "[]\\n"): "no JSON object",
        ("says", '{"hello": 7}\\n'): "protocol version 7",
        ("stdout_closed",): "closed its standard output",
        ("endless_line",): "more than 1 MiB",
        ("deep", "9000"): "nested more than",
        ("grandchild",): 'no "hello"',
        ("environment", "HOME"): 'no "hello"',
    }
    BROKEN = {
        ("polite",): "a reply has exactly one of",
        ("silent",): "silent: patient said nothing",
        ("exits", "5"): "exited with status 5; its standard error ends: I had enough",
        ("killed", "9"): "ended by signal 9",
        ("half_line",): "ended in the middle of a line",
        ("deaf",): "did not exit when its standard input ended",
    }

    def test_without_a_hello_nothing_else_is_tried(self):
        for arguments, said in self.NO_HELLO.items():
            with self.subTest(arguments):
                code, output = self.examine(MISBEHAVING, *arguments)
                self.assertEqual(code, NOT_DRIVEN, output)
                self.assertEqual(self.wrong(output), ["hello"])
                self.assertIn(said, output)

    def test_the_kind_of_breakdown_is_named(self):
        for arguments, said in self.BROKEN.items():
            with self.subTest(arguments):
                code, output = self.examine(MISBEHAVING, *arguments)
                self.assertEqual(code, VIOLATED, output)
                self.assertIn("an operation that does not exist", self.wrong(output))
                self.assertIn(said, output)


if __name__ == "__main__":
    unittest.main()
