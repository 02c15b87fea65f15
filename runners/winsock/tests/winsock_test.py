"""What the tests of the Winsock adapter share: whom they are about, and both ends of a connection."""

import os
import sys
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "..", "python"))

from claims import claims_of  # noqa: E402
from conversation import Conversation  # noqa: E402

MAX_OCTETS = 768_000  # as many in one call
PROVIDER = sys.argv[1]
COMMAND = sys.argv[3:] + claims_of(sys.argv[2], PROVIDER)
with Conversation(COMMAND) as probe:
    PROVIDER_INFO = next(p for p in probe.hello["providers"] if p["name"] == PROVIDER)


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
