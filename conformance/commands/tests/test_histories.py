"""Histories and what is made of them later."""

import json
import re
import unittest
import xml.etree.ElementTree

from command_line import CommandLine, HOLDS, INCONCLUSIVE, VIOLATED, WRONG_INPUT


class Histories(CommandLine):
    """What is made from history.jsonl alone is what the run itself made."""

    RED = """\
        id: red
        title: A case that cannot hold
        requirements: [SEED-B09]
        given: listener
        axes: {value: ["0", "1"]}
        steps:
          - {id: 0, server: listen, socket: listener, backlog: $value}
          - {id: 1, server: getsockopt, socket: listener, option: SO_ACCEPTCONN, value: $value}
        """

    def run_red(self, *arguments):
        folder = self.cases(self.RED)
        result = self.run_plain_tcp("--cases", folder, *arguments)
        self.says(result, VIOLATED, "1 pass, 1 fail")
        return folder, result, self.report / "history.jsonl"

    def test_judge_comes_to_the_same_verdicts(self):
        folder, result, history = self.run_red()
        again = self.ws2conform("judge", history, "--cases", folder)
        self.assertEqual(again.returncode, result.returncode)
        self.assertEqual(again.stdout, result.stdout.split("report: ")[0])

    def test_report_is_the_same_to_the_octet(self):
        folder, _, history = self.run_red()
        out = self.folder / "out"
        self.says(
            self.ws2conform("report", history, "--out", out, "--cases", folder), VIOLATED, "1 pass, 1 fail"
        )
        for name in ("index.html", "junit.xml", "ctrf.json"):
            self.assertEqual((out / name).read_bytes(), (self.report / name).read_bytes(), name)
        self.assertEqual(json.loads((out / "ctrf.json").read_text())["results"]["summary"]["failed"], 1)

    def test_judge_says_what_has_changed(self):
        folder, _, history = self.run_red()
        case = folder / "area" / "case.yaml"
        case.write_text(case.read_text().replace("value: $value", "value: 1"))
        self.says(
            self.ws2conform("judge", history, "--cases", folder),
            HOLDS,
            "2 pass",
            "the cases have changed since the run",
            "changed: red/provider=tcp,value=0 was fail when it ran and is pass now",
        )
        self.says(
            self.ws2conform("report", history, "--out", self.folder / "out", "--cases", folder),
            HOLDS,
            "the cases have changed since the run",
        )

    def test_a_changed_record_is_named(self):
        folder, _, history = self.run_red()
        lines = history.read_text().splitlines(keepends=True)
        number = next(
            i for i, line in enumerate(lines) if json.loads(line).get("return", {}).get("value") == 1
        )
        lines[number] = re.sub(r'("value": ?)1', r"\g<1>0", lines[number])
        history.write_text("".join(lines))
        for command in (["judge", history], ["report", history, "--out", self.folder / "out"]):
            self.says(
                self.ws2conform(*command, "--cases", folder),
                WRONG_INPUT,
                f"history.jsonl:{number + 1}: does not fit its sum",
            )

    def test_a_history_that_ends_early_is_no_pass(self):
        self.says(self.run_plain_tcp("--filter", "listening-socket-has-no-peer"), HOLDS)
        history = self.report / "history.jsonl"
        text = history.read_text()
        history.write_text(text[: text.rindex("\n", 0, -1) - 200])
        out = self.folder / "out"
        self.says(
            self.ws2conform("report", history, "--out", out),
            INCONCLUSIVE,
            "history.jsonl:",
            "the run was cut off here: 0 of 1 cases",
        )
        self.assertIn("the run was cut off here", (out / "index.html").read_text())
        suites = xml.etree.ElementTree.parse(out / "junit.xml").getroot()
        self.assertEqual(suites.get("errors"), "1")

    def test_shards_are_merged(self):
        shards = []
        for index in (1, 2, 3):
            self.report = self.folder / f"shard{index}"
            self.says(self.run_plain_tcp("--filter", "kinds", "--shard", f"{index}/3", "--schedules", 2), HOLDS)
            shards.append(self.report / "history.jsonl")
        self.report = self.folder / "whole"
        whole = self.run_plain_tcp("--filter", "kinds", "--schedules", 2)
        self.says(whole, HOLDS)
        # Counts and verdicts are the same; the time is not.
        verdicts = [line for line in whole.stdout.splitlines() if "/provider=" in line]
        merged = self.ws2conform("judge", *reversed(shards))
        self.says(merged, HOLDS)
        self.assertEqual([l for l in merged.stdout.splitlines() if "/provider=" in l], verdicts)
        self.says(self.ws2conform("judge", shards[0], shards[2]), INCONCLUSIVE, "shard 2/3 is missing")
        self.says(
            self.ws2conform("judge", shards[0], self.report / "history.jsonl"),
            WRONG_INPUT,
            "is no shard of the run",
        )

    def test_what_is_no_history(self):
        other = self.folder / "other.jsonl"
        other.write_text('{"a": 1}\n')
        self.says(self.ws2conform("judge", other), WRONG_INPUT, "other.jsonl:1: is no history")
        self.says(self.ws2conform("judge", self.folder / "no"), WRONG_INPUT, "cannot be read")


class Baselines(CommandLine):
    RED = Histories.RED

    def setUp(self):
        super().setUp()
        self.cases_folder = self.cases(self.RED)
        self.baseline = self.folder / "known.yaml"

    def run_red(self, *arguments):
        return self.run_plain_tcp("--cases", self.cases_folder, *arguments)

    def write_baseline(self):
        self.says(self.run_red(), VIOLATED)
        history = self.report / "history.jsonl"
        result = self.ws2conform(
            "baseline", history, "--out", self.baseline, "--cases", self.cases_folder
        )
        self.says(result, HOLDS, "known.yaml: 1 known failures")
        text = self.baseline.read_text()
        self.baseline.write_text(text.replace("not explained yet", "TCP listens"))

    def mend_case(self):
        case = self.cases_folder / "area" / "case.yaml"
        case.write_text(case.read_text().replace("value: $value", "value: 1"))

    def test_known_failures_are_not_red(self):
        self.write_baseline()
        result = self.run_red("--baseline", self.baseline)
        self.says(result, HOLDS, "1 pass, 1 known failure", "TCP listens", "known.yaml:4")
        history = self.report / "history.jsonl"
        offline = self.ws2conform("judge", history, "--cases", self.cases_folder)
        self.assertEqual(offline.returncode, HOLDS)
        self.assertEqual(offline.stdout, result.stdout.split("report: ")[0])
        suites = xml.etree.ElementTree.parse(self.report / "junit.xml").getroot()
        self.assertEqual((suites.get("failures"), suites.get("skipped")), ("0", "1"))

    def test_a_baseline_can_be_held_against_an_old_history(self):
        self.write_baseline()
        command = ("judge", self.report / "history.jsonl", "--cases", self.cases_folder)
        self.says(self.ws2conform(*command), VIOLATED, "1 fail")
        self.says(self.ws2conform(*command, "--baseline", self.baseline), HOLDS, "1 known failure")

    def test_an_unexpected_pass_is_red_until_its_line_goes(self):
        self.write_baseline()
        self.mend_case()
        self.says(
            self.run_red("--baseline", self.baseline),
            VIOLATED,
            "1 unexpected pass",
            "known.yaml:4: the known failure of step 1 value did not happen",
        )
        result = self.ws2conform(
            "baseline",
            self.report / "history.jsonl",
            "--update",
            self.baseline,
            "--cases",
            self.cases_folder,
        )
        self.says(result, HOLDS, "0 kept, 0 added, 1 removed")
        self.says(self.run_red("--baseline", self.baseline), HOLDS, "2 pass")

    def test_an_update_without_changes_changes_nothing(self):
        self.write_baseline()
        before = self.baseline.read_text()
        self.says(
            self.ws2conform(
                "baseline",
                self.report / "history.jsonl",
                "--update",
                self.baseline,
                "--cases",
                self.cases_folder,
            ),
            HOLDS,
            "1 kept, 0 added, 0 removed",
        )
        self.assertEqual(self.baseline.read_text(), before)

    def test_wrong_lines_are_errors_with_their_place(self):
        self.write_baseline()
        good = self.baseline.read_text()
        entry = good[good.index("  - case") :]
        for text, error in (
            (good + entry, "known.yaml:10:5: a duplicate"),
            (good.replace("case: red", "case: rad"), 'known.yaml:4:5: there is no case "rad"'),
            (good.replace("step 1", "step 7"), "known.yaml:4:5: case red has no check"),
            (good.replace("check:", "chekc:"), "known.yaml:6:5: unknown key"),
        ):
            self.baseline.write_text(text)
            self.says(self.run_red("--baseline", self.baseline), WRONG_INPUT, error)
        folder = self.cases_folder / "baselines"
        folder.mkdir()
        (folder / "x.yaml").write_text(good.replace("step 1", "step 7"))
        self.says(
            self.ws2conform("lint", "--cases", self.cases_folder), WRONG_INPUT, "x.yaml:4:5"
        )

    def test_a_stale_line_is_an_error(self):
        self.write_baseline()
        case = self.cases_folder / "area" / "case.yaml"
        case.write_text(case.read_text().replace("given:", "needs: [connect-data]\ngiven:"))
        self.says(
            self.run_red("--baseline", self.baseline),
            WRONG_INPUT,
            "known.yaml:4: stale: red is not applicable",
        )


if __name__ == "__main__":
    unittest.main()
