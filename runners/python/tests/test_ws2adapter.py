"""The kit in Python: what every kit does, and addresses."""

import json
import os
import sys
import tempfile
import textwrap
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.dirname(HERE))

import ws2adapter  # noqa: E402
from kit import BAD_ADDRESSES, GOOD_ADDRESSES, KitTests  # noqa: E402

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


class Kit(KitTests, unittest.TestCase):
    thing = "Thing"
    broken = "ZeroDivisionError"
    trace = "Traceback"

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        path = os.path.join(folder.name, "sample.py")
        with open(path, "w", encoding="utf-8") as file:
            file.write(textwrap.dedent(SAMPLE).format(kit=os.path.dirname(HERE)))
        self.command = [sys.executable, "-B", path]
        super().setUp()

    def test_one_lane(self):
        self.assertEqual(self.adapter.hello["lanes"], 1)

    def test_upcall_answered_by_a_request(self):
        self.make()
        request = self.ask_for_a_decision()
        self.adapter.start("reset")
        self.assertIn("waits for its decision", self.adapter.finish(request)["adapter_error"])


class Addresses(unittest.TestCase):
    def test_round_trips(self):
        for text in GOOD_ADDRESSES:
            self.assertEqual(ws2adapter.format_address(*ws2adapter.parse_address(text)), text)

    def test_nonsense(self):
        for text in BAD_ADDRESSES:
            with self.subTest(text=text), self.assertRaises(ws2adapter.AdapterError) as caught:
                ws2adapter.parse_address(text)
            self.assertIn(json.dumps(text), str(caught.exception))


if __name__ == "__main__":
    unittest.main()
