"""What every kit does: framing, dispatch, names, upcalls, errors.

For a kit's own test: a class derived from KitTests and unittest.TestCase, whose `command` starts an
adapter that needs no network. Its operations each show one thing that the kit does: `send` prints "a
stray line" and turns the octets round, `recv` fails with WSAENOTCONN and its length as `len`,
`connect` with the system's error of the number in `addr`, `listen` breaks, `shutdown` does not know
`how`, `WSAAccept` asks for a decision on caller data "hi" and returns it, `getsockname` returns more
than a line holds, `WSAWaitForMultipleEvents` how many objects it was given. It prints "disposed of"
for each object that is.
"""

import os
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))

from conversation import Conversation, octets  # noqa: E402

MAX_LINE = 1 << 20


class KitTests:
    command = []
    thing = None  # what `send` says of its socket
    broken = ""  # how `listen` breaks
    trace = ""  # what standard error says of that

    def setUp(self):
        self.adapter = Conversation(self.command, stderr=subprocess.PIPE).__enter__()
        self.addCleanup(self.adapter.close)

    def ended(self):
        """Ends the adapter; returns its exit status and standard error."""
        self.adapter.process.stdin.close()
        text = self.adapter.process.stderr.read().decode()
        return self.adapter.close(), text

    def make(self, name="s"):
        self.assertEqual(self.adapter.call("socket", as_=name, provider="none"), {"returns": name})

    def ask_for_a_decision(self):
        """A WSAAccept that has come as far as its upcall."""
        request = self.adapter.start("WSAAccept", socket="s", as_="t", condition=True)
        upcall = self.adapter.finish(request)
        self.assertEqual(upcall, {"condition": {"caller_data": octets(b"hi")}})
        return request

    def test_hello(self):
        hello = self.adapter.hello
        self.assertEqual(hello["hello"], 1)
        self.assertEqual((hello["implementation"], hello["version"]), ("sample", "7"))
        self.assertLessEqual({"WSAAccept", "reset"}, set(hello["operations"]))
        self.assertNotIn("providers", hello["operations"])
        self.assertEqual(hello["providers"][0]["name"], "none")

    def test_handles_and_octets_are_converted_both_ways(self):
        self.make()
        reply = self.adapter.call("send", socket="s", data=octets(b"abc"))
        self.assertEqual(reply, {"returns": 3, "data": octets(b"cba"), "thing": self.thing})

    def test_stray_output_does_not_reach_the_suite(self):
        self.make()
        self.adapter.call("send", socket="s", data="")
        self.assertEqual(self.adapter.call("reset"), {"returns": 0})
        self.assertIn("a stray line", self.ended()[1])

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
            ("listen", {"socket": "s", "backlog": 0}, self.broken),
            ("getsockname", {"socket": "s"}, "the reply is too long"),
            (7, {}, "a request needs an op"),
        ]:
            with self.subTest(op=op, fields=fields):
                self.assertIn(text, self.adapter.call(op, **fields).get("adapter_error", ""))
        self.assertIn(self.trace, self.ended()[1])

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

    def test_upcall(self):
        self.make()
        request = self.ask_for_a_decision()
        self.adapter.write(id=request, verdict="CF_REJECT", callee_data=octets(b"no"))
        reply = self.adapter.finish(request)
        self.assertEqual(reply, {"returns": "CF_REJECT", "data": octets(b"no")})

    def test_decision_that_is_no_base64(self):
        self.make()
        request = self.ask_for_a_decision()
        self.adapter.write(id=request, verdict="CF_ACCEPT", callee_data="?")
        reply = self.adapter.finish(request)
        self.assertIn("callee_data is not base64", reply["adapter_error"])

    def test_lists_of_events_are_resolved(self):
        self.make("e")
        reply = self.adapter.call("WSAWaitForMultipleEvents", events=["e", "e"])
        self.assertEqual(reply, {"returns": 2})
        reply = self.adapter.call("WSAWaitForMultipleEvents", events=["e", "f"])
        self.assertEqual(reply, {"adapter_error": 'no event object is called "f"'})

    def test_reset_disposes_and_forgets(self):
        self.make()
        self.assertEqual(self.adapter.call("reset"), {"returns": 0})
        self.assertIn("adapter_error", self.adapter.call("recv", socket="s", length=1))
        self.make()
        self.assertEqual(self.ended(), (0, "disposed of\n"))

    def test_end_of_input_in_the_middle_of_a_line(self):
        self.adapter.write_raw(b'{"id": 1, "op": "re')
        status, text = self.ended()
        self.assertEqual(status, 0)
        self.assertIn("middle of a line", text)


# What a kit makes of addresses as text: given back as it is, or an error.
GOOD_ADDRESSES = ["127.0.0.1:0", "[::1]:65535", "[fe80::1%2]:80"]
BAD_ADDRESSES = [
    *("", "127.0.0.1", "::1:80", ":80", "[]:80", 80, None, "1.2.3.4:65536", "1.2.3.4:-1"),
]
