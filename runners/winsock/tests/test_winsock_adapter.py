"""The Winsock adapter, driven over its pipes: test_winsock_adapter.py PROVIDER COMMAND...

Every operation is made once at least. What the provider does not claim in its hello (connect data,
disconnect data, events, a caller that waits) is left out, so the same test serves any Winsock.
"""

import os
import subprocess
import sys
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "..", "python"))

from conversation import Conversation, octets  # noqa: E402

PROVIDER, COMMAND = None, None
PROVIDER_INFO = None
MAX_OCTETS = 768_000
WITH_OUT_PARAMETERS = (
    "accept", "WSAAccept", "WSASend", "recv", "WSARecv", "getsockname", "getpeername", "getsockopt",
    "ioctlsocket",
)
ABORTIVE = {"onoff": 1, "linger": 0}


def has(*claims):
    """Whether the provider has all these flags or capabilities."""
    return set(claims) <= set(PROVIDER_INFO["flags"]) | set(PROVIDER_INFO["capabilities"])


def end_of_messages():
    """What a receive fails with once the peer has disconnected a message-oriented socket."""
    return "WSAEDISCON" if has("XP1_GRACEFUL_CLOSE") else "WSAECONNRESET"


def without_touched(reply):
    """Without what is every Winsock's own business."""
    return {name: value for name, value in reply.items() if name != "touched"}


def needs(*claims):
    """Skips a test whose provider lacks one of these."""

    def decorate(method):
        def run(self):
            if not has(*claims):
                self.skipTest(f"{PROVIDER} lacks one of {', '.join(claims)}")
            method(self)

        run.__name__ = method.__name__
        return run

    return decorate


class AdapterTest(unittest.TestCase):
    def start_adapter(self):
        adapter = Conversation(COMMAND).__enter__()
        self.addCleanup(adapter.close)
        return adapter

    def ok(self, adapter, op, returns=0, **fields):
        """The call succeeds; the reply's other members are returned."""
        reply = adapter.call(op, **fields)
        self.assertEqual(reply.pop("returns", reply), returns, op)
        return reply

    def fails(self, adapter, op, error, **fields):
        reply = adapter.call(op, **fields)
        self.assertEqual(reply.pop("error", reply), error, op)
        return reply


class Alone(AdapterTest):
    """What one adapter shows without a peer."""

    def setUp(self):
        self.adapter = self.start_adapter()
        self.ok(self.adapter, "socket", "s", as_="s", provider=PROVIDER)

    def test_hello(self):
        hello = self.adapter.hello
        self.assertEqual((hello["hello"], hello["lanes"]), (1, 16))
        self.assertTrue(hello["implementation"] and hello["version"])
        self.assertIn("WSARecvDisconnect", hello["operations"])
        self.assertIn(PROVIDER_INFO["type"], ("SOCK_STREAM", "SOCK_SEQPACKET"))
        self.assertIn("XP1_GUARANTEED_DELIVERY", PROVIDER_INFO["flags"])
        self.assertIn("AF_INET", PROVIDER_INFO["families"])

    def test_unsupported(self):
        for op, fields, what in [
            ("WSATeleport", {}, "WSATeleport"),
            ("socket", {"as": "t", "provider": PROVIDER, "family": "AF_DECnet"}, "AF_DECnet"),
            ("shutdown", {"socket": "s", "how": "SD_UP"}, "SD_UP"),
            ("send", {"socket": "s", "data": "", "flags": ["MSG_UP"]}, "MSG_UP"),
            ("recv", {"socket": "s", "length": 1, "colour": 1}, "recv.colour"),
            ("getsockopt", {"socket": "s", "option": "SO_UP"}, "SO_UP"),
            ("getsockopt", {"socket": "s", "option": "SO_TYPE", "level": "SOL_UP"}, "SOL_UP"),
            ("ioctlsocket", {"socket": "s", "command": "FIOUP"}, "FIOUP"),
            ("WSAEventSelect", {"socket": "s", "network_events": ["FD_UP"]}, "FD_UP"),
        ]:
            with self.subTest(op=op, what=what):
                self.assertEqual(self.adapter.call(op, **fields), {"unsupported": what})

    def test_adapter_errors(self):
        for op, fields, text in [
            ("recv", {"socket": "nobody", "length": 1}, 'no socket is called "nobody"'),
            ("recv", {"socket": 5, "length": 1}, "no socket is called 5"),
            ("recv", {"socket": "s"}, 'recv needs the field "length"'),
            ("recv", {"socket": "s", "length": -1}, "length is not a whole number"),
            ("recv", {"socket": "s", "length": MAX_OCTETS + 1}, "length is not a whole number"),
            ("recv", {"socket": "s", "length": 2**64 - 1}, "length is not a whole number"),
            ("recv", {"socket": "s", "length": 1.5}, "length is not a whole number"),
            ("recv", {"socket": "s", "length": 1, "announce": 7}, "announce is neither"),
            ("recv", {"socket": "s", "length": 1, "flags": 7}, "neither a name nor a list"),
            ("send", {"socket": "s", "data": "?"}, "data is not base64"),
            ("send", {"socket": "s", "data": "QQ=a"}, "data is not base64"),
            ("send", {"socket": "s", "data": 3}, "data is not a text"),
            ("bind", {"socket": "s", "addr": "nowhere"}, '"nowhere" is not an address'),
            ("bind", {"socket": "s", "addr": "127.0.0.1:65536"}, "is not an address"),
            ("bind", {"socket": "s", "addr": "::1:80"}, "is not an address"),
            ("socket", {"as": "s", "provider": PROVIDER}, 'the name "s" is taken'),
            ("socket", {"as": "t", "provider": "none"}, 'no provider is called "none"'),
            ("setsockopt", {"socket": "s", "option": "SO_LINGER", "value": 1}, '"onoff"'),
            ("setsockopt", {"socket": "s", "option": "SO_KEEPALIVE", "value": "1"}, "value is not"),
            ("ioctlsocket", {"socket": "s", "command": "FIONBIO"}, '"argument"'),
            ("WSAWaitForMultipleEvents", {"events": "e", "timeout": 0}, "events is not a list"),
            ("WSASetEvent", {"event": "s"}, 'no event object is called "s"'),
            (7, {}, "a request needs an op"),
        ]:
            with self.subTest(op=op, fields=fields):
                self.assertIn(text, self.adapter.call(op, **fields)["adapter_error"])

    def test_lines_that_are_no_requests(self):
        for line in [
            b"nonsense\n",
            b"\n",
            b"[]\n",
            b'{"op": "reset"}\n',
            b'{"id": "1", "op": "reset"}\n',
            b'{"id": 1, "op": "\xff"}\n',
            b"[" * 100000 + b"\n",
            b'{"id": 1, "op": "' + b"x" * 2**20 + b'"}\n',
            b'{"id": 1, "op": "' + b"x" * 2**22 + b'"}\n',
        ]:
            with self.subTest(line=line[:30]):
                self.adapter.write_raw(line)
                reply = self.adapter.read()
                self.assertIsNone(reply["id"])
                self.assertTrue(reply["adapter_error"])
        self.adapter.write_raw(b'{"id": 77, "op": "reset"}\r\n')
        self.assertEqual(self.adapter.read(), {"id": 77, "returns": 0})

    def test_several_requests_in_one_write(self):
        lines = b"".join(b'{"id": %d, "op": "reset"}\n' % n for n in range(1000, 4000))
        self.adapter.write_raw(lines)
        for number in range(1000, 4000):
            self.assertEqual(self.adapter.read(), {"id": number, "returns": 0})

    def test_a_closed_socket_is_dead(self):
        self.ok(self.adapter, "closesocket", socket="s")
        for op, fields in {
            "bind": {"addr": "127.0.0.1:0"},
            "listen": {"backlog": 1},
            "connect": {"addr": "127.0.0.1:9"},
            "accept": {"as_": "t"},
            "WSAAccept": {"as_": "t"},
            "send": {"data": octets(b"x")},
            "WSASend": {"data": octets(b"x")},
            "recv": {"length": 1},
            "WSARecv": {"length": 1},
            "shutdown": {"how": "SD_SEND"},
            "closesocket": {},
            "getsockname": {},
            "getpeername": {},
            "getsockopt": {"option": "SO_ERROR"},
            "setsockopt": {"option": "SO_KEEPALIVE", "value": 1},
            "ioctlsocket": {"command": "FIONREAD"},
            "WSASendDisconnect": {},
        }.items():
            with self.subTest(op=op):
                others = self.fails(self.adapter, op, "WSAENOTSOCK", socket="s", **fields)
                touched = others.pop("touched", None)
                self.assertEqual(others, {})
                self.assertEqual(touched is not None, op in WITH_OUT_PARAMETERS)
                if self.adapter.hello["implementation"] == "ws2 reference":
                    self.assertIn(touched, ([], None))
        self.ok(self.adapter, "reset")

    def test_out_parameters_beside_an_error(self):
        self.ok(self.adapter, "closesocket", socket="s")
        untouched = octets(b"\xa5" * 3)
        connect = ("WSAConnect", "WSAENOTSOCK")
        dead = {"socket": "s", "addr": "127.0.0.1:9"}
        reply = self.fails(self.adapter, *connect, **dead, callee_capacity=3)
        self.assertEqual(reply, {"callee_len": 3, "callee_data": untouched, "touched": []})
        reply = self.fails(self.adapter, *connect, **dead, caller_data="")
        self.assertEqual(reply, {"callee_len": None, "callee_data": None, "touched": []})
        reply = self.fails(self.adapter, "WSARecvDisconnect", "WSAENOTSOCK", socket="s", capacity=3)
        self.assertEqual(reply, {"len": 3, "data": untouched, "touched": []})
        reply = self.fails(self.adapter, "WSARecvDisconnect", "WSAENOTSOCK", socket="s")
        self.assertEqual(reply, {"len": None, "data": None, "touched": []})

    def test_options(self):
        def value(option):
            return self.ok(self.adapter, "getsockopt", socket="s", option=option)["value"]

        types = {"SOCK_STREAM": 1, "SOCK_SEQPACKET": 5}
        self.assertEqual(value("SO_TYPE"), types[PROVIDER_INFO["type"]])
        self.assertEqual(value("SO_ACCEPTCONN"), 0)
        self.assertEqual(value("SO_ERROR"), 0)
        on = {"onoff": 1, "linger": 7}
        self.ok(self.adapter, "setsockopt", socket="s", option="SO_LINGER", value=on)
        self.assertEqual(value("SO_LINGER"), on)
        self.ok(self.adapter, "setsockopt", socket="s", option="SO_KEEPALIVE", value=1)
        self.assertEqual(value("SO_KEEPALIVE"), 1)

    def test_events_alone(self):
        call = self.adapter
        self.ok(call, "WSACreateEvent", "e", as_="e")
        self.ok(call, "WSACreateEvent", "f", as_="f")
        wait = {"wait_all": False, "timeout": 0, "events": ["e", "f"]}
        self.ok(call, "WSAWaitForMultipleEvents", "WSA_WAIT_TIMEOUT", **wait)
        self.ok(call, "WSASetEvent", 1, event="f")
        self.ok(call, "WSAWaitForMultipleEvents", 1, **{**wait, "timeout": "WSA_INFINITE"})
        self.ok(call, "WSAWaitForMultipleEvents", "WSA_WAIT_TIMEOUT", **{**wait, "wait_all": True})
        self.ok(call, "WSAResetEvent", 1, event="f")
        self.ok(call, "WSAWaitForMultipleEvents", "WSA_WAIT_TIMEOUT", **wait)
        self.ok(call, "WSACloseEvent", 1, event="f")
        self.assertIn("error", call.call("WSASetEvent", event="f"))

    def test_reset_forgets_names(self):
        self.ok(self.adapter, "WSACreateEvent", "e", as_="e")
        self.ok(self.adapter, "reset")
        self.assertIn("adapter_error", self.adapter.call("closesocket", socket="s"))
        self.assertIn("adapter_error", self.adapter.call("WSASetEvent", event="e"))
        self.ok(self.adapter, "socket", "s", as_="s", provider=PROVIDER)

    def test_refused(self):
        # A port that is bound but does not listen refuses for sure.
        self.ok(self.adapter, "bind", socket="s", addr="127.0.0.1:0")
        addr = self.ok(self.adapter, "getsockname", socket="s")["addr"]
        self.ok(self.adapter, "socket", "t", as_="t", provider=PROVIDER)
        self.fails(self.adapter, "connect", "WSAECONNREFUSED", socket="t", addr=addr)


class WithListener(AdapterTest):
    """Two processes; the server's has a listener `l`."""

    family, host = "AF_INET", "127.0.0.1"

    def setUp(self):
        if self.family not in PROVIDER_INFO["families"]:
            self.skipTest(f"{PROVIDER} has no {self.family}")
        self.server = self.start_adapter()
        self.client = self.start_adapter()
        self.ok(self.server, "socket", "l", as_="l", provider=PROVIDER, family=self.family)
        host = f"[{self.host}]" if ":" in self.host else self.host
        self.ok(self.server, "bind", socket="l", addr=f"{host}:0")
        self.ok(self.server, "listen", socket="l", backlog="SOMAXCONN")
        self.addr = self.ok(self.server, "getsockname", socket="l")["addr"]
        self.ok(self.client, "socket", "c", as_="c", provider=PROVIDER, family=self.family)

    def begin(self, adapter, op, **fields):
        """Starts a call with an announcement."""
        request = adapter.start(op, announce=True, **fields)
        self.assertEqual(adapter.finish(request), {"started": True})
        return request

    def connect(self):
        accept = self.begin(self.server, "accept", socket="l", as_="s")
        self.ok(self.client, "connect", socket="c", addr=self.addr)
        reply = self.server.finish(accept)
        self.assertEqual(reply["returns"], "s")
        return reply["addr"]


class Connected(WithListener):
    def test_names_of_both_ends(self):
        caller = self.connect()
        here = self.ok(self.client, "getsockname", socket="c")["addr"]
        self.assertEqual(caller, here)
        self.assertEqual(self.ok(self.server, "getpeername", socket="s")["addr"], here)
        self.assertEqual(self.ok(self.client, "getpeername", socket="c")["addr"], self.addr)

    def test_data_both_ways(self):
        self.connect()
        recv = self.begin(self.server, "recv", socket="s", length=5)
        self.ok(self.client, "send", 5, socket="c", data=octets(b"hello"))
        self.assertEqual(self.server.finish(recv), {"returns": 5, "data": octets(b"hello")})
        recv = self.begin(self.client, "WSARecv", socket="c", length=9)
        self.ok(self.server, "WSASend", 3, socket="s", data=octets(b"\x00\xff\n"))
        reply = self.client.finish(recv)
        self.assertEqual((reply["returns"], reply["data"]), (3, octets(b"\x00\xff\n")))
        self.assertIsInstance(reply["left_flags"], list)

    def test_peek_and_fionread(self):
        self.connect()
        self.ok(self.client, "send", 1, socket="c", data=octets(b"x"))
        reply = self.ok(self.server, "recv", 1, socket="s", length=4, flags=["MSG_PEEK"])
        self.assertEqual(reply, {"data": octets(b"x")})
        reply = self.ok(self.server, "ioctlsocket", socket="s", command="FIONREAD")
        self.assertEqual(reply, {"value": 1})
        self.ok(self.server, "recv", 1, socket="s", length=4, flags="MSG_PEEK")

    def test_nonblocking(self):
        self.connect()
        reply = self.ok(self.client, "ioctlsocket", socket="c", command="FIONBIO", argument=1)
        self.assertEqual(reply, {"value": 1})
        self.fails(self.client, "recv", "WSAEWOULDBLOCK", socket="c", length=1)

    def test_large_data(self):
        self.connect()
        # Lines longer than the adapter's first buffer; a message no longer than providers take.
        sent = bytes(range(256)) * (800 if PROVIDER_INFO["type"] == "SOCK_STREAM" else 256)
        total = 0
        send = self.client.start("send", socket="c", data=octets(sent))
        while total < len(sent):
            reply = self.server.call("recv", socket="s", length=MAX_OCTETS)
            self.assertGreater(reply["returns"], 0)
            total += reply["returns"]
        self.assertEqual(self.client.finish(send), {"returns": len(sent)})
        self.assertEqual(total, len(sent))

    def test_shutdown_and_close(self):
        self.connect()
        self.ok(self.client, "shutdown", socket="c", how="SD_SEND")
        self.fails(self.client, "send", "WSAESHUTDOWN", socket="c", data=octets(b"x"))
        if PROVIDER_INFO["type"] == "SOCK_STREAM":
            self.assertEqual(self.ok(self.server, "recv", socket="s", length=5), {"data": ""})
        else:
            self.fails(self.server, "WSARecv", end_of_messages(), socket="s", length=5)
        self.fails(self.server, "shutdown", "WSAEINVAL", socket="s", how=77)
        self.ok(self.server, "closesocket", socket="s")
        self.ok(self.client, "closesocket", socket="c")

    def test_reset_is_abortive(self):
        self.connect()
        recv = self.begin(self.server, "recv", socket="s", length=1)
        self.ok(self.client, "reset")
        self.assertEqual(without_touched(self.server.finish(recv)), {"error": "WSAECONNRESET"})

    def test_disconnect_without_data(self):
        self.connect()
        self.ok(self.client, "WSASendDisconnect", socket="c")
        if PROVIDER_INFO["type"] == "SOCK_STREAM":
            self.ok(self.server, "recv", socket="s", length=1)
        reply = self.ok(self.server, "WSARecvDisconnect", socket="s")
        self.assertEqual(reply, {"len": None, "data": None})

    @needs("XP1_DISCONNECT_DATA")
    def test_disconnect_data(self):
        self.connect()
        self.ok(self.client, "WSASendDisconnect", socket="c", data=octets(b"3"))
        if PROVIDER_INFO["type"] == "SOCK_STREAM":
            self.ok(self.server, "recv", socket="s", length=1)
        else:
            self.fails(self.server, "WSARecv", end_of_messages(), socket="s", length=1)
        reply = self.ok(self.server, "WSARecvDisconnect", socket="s", capacity=64)
        self.assertEqual(reply, {"len": 1, "data": octets(b"3")})

    @needs("events")
    def test_network_events(self):
        self.connect()
        self.ok(self.server, "WSACreateEvent", "e", as_="e")
        select = {"socket": "s", "event": "e", "network_events": ["FD_READ", "FD_CLOSE"]}
        self.ok(self.server, "WSAEventSelect", **select)
        wait = {"events": ["e"], "wait_all": True, "timeout": "WSA_INFINITE"}
        waiting = self.begin(self.server, "WSAWaitForMultipleEvents", **wait)
        self.ok(self.client, "send", 1, socket="c", data=octets(b"x"))
        self.assertEqual(self.server.finish(waiting), {"returns": 0})
        reply = self.ok(self.server, "WSAEnumNetworkEvents", socket="s", event="e")
        self.assertEqual(reply, {"network_events": {"FD_READ": 0}, "strays": []})
        reply = self.ok(self.server, "WSAEnumNetworkEvents", socket="s")
        self.assertEqual(reply, {"network_events": {}, "strays": []})
        self.ok(self.server, "WSAEventSelect", socket="s", event=None, network_events=[])

    @needs("events")
    def test_failed_connect_is_recorded_with_its_error(self):
        self.ok(self.server, "socket", "b", as_="b", provider=PROVIDER, family=self.family)
        self.ok(self.server, "bind", socket="b", addr=self.addr.rpartition(":")[0] + ":0")
        dead_end = self.ok(self.server, "getsockname", socket="b")["addr"]
        events = self.connect_nonblocking(dead_end)
        self.assertEqual(events["network_events"].get("FD_CONNECT"), "WSAECONNREFUSED")

    def connect_nonblocking(self, addr, **fields):
        """WSAConnect with FD_CONNECT selected; returns what WSAEnumNetworkEvents shows."""
        self.ok(self.client, "WSACreateEvent", "e", as_="e")
        select = {"socket": "c", "event": "e", "network_events": ["FD_CONNECT"]}
        self.ok(self.client, "WSAEventSelect", **select)
        pending = self.fails(
            self.client, "WSAConnect", "WSAEWOULDBLOCK", socket="c", addr=addr, **fields
        )
        # The buffers are the implementation's until it is connected.
        self.assertEqual(pending, {})
        if addr == self.addr:
            self.accept_with("CF_ACCEPT", octets(b"yes"))
        wait = {"events": ["e"], "wait_all": True, "timeout": "WSA_INFINITE"}
        self.ok(self.client, "WSAWaitForMultipleEvents", **wait)
        return self.ok(self.client, "WSAEnumNetworkEvents", socket="c", event="e")

    def accept_with(self, verdict, callee_data):
        request = self.server.start("WSAAccept", socket="l", as_="s", condition=True)
        self.assertIn("condition", self.server.finish(request))
        self.server.write(id=request, verdict=verdict, callee_data=callee_data)
        self.assertEqual(self.server.finish(request)["returns"], "s")

    @needs("events", "XP1_CONNECT_DATA", "conditional-accept")
    def test_callee_data_of_a_nonblocking_connect(self):
        events = self.connect_nonblocking(self.addr, callee_capacity=8)
        self.assertEqual(
            events,
            {
                "network_events": {"FD_CONNECT": 0},
                "strays": [],
                "callee_len": 3,
                "callee_data": octets(b"yes"),
            },
        )


class ConnectedOverIpv6(Connected):
    family, host = "AF_INET6", "::1"


class Condition(WithListener):
    """The condition function as an upcall."""

    def setUp(self):
        if not has("conditional-accept"):
            self.skipTest(f"{PROVIDER} does not claim conditional-accept")
        super().setUp()

    def upcall(self, **connect_fields):
        """The client calls; returns the pending requests and the condition's arguments."""
        accept = self.begin(self.server, "WSAAccept", socket="l", as_="s", condition=True)
        connect = self.client.start("WSAConnect", socket="c", addr=self.addr, **connect_fields)
        return accept, connect, self.server.finish(accept)["condition"]

    def decide(self, accept, **decision):
        self.server.write(id=accept, **decision)
        return self.server.finish(accept)

    def test_accept(self):
        accept, connect, condition = self.upcall()
        self.assertEqual(
            list(condition),
            "caller_id caller_data sqos gqos callee_id callee_capacity callback_data same_thread".split(),
        )
        self.assertIsNone(condition["caller_data"])
        self.assertEqual(condition["callee_id"], self.addr)
        self.assertIs(condition["same_thread"], True)
        reply = self.decide(accept, verdict="CF_ACCEPT")
        size = 16 if self.family == "AF_INET" else 28
        expected = {"returns": "s", "addr": condition["caller_id"], "addr_length": size}
        self.assertEqual(reply, expected)
        self.assertEqual(self.client.finish(connect)["returns"], 0)
        here = self.ok(self.client, "getsockname", socket="c")["addr"]
        self.assertEqual(condition["caller_id"], here)

    @needs("XP1_CONNECT_DATA")
    def test_connect_data_both_ways(self):
        accept, connect, condition = self.upcall(caller_data=octets(b"hi"), callee_capacity=64)
        self.assertEqual(condition["caller_data"], octets(b"hi"))
        self.assertGreater(condition["callee_capacity"], 0)
        self.decide(accept, verdict="CF_ACCEPT", callee_data=octets(b"welcome"))
        reply = self.client.finish(connect)
        expected = {"returns": 0, "callee_len": 7, "callee_data": octets(b"welcome")}
        self.assertEqual(reply, expected)

    def test_reject(self):
        accept, connect, _ = self.upcall()
        reply = self.decide(accept, verdict="CF_REJECT")
        self.assertEqual(without_touched(reply), {"error": "WSAECONNREFUSED"})
        reply = self.client.finish(connect)
        if has("delayed-accept"):
            self.assertEqual(reply["error"], "WSAECONNREFUSED")

    def test_defer_then_accept(self):
        accept, connect, first = self.upcall()
        reply = self.decide(accept, verdict="CF_DEFER")
        self.assertEqual(without_touched(reply), {"error": "WSATRY_AGAIN"})
        again = self.server.start("WSAAccept", socket="l", as_="s", condition=True)
        self.assertEqual(self.server.finish(again)["condition"]["caller_id"], first["caller_id"])
        self.assertEqual(self.decide(again, verdict="CF_ACCEPT")["returns"], "s")
        self.assertEqual(self.client.finish(connect)["returns"], 0)

    def test_a_number_is_passed_as_it_is(self):
        accept, connect, _ = self.upcall()
        reply = self.decide(accept, verdict=4711)
        self.assertIn("error", reply)
        self.assertNotIn(reply["error"], ("WSAECONNREFUSED", "WSATRY_AGAIN"))
        # Where the request is kept the caller goes on waiting, until there is no listener any more.
        self.ok(self.server, "reset")
        self.client.finish(connect)

    def test_decisions_that_are_none(self):
        for decision, text in [
            ({}, 'needs the field "verdict"'),
            ({"verdict": "CF_MAYBE"}, "CF_MAYBE"),
            ({"verdict": "CF_ACCEPT", "callee_data": "?"}, "callee_data is not base64"),
            ({"verdict": "CF_ACCEPT", "mood": "good"}, "mood"),
            ({"op": "reset", "verdict": "CF_ACCEPT"}, "waits for its verdict"),
        ]:
            with self.subTest(decision=decision):
                accept, connect, _ = self.upcall()
                self.assertIn(text, self.decide(accept, **decision)["adapter_error"])
                self.client.finish(connect)
                self.ok(self.client, "reset")
                self.ok(self.client, "socket", "c", as_="c", provider=PROVIDER, family=self.family)

    def test_without_a_condition_nothing_is_asked(self):
        accept = self.begin(self.server, "WSAAccept", socket="l", as_="s", condition=False)
        self.ok(self.client, "connect", socket="c", addr=self.addr)
        self.assertEqual(self.server.finish(accept)["returns"], "s")

    def test_calls_while_the_function_is_open(self):
        accept, connect, _ = self.upcall(**{})
        self.ok(self.server, "socket", "inside", as_="inside", provider=PROVIDER, family=self.family)
        self.ok(self.server, "closesocket", socket="inside")
        self.assertEqual(self.decide(accept, verdict="CF_ACCEPT")["returns"], "s")
        self.assertEqual(self.client.finish(connect)["returns"], 0)

    def test_input_that_ends_in_the_upcall_ends_the_adapter(self):
        self.upcall()
        self.assertEqual(self.server.close(), 0)


class Lanes(WithListener):
    """Calls of one process that are open at the same time."""

    def test_a_call_that_waits_holds_up_no_other_lane(self):
        self.connect()
        recv = self.begin(self.client, "recv", socket="c", length=5, lane=2)
        self.ok(self.client, "send", 5, socket="c", data=octets(b"hello"), lane=1)
        reply = self.ok(self.server, "recv", 5, socket="s", length=5)
        self.assertEqual(reply["data"], octets(b"hello"))
        self.ok(self.server, "send", 5, socket="s", data=octets(b"world"))
        self.assertEqual(self.client.finish(recv), {"returns": 5, "data": octets(b"world")})
        self.ok(self.client, "reset")
        self.ok(self.client, "socket", "c", as_="c", provider=PROVIDER, family=self.family)

    def test_one_lane_closes_what_another_waits_on(self):
        self.connect()
        recv = self.client.start("recv", socket="c", length=5, lane=2, announce=True)
        self.assertEqual(self.client.finish(recv), {"started": True})
        close = self.client.start("closesocket", socket="c", lane=1)
        replies = {reply.pop("id"): reply for reply in (self.client.read(), self.client.read())}
        self.assertEqual(replies[close], {"returns": 0})
        self.assertIn(replies[recv]["error"], ("WSAEINTR", "WSAENOTSOCK"))

    def test_calls_of_one_lane_come_one_after_another(self):
        requests = [self.client.start("getsockopt", socket="c", option="SO_TYPE", lane=3) for _ in range(20)]
        for request in requests:
            self.assertIn("returns", self.client.finish(request))

    def test_condition_functions_in_two_lanes(self):
        if not has("conditional-accept"):
            self.skipTest(f"{PROVIDER} does not claim conditional-accept")
        other = self.start_adapter()
        self.ok(other, "socket", "c", as_="c", provider=PROVIDER, family=self.family)
        self.ok(self.server, "socket", "m", as_="m", provider=PROVIDER, family=self.family)
        self.ok(self.server, "bind", socket="m", addr="127.0.0.1:0")
        self.ok(self.server, "listen", socket="m", backlog="SOMAXCONN")
        open_now = {}
        for lane, listener, client in ((1, "l", self.client), (2, "m", other)):
            name = f"s{lane}"
            addr = self.ok(self.server, "getsockname", socket=listener, lane=lane)["addr"]
            accept = self.begin(
                self.server, "WSAAccept", socket=listener, as_=name, condition=True, lane=lane
            )
            connect = client.start("WSAConnect", socket="c", addr=addr)
            self.assertIs(self.server.finish(accept)["condition"]["same_thread"], True)
            # Within it, and in its lane.
            self.ok(self.server, "getsockname", socket=listener, lane=lane)
            open_now[lane] = (accept, client, connect, name)
        for lane, (accept, client, connect, name) in open_now.items():
            self.server.write(id=accept, verdict="CF_ACCEPT", lane=lane)
            self.assertEqual(self.server.finish(accept)["returns"], name)
            self.assertEqual(client.finish(connect)["returns"], 0)

    def test_no_such_lane(self):
        for lane in (0, 17, -1, 1.5, "2", None):
            reply = self.client.call("getsockname", socket="c", lane=lane)
            self.assertIn("there is no lane", reply["adapter_error"])

    def test_no_reset_while_a_lane_is_in_a_call(self):
        self.begin(self.server, "accept", socket="l", as_="s", lane=2)
        self.assertEqual(self.server.call("reset"), {"adapter_error": "a call is open"})

    def test_input_that_ends_while_a_lane_waits_ends_the_adapter(self):
        self.begin(self.server, "accept", socket="l", as_="s", lane=2)
        self.assertEqual(self.server.close(), 0)


class CommandLine(unittest.TestCase):
    def outcome(self, *arguments):
        """Exit status and standard error of a start with further arguments."""
        ended = subprocess.run(
            COMMAND + list(arguments), stdin=subprocess.DEVNULL, capture_output=True, check=False
        )
        return ended.returncode, ended.stderr.decode()

    def test_wrong_ones(self):
        for arguments, text in [
            (["--frob"], 'unknown argument "--frob"'),
            (["--claim"], "--claim needs a value"),
            (["--claim", "events"], "does not start with a provider"),
            (["--claim", f"{PROVIDER}:telepathy"], '"telepathy" is no capability'),
            (["--claim", f"{PROVIDER}:telepathy=1"], '"telepathy" is no limit'),
            (["--claim", f"{PROVIDER}:caller_data_max=1k"], "needs a number of octets"),
            (["--claim", "none:events"], 'no provider is called "none"'),
        ]:
            with self.subTest(arguments=arguments):
                status, error = self.outcome(*arguments)
                self.assertEqual(status, 2)
                self.assertIn(text, error)

    def test_claims_and_names_go_into_the_hello(self):
        claim = f"{PROVIDER}:caller_data_max=5,disconnect_reply_max=0,events"
        command = COMMAND + ["--claim", claim, "--implementation", "it", "--version", "9"]
        with Conversation(command) as adapter:
            hello = adapter.hello
        provider = next(p for p in hello["providers"] if p["name"] == PROVIDER)
        self.assertEqual((hello["implementation"], hello["version"]), ("it", "9"))
        self.assertEqual((provider["caller_data_max"], provider["disconnect_reply_max"]), (5, 0))
        self.assertEqual(provider["capabilities"], ["events"])
        self.assertNotIn("callee_data_max", provider)


if __name__ == "__main__":
    PROVIDER, COMMAND = sys.argv[1], sys.argv[2:]
    with Conversation(COMMAND) as probe:
        PROVIDER_INFO = next(p for p in probe.hello["providers"] if p["name"] == PROVIDER)
    unittest.main(argv=sys.argv[:1])
