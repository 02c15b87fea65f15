"""What the relay records and what it changes, as a user of ws2conform sees it.

Usage: test_capture.py PROGRAM SOURCE_ROOT [unittest arguments]
"""

import json
import pathlib
import shutil
import subprocess
import sys
import tempfile
import textwrap
import unittest

PROGRAM = pathlib.Path(sys.argv.pop(1)).resolve()
SOURCE = pathlib.Path(sys.argv.pop(1)).resolve()
sys.path.insert(0, str(pathlib.Path(__file__).parent))

import read_pcapng  # noqa: E402

HOLDS, VIOLATED, WRONG_INPUT, NOT_DRIVEN = 0, 1, 2, 3
PATTERN = bytes(range(100))


class RelayedRun(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.folder)
        self.report = self.folder / "report"
        self.capture = self.report / "relay.pcapng"

    def ws2conform(self, *arguments):
        return subprocess.run(
            [PROGRAM, *map(str, arguments)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=120,
        )

    def run_case(self, text, *arguments, code=HOLDS):
        folder = self.folder / "cases"
        if not folder.exists():
            shutil.copytree(SOURCE / "cases" / "requirements", folder / "requirements")
            (folder / "area").mkdir()
        text = "id: relayed\ntitle: A case for a test\nrequirements: [TEAR-31]\n" + textwrap.dedent(text)
        (folder / "area" / "case.yaml").write_text(text)
        result = self.ws2conform("run", "--cases", folder, "--report", self.report, "--jobs", 1, *arguments)
        self.assertEqual(result.returncode, code, result.stdout)
        return result.stdout

    def history(self, kind):
        for line in (self.report / "history.jsonl").read_text().splitlines():
            event = json.loads(line)
            if kind in event:
                yield event

    def ends(self, connection):
        names = {connection.caller: "caller", connection.callee: "callee"}
        return [(names[who], end) for who, end in connection.ends]


CUT = """\
    axes: {family: [AF_INET, AF_INET6]}
    given: connected
    relay:
      client->server: [{cut-after: 40, with: reset, from: 1}]
    steps:
      - {id: 1, client: send, data: {pattern: 100}}
      - {id: 2, server: recv, after: 1}
      - {id: 3, client: recv, error: WSAECONNRESET, after: 2}
    """
GRACEFUL = """\
    given: connected
    steps:
      - {id: 1, client: send, data: {pattern: 100}}
      - {id: 2, client: shutdown, how: SD_SEND}
      - {id: 3, server: receive, data: {pattern: 100}, after: 2}
      - {id: 4, server: recv-zero}
      - {id: 5, server: closesocket}
      - {id: 6, client: recv-zero, after: 5}
    """


class Recording(RelayedRun):
    def test_both_halves_of_a_connection_are_there(self):
        self.run_case(GRACEFUL, "--provider", "tcp", "--relay", "record", "--schedules", 1)
        toward_client, toward_server = read_pcapng.connections(self.capture)
        for half in (toward_client, toward_server):
            self.assertEqual(half.interface, "relayed/provider=tcp")
            self.assertEqual(half.octets[half.caller], PATTERN)
            self.assertEqual(half.octets[half.callee], b"")
            self.assertEqual(self.ends(half), [("caller", "FIN"), ("callee", "FIN")])
        (schedule,) = self.history("schedule")
        schedule = schedule["schedule"]
        for half in (toward_client, toward_server):
            (comment,) = half.comments
            self.assertIn(f"schedule {schedule['id']}: {schedule['order']}", comment)
        address = "%s:%d" % toward_server.caller
        self.assertIn(f"on to 127.0.0.1:{toward_server.callee[1]} as {address}", toward_client.comments[0])

    def test_a_cut_shows_what_passed_and_who_was_reset(self):
        self.run_case(CUT, "--provider", "tcp", "--schedules", 1)
        found = read_pcapng.connections(self.capture)
        self.assertEqual(len(found), 4, "IPv4 and IPv6, two halves each")
        for toward_client, toward_server in (found[:2], found[2:]):
            self.assertEqual(toward_client.octets[toward_client.caller], PATTERN)
            self.assertEqual(self.ends(toward_client), [("callee", "RST")])
            self.assertEqual(toward_server.octets[toward_server.caller], PATTERN[:40])
            self.assertEqual(self.ends(toward_server), [("caller", "RST")])
        self.assertEqual({half.caller[0] for half in found}, {"127.0.0.1", "::1"})

    def test_the_history_says_what_was_asked_for_and_what_came_of_it(self):
        self.run_case(CUT, "--provider", "tcp", "--schedules", 1)
        events = list(self.history("relay"))
        self.assertEqual(
            [(event["actor"], event["step"], event["relay"]) for event in events[:2]],
            [
                ("client", "1", {"way": "client->server", "does": "cut-after 40 with reset"}),
                ("client", "", {"way": "client->server", "did": "cut after 40 octets: reset"}),
            ],
        )
        # It is written down at the end of the schedule, with the time at which it happened.
        returned = [event["t"] for event in self.history("return") if event["step"] == "3"]
        self.assertLess(events[0]["t"], events[1]["t"])
        self.assertLess(events[1]["t"], returned[0])

    def test_the_history_says_what_came_to_the_relay_and_what_it_passed_on(self):
        self.run_case(CUT, "--provider", "tcp", "--schedules", 1)
        (first, *_) = [event["n"] for event in self.history("relay")]
        seen = [
            (event["relay"]["way"], event["relay"]["saw"], event["relay"]["arrived"])
            for event in self.history("relay")
            if "saw" in event["relay"] and event["n"] == first
        ]
        self.assertEqual(
            seen[:2],
            [("client->server", "100 octets", False), ("client->server", "40 octets", True)],
        )
        self.assertCountEqual(
            seen[2:], [("client->server", "RST", True), ("server->client", "RST", True)]
        )

    def test_what_the_relay_saw_is_kept_only_where_the_case_wants_a_relay(self):
        self.run_case(GRACEFUL, "--provider", "tcp", "--relay", "record", "--schedules", 1)
        self.assertEqual(list(self.history("relay")), [])

    def test_the_conversation_of_a_failure_shows_it_where_it_happened(self):
        wrong = CUT.replace("error: WSAECONNRESET", "data: something")
        self.run_case(wrong, "--provider", "tcp", "--schedules", 1, code=VIOLATED)
        page = (self.report / "index.html").read_text()
        self.assertIn("cut after 40 octets: reset", page)
        self.assertIn("on the way", page)
        self.assertRegex(page, r'class="on-wire"[^>]*>40 octets</text>')

    def test_show_names_it(self):
        self.run_case(CUT, "--provider", "tcp", "--schedules", 1)
        shown = self.ws2conform("show", "relayed", "--cases", self.folder / "cases").stdout
        self.assertIn("relay, client->server: cut-after 40 with reset, from step 1", shown)

    def test_frames_of_another_provider(self):
        self.run_case(CUT, "--provider", "stream", "--schedules", 1)
        for half in read_pcapng.connections(self.capture):
            self.assertTrue(half.octets[half.caller].startswith(b"\x01\0\0\0\0\0\0\x06WS2C"))

    def test_nothing_is_recorded_where_nothing_is_relayed(self):
        self.run_case(GRACEFUL, "--provider", "tcp", "--relay", "record", "--schedules", 1)
        self.assertTrue(self.capture.exists())
        self.run_case(GRACEFUL, "--provider", "tcp", "--schedules", 1)
        self.assertFalse(self.capture.exists(), "it is of an earlier run")

    def test_tshark_finds_nothing_wrong(self):
        tshark = shutil.which("tshark")
        if tshark is None:
            self.skipTest("tshark is not installed (Debian: apt-get install tshark)")
        self.run_case(CUT, "--schedules", 2)
        result = subprocess.run(
            [tshark, "-r", self.capture, "-o", "tcp.check_checksum:TRUE", "-o", "ip.check_checksum:TRUE",
             "-T", "fields", "-e", "_ws.expert.message", "-e", "tcp.flags.reset", "-e", "frame.comment"],
            capture_output=True, text=True, timeout=120,
        )
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertIn("relayed/provider=tcp", result.stdout)
        for wrong in ("malformed", "bad checksum", "incorrect", "out-of-order", "retransmission",
                      "not captured"):
            self.assertNotIn(wrong, result.stdout.lower())


class Truth(RelayedRun):
    def test_addresses_are_those_of_the_actors(self):
        self.run_case(
            """\
            axes: {family: [AF_INET, AF_INET6]}
            given: listener
            steps:
              - {id: 1, client: connect, by: 3}
              - {id: 2, server: WSAAccept, condition: true, addr: $client.name, after: 1}
              - {id: 3, server: condition, caller_id: $caller, callee_id: $listener, verdict: CF_ACCEPT}
              - {id: 4, client: getpeername, addr: $listener}
              - {id: 5, client: getsockname, addr: $client.name}
              - {id: 6, server: getpeername, addr: $client.name}
            """,
            "--provider", "stream", "--relay", "record",
        )
        halves = read_pcapng.connections(self.capture)
        client_names = {half.caller for half in halves[::2]}
        calling = {half.caller for half in halves[1::2]}

        def pair(text):
            host, port = text.rsplit(":", 1)
            return (host.strip("[]"), int(port))

        # Of the server's alone: the port that the relay has for a client may be given out again, for calling.
        by_server = [
            event["return"]
            for event in self.history("return")
            if event["actor"] == "server" and "relayed" in event["return"]
        ]
        self.assertTrue(by_server, "nothing says what the server really answered")
        for reply in by_server:
            self.assertIn(pair(reply["relayed"]["addr"]), calling)
            self.assertIn(pair(reply["addr"]), client_names)

    def test_a_refusal_stays_one(self):
        self.run_case(
            """\
            given: listener
            steps:
              - {id: 1, server: closesocket, socket: listener}
              - {id: 2, client: connect, error: WSAECONNREFUSED, after: 1}
            """,
            "--relay", "record",
        )

    def test_a_case_that_the_relay_had_no_part_in_shows_nothing(self):
        output = self.run_case(
            """\
            given: listener
            relay: {both: [{split: 1}]}
            steps:
              - {id: 1, client: getsockopt, option: SO_TYPE}
            """,
            "--provider", "tcp", code=NOT_DRIVEN,
        )
        self.assertIn("relay: no connection went through it", output)

    def test_a_cut_that_was_not_reached_shows_nothing(self):
        output = self.run_case(CUT.replace("cut-after: 40", "cut-after: 4000").replace(
            "error: WSAECONNRESET, after: 2", "length: 1, after: 4").replace(
            "    - {id: 3", "    - {id: 4, server: send, data: x}\n      - {id: 3"),
            "--provider", "tcp", "--schedules", 1, code=NOT_DRIVEN)
        self.assertIn("the cut after 4000 octets of client->server was never reached", output)

    def test_an_implementation_that_does_not_claim_it(self):
        script = (
            "import json, sys\n"
            "print(json.dumps({'hello': 1, 'implementation': 'x', 'version': '1', 'operations': [],"
            " 'providers': [{'name': 'any', 'flags': []}]}), flush=True)\n"
            "sys.stdin.read()\n"
        )
        path = self.folder / "other.yaml"
        path.write_text(json.dumps({"name": "other", "title": "x",
                                    "command": [sys.executable, "-c", script]}))
        output = self.run_case(CUT, path)
        self.assertIn("provider any of other does not claim relayable", output)


class Meanings(RelayedRun):
    def test_what_is_meant_is_said(self):
        for text in ("fast", "delay=", "delay=5..1", "split=0", "split=1..2", "record,,delay=x"):
            with self.subTest(text):
                result = self.ws2conform("run", "--relay", text)
                self.assertEqual(result.returncode, WRONG_INPUT, result.stdout)
                self.assertIn("--relay: ", result.stdout)


if __name__ == "__main__":
    unittest.main()
