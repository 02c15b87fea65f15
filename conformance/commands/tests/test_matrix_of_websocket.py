"""The matrix of WebSocket: an end that answers a close is told from one that echoes it.

Usage: test_matrix_of_websocket.py WS2CONFORM SOURCE_ROOT [unittest arguments]
"""

import json
import pathlib
import subprocess
import sys
import tempfile
import textwrap
import unittest

PROGRAM, SOURCE = (pathlib.Path(sys.argv.pop(1)).resolve() for _ in range(2))
ECHOES, ANSWERS = "websocket", "websocket-lws"
PYTHON = "/usr/bin/python3"  # Debian's, whose packages they are

NEEDED = {
    "python3-websockets": "/usr/lib/python3/dist-packages/websockets/server.py",
    "libwebsockets-dev": PROGRAM.parent / "runners" / "websocket" / "websocket-lws",
}

# What echoes, claiming that it answers.
PRETENDER = """
    import sys
    sys.path[:0] = [{websocket!r}, {kit!r}]
    from transport import TransportAdapter
    from websocket import WebSocket

    class Pretender(WebSocket):
        only = TransportAdapter.only

    Pretender().serve()
"""


class MatrixOfWebSocket(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def matrix(self, *iuts, case, reference):
        command = [PROGRAM, "matrix", *iuts, "--filter", case, "--reference", reference]
        command += ["--schedules", "4", "--out", self.folder / "matrix", "--time-factor", "2"]
        result = subprocess.run(command, capture_output=True, text=True, timeout=500)
        print(result.stdout)
        self.assertIn(result.returncode, (0, 1), result.stderr)
        found = json.loads((self.folder / "matrix" / "matrix.json").read_text())
        return {(p["client"], p["server"]): p for p in found["pairs"]}

    def pretender(self):
        runners = SOURCE / "runners"
        places = {"websocket": str(runners / "websocket"), "kit": str(runners / "python")}
        program = self.folder / "pretender.py"
        program.write_text(textwrap.dedent(PRETENDER).format(**places))
        iut = self.folder / "pretender.yaml"
        command = [PYTHON, "-B", str(program)]
        iut.write_text(json.dumps({"name": "pretender", "title": "-", "command": command}))
        return str(iut)

    def test_who_answers_and_who_echoes(self):
        found = self.matrix(
            ECHOES, ANSWERS, self.pretender(), case="answer-goes-back", reference=ECHOES
        )
        told = found[ECHOES, ANSWERS]
        self.assertEqual((told["verdicts"].get("pass"), told["failures"]), (2, []))
        # An end that says that it does not answer is not judged by whether it does.
        self.assertNotIn("pass", found[ECHOES, ECHOES]["verdicts"])
        self.assertEqual(found[ECHOES, ECHOES]["failures"], [])
        self.assertEqual(found[ANSWERS, ECHOES]["failures"], [])
        failures = found[ECHOES, "pretender"]["failures"]
        self.assertEqual(len(failures), 2)
        for failure in failures:
            self.assertIn("SEED-A21", failure["requirements"])

    def test_pairs_of_two_vendors(self):
        known = SOURCE / "cases" / "baselines" / "websocket-lws-server.yaml"
        for client, server, more in ((ECHOES, ANSWERS, ["--baseline", known]), (ANSWERS, ECHOES, [])):
            command = [PROGRAM, "run", "--client", client, "--server", server, *more]
            command += ["--schedules", "2", "--report", self.folder / "report"]
            result = subprocess.run(command, capture_output=True, text=True, timeout=300)
            self.assertEqual(result.returncode, 0, result.stdout + result.stderr)


if __name__ == "__main__":
    for package, file in NEEDED.items():
        if not pathlib.Path(file).exists():
            print(f"skipped: {file} is not there (Debian: apt-get install {package})")
            sys.exit(77)
    unittest.main()
