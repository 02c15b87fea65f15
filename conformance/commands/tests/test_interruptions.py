"""Runs that are cut off, and gone on with."""

import json
import os
import pathlib
import signal
import subprocess
import sys
import unittest

from command_line import CommandLine, GOOD_CASE, HOLDS, INCONCLUSIVE, PROGRAM, SOURCE, WRONG_INPUT


class Interruptions(CommandLine):
    """A run that is cut off keeps what it has, leaves nothing behind, and can be gone on with."""

    KNOWN = str(SOURCE / "cases" / "baselines" / "plain-tcp.yaml")
    CHOICE = ("--filter", "kinds", "--schedules", "20", "--jobs", "2", "--baseline", KNOWN)

    def setUp(self):
        super().setUp()
        self.history = self.report / "history.jsonl"
        self.mark = "ws2conform test " + str(self.folder)
        self.patient = self.folder / "marked.yaml"
        self.patient.write_text(
            json.dumps(
                {
                    "name": "marked",
                    "title": "marked",
                    "command": [sys.executable, "-B", str(SOURCE / "runners/python/plain_tcp.py")],
                    "environment": {"MARK": self.mark},
                }
            )
        )

    def marked(self):
        """The adapters of this test that are still there."""
        found = []
        for process in pathlib.Path("/proc").iterdir():
            try:
                if self.mark.encode() in (process / "environ").read_bytes():
                    found.append(process.name)
            except OSError:
                pass
        return found

    def cut_off(self, how, *arguments):
        """Runs until some schedules are done, and ends the run; what it said."""
        with subprocess.Popen(
            [PROGRAM, "run", self.patient, "--report", self.report, *self.CHOICE, *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            text=True,
        ) as run:
            # The first cases that are done are told of at once.
            for line in run.stdout:
                if line.startswith("pass"):
                    break
            run.send_signal(how)
            rest, _ = run.communicate(timeout=60)
            return run.returncode, rest

    def no_adapters_are_left(self):
        for _ in range(1000):
            if not self.marked():
                return
            os.sched_yield()
        self.fail("adapters are left: " + ", ".join(self.marked()))

    def whole(self):
        path = self.folder / "whole"
        result = self.ws2conform("run", self.patient, "--report", path, *self.CHOICE)
        self.says(result, HOLDS)
        return [line for line in result.stdout.splitlines() if "/provider=" in line]

    def goes_on(self):
        result = self.ws2conform("run", "--resume", self.history)
        self.says(result, HOLDS)
        verdicts = [line for line in result.stdout.splitlines() if "/provider=" in line]
        self.assertEqual(verdicts, self.whole())
        ids = []
        for line in self.history.read_text().splitlines():
            record = json.loads(line)
            if "schedule_end" in record:
                ids.append(record["schedule_end"]["id"])
        self.assertEqual(len(ids), len(set(ids)), "no schedule ran twice")
        offline = self.ws2conform("judge", self.history)
        self.says(offline, HOLDS)
        self.assertEqual(
            [line for line in offline.stdout.splitlines() if "/provider=" in line], verdicts
        )

    def test_ctrl_c(self):
        code, said = self.cut_off(signal.SIGINT)
        self.assertEqual(code, INCONCLUSIVE, said)
        self.assertIn("the run was cut off here", said)
        self.assertIn(f"to go on: ws2conform run --resume {self.history}", said)
        self.assertTrue((self.report / "index.html").exists())
        self.no_adapters_are_left()
        self.goes_on()

    def test_killed(self):
        code, _ = self.cut_off(signal.SIGKILL)
        self.assertEqual(code, -signal.SIGKILL)
        self.no_adapters_are_left()
        self.says(self.ws2conform("judge", self.history), INCONCLUSIVE, "cut off here")
        self.goes_on()

    def test_repeated(self):
        """GoogleTest's repetitions, of which the run that is gone on with has its own."""
        code, _ = self.cut_off(signal.SIGKILL, "--gtest_repeat=3")
        self.assertEqual(code, -signal.SIGKILL)
        result = self.ws2conform("run", "--resume", self.history, "--gtest_repeat=2")
        self.says(result, HOLDS)
        offline = self.ws2conform("judge", self.history)
        self.says(offline, HOLDS)
        self.assertEqual(
            [line.split("  (")[0] for line in offline.stdout.splitlines() if "/provider=" in line],
            [line.split("  (")[0] for line in self.whole()],
        )

    def test_a_complete_run_cannot_be_resumed(self):
        self.says(self.run_plain_tcp("--filter", "listening-socket-has-no-peer"), HOLDS)
        self.says(
            self.ws2conform("run", "--resume", self.history),
            WRONG_INPUT,
            "history.jsonl:",
            "there is nothing to go on with",
        )

    def test_changed_cases_need_a_new_run(self):
        folder = self.cases(GOOD_CASE)
        self.says(self.run_plain_tcp("--cases", folder), HOLDS)
        lines = self.history.read_text().splitlines(keepends=True)
        self.history.write_text("".join(lines[:3]))
        case = folder / "area" / "case.yaml"
        case.write_text(case.read_text() + "# changed\n")
        self.says(
            self.ws2conform("run", "--resume", self.history), WRONG_INPUT, "have changed since"
        )


if __name__ == "__main__":
    unittest.main()
