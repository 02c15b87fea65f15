"""No verdict changes by pieces and delays on the way between the actors.

Usage: test_under_all_cases.py PROGRAM SOURCE_ROOT [unittest arguments]
"""

import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parents[3] / "conformance" / "commands" / "tests"))

from command_line import CommandLine, HOLDS, SOURCE  # noqa: E402

# Not applicable then, for nothing fills a way with a relay on it.
FILLING = {
    path.stem for path in SOURCE.glob("cases/*/*.yaml") if ": fill," in path.read_text()
}


class UnderAllCases(CommandLine):
    def verdicts(self, *arguments):
        result = self.ws2conform("run", "--schedules", 2, "--report", self.report, *arguments, patience=600)
        self.says(result, HOLDS)
        lines = result.stdout.split("\n\n")[0].splitlines()
        return {line[15:].split("  ")[0]: line[:15].rstrip() for line in lines}

    def test_pieces_and_delays_change_no_verdict(self):
        direct = self.verdicts()
        self.assertIn("pass", direct.values())
        for treatment in ("split=1", "split=3,delay=0..5"):
            with self.subTest(treatment):
                relayed = self.verdicts("--relay", treatment, "--seed", 7)
                changed = {name for name in direct if relayed[name] != direct[name]}
                self.assertEqual({name.split("/")[0] for name in changed}, FILLING)
                self.assertEqual({relayed[name] for name in changed}, {"not applicable"})


if __name__ == "__main__":
    unittest.main(verbosity=2)
