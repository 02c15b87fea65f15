"""The condition function as an upcall."""

from conversation import octets
from winsock_test import PROVIDER, WithListener, has, needs, without_touched


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
