"""Several calls at once in one adapter."""

from conversation import octets
from winsock_test import PROVIDER, WithListener, has


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
