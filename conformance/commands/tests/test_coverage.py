"""Which states and inputs of the reference a run reached."""

import json
import re
import unittest

from command_line import CommandLine, HOLDS, VIOLATED, WRONG_INPUT

# Whether the other end's octets have ended by then is up to the machine.
RACED = {"both ended/transport end", "remote ended/transport end"}

# What the specification's example does to the two connections.
EXAMPLE = {
    "idle/request",
    "requesting/peer's accept",
    "established/send disconnect",
    "local ended/peer's disconnect",
    "both ended/recv disconnect",
    "both ended/close",
    "awaiting request/peer's request",
    "offered/accept",
    "established/peer's disconnect",
    "remote ended/send disconnect",
    "remote ended/recv disconnect",
}
NOTICED_BY_RECEIVING = {"established/receive", "remote ended/receive"}


class States(CommandLine):
    def run_cases(self, notice):
        return self.ws2conform(
            "run", "--filter", f"totals-answered-by-grand-total/provider=stream,notice={notice}",
            "--schedules", "2", "--report", self.report,
        )

    def cells(self):
        done = self.ws2conform("coverage", "--json", "--cells", self.report / "history.jsonl")
        self.says(done, VIOLATED)  # for the cells that other cases reach
        return json.loads(done.stdout)["states"]

    def reached(self):
        return {f"{c['state']}/{c['input']}": c["cases"] for c in self.cells()["cells"] if c["cases"]}

    def test_a_case_marks_the_cells_that_it_uses_and_no_other(self):
        self.says(self.run_cases("FD_CLOSE"), HOLDS)
        reached = self.reached()
        self.assertEqual(set(reached) - RACED, EXAMPLE)
        self.assertEqual({str(cases) for cases in reached.values()}, {"['totals-answered-by-grand-total']"})
        self.says(self.run_cases("recv-zero"), HOLDS)
        self.assertEqual(set(self.reached()) - RACED, EXAMPLE | NOTICED_BY_RECEIVING)

    def test_every_cell_is_told_of_and_what_nobody_can_use_has_a_reason(self):
        self.says(self.run_cases("FD_CLOSE"), HOLDS)
        told = self.cells()
        self.assertEqual(len(told["cells"]), len(told["states"]) * len(told["inputs"]))
        for cell in told["cells"]:
            if cell["reach"] != "two ends" or cell["cases"]:
                self.assertEqual(cell["reach"] == "never", bool(cell["reason"]), cell)

    def test_a_cell_that_no_case_reaches_is_named(self):
        self.says(self.run_cases("FD_CLOSE"), HOLDS)
        done = self.ws2conform("coverage", "--cells", self.report / "history.jsonl")
        missing = "no case reaches requesting/peer's reject (→ refused), and nothing says why\n"
        self.says(done, VIOLATED, missing)
        self.assertNotIn("both ended/close", done.stdout + done.stderr)
        self.assertRegex(done.stdout, r"(?m)^\d+ of \d+ cells that two ends can use are reached$")
        page = (self.report / "index.html").read_text()
        self.assertIn('<section id="cells"', page)
        unreached = re.search(r'(?s)<ul class="unreached-cells">.*?</ul>', page).group()
        self.assertIn("<li>requesting: <strong>peer's reject</strong>", unreached)
        self.assertNotIn("<li>both ended: <strong>close</strong>", unreached)

    def test_a_run_that_recorded_none_says_so(self):
        done = self.ws2conform(
            "run", "plain-tcp", "--filter", "listener-stays-open", "--report", self.report
        )
        self.says(done, HOLDS)
        done = self.ws2conform("coverage", "--cells", self.report / "history.jsonl")
        self.says(done, WRONG_INPUT, "only a run of the reference does")
        self.assertNotIn('id="cells"', (self.report / "index.html").read_text())


if __name__ == "__main__":
    unittest.main(verbosity=2)
