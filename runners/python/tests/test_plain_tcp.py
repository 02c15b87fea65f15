"""plain_tcp.py: every operation, between two adapter processes over the loopback interface."""

import errno
import os
import sys
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.dirname(HERE))

import plain_tcp  # noqa: E402
import posix_sockets  # noqa: E402
from conversation import Conversation, octets  # noqa: E402

COMMAND = [sys.executable, "-B", os.path.join(HERE, "..", "plain_tcp.py")]
ABORTIVE = {"onoff": 1, "linger": 0}


def ipv6_is_offered():
    with Conversation(COMMAND) as adapter:
        return "AF_INET6" in adapter.hello["providers"][0]["families"]


class Alone(unittest.TestCase):
    """What one adapter shows without a peer."""

    def setUp(self):
        self.adapter = Conversation(COMMAND).__enter__()
        self.addCleanup(self.adapter.close)
        self.ok("socket", "s", as_="s", provider="tcp")

    def ok(self, op, returns, **fields):
        reply = self.adapter.call(op, **fields)
        self.assertEqual(reply.pop("returns", reply), returns)
        return reply

    def fails(self, op, error, **fields):
        self.assertEqual(self.adapter.call(op, **fields), {"error": error})

    def unsupported(self, op, what, **fields):
        self.assertEqual(self.adapter.call(op, **fields), {"unsupported": what})

    def test_hello_claims_nothing_tcp_lacks(self):
        provider = self.adapter.hello["providers"][0]
        self.assertEqual((provider["name"], provider["type"]), ("tcp", "SOCK_STREAM"))
        self.assertIn("XP1_GRACEFUL_CLOSE", provider["flags"])
        self.assertNotIn("XP1_CONNECT_DATA", provider["flags"])
        self.assertEqual(provider["capabilities"], ["half-close", "relayable"])
        self.assertNotIn("WSAAccept", self.adapter.hello["operations"])

    def test_a_closed_socket_is_dead(self):
        self.ok("closesocket", 0, socket="s")
        for op, fields in {
            "bind": {"addr": "127.0.0.1:0"},
            "listen": {"backlog": 1},
            "connect": {"addr": "127.0.0.1:9"},
            "accept": {"as_": "t"},
            "send": {"data": ""},
            "recv": {"length": 1},
            "shutdown": {"how": "SD_SEND"},
            "closesocket": {},
            "getsockname": {},
            "getpeername": {},
            "getsockopt": {"option": "SO_ERROR"},
            "setsockopt": {"option": "SO_KEEPALIVE", "value": 1},
            "ioctlsocket": {"command": "FIONREAD"},
        }.items():
            with self.subTest(op=op):
                self.fails(op, "WSAENOTSOCK", socket="s", **fields)
        self.fails("ioctlsocket", "WSAENOTSOCK", socket="s", command="FIONBIO", argument=1)
        self.ok("reset", 0)

    def test_unconnected(self):
        self.fails("recv", "WSAENOTCONN", socket="s", length=1)
        self.fails("send", "WSAENOTCONN", socket="s", data=octets(b"x"))
        self.fails("getpeername", "WSAENOTCONN", socket="s")
        self.fails("shutdown", "WSAENOTCONN", socket="s", how="SD_BOTH")
        self.fails("accept", "WSAEINVAL", socket="s", as_="t")

    def test_options(self):
        def value(option, **more):
            return self.ok("getsockopt", 0, socket="s", option=option, **more)["value"]

        self.assertEqual(value("SO_TYPE"), 1)
        self.assertEqual(value("SO_ACCEPTCONN"), 0)
        self.assertEqual(value("SO_ERROR"), 0)
        self.assertEqual(value("SO_LINGER"), {"onoff": 0, "linger": 0})
        self.ok("setsockopt", 0, socket="s", option="SO_LINGER", value={"onoff": 1, "linger": 7})
        self.assertEqual(value("SO_LINGER"), {"onoff": 1, "linger": 7})
        self.ok("setsockopt", 0, socket="s", option="TCP_NODELAY", level="IPPROTO_TCP", value=1)
        self.assertTrue(value("TCP_NODELAY", level="IPPROTO_TCP"))
        self.unsupported("getsockopt", "SO_CONNDATA", socket="s", option="SO_CONNDATA")
        self.unsupported("getsockopt", "SOL_X25", socket="s", option="SO_TYPE", level="SOL_X25")
        self.fails("setsockopt", "WSAENOPROTOOPT", socket="s", option="SO_TYPE", value=1)

    def test_unknown_values(self):
        self.unsupported("socket", "AF_DECnet", as_="t", provider="tcp", family="AF_DECnet")
        self.unsupported("shutdown", "SD_UP", socket="s", how="SD_UP")
        self.unsupported("ioctlsocket", "SIO_UP", socket="s", command="SIO_UP")
        self.unsupported("recv", "MSG_UP", socket="s", length=1, flags=["MSG_UP"])
        self.unsupported("send", "data: null", socket="s", data=None)
        self.fails("shutdown", "WSAEINVAL", socket="s", how=3)
        for op, fields in {
            "bind": {"addr": "nowhere"},
            "connect": {"addr": "localhost:80"},
            "recv": {"length": plain_tcp.MAX_OCTETS + 1},
            "ioctlsocket": {"command": "FIONBIO"},
        }.items():
            with self.subTest(op=op):
                self.assertIn("adapter_error", self.adapter.call(op, socket="s", **fields))
        reply = self.adapter.call("socket", as_="t", provider="stream")
        self.assertIn("adapter_error", reply)

    def test_refused(self):
        # A port that is bound but does not listen refuses for sure.
        self.ok("bind", 0, socket="s", addr="127.0.0.1:0")
        addr = self.ok("getsockname", 0, socket="s")["addr"]
        self.ok("socket", "t", as_="t", provider="tcp")
        self.fails("bind", "WSAEADDRINUSE", socket="t", addr=addr)
        self.fails("connect", "WSAECONNREFUSED", socket="t", addr=addr)


class Connected(unittest.TestCase):
    """A client and a server process, connected: `c` and `s`; the listener is `l`."""

    family, host = "AF_INET", "127.0.0.1"

    def setUp(self):
        self.server = Conversation(COMMAND).__enter__()
        self.addCleanup(self.server.close)
        self.client = Conversation(COMMAND).__enter__()
        self.addCleanup(self.client.close)
        self.server.call("socket", as_="l", provider="tcp", family=self.family)
        any_port = plain_tcp.format_address(self.host, 0)
        self.assertEqual(self.server.call("bind", socket="l", addr=any_port), {"returns": 0})
        reply = self.server.call("listen", socket="l", backlog="SOMAXCONN")
        self.assertEqual(reply, {"returns": 0})
        self.addr = self.server.call("getsockname", socket="l")["addr"]
        self.connect("c", "s")

    def connect(self, client_name, server_name):
        accept = self.server.start("accept", socket="l", as_=server_name, announce=True)
        self.assertEqual(self.server.finish(accept), {"started": True})
        self.client.call("socket", as_=client_name, provider="tcp", family=self.family)
        reply = self.client.call("connect", socket=client_name, addr=self.addr)
        self.assertEqual(reply, {"returns": 0})
        self.accepted = self.server.finish(accept)
        self.assertEqual(self.accepted["returns"], server_name)

    def test_names_of_both_ends(self):
        here = self.client.call("getsockname", socket="c")["addr"]
        self.assertEqual(self.accepted["addr"], here)
        self.assertEqual(self.server.call("getpeername", socket="s")["addr"], here)
        self.assertEqual(self.client.call("getpeername", socket="c")["addr"], self.addr)

    def test_data_peek_and_graceful_end(self):
        recv = self.server.start("recv", socket="s", length=5, flags="MSG_PEEK", announce=True)
        self.assertEqual(self.server.finish(recv), {"started": True})
        reply = self.client.call("send", socket="c", data=octets(b"hello"))
        self.assertEqual(reply, {"returns": 5})
        self.assertGreaterEqual(self.server.finish(recv)["returns"], 1)
        reply = self.server.call("recv", socket="s", length=5, flags=["MSG_WAITALL"])
        self.assertEqual(reply, {"returns": 5, "data": octets(b"hello")})
        self.assertEqual(self.client.call("shutdown", socket="c", how="SD_SEND"), {"returns": 0})
        reply = self.client.call("send", socket="c", data=octets(b"x"))
        self.assertEqual(reply, {"error": "WSAESHUTDOWN"})
        reply = self.server.call("recv", socket="s", length=5)
        self.assertEqual(reply, {"returns": 0, "data": ""})

    def test_expedited_data(self):
        reply = self.server.call("setsockopt", socket="s", option="SO_OOBINLINE", value=1)
        self.assertEqual(reply, {"returns": 0})
        self.client.call("send", socket="c", data=octets(b"!"), flags=["MSG_OOB"])
        reply = self.server.call("recv", socket="s", length=1)
        self.assertEqual(reply, {"returns": 1, "data": octets(b"!")})

    def test_fionread_and_fionbio(self):
        self.client.call("send", socket="c", data=octets(b"abc"))
        self.server.call("recv", socket="s", length=3, flags=["MSG_PEEK", "MSG_WAITALL"])
        reply = self.server.call("ioctlsocket", socket="s", command="FIONREAD")
        self.assertEqual(reply, {"returns": 0, "value": 3})
        self.server.call("recv", socket="s", length=3)
        reply = self.server.call("ioctlsocket", socket="s", command="FIONBIO", argument=1)
        self.assertEqual(reply, {"returns": 0, "value": 1})
        reply = self.server.call("recv", socket="s", length=1)
        self.assertEqual(reply, {"error": "WSAEWOULDBLOCK"})

    def test_nonblocking_connect(self):
        self.client.call("socket", as_="n", provider="tcp", family=self.family)
        self.client.call("ioctlsocket", socket="n", command="FIONBIO", argument=1)
        reply = self.client.call("connect", socket="n", addr=self.addr)
        self.assertEqual(reply, {"error": "WSAEWOULDBLOCK"})
        self.assertEqual(self.server.call("accept", socket="l", as_="t")["returns"], "t")
        reply = self.client.call("getsockopt", socket="n", option="SO_ERROR")
        self.assertEqual(reply, {"returns": 0, "value": 0})

    def test_abortive_close(self):
        self.client.call("setsockopt", socket="c", option="SO_LINGER", value=ABORTIVE)
        recv = self.server.start("recv", socket="s", length=1, announce=True)
        self.server.finish(recv)
        self.assertEqual(self.client.call("closesocket", socket="c"), {"returns": 0})
        self.assertEqual(self.server.finish(recv), {"error": "WSAECONNRESET"})
        reply = self.server.call("send", socket="s", data=octets(b"x"))
        self.assertEqual(reply, {"error": "WSAECONNRESET"})

    def test_so_error_is_a_name(self):
        """A nonblocking connect to a port that is bound but does not listen."""
        self.client.call("socket", as_="b", provider="tcp", family=self.family)
        self.client.call("bind", socket="b", addr=plain_tcp.format_address(self.host, 0))
        dead_end = self.client.call("getsockname", socket="b")["addr"]
        self.client.call("socket", as_="n", provider="tcp", family=self.family)
        self.client.call("ioctlsocket", socket="n", command="FIONBIO", argument=1)
        reply = self.client.call("connect", socket="n", addr=dead_end)
        # Over the loopback interface the refusal may be there at once.
        if reply == {"error": "WSAEWOULDBLOCK"}:
            reply = self.client.call("getsockopt", socket="n", option="SO_ERROR")
            self.assertEqual(reply, {"returns": 0, "value": "WSAECONNREFUSED"})
        else:
            self.assertEqual(reply, {"error": "WSAECONNREFUSED"})

    def test_reset_is_abortive(self):
        recv = self.server.start("recv", socket="s", length=1, announce=True)
        self.server.finish(recv)
        self.assertEqual(self.client.call("reset"), {"returns": 0})
        self.assertEqual(self.server.finish(recv), {"error": "WSAECONNRESET"})


@unittest.skipUnless(ipv6_is_offered(), "the operating system offers no IPv6")
class ConnectedOverIpv6(Connected):
    family, host = "AF_INET6", "::1"

    def test_an_address_of_the_other_family(self):
        reply = self.client.call("bind", socket="c", addr="127.0.0.1:0")
        self.assertIn("IPv4", reply["unsupported"])


class ErrorNames(unittest.TestCase):
    def test_renamed_like_named_and_unnamed(self):
        self.assertEqual(posix_sockets.wsa_name(errno.EBADF), "WSAENOTSOCK")
        self.assertEqual(posix_sockets.wsa_name(errno.EINPROGRESS), "WSAEWOULDBLOCK")
        self.assertEqual(posix_sockets.wsa_name(errno.ETIMEDOUT), "WSAETIMEDOUT")
        self.assertEqual(posix_sockets.wsa_name(errno.EISDIR), str(errno.EISDIR))


if __name__ == "__main__":
    unittest.main()
