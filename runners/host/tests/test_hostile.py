"""Hostile adapters in a whole run: each has its exact outcome, and the run goes on.

Usage: test_hostile.py PROGRAM SOURCE_ROOT [unittest arguments]
"""

import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import textwrap
import unittest

PROGRAM = pathlib.Path(sys.argv.pop(1)).resolve()
SOURCE = pathlib.Path(sys.argv.pop(1)).resolve()
HERE = pathlib.Path(__file__).resolve().parent

HOLDS, VIOLATED, WRONG_INPUT, NOT_DRIVEN = 0, 1, 2, 3

# Two schedules of one step each, and a case after them.
FIRST = """\
    id: a-first
    title: The case in which it happens
    requirements: [SEED-B09]
    given: connected
    steps:
      - {id: 1, client: send, data: abc}
      - {id: 2, server: recv, data: abc, after: 1}
    """
SECOND = """\
    id: b-second
    title: The case that comes afterwards
    requirements: [SEED-B09]
    given: connected
    steps:
      - {id: 1, client: send, data: abc}
    """


class Hostile(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.folder)
        self.mark = self.folder / "mark"
        cases = self.folder / "cases"
        shutil.copytree(SOURCE / "cases" / "requirements", cases / "requirements")
        (cases / "area").mkdir()
        (cases / "area" / "first.yaml").write_text(textwrap.dedent(FIRST))
        (cases / "area" / "second.yaml").write_text(textwrap.dedent(SECOND))

    def run_hostile(self, misdeed, operation, number):
        """Exit code, verdict lines by case, and the most memory that a process took, in octets."""
        iut = self.folder / "hostile.yaml"
        command = [sys.executable, "-S", "-B", HERE / "hostile_tcp.py", misdeed, operation, number, self.mark]
        iut.write_text(json.dumps({"name": "hostile", "title": "x", "command": list(map(str, command))}))
        output = self.folder / "output"
        with open(output, "wb") as sink:
            run = subprocess.Popen(
                [PROGRAM, "run", iut, "--cases", self.folder / "cases", "--schedules", "1",
                 "--report", self.folder / "report", "--time-factor", "0.4", "--jobs", "1"],
                stdin=subprocess.DEVNULL, stdout=sink, stderr=subprocess.STDOUT,
                env={**os.environ, "WS2CONFORM_HOSTILE_TEST": str(self.mark)},
            )
            _, status, usage = os.wait4(run.pid, 0)
            run.returncode = os.waitstatus_to_exitcode(status)
        text = output.read_text()
        verdicts = {}
        for line in text.splitlines():
            for case in ("a-first", "b-second"):
                if f" {case}/provider=tcp  (" in line:
                    verdict, rest = line.split(f" {case}/provider=tcp  (")
                    verdicts[case] = f"{verdict.strip()}: {rest[:-1]}"
        self.assertEqual(self.left_behind(), [])
        return run.returncode, verdicts, usage.ru_maxrss * 1024, text

    def left_behind(self):
        """Processes with this test's variable in their environment."""
        wanted = b"\0WS2CONFORM_HOSTILE_TEST=" + os.fsencode(self.mark) + b"\0"
        found = []
        for name in filter(str.isdigit, os.listdir("/proc")):
            try:
                with open(f"/proc/{name}/environ", "rb") as file:
                    if wanted in b"\0" + file.read():
                        found.append(name)
            except OSError:
                pass
        return found

    def happens(self, misdeed, operation, number, outcome, code=VIOLATED, second="pass"):
        with self.subTest(misdeed):
            self.mark.unlink(missing_ok=True)
            returned, verdicts, memory, text = self.run_hostile(misdeed, operation, number)
            self.assertTrue(verdicts.get("a-first", "").startswith(outcome), text)
            self.assertTrue(verdicts.get("b-second", "").startswith(second), text)
            self.assertEqual(returned, code, text)
            self.assertLess(memory, 256 << 20)
            self.assertTrue(self.mark.exists(), "it was well-behaved")

    def test_in_a_step(self):
        at = "error: step 1 (client send, cases/area/first.yaml:6:5): "
        for misdeed, outcome in (
            ("floods_stdout_with_long_lines", "garbage: hostile answers request 0, which is not open: "),
            ("endless_line", "garbage: hostile wrote a line of more than 1 MiB: "),
            ("half_line_and_silence", "garbage: hostile did not finish its line: "),
            ("invalid_utf8", "garbage: hostile wrote a line that is no JSON object: hex "),
            ("nul_octet", "garbage: hostile wrote a line with a NUL octet in it: "),
            ("deep_nesting", "garbage: hostile wrote values nested more than 64 deep: "),
            ("foreign_id", "garbage: hostile answers request 7777777, which is not open: "),
            ("a_reply_of_no_kind", "garbage: neither a reply nor an upcall: "),
            ("exits_with_0", "exited: hostile exited with status 0"),
            ("crashes", "crashed: hostile was ended by signal 11 (Segmentation fault)"),
            ("closes_stdout", "exited: hostile closed its standard output"),
            ("closes_stdin", "exited: hostile closed its standard input"),
            ("leaves_a_grandchild", "exited: hostile exited with status 4"),
            ("leaves_a_daemon", "exited: hostile exited with status 4"),
        ):
            self.happens(misdeed, "send", 1, at + outcome)

    def test_a_call_that_never_returns_is_held_against_the_implementation(self):
        at = "fail: step 1 (client send): expected succeeds, observed "
        self.happens("ignores_everything", "send", 1, at + "hostile said nothing")
        self.happens("stops_itself", "send", 1, at + "hostile is stopped and said nothing")
        self.happens("is_a_crowd", "send", 1, at + "hostile said nothing")

    def test_lengths_that_cannot_be(self):
        at = "error: step 2 (server recv, cases/area/first.yaml:7:5): garbage: hostile contradicts itself: "
        self.happens("more_than_there_is", "recv", 1, at + "returns is 1000, data has 3 octets: ")
        self.happens("more_than_was_offered", "recv", 1, at + "data has 6000 octets, 4096 were offered: ")

    def test_at_reset(self):
        at = "error: "
        self.happens("answers_twice", "reset", 1, at + "garbage: at reset: hostile answers request ")
        self.happens("exits_with_3", "reset", 1, at + "exited: at reset: hostile exited with status 3")
        self.happens("ignores_everything", "reset", 1, at + "silent: at reset: hostile said nothing")
        self.happens("half_line_and_silence", "reset", 1, at + "garbage: at reset: hostile did not finish")

    def test_between_two_schedules(self):
        """Nobody can say that the first case had a part in it; the second was not begun."""
        before = "error: "
        self.happens("answers_twice", "WSATeleport", 1, "pass", second=before
                     + "garbage: before the schedule began: hostile answers request ")
        # Whether it is gone before the next schedule's first call or just after that, nobody can know.
        self.happens("leaves_after_its_answer", "WSATeleport", 1, "pass", second=before)
        self.assertIn("hostile exited with status 0", (self.folder / "output").read_text())

    def test_a_flood_on_standard_error_harms_nobody(self):
        self.happens("floods_stderr", "WSATeleport", 1, "pass", code=HOLDS)
        size = (self.folder / "report" / "history.jsonl").stat().st_size
        self.assertLess(size, 1 << 20, "of 32 MiB")

    def test_in_the_hello(self):
        for misdeed, outcome in (
            ("exits_with_3", "exited: hostile exited with status 3"),
            ("byte_order_mark", "garbage: hostile wrote a line that begins with a byte order mark"),
            ("ignores_everything", "silent: hostile said nothing"),
        ):
            with self.subTest(misdeed):
                self.mark.unlink(missing_ok=True)
                returned, _, _, text = self.run_hostile(misdeed, "", 0)
                self.assertEqual(returned, NOT_DRIVEN, text)
                self.assertIn("hostile.yaml: no hello from its adapter: " + outcome, text)


if __name__ == "__main__":
    unittest.main()
