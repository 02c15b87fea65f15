"""Adapters on transport.py, with an engine that is a few lines: frames of a letter and a length."""

import os
import subprocess
import sys
import tempfile
import textwrap
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.dirname(HERE))

from conversation import Conversation, octets  # noqa: E402

SAMPLE = """
    import sys
    sys.path.insert(0, {kit!r})
    from links import Link
    from transport import TransportAdapter

    class Framed(Link):
        def __init__(self, sock, serves):
            super().__init__(sock, serves)
            self.out, self.buffer, self.messages, self.shut = b"", b"", [], False

        def frame(self, kind, data):
            self.out += kind + len(data or b"").to_bytes(4, "big") + (data or b"")

        def request(self, data):
            self.frame(b"R", data)
        def accept(self, data):
            self.frame(b"A", data)
        def reject(self):
            self.frame(b"N", b"")
            self.shut = True
        def send(self, data):
            self.frame(b"D", data)
            return len(data)
        def receive(self, length):
            message = self.messages.pop(0)
            return message[:length], len(message) > length
        def end(self, data):
            self.frame(b"E", data)
            self.shut = True

        @property
        def readable(self):
            return len(self.messages[0]) if self.messages else None

        def push(self, data):
            self.buffer += data
            while len(self.buffer) >= 5:
                size = int.from_bytes(self.buffer[1:5], "big")
                if len(self.buffer) < 5 + size:
                    return
                kind, body = self.buffer[:1], self.buffer[5:5 + size]
                self.buffer = self.buffer[5 + size:]
                if kind == b"R":
                    self.requested, self.caller_data = True, body
                elif kind == b"A":
                    self.connected, self.callee_data = True, body
                elif kind == b"N":
                    self.rejected = True
                elif kind == b"D":
                    self.messages.append(body)
                else:
                    self.ended, self.disconnect_data = True, body

        def pull(self):
            octets, self.out = self.out, b""
            return octets
        def finished(self):
            return self.shut

    class Sample(TransportAdapter):
        implementation = "sample"
        link = Framed
        without = ("WSASend",)
        provider = {{
            "name": "framed", "type": "SOCK_SEQPACKET", "flags": ["XP1_MESSAGE_ORIENTED"],
            "caller_data_max": 64, "callee_data_max": 64, "disconnect_data_max": 64,
        }}

    Sample().serve()
"""


class Transport(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        path = os.path.join(folder.name, "sample.py")
        with open(path, "w", encoding="utf-8") as file:
            file.write(textwrap.dedent(SAMPLE).format(kit=os.path.dirname(HERE)))
        self.client, self.server = (self.start(path) for _ in range(2))
        self.server.call("socket", as_="l", provider="framed")
        self.server.call("bind", socket="l", addr="127.0.0.1:0")
        self.server.call("listen", socket="l", backlog=5)
        self.addr = self.server.call("getsockname", socket="l")["addr"]
        self.client.call("socket", as_="c", provider="framed")

    def start(self, path):
        adapter = Conversation([sys.executable, "-B", path], stderr=subprocess.DEVNULL).__enter__()
        self.addCleanup(adapter.close)
        return adapter

    def connect(self, verdict="CF_ACCEPT", **fields):
        """Returns what connect and WSAAccept came back with."""
        connecting = self.client.start("WSAConnect", socket="c", addr=self.addr, **fields)
        accepting = self.server.start("WSAAccept", socket="l", as_="s", condition=True)
        self.condition = self.server.finish(accepting)["condition"]
        self.server.write(id=accepting, verdict=verdict, callee_data=octets(b"welcome"))
        accepted = self.server.finish(accepting)
        return (self.client.finish(connecting) if verdict != "CF_DEFER" else None), accepted

    def test_hello_declares_what_is_offered(self):
        hello = self.client.hello
        self.assertNotIn("WSASend", hello["operations"])
        self.assertNotIn("WSASend", hello["only"])
        self.assertEqual(hello["only"]["listen"], {"state": ["bound"]})

    def test_user_data_both_ways(self):
        connected, accepted = self.connect(caller_data=octets(b"hi"), callee_capacity=64)
        self.assertEqual(self.condition["caller_data"], octets(b"hi"))
        self.assertEqual(connected["callee_data"], octets(b"welcome"))
        self.assertEqual(accepted["returns"], "s")

    def test_callee_data_that_does_not_fit(self):
        connected, _ = self.connect(callee_capacity=2)
        self.assertEqual(connected["error"], "WSAEFAULT")
        self.assertEqual(connected["callee_data"], octets(b"\xa5\xa5"))

    def test_rejected(self):
        connected, accepted = self.connect("CF_REJECT")
        self.assertEqual(connected, {"error": "WSAECONNREFUSED"})
        self.assertEqual(accepted, {"error": "WSAECONNREFUSED"})

    def test_deferred_is_asked_about_again(self):
        _, accepted = self.connect("CF_DEFER", caller_data=octets(b"wait"))
        self.assertEqual(accepted, {"error": "WSATRY_AGAIN"})
        again = self.server.start("WSAAccept", socket="l", as_="s", condition=True)
        condition = self.server.finish(again)["condition"]
        self.assertEqual(condition["caller_data"], octets(b"wait"))

    def test_messages_then_the_end_with_its_data(self):
        self.connect()
        self.client.call("send", socket="c", data=octets(b"one"))
        self.client.call("send", socket="c", data=octets(b"two"))
        self.client.call("WSASendDisconnect", socket="c", data=octets(b"bye"))
        reply = self.server.call("recv", socket="s", length=2)
        self.assertEqual(reply, {"error": "WSAEMSGSIZE", "data": octets(b"on")})
        reply = self.server.call("recv", socket="s", length=9)
        self.assertEqual(reply, {"returns": 3, "data": octets(b"two")})
        reply = self.server.call("recv", socket="s", length=9)
        self.assertEqual(reply, {"error": "WSAEDISCON"})
        reply = self.server.call("WSARecvDisconnect", socket="s", capacity=9)
        self.assertEqual(reply, {"returns": 0, "len": 3, "data": octets(b"bye")})

    def test_a_hard_close_and_a_death_are_no_graceful_end(self):
        self.connect()
        self.client.call(
            "setsockopt", socket="c", option="SO_LINGER", value={"onoff": 1, "linger": 0}
        )
        self.client.call("closesocket", socket="c")
        self.assertEqual(self.server.call("recv", socket="s", length=9)["error"], "WSAECONNRESET")
        self.client.call("socket", as_="d", provider="framed")
        connecting = self.client.start("connect", socket="d", addr=self.addr)
        self.server.call("accept", socket="l", as_="t")
        self.client.finish(connecting)
        self.client.process.kill()
        self.assertEqual(self.server.call("recv", socket="t", length=9)["error"], "WSAECONNRESET")

    def test_nothing_to_call_on(self):
        for operation in ("getpeername", "getsockname", "WSASendDisconnect"):
            self.assertIn("unsupported", self.client.call(operation, socket="c"))
        self.client.call("closesocket", socket="c")
        self.assertEqual(self.client.call("closesocket", socket="c"), {"error": "WSAENOTSOCK"})

    def test_nobody_listens(self):
        self.server.call("closesocket", socket="l")
        reply = self.client.call("connect", socket="c", addr=self.addr)
        self.assertEqual(reply, {"error": "WSAECONNREFUSED"})

    def test_nonblocking(self):
        self.server.call("ioctlsocket", socket="l", command="FIONBIO", argument=1)
        reply = self.server.call("accept", socket="l", as_="s")
        self.assertEqual(reply, {"error": "WSAEWOULDBLOCK"})


if __name__ == "__main__":
    unittest.main()
