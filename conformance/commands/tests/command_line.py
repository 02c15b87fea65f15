"""What the tests of the ws2conform program share. Each is started as

    test_SUBJECT.py PROGRAM SOURCE_ROOT [unittest arguments]
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
BROKEN = SOURCE / "runners" / "python" / "tests" / "broken_adapters"

HOLDS, VIOLATED, WRONG_INPUT, NOT_DRIVEN, INCONCLUSIVE = 0, 1, 2, 3, 4


# Cases of a test that has no other wish.
GOOD_CASE = """\
        id: one
        title: One thing holds
        requirements: [SEED-B09]
        given: listener
        steps:
          - {id: 1, server: getsockname, socket: listener}
        """


class CommandLine(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.folder)
        self.report = self.folder / "report"

    def ws2conform(self, *arguments, patience=600, **environment):
        return subprocess.run(
            [PROGRAM, *map(str, arguments)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            timeout=patience,
            env={**os.environ, **environment},
        )

    def run_plain_tcp(self, *arguments, **environment):
        # What plain TCP is known to do otherwise is no matter of the command line.
        known = SOURCE / "cases" / "baselines" / "plain-tcp.yaml"
        baseline = () if "--cases" in arguments or "--baseline" in arguments else ("--baseline", known)
        return self.ws2conform(
            "run", "plain-tcp", "--report", self.report, *baseline, *arguments, **environment
        )

    def says(self, result, code, *texts):
        output = result.stdout + result.stderr
        self.assertEqual(result.returncode, code, output)
        for text in texts:
            self.assertIn(text, output)

    def iut(self, name, *command):
        path = self.folder / (name + ".yaml")
        path.write_text(json.dumps({"name": name, "title": name, "command": list(map(str, command))}))
        return path

    def broken(self, name, *arguments):
        return self.iut(name, sys.executable, "-B", BROKEN / (name + ".py"), *arguments)

    def cases(self, text, name="case.yaml"):
        """A case directory with the suite's requirements and one case."""
        folder = self.folder / "cases"
        if not folder.exists():
            shutil.copytree(SOURCE / "cases" / "requirements", folder / "requirements")
            (folder / "area").mkdir()
        (folder / "area" / name).write_text(textwrap.dedent(text))
        return folder
