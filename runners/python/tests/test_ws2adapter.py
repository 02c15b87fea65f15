"""The kit: framing, dispatch, names, upcalls, errors."""

import json
import os
import subprocess
import sys
import tempfile
import textwrap
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.dirname(HERE))

import ws2adapter  # noqa: E402
from conversation import Conversation, octets  # noqa: E402

# An adapter that needs no network: every operation shows one thing the kit does.
SAMPLE = """
    import sys
    sys.path.insert(0, {kit!r})
    from ws2adapter import *

    class Thing:
        def __init__(self):
            self.closed = False
        def close(self):
            print("disposed of", file=sys.stderr)

    class Sample(Adapter):
        implementation = "sample"
        version = "7"

        def providers(self):
            return [{{"name": "none", "type": "SOCK_STREAM", "flags": [], "families": []}}]

        def error_name(self, error, fields):
            return f"WSA{{error.errno}}"

        @operation
        def socket(self, as_, provider):
            return self.name(as_, Thing())

        @operation
        def send(self, socket, data, flags=()):
            print("a stray line")
            return {{"returns": len(data), "data": data[::-1], "thing": type(socket).__name__}}

        @operation
        def recv(self, socket, length):
            raise CallFailed("WSAENOTCONN", len=length)

        @operation
        def connect(self, socket, addr):
            raise OSError(int(addr), "from the system")

        @operation
        def listen(self, socket, backlog):
            return 1 // backlog

        @operation
        def shutdown(self, socket, how):
            raise Unsupported(how)

        @operation
        def WSAAccept(self, socket, as_, condition=False):
            decision = self.upcall(condition={{"caller_data": b"hi"}})
            return {{"returns": decision["verdict"], "data": decision["callee_data"]}}

        @operation
        def WSAWaitForMultipleEvents(self, events):
            return len([e for e in events if isinstance(e, Thing)])

        @operation
        def getsockname(self, socket):
            return "x" * MAX_LINE

    Sample().serve()
"""


class Kit(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        path = os.path.join(folder.name, "sample.py")
        with open(path, "w", encoding="utf-8") as file:
            file.write(textwrap.dedent(SAMPLE).format(kit=os.path.dirname(HERE)))
        command = [sys.executable, "-B", path]
        self.adapter = Conversation(command, stderr=subprocess.PIPE).__enter__()
        self.addCleanup(self.adapter.close)

    def ended(self):
        """Ends the adapter; returns its exit status and standard error."""
        self.adapter.process.stdin.close()
        text = self.adapter.process.stderr.read().decode()
        return self.adapter.close(), text

    def test_hello(self):
        hello = self.adapter.hello
        self.assertEqual((hello["hello"], hello["lanes"]), (1, 1))
        self.assertEqual((hello["implementation"], hello["version"]), ("sample", "7"))
        self.assertIn("WSAAccept", hello["operations"])
        self.assertIn("reset", hello["operations"])
        self.assertNotIn("providers", hello["operations"])
        self.assertEqual(hello["providers"][0]["name"], "none")

    def test_handles_and_octets_are_converted_both_ways(self):
        self.assertEqual(self.adapter.call("socket", as_="s", provider="none"), {"returns": "s"})
        reply = self.adapter.call("send", socket="s", data=octets(b"abc"))
        self.assertEqual(reply, {"returns": 3, "data": octets(b"cba"), "thing": "Thing"})

    def test_stray_output_does_not_reach_the_suite(self):
        self.adapter.call("socket", as_="s", provider="none")
        self.adapter.call("send", socket="s", data="")
        self.assertEqual(self.adapter.call("reset"), {"returns": 0})
        self.assertIn("a stray line", self.ended()[1])

    def test_failures_of_the_call(self):
        self.adapter.call("socket", as_="s", provider="none")
        reply = self.adapter.call("recv", socket="s", length=5)
        self.assertEqual(reply, {"error": "WSAENOTCONN", "len": 5})
        self.assertEqual(self.adapter.call("connect", socket="s", addr="42"), {"error": "WSA42"})

    def test_unsupported(self):
        self.adapter.call("socket", as_="s", provider="none")
        self.assertEqual(self.adapter.call("WSATeleport"), {"unsupported": "WSATeleport"})
        self.assertEqual(self.adapter.call("serve"), {"unsupported": "serve"})
        reply = self.adapter.call("shutdown", socket="s", how="SD_UP")
        self.assertEqual(reply, {"unsupported": "SD_UP"})
        reply = self.adapter.call("send", socket="s", data="", colour=1)
        self.assertEqual(reply, {"unsupported": "send.colour"})

    def test_adapter_errors(self):
        self.adapter.call("socket", as_="s", provider="none")
        for op, fields, text in [
            ("recv", {"socket": "nobody", "length": 1}, 'no socket is called "nobody"'),
            ("recv", {"socket": ["s"], "length": 1}, 'no socket is called ["s"]'),
            ("recv", {"socket": "s"}, 'recv needs the field "length"'),
            ("socket", {"provider": "none"}, 'socket needs the field "as"'),
            ("socket", {"as_": "s", "provider": "none"}, 'the name "s" is taken or no name'),
            ("socket", {"as_": 1, "provider": "none"}, "the name 1 is taken or no name"),
            ("send", {"socket": "s", "data": "?"}, "data is not base64"),
            ("send", {"socket": "s", "data": 3}, "data is not base64"),
            ("listen", {"socket": "s", "backlog": 0}, "ZeroDivisionError"),
            ("getsockname", {"socket": "s"}, "the reply is too long"),
            (7, {}, "a request needs an op"),
        ]:
            with self.subTest(op=op, fields=fields):
                self.assertIn(text, self.adapter.call(op, **fields)["adapter_error"])
        self.assertIn("Traceback", self.ended()[1])

    def test_lines_that_are_no_requests(self):
        for line in [
            b"nonsense\n",
            b"\n",
            b"[]\n",
            b'{"op": "reset"}\n',
            b'{"id": true, "op": "reset"}\n',
            b'{"id": 1, "op": "\xff"}\n',
            b"[" * 100000 + b"\n",
            b'{"id": 1, "op": "' + b"x" * ws2adapter.MAX_LINE + b'"}\n',
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
        self.adapter.call("socket", as_="s", provider="none")
        request = self.adapter.start("recv", socket="s", length=1, announce=True)
        self.assertEqual(self.adapter.finish(request), {"started": True})
        self.assertEqual(self.adapter.finish(request), {"error": "WSAENOTCONN", "len": 1})

    def test_upcall(self):
        self.adapter.call("socket", as_="s", provider="none")
        request = self.adapter.start("WSAAccept", socket="s", as_="t", condition=True)
        upcall = self.adapter.finish(request)
        self.assertEqual(upcall, {"condition": {"caller_data": octets(b"hi")}})
        self.adapter.write(id=request, verdict="CF_REJECT", callee_data=octets(b"no"))
        reply = self.adapter.finish(request)
        self.assertEqual(reply, {"returns": "CF_REJECT", "data": octets(b"no")})

    def test_upcall_answered_by_a_request(self):
        self.adapter.call("socket", as_="s", provider="none")
        request = self.adapter.start("WSAAccept", socket="s", as_="t")
        self.adapter.finish(request)
        self.adapter.start("reset")
        self.assertIn("waits for its decision", self.adapter.finish(request)["adapter_error"])

    def test_lists_of_events_are_resolved(self):
        self.adapter.call("socket", as_="e", provider="none")
        reply = self.adapter.call("WSAWaitForMultipleEvents", events=["e", "e"])
        self.assertEqual(reply, {"returns": 2})
        reply = self.adapter.call("WSAWaitForMultipleEvents", events=["e", "f"])
        self.assertEqual(reply, {"adapter_error": 'no event object is called "f"'})

    def test_reset_disposes_and_forgets(self):
        self.adapter.call("socket", as_="s", provider="none")
        self.assertEqual(self.adapter.call("reset"), {"returns": 0})
        self.assertIn("adapter_error", self.adapter.call("recv", socket="s", length=1))
        self.assertEqual(self.adapter.call("socket", as_="s", provider="none"), {"returns": "s"})
        self.assertEqual(self.ended(), (0, "disposed of\n"))

    def test_end_of_input_in_the_middle_of_a_line(self):
        self.adapter.write_raw(b'{"id": 1, "op": "re')
        status, text = self.ended()
        self.assertEqual(status, 0)
        self.assertIn("middle of a line", text)


class Addresses(unittest.TestCase):
    def test_round_trips(self):
        for text in ("127.0.0.1:0", "[::1]:65535", "[fe80::1%2]:80"):
            self.assertEqual(ws2adapter.format_address(*ws2adapter.parse_address(text)), text)

    def test_nonsense(self):
        out_of_range = ("1.2.3.4:65536", "1.2.3.4:-1")
        for text in ("", "127.0.0.1", "::1:80", ":80", "[]:80", 80, None, *out_of_range):
            with self.subTest(text=text), self.assertRaises(ws2adapter.AdapterError) as caught:
                ws2adapter.parse_address(text)
            self.assertIn(json.dumps(text), str(caught.exception))


if __name__ == "__main__":
    unittest.main()
