"""Arguments, listings and files that are wrong."""

import textwrap
import unittest

from command_line import CommandLine, GOOD_CASE, HOLDS, SOURCE, WRONG_INPUT


class Arguments(CommandLine):
    def test_help_is_ours(self):
        result = self.ws2conform("--help")
        self.says(result, HOLDS, "Subcommands", "Exit codes")
        self.assertNotIn("gtest", result.stdout)

    def test_version(self):
        self.says(self.ws2conform("--version"), HOLDS, "ws2conform ")

    def test_wrong_command_line(self):
        for arguments in (
            [],
            ["fly"],
            ["run", "--fast"],
            ["run", "--edition", "draft"],
            ["run", "--time-factor", "no"],
            ["run", "plain-tcp", "--schedules", "few"],
            ["run", "plain-tcp", "--shard", "3/2"],
            ["show"],
            ["list", "case"],
        ):
            with self.subTest(arguments):
                self.assertEqual(self.ws2conform(*arguments).returncode, WRONG_INPUT)

    def test_nearest_name_is_suggested(self):
        self.says(self.ws2conform("list", "case"), WRONG_INPUT, 'did you mean "cases"?')
        self.says(self.ws2conform("reply"), WRONG_INPUT, 'did you mean "replay"?', "coverage")
        self.says(
            self.ws2conform("show", "listner-stays-open"),
            WRONG_INPUT,
            'did you mean "listener-stays-open"?',
        )
        self.says(self.ws2conform("run", "plain-tpc"), WRONG_INPUT, 'did you mean "plain-tcp"?')
        self.says(
            self.run_plain_tcp("--provider", "tpc"), WRONG_INPUT, 'did you mean "tcp"?'
        )

    def test_filter_that_selects_nothing(self):
        self.says(
            self.run_plain_tcp("--filter", "listener-stays-opn"),
            WRONG_INPUT,
            "no case is selected",
            'did you mean "listener-stays-open"?',
        )

    def test_more_schedules_than_can_be_made(self):
        case = "grand-total-over-all-clients"
        refused = self.ws2conform(
            "run", "--filter", case, "--schedules", "all", "--report", self.folder / "report"
        )
        self.says(refused, WRONG_INPUT, case, "has 9329", "--schedules 100000", "--filter")
        self.assertFalse((self.folder / "report" / "history.jsonl").exists(), "nothing was run")
        shown = self.ws2conform("show", case, "--schedules", "all")
        self.says(shown, HOLDS, "9329", "too many to run them all", "--schedules N")

    def test_unknown_replay_id(self):
        self.says(self.ws2conform("replay", "AAAAAAAA", "plain-tcp"), WRONG_INPUT, "AAAAAAAA")


class Listing(CommandLine):
    def test_lists(self):
        self.says(self.ws2conform("list", "cases"), HOLDS, "totals-answered-by-grand-total")
        self.says(self.ws2conform("list", "requirements"), HOLDS, "SEED-A16")
        self.says(self.ws2conform("list", "iuts"), HOLDS, "plain-tcp", "reference")
        self.says(self.ws2conform("list", "invariants"), HOLDS, "INV-PREFIX")

    def test_show_is_the_two_column_table(self):
        result = self.ws2conform("show", "totals-answered-by-grand-total")
        self.says(result, HOLDS, "Client side", "Server side", "notice=FD_CLOSE: 32 schedules and 3 that issue two calls together")
        self.assertIn("  1 2 3 4 5 5a 6 7 8\n", result.stdout)
        result = self.ws2conform("show", "blocking-connect-times-out")
        self.says(result, HOLDS, "call=connect: 1 schedule; ")

    def test_lint(self):
        self.says(self.ws2conform("lint"), HOLDS, "nothing wrong")
        good = SOURCE / "cases" / "kinds" / "listener-stays-open.yaml"
        self.says(self.ws2conform("lint", good), HOLDS, "nothing wrong")


class BadCases(CommandLine):
    def wrong(self, old, new, *texts):
        good = textwrap.dedent(GOOD_CASE)
        self.assertIn(old, good)
        folder = self.cases(good.replace(old, new))
        self.says(self.ws2conform("lint", "--cases", folder), WRONG_INPUT, *texts)
        self.says(self.run_plain_tcp("--cases", folder), WRONG_INPUT, *texts)

    def test_the_good_one(self):
        self.says(self.run_plain_tcp("--cases", self.cases(GOOD_CASE)), HOLDS, "1 pass")

    def test_unknown_key(self):
        self.wrong("title:", "tilte:", "cases/area/case.yaml:2:1", 'did you mean "title"?')

    def test_unknown_actor(self):
        self.wrong("server:", "servre:", "case.yaml:6:", 'did you mean "server"?')

    def test_unknown_operation(self):
        self.wrong("getsockname", "getsocknam", "case.yaml:6:", 'did you mean "getsockname"?')

    def test_unknown_requirement(self):
        self.wrong("SEED-B09", "SEED-B99", "case.yaml:1", "SEED-B99")

    def test_cycle(self):
        self.wrong(
            "- {id: 1, server: getsockname, socket: listener}",
            "- {id: 1, server: getsockname, socket: listener, after: 2}\n"
            "  - {id: 2, client: getsockname, after: 1}",
            "case.yaml:6:",
            "cycle",
        )

    def test_no_yaml(self):
        self.wrong("[SEED-B09]", "[SEED-B09", "case.yaml:", "is no YAML")

    def test_wrong_type(self):
        self.wrong("given: listener", "given: [listener]", "case.yaml:4:", "given")

    def test_two_cases_of_one_id(self):
        self.cases(GOOD_CASE)
        folder = self.cases(GOOD_CASE, "other.yaml")
        self.says(self.ws2conform("lint", "--cases", folder), WRONG_INPUT, "used already")

    def test_a_file_that_would_be_overlooked(self):
        folder = self.cases(GOOD_CASE)
        (folder / "area" / "case.yaml").rename(folder / "area" / "case.yml")
        self.says(
            self.ws2conform("lint", "--cases", folder), WRONG_INPUT, "case.yml", "call it *.yaml"
        )

    def test_lint_goes_on_after_a_wrong_file(self):
        folder = self.cases(GOOD_CASE)
        bad = folder / "area" / "bad.yaml"
        bad.write_text("id: [")
        result = self.ws2conform("lint", bad, folder / "area" / "case.yaml")
        self.says(result, WRONG_INPUT, "bad.yaml:1", "case.yaml: nothing wrong")


if __name__ == "__main__":
    unittest.main()
