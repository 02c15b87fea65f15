"""Runs: what they leave, which part of the cases they take, jobs, adapters that break, replay."""

import json
import os
import stat
import sys
import textwrap
import threading
import unittest
import xml.etree.ElementTree

from command_line import CommandLine, GOOD_CASE, HOLDS, NOT_DRIVEN, SOURCE, VIOLATED, WRONG_INPUT


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

    def test_nothing_fills_a_way_that_the_relay_empties(self):
        case = "lingering-gives-up-on-a-stalled-peer"
        result = self.ws2conform("run", "--filter", case, "--relay", "delay=0..5", "--report", self.report)
        self.says(result, HOLDS, "5 not applicable", "it fills the way to the peer")

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

    def how_an_adapter_is_scheduled(self, policy):
        """Where the suite is started by a thread with this policy."""
        script = self.folder / "telling.py"
        script.write_text(
            textwrap.dedent(
                f"""\
                import os, sys
                sys.path.insert(0, {str(SOURCE / "runners/python")!r})
                import plain_tcp
                adapter = plain_tcp.PlainTcp()
                result = adapter._result
                def tell(request):
                    os.write(2, b"policy %d, " % os.sched_getscheduler(0))
                    return result(request)
                adapter._result = tell
                adapter.serve()
                """
            )
        )
        path = self.iut("telling", sys.executable, "-B", script)
        cases = self.cases(GOOD_CASE)
        results = []

        def run():
            os.sched_setscheduler(0, policy, os.sched_param(0))  # of this thread
            results.append(self.ws2conform("run", path, "--cases", cases, "--report", self.report))

        thread = threading.Thread(target=run)
        thread.start()
        thread.join()
        self.says(results[0], HOLDS)
        history = (self.report / "history.jsonl").read_text().splitlines()
        told = [json.loads(line)["stderr"]["text"] for line in history if '"stderr"' in line]
        return set("".join(told).split(", ")) - {""}

    @unittest.skipIf(os.sched_getscheduler(0) != os.SCHED_OTHER, "it is started as somebody chose")
    def test_none_takes_the_core_from_another(self):
        self.assertEqual(self.how_an_adapter_is_scheduled(os.SCHED_OTHER), {f"policy {os.SCHED_BATCH}"})

    @unittest.skipIf(os.sched_getscheduler(0) != os.SCHED_OTHER, "it is started as somebody chose")
    def test_who_has_chosen_keeps_that(self):
        self.assertEqual(self.how_an_adapter_is_scheduled(os.SCHED_IDLE), {f"policy {os.SCHED_IDLE}"})

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

    def test_replay_of_calls_issued_together(self):
        folder = self.cases(
            """\
            id: red
            title: A case that cannot hold, whoever comes first
            requirements: [SEED-B09]
            given: connected
            steps:
              - {id: 1, server: send, data: abc}
              - {id: 2, client: getpeername, addr: "127.0.0.1:1"}
            """
        )
        result = self.run_plain_tcp("--cases", folder, "--schedules", "all")
        self.says(result, VIOLATED, "expected addr 127.0.0.1:1")
        lines = map(json.loads, (self.report / "history.jsonl").read_text().splitlines())
        schedules = [line["schedule"] for line in lines if "schedule" in line]
        self.assertEqual([s["order"] for s in schedules], ["1 2", "2 1", "1+2"])
        words = ["replay", schedules[2]["id"], "plain-tcp", "--cases", folder, "--schedules", "all"]
        again = self.ws2conform(*words)
        self.says(again, VIOLATED, "schedule: 1+2", "expected addr 127.0.0.1:1")
        # Both are under way before the return of either is taken.
        said = [line for line in again.stdout.splitlines() if " ms " in line and "given" not in line]
        self.assertEqual(
            [(line.split()[3], line.split()[4]) for line in said],
            [("(1)", "->"), ("(2)", "->"), ("(1)", "<-"), ("(2)", "<-")],
        )


if __name__ == "__main__":
    unittest.main()
