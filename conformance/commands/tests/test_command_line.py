"""The ws2conform program as its users meet it: arguments, messages, exit codes, files.

Usage: test_command_line.py PROGRAM SOURCE_ROOT [unittest arguments]
"""

import json
import os
import pathlib
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import textwrap
import unittest
import xml.etree.ElementTree

PROGRAM = pathlib.Path(sys.argv.pop(1)).resolve()
SOURCE = pathlib.Path(sys.argv.pop(1)).resolve()
BROKEN = SOURCE / "runners" / "python" / "tests" / "broken_adapters"

HOLDS, VIOLATED, WRONG_INPUT, NOT_DRIVEN, INCONCLUSIVE = 0, 1, 2, 3, 4


class CommandLine(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.folder)
        self.report = self.folder / "report"

    def ws2conform(self, *arguments, **environment):
        return subprocess.run(
            [PROGRAM, *map(str, arguments)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            timeout=120,
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
        self.says(result, HOLDS, "Client side", "Server side", "notice=FD_CLOSE: 32 schedules")
        self.assertIn("  1 2 3 4 5 5a 6 7 8\n", result.stdout)

    def test_lint(self):
        self.says(self.ws2conform("lint"), HOLDS, "nothing wrong")
        good = SOURCE / "cases" / "kinds" / "listener-stays-open.yaml"
        self.says(self.ws2conform("lint", good), HOLDS, "nothing wrong")


class BadCases(CommandLine):
    GOOD = """\
        id: one
        title: One thing holds
        requirements: [SEED-B09]
        given: listener
        steps:
          - {id: 1, server: getsockname, socket: listener}
        """

    def wrong(self, old, new, *texts):
        good = textwrap.dedent(self.GOOD)
        self.assertIn(old, good)
        folder = self.cases(good.replace(old, new))
        self.says(self.ws2conform("lint", "--cases", folder), WRONG_INPUT, *texts)
        self.says(self.run_plain_tcp("--cases", folder), WRONG_INPUT, *texts)

    def test_the_good_one(self):
        self.says(self.run_plain_tcp("--cases", self.cases(self.GOOD)), HOLDS, "1 pass")

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
        self.cases(self.GOOD)
        folder = self.cases(self.GOOD, "other.yaml")
        self.says(self.ws2conform("lint", "--cases", folder), WRONG_INPUT, "used already")

    def test_a_file_that_would_be_overlooked(self):
        folder = self.cases(self.GOOD)
        (folder / "area" / "case.yaml").rename(folder / "area" / "case.yml")
        self.says(
            self.ws2conform("lint", "--cases", folder), WRONG_INPUT, "case.yml", "call it *.yaml"
        )

    def test_lint_goes_on_after_a_wrong_file(self):
        folder = self.cases(self.GOOD)
        bad = folder / "area" / "bad.yaml"
        bad.write_text("id: [")
        result = self.ws2conform("lint", bad, folder / "area" / "case.yaml")
        self.says(result, WRONG_INPUT, "bad.yaml:1", "case.yaml: nothing wrong")


class Runs(CommandLine):
    def test_report_folder(self):
        result = self.run_plain_tcp("--filter", "listening-socket-has-no-peer")
        self.says(result, HOLDS, "1 pass", str(self.report / "index.html"))
        html = (self.report / "index.html").read_text()
        self.assertIn("listening-socket-has-no-peer", html)
        suites = xml.etree.ElementTree.parse(self.report / "junit.xml").getroot()
        self.assertEqual(suites.get("tests"), "1")
        lines = (self.report / "history.jsonl").read_text().splitlines()
        self.assertIn("history", json.loads(lines[0]))
        self.assertEqual(json.loads(lines[-1])["footer"]["schedules"], 1)

    def test_report_folder_that_cannot_be_written(self):
        occupied = self.folder / "occupied"
        occupied.write_text("a file")
        result = self.ws2conform("run", "plain-tcp", "--report", occupied / "report")
        self.says(result, WRONG_INPUT, str(occupied))

    @unittest.skipIf(os.getuid() == 0, "root may write anywhere")
    def test_report_folder_without_permission(self):
        self.report.mkdir()
        self.report.chmod(stat.S_IRUSR | stat.S_IXUSR)
        self.says(self.run_plain_tcp(), WRONG_INPUT, str(self.report))

    def test_declared_gaps_are_not_applicable(self):
        result = self.run_plain_tcp("--filter", "totals-answered-by-grand-total")
        self.says(result, HOLDS, "3 not applicable", "does not claim disconnect-data")

    def test_filter_by_axes(self):
        result = self.run_plain_tcp("--filter", "peers-name-each-other/*AF_INET6*")
        self.says(result, HOLDS, "1 case, 1 with their axes")

    def test_sample(self):
        result = self.run_plain_tcp("--filter", "either-end-is-alike*", "--schedules", 5)
        self.says(result, HOLDS, "10 schedules", "sample")

    def test_shards_make_up_the_whole(self):
        seen = []
        for shard in ("1/2", "2/2"):
            result = self.run_plain_tcp("--filter", "kinds", "--shard", shard, "--schedules", 2)
            self.says(result, HOLDS)
            lines = (self.report / "history.jsonl").read_text().splitlines()
            events = map(json.loads, lines)
            seen += [str(e["instance"]["case"]) + str(e["instance"]["axes"]) for e in events if "instance" in e]
        whole = self.run_plain_tcp("--filter", "kinds", "--schedules", 2)
        self.says(whole, HOLDS, f"{len(seen)} with their axes")
        self.assertEqual(len(seen), len(set(seen)))

    def test_gtest_filter(self):
        result = self.run_plain_tcp("--gtest_filter=listener_stays_open.*")
        self.says(result, HOLDS, "1 case, 1 with their axes")

    def test_gtest_list_runs_nothing(self):
        result = self.run_plain_tcp("--gtest_list_tests")
        self.says(result, HOLDS, "listener_stays_open.")
        self.assertFalse(self.report.exists())

    def test_gtest_sharding_variables(self):
        result = self.run_plain_tcp(
            "--filter", "accept", GTEST_TOTAL_SHARDS="2", GTEST_SHARD_INDEX="0"
        )
        self.says(result, HOLDS)
        whole = self.run_plain_tcp("--filter", "accept")
        self.assertLess(result.stdout.count("not applicable "), whole.stdout.count("not applicable "))


class Histories(CommandLine):
    """What is made from history.jsonl alone is what the run itself made."""

    RED = """\
        id: red
        title: A case that cannot hold
        requirements: [SEED-B09]
        given: listener
        axes: {value: ["0", "1"]}
        steps:
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

    def test_a_changed_record_is_named(self):
        folder, _, history = self.run_red()
        lines = history.read_text().splitlines(keepends=True)
        (number,) = [i for i, line in enumerate(lines) if '"return"' in line and '"value":1' in line][:1]
        lines[number] = lines[number].replace('"value":1', '"value":0')
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
            (good + entry, "known.yaml:9:5: a duplicate"),
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


class Interruptions(CommandLine):
    """A run that is cut off keeps what it has, leaves nothing behind, and can be gone on with."""

    CHOICE = ("--filter", "kinds", "--schedules", "20", "--jobs", "2")

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

    def cut_off(self, how):
        """Runs until some schedules are done, and ends the run; what it said."""
        with subprocess.Popen(
            [PROGRAM, "run", self.patient, "--report", self.report, *self.CHOICE],
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

    def test_a_complete_run_cannot_be_resumed(self):
        self.says(self.run_plain_tcp("--filter", "listening-socket-has-no-peer"), HOLDS)
        self.says(
            self.ws2conform("run", "--resume", self.history),
            WRONG_INPUT,
            "history.jsonl:",
            "there is nothing to go on with",
        )

    def test_changed_cases_need_a_new_run(self):
        folder = self.cases(BadCases.GOOD)
        self.says(self.run_plain_tcp("--cases", folder), HOLDS)
        lines = self.history.read_text().splitlines(keepends=True)
        self.history.write_text("".join(lines[:3]))
        case = folder / "area" / "case.yaml"
        case.write_text(case.read_text() + "# changed\n")
        self.says(
            self.ws2conform("run", "--resume", self.history), WRONG_INPUT, "have changed since"
        )


class TimeFactor(CommandLine):
    def test_the_verdicts_do_not_depend_on_it(self):
        outputs = []
        for factor in (1, 3, 10):
            result = self.ws2conform(
                "run", "--schedules", 3, "--time-factor", factor, "--report", self.report
            )
            self.says(result, HOLDS)
            outputs.append([line for line in result.stdout.splitlines() if "/provider=" in line])
        self.assertGreater(len(outputs[0]), 50)
        self.assertEqual(outputs[0], outputs[1])
        self.assertEqual(outputs[0], outputs[2])


class SeveralJobs(CommandLine):
    def test_the_verdicts_are_those_of_one_job(self):
        outputs = []
        for jobs in (1, 4):
            result = self.run_plain_tcp("--jobs", jobs, "--schedules", 20, "--filter", "[kt]*")
            self.says(result, HOLDS)
            outputs.append([line for line in result.stdout.splitlines() if "/provider=" in line])
            header = json.loads((self.report / "history.jsonl").read_text().splitlines()[0])
            self.assertEqual(header["options"]["jobs"], jobs)
            self.assertLessEqual(len(header["options"]["cores"]), jobs)
        self.assertEqual(*outputs)

    def test_a_wrong_number(self):
        self.assertEqual(self.run_plain_tcp("--jobs", 0).returncode, WRONG_INPUT)

    def test_an_adapter_that_cannot_be_restarted_ends_the_run(self):
        # The first processes say hello; those of the run do not.
        mark = self.folder / "started"
        script = self.folder / "once.py"
        script.write_text(
            textwrap.dedent(
                f"""\
                import os, sys
                sys.path.insert(0, {str(SOURCE / "runners/python")!r})
                try:
                    os.close(os.open({str(mark)!r}, os.O_CREAT | os.O_EXCL))
                except FileExistsError:
                    sys.exit(7)
                import plain_tcp
                plain_tcp.PlainTcp().serve()
                """
            )
        )
        path = self.iut("once", sys.executable, "-B", script)
        result = self.ws2conform("run", path, "--report", self.report, "--jobs", 2)
        self.says(result, NOT_DRIVEN, "no hello", "exited with status 7")


class BrokenAdapters(CommandLine):
    def run_iut(self, path, *arguments):
        return self.ws2conform(
            "run", path, "--report", self.report, "--time-factor", 0.1, *arguments
        )

    def test_missing_adapter(self):
        path = self.iut("absent", "/no/such/program")
        self.says(self.run_iut(path), NOT_DRIVEN, "absent.yaml", "/no/such/program")

    def test_missing_file(self):
        self.says(self.run_iut("/no/such.yaml"), WRONG_INPUT, "/no/such.yaml")

    def test_wrong_key(self):
        path = self.folder / "wrong.yaml"
        path.write_text("name: wrong\ntitle: wrong\ncomand: [x]\n")
        self.says(self.run_iut(path), WRONG_INPUT, "wrong.yaml:3:1", 'did you mean "command"?')

    def test_dies_in_hello(self):
        self.says(
            self.run_iut(self.broken("dies_in_hello")),
            NOT_DRIVEN,
            "no hello",
            "exited with status 3",
            "standard error ends:",
        )

    def test_garbage(self):
        result = self.run_iut(self.broken("garbage"), "--filter", "listening-socket-has-no-peer")
        self.says(result, NOT_DRIVEN, "error", "garbage", "no JSON object", "given.1")

    def test_garbage_in_a_step_names_step_and_line(self):
        # Requests before step 2: two sockets, bind, listen, getsockname, and step 1.
        result = self.run_iut(
            self.broken("garbage", "6"), "--filter", "listening-socket-has-no-peer"
        )
        self.says(result, NOT_DRIVEN, "step 2 (server getpeername, cases/kinds/", ".yaml:8:")

    def test_silent(self):
        result = self.run_iut(self.broken("silent"), "--filter", "listening-socket-has-no-peer")
        self.says(result, NOT_DRIVEN, "silent", "said nothing")

    def test_the_run_goes_on_after_a_breakdown(self):
        # The 20th request of one process breaks: early cases pass, later ones do not.
        result = self.run_iut(self.broken("garbage", "20"), "--filter", "kinds/c*", "--schedules", 5)
        self.says(result, VIOLATED, "error", "pass")
        history = (self.report / "history.jsonl").read_text()
        self.assertIn("footer", history.splitlines()[-1])


class Replay(CommandLine):
    def test_replay_of_a_failure(self):
        folder = self.cases(
            """\
            id: red
            title: A case that cannot hold
            requirements: [SEED-B09]
            given: listener
            steps:
              - {id: 1, server: getsockopt, socket: listener, option: SO_ACCEPTCONN, value: 0}
            """
        )
        result = self.run_plain_tcp("--cases", folder, "--seed", 7)
        self.says(
            result,
            VIOLATED,
            "step 1 (server getsockopt): expected value 0, observed value 1",
            "requirement SEED-B09",
            "written at cases/area/case.yaml:6",
            "again:    ws2conform replay ",
        )
        words = result.stdout.split("again:    ws2conform ")[1].splitlines()[0].split()
        again = self.ws2conform(*words)  # cases, sample and implementation included
        self.says(again, VIOLATED, "expected value 0, observed value 1", '"op":"getsockopt"')
        failures = xml.etree.ElementTree.parse(self.report / "junit.xml").getroot()
        self.assertEqual(failures.get("failures"), "1")


if __name__ == "__main__":
    unittest.main()
