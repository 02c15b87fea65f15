"""The suite goes red: each fault of the zoo is caught, by the cases that are about it, with a message
that names the step, the requirement and the YAML line; the null fault is not.

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
import xml.etree.ElementTree

PROGRAM, ZOO, SOURCE = (pathlib.Path(sys.argv.pop(1)).resolve() for _ in range(3))

HOLDS, VIOLATED = 0, 1

# What the reference claims, its faulty copies claim too.
CLAIMS = re.findall(
    r"^  - (--claim|[a-z0-9]+:\S+)$",
    (SOURCE / "runners" / "iuts" / "reference.yaml").read_text(),
    re.MULTILINE,
)


class Zoo(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.folder)

    def judge(self, fault):
        """Runs all cases, a few schedules each; gives the exit code and the output."""
        iut = self.folder / "zoo.yaml"
        command = [str(ZOO), "--fault", fault, "--implementation", fault, *CLAIMS]
        iut.write_text(json.dumps({"name": "zoo", "title": fault, "command": command}))
        result = subprocess.run(
            [PROGRAM, "run", iut, "--schedules", "2", "--report", self.folder / "report"],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=250,
        )
        return result.returncode, result.stdout + result.stderr

    def red_cases(self):
        suites = xml.etree.ElementTree.parse(self.folder / "report" / "junit.xml").getroot()
        red = set()
        for case in suites.iter("testcase"):
            self.assertIsNone(case.find("error"), "an error is no verdict on the implementation")
            if case.find("failure") is not None:
                red.add(case.get("classname").split(".")[-1])
        return red

    def caught(self, fault, cases, step, requirement):
        code, output = self.judge(fault)
        self.assertEqual(code, VIOLATED, output)
        # The cases about it, and whatever else it spoils.
        self.assertLessEqual(set(cases), self.red_cases(), output)
        self.assertIn(step, output)
        self.assertIn("requirement " + requirement, output)
        for place in re.findall(r"written at (\S+):(\d+)", output):
            line = (SOURCE / place[0]).read_text().splitlines()[int(place[1]) - 1]
            self.assertTrue(line.lstrip().startswith("- {"), f"{place}: {line}")
        self.assertIn("written at", output)
        self.assertIn("again:    ws2conform replay ", output)

    def test_claims_are_read(self):
        self.assertIn("--claim", CLAIMS)
        self.assertEqual(CLAIMS.count("--claim") * 2, len(CLAIMS))

    def test_null_fault_is_not_caught(self):
        code, output = self.judge("none")
        self.assertEqual(code, HOLDS, output)
        self.assertEqual(self.red_cases(), set())

    def test_drops_disconnect_data(self):
        self.caught(
            "drops-disconnect-data",
            [
                "totals-answered-by-grand-total",
                "grand-total-over-all-clients",
                "answer-arrives-after-the-server-is-gone",
                "disconnect-data-one-octet-at-a-time",
                # Without data the disconnect has arrived whole where it should have been cut.
                "disconnect-cut-by-a-fin",
                "disconnect-cut-by-a-reset",
            ],
            'step 3 (server WSARecvDisconnect): expected what the peer gave: "3", observed ""',
            "SEED-A16",
        )

    def test_cuts_caller_data_at_zero(self):
        self.caught(
            "cuts-caller-data-at-zero",
            ["callee-data-reaches-the-caller", "user-data-one-octet-at-a-time"],
            "step 3 (server condition): expected caller_data hex 00, observed caller_data NULL",
            "UDATA-24",
        )

    def test_refuses_when_it_should_defer(self):
        self.caught(
            "refuses-when-it-should-defer",
            [
                "deferred-then-accepted",
                "deferred-then-rejected",
                "deferred-request-taken-by-plain-accept",
            ],
            "expected fails with WSATRY_AGAIN, observed fails with WSAECONNREFUSED",
            "ACC-06",
        )

    def test_closes_abortively(self):
        self.caught(
            "closes-abortively",
            ["close-is-graceful-by-default", "data-in-flight-survives-closesocket"],
            "observed fails with WSAECONNRESET",
            "CLOSE-04",
        )


if __name__ == "__main__":
    unittest.main()
