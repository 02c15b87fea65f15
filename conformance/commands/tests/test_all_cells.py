"""The suite comes through every cell of the reference's state table, or says why not."""

import unittest

from command_line import CommandLine, HOLDS


class AllCases(CommandLine):
    def test_every_cell_has_a_case_that_reaches_it_or_a_reason(self):
        run = self.ws2conform(
            "run", "--schedules", "3", "--report", self.report, patience=900
        )
        self.says(run, HOLDS)
        self.says(
            self.ws2conform("coverage", "--cells", self.report / "history.jsonl"),
            HOLDS,
            "cells that two ends can use are reached",
        )


if __name__ == "__main__":
    unittest.main(verbosity=2)
