"""The matrix of everything here that has TCP: what fails between two is laid at a door that is open.

Usage: test_matrix_of_tcp.py WS2CONFORM SOURCE_ROOT [unittest arguments]
"""

import json
import pathlib
import subprocess
import sys
import tempfile
import unittest

PROGRAM, SOURCE = (pathlib.Path(sys.argv.pop(1)).resolve() for _ in range(2))
REFERENCE = "reference"
OPTIONAL = {
    "plain-tcp-node": ["node", "--version"],
    "wine": [SOURCE / "runners" / "wine" / "in_wine", "--version"],
}
WINDOWS_ADAPTER = PROGRAM.parent / "runners" / "winsock" / "windows" / "winsock.exe"


def installed():
    names = [REFERENCE, "plain-tcp", "plain-tcp-asio"]
    for name, command in OPTIONAL.items():
        try:
            subprocess.run(command, check=True, capture_output=True)
        except (OSError, subprocess.CalledProcessError):
            continue
        if name != "wine" or WINDOWS_ADAPTER.exists():
            names.append(name)
    return names


class MatrixOfTcp(unittest.TestCase):
    def test_blame(self):
        iuts = installed()
        with tempfile.TemporaryDirectory() as folder:
            command = [PROGRAM, "matrix", *iuts, "--out", folder, "--provider", "tcp"]
            # One area and a schedule each: the pairs are many.
            command += ["--filter", "kinds", "--schedules", "1", "--time-factor", "2"]
            result = subprocess.run(command, capture_output=True, text=True, timeout=1000)
            print(result.stdout)
            self.assertIn(result.returncode, (0, 1), result.stderr)
            found = json.loads((pathlib.Path(folder) / "matrix.json").read_text())
        pairs = {(p["client"], p["server"]): p for p in found["pairs"]}
        self.assertLessEqual({(c, s) for c in iuts for s in iuts}, set(pairs))
        self.assertEqual(pairs[REFERENCE, REFERENCE]["failures"], [])
        for (client, server), pair in pairs.items():
            self.assertNotIn("problem", pair)
            self.assertGreater(pair["verdicts"].get("pass", 0), 0)
            for failure in pair["failures"]:
                with self.subTest(client=client, server=server, case=failure["case"]):
                    self.assertNotEqual(failure["blame"], "undecided")
                    if client == REFERENCE:
                        self.assertIn(failure["blame"], ("server", "silent"))
                    if server == REFERENCE:
                        self.assertIn(failure["blame"], ("client", "silent"))


if __name__ == "__main__":
    unittest.main()
