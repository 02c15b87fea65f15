"""Two adapters that are connected: data both ways, all kinds of ends, and the events."""

from conversation import octets
from winsock_test import (
    MAX_OCTETS,
    PROVIDER,
    PROVIDER_INFO,
    WithListener,
    end_of_messages,
    needs,
    without_touched,
)


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
