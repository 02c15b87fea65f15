"""The kit in JavaScript: framing, dispatch, names, lanes, upcalls, errors."""

import json
import os
import shutil
import subprocess
import sys
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "..", "python"))

from conversation import Conversation, octets  # noqa: E402

MAX_LINE = 1 << 20
SHOW_ADDRESSES = """
    import { formatAddress, parseAddress } from './ws2adapter.mjs';
    const show = (text) => {
      try {
        const { host, port } = parseAddress(text);
        return formatAddress(host, port);
      } catch (problem) {
        return problem.constructor.name;
      }
    };
    console.log(JSON.stringify(JSON.parse(process.argv[1]).map(show)));
"""


class Kit(unittest.TestCase):
    def setUp(self):
        command = ["node", os.path.join(HERE, "sample.mjs")]
        self.adapter = Conversation(command, stderr=subprocess.PIPE).__enter__()
        self.addCleanup(self.adapter.close)

    def ended(self):
        """Ends the adapter; returns its exit status and standard error."""
        self.adapter.process.stdin.close()
        text = self.adapter.process.stderr.read().decode()
        return self.adapter.close(), text

    def make(self, name="s"):
        self.assertEqual(self.adapter.call("socket", as_=name, provider="none"), {"returns": name})

    def test_hello(self):
        hello = self.adapter.hello
        self.assertEqual((hello["hello"], hello["nested"]), (1, True))
        self.assertGreater(hello["lanes"], 1)
        self.assertEqual((hello["implementation"], hello["version"]), ("sample", "7"))
        self.assertLessEqual({"WSAAccept", "reset"}, set(hello["operations"]))
        self.assertEqual(hello["providers"][0]["name"], "none")

    def test_handles_and_octets_are_converted_both_ways(self):
        self.make()
        reply = self.adapter.call("send", socket="s", data=octets(b"abc"))
        self.assertEqual(reply, {"returns": 3, "data": octets(b"cba"), "thing": True})

    def test_failures_of_the_call(self):
        self.make()
        reply = self.adapter.call("recv", socket="s", length=5)
        self.assertEqual(reply, {"error": "WSAENOTCONN", "len": 5})
        self.assertEqual(self.adapter.call("connect", socket="s", addr="42"), {"error": "WSA42"})

    def test_unsupported(self):
        self.make()
        self.assertEqual(self.adapter.call("WSATeleport"), {"unsupported": "WSATeleport"})
        self.assertEqual(self.adapter.call("serve"), {"unsupported": "serve"})
        reply = self.adapter.call("shutdown", socket="s", how="SD_UP")
        self.assertEqual(reply, {"unsupported": "SD_UP"})
        reply = self.adapter.call("send", socket="s", data="", colour=1)
        self.assertEqual(reply, {"unsupported": "send.colour"})

    def test_adapter_errors(self):
        self.make()
        for op, fields, text in [
            ("recv", {"socket": "nobody", "length": 1}, 'no socket is called "nobody"'),
            ("recv", {"socket": ["s"], "length": 1}, 'no socket is called ["s"]'),
            ("recv", {"socket": "toString", "length": 1}, 'no socket is called "toString"'),
            ("recv", {"socket": "s"}, 'recv needs the field "length"'),
            ("socket", {"provider": "none"}, 'socket needs the field "as"'),
            ("socket", {"as_": "s", "provider": "none"}, 'the name "s" is taken or no name'),
            ("socket", {"as_": 1, "provider": "none"}, "the name 1 is taken or no name"),
            ("send", {"socket": "s", "data": "?"}, "data is not base64"),
            ("send", {"socket": "s", "data": "YQ"}, "data is not base64"),
            ("send", {"socket": "s", "data": 3}, "data is not base64"),
            ("listen", {"socket": "s", "backlog": 0}, "TypeError"),
            ("getsockname", {"socket": "s"}, "the reply is too long"),
            (7, {}, "a request needs an op"),
        ]:
            with self.subTest(op=op, fields=fields):
                self.assertIn(text, self.adapter.call(op, **fields).get("adapter_error", ""))
        self.assertIn("at Adapter", self.ended()[1])

    def test_lines_that_are_no_requests(self):
        for line in [
            b"nonsense\n",
            b"\n",
            b"[]\n",
            b"null\n",
            b'{"op": "reset"}\n',
            b'{"id": true, "op": "reset"}\n',
            b'{"id": 1, "op": "\xff"}\n',
            b"[" * 100000 + b"\n",
            b'{"id": 1, "op": "' + b"x" * MAX_LINE + b'"}\n',
        ]:
            with self.subTest(line=line[:30]):
                self.adapter.write_raw(line)
                reply = self.adapter.read()
                self.assertIsNone(reply["id"])
                self.assertTrue(reply["adapter_error"])
        self.assertEqual(self.adapter.call("reset"), {"returns": 0})

    def test_carriage_return_is_ignored(self):
        self.adapter.write_raw(b'{"id": 5, "op": "reset"}\r\n')
        self.assertEqual(self.adapter.read(), {"id": 5, "returns": 0})

    def test_announce(self):
        self.make()
        request = self.adapter.start("recv", socket="s", length=1, announce=True)
        self.assertEqual(self.adapter.finish(request), {"started": True})
        self.assertEqual(self.adapter.finish(request), {"error": "WSAENOTCONN", "len": 1})

    def test_a_call_that_waits_holds_up_no_other(self):
        self.make()
        waiting = self.adapter.start("accept", socket="s", as_="t")
        other = self.adapter.start("closesocket", socket="s")
        replies = [self.adapter.read(), self.adapter.read()]
        self.assertCountEqual(
            replies, [{"id": other, "returns": 0}, {"id": waiting, "returns": "at last"}]
        )

    def test_upcall_with_a_call_inside(self):
        self.make()
        request = self.adapter.start("WSAAccept", socket="s", as_="t", condition=True)
        upcall = self.adapter.finish(request)
        self.assertEqual(upcall, {"condition": {"caller_data": octets(b"hi")}})
        self.assertEqual(self.adapter.call("recv", socket="s", length=2)["error"], "WSAENOTCONN")
        self.adapter.write(id=request, verdict="CF_REJECT", callee_data=octets(b"no"))
        reply = self.adapter.finish(request)
        self.assertEqual(reply, {"returns": "CF_REJECT", "data": octets(b"no")})

    def test_decisions_that_are_none(self):
        self.make()
        for decision, text in [
            ({"id": 999, "verdict": "CF_ACCEPT"}, "waits for its decision"),
            ({"verdict": "CF_ACCEPT", "callee_data": "?"}, "callee_data is not base64"),
        ]:
            request = self.adapter.start("WSAAccept", socket="s", as_="t")
            self.adapter.finish(request)
            self.adapter.write(**{"id": request, **decision})
            self.assertIn(text, self.adapter.finish(request)["adapter_error"])

    def test_lists_of_events_are_resolved(self):
        self.make("e")
        reply = self.adapter.call("WSAWaitForMultipleEvents", events=["e", "e"])
        self.assertEqual(reply, {"returns": 2})
        reply = self.adapter.call("WSAWaitForMultipleEvents", events=["e", "f"])
        self.assertEqual(reply, {"adapter_error": 'no event is called "f"'})

    def test_reset_disposes_and_forgets(self):
        self.make()
        self.assertEqual(self.adapter.call("reset"), {"returns": 0})
        self.assertIn("adapter_error", self.adapter.call("recv", socket="s", length=1))
        self.make()
        # What is printed lands on standard error.
        self.assertEqual(self.ended(), (0, "disposed of\n"))

    def test_end_of_input_in_the_middle_of_a_line(self):
        self.adapter.write_raw(b'{"id": 1, "op": "re')
        status, text = self.ended()
        self.assertEqual(status, 0)
        self.assertIn("middle of a line", text)


class Addresses(unittest.TestCase):
    def test_round_trips_and_nonsense(self):
        good = ["127.0.0.1:0", "[::1]:65535", "[fe80::1%2]:80"]
        bad = ["", "127.0.0.1", "::1:80", ":80", "[]:80", 80, None, "1.2.3.4:65536", "1.2.3.4:-1"]
        result = subprocess.run(
            ["node", "--input-type=module", "-e", SHOW_ADDRESSES, json.dumps(good + bad)],
            cwd=os.path.dirname(HERE),
            capture_output=True,
            check=True,
        )
        self.assertEqual(
            json.loads(result.stdout), good + ["AdapterError"] * len(bad)
        )


if __name__ == "__main__":
    if shutil.which("node") is None:
        print("Node.js is needed: apt-get install nodejs", file=sys.stderr)
        sys.exit(77)
    unittest.main()
