"""One adapter alone: its hello, wrong requests, options, and what it says of a socket that is not connected."""

from conversation import octets
from winsock_test import MAX_OCTETS, PROVIDER, PROVIDER_INFO, AdapterTest, needs

WITH_OUT_PARAMETERS = (
    "accept", "WSAAccept", "WSASend", "recv", "WSARecv", "getsockname", "getpeername", "getsockopt",
    "ioctlsocket",
)


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
