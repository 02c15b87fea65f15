"""What the library does beyond the calls: it writes past a buffer, and files.

usage: test_libfabric.py ADAPTER
"""

import os
import re
import signal
import sys
import tempfile
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
RUNNERS = os.path.join(HERE, "..", "..")
sys.path.insert(0, os.path.join(RUNNERS, "python"))

from conversation import Conversation, octets  # noqa: E402

ADAPTER = os.path.abspath(sys.argv.pop(1))


def environment():
    with open(os.path.join(RUNNERS, "iuts", "libfabric.yaml"), encoding="utf-8") as file:
        (variables,) = re.findall(r"^environment: \{(.*)\}$", file.read(), re.MULTILINE)
    return {name: value for name, value in re.findall(r'(\w+): "([^"]*)"', variables)}


def accepted_with(data):
    """What the two ends of a connection get whose acceptance carries `data`."""
    with Conversation([ADAPTER]) as server, Conversation([ADAPTER]) as client:
        server.call("socket", as_="listener", provider="fabric")
        server.call("bind", socket="listener", addr="127.0.0.1:0")
        server.call("listen", socket="listener", backlog=5)
        addr = server.call("getsockname", socket="listener")["addr"]
        client.call("socket", as_="c", provider="fabric")
        asked = client.start("WSAConnect", socket="c", addr=addr, callee_capacity=1000)
        accepting = server.start("WSAAccept", socket="listener", as_="s", condition=True)
        server.finish(accepting)
        server.write(id=accepting, verdict="CF_ACCEPT", callee_data=octets(data))
        return server.finish(accepting), client.finish(asked)


class CalleeData(unittest.TestCase):
    def test_as_much_as_there_is_room_for(self):
        accepted, connected = accepted_with(b"x" * 256)
        self.assertEqual(accepted["returns"], "s")
        self.assertEqual(connected["callee_data"], octets(b"x" * 256))

    def test_more_is_refused_by_the_adapter(self):
        """fi_accept would write beyond its buffer."""
        accepted, connected = accepted_with(b"x" * 257)
        self.assertEqual(accepted, {"error": "WSAEFAULT"})
        self.assertEqual(connected["error"], "WSAECONNREFUSED")


class Abort(unittest.TestCase):
    """Of an adapter that was started as the IUT file says."""

    def test_it_leaves_no_file(self):
        with tempfile.TemporaryDirectory() as folder:
            own = {**os.environ, **environment()}
            adapter = Conversation([ADAPTER], cwd=folder, env=own)
            with adapter:
                self.assertEqual(adapter.call("reset"), {"returns": 0})
                adapter.process.send_signal(signal.SIGABRT)
                adapter.process.wait()
            self.assertNotEqual(adapter.process.returncode, 0)
            self.assertEqual(os.listdir(folder), [])


if __name__ == "__main__":
    unittest.main()
