"""Adapters in the guest: two of them in one kernel, long lines, ends of each kind, and nothing left.

usage: test_in_guest.py GUEST
"""

import base64
import contextlib
import os
import select
import signal
import socket
import subprocess
import sys
import tempfile
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, ".."))
sys.path.insert(0, os.path.join(HERE, "..", "..", "python"))

import in_guest  # noqa: E402
from conversation import Conversation, octets  # noqa: E402
from user_mode_linux import INSTALL, find_kernel  # noqa: E402

GUEST = os.path.abspath(sys.argv.pop(1))
COMMAND = [os.path.join(HERE, "..", "in_guest.py"), GUEST]

if not find_kernel():
    print(f"skipped: no user-mode-linux ({INSTALL})")
    sys.exit(77)


def listening(server):
    server.call("socket", as_="listener", provider="x25")
    server.call("bind", socket="listener", addr="127.0.0.1:0")
    server.call("listen", socket="listener", backlog=5)
    return server.call("getsockname", socket="listener")["addr"]


def connect(client, server, addr, name="c"):
    client.call("socket", as_=name, provider="x25")
    asked = client.start("connect", socket=name, addr=addr)
    server.call("accept", socket="listener", as_=name)
    return client.read(), asked


def processes():
    """Those of keepers and guests: by the program that they were given."""
    found = set()
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{pid}/cmdline", "rb") as file:
                words = file.read().split(b"\0")
        except OSError:
            continue
        if GUEST.encode() in words or f"init={GUEST}".encode() in words:
            found.add(int(pid))
    return found


class NoGuest(unittest.TestCase):
    def test_a_kernel_that_does_not_run_is_named(self):
        with tempfile.TemporaryDirectory() as folder:
            kernel = os.path.join(folder, "linux.uml")
            with open(kernel, "w", encoding="ascii") as file:
                file.write("#!/bin/sh\nexit 1\n")
            os.chmod(kernel, 0o755)
            # Under another name: nobody who is there for the others may answer.
            guest = os.path.join(folder, "guest")
            os.symlink(GUEST, guest)
            done = subprocess.run(
                [COMMAND[0], guest],
                env={**os.environ, "PATH": f"{folder}:{os.environ['PATH']}"},
                input=b"",
                capture_output=True,
                check=False,
                timeout=100,
            )
        self.assertNotEqual(done.returncode, 0)
        self.assertIn(f"ended before it began: does {kernel} run here?", done.stderr.decode())


class InGuest(unittest.TestCase):
    def setUp(self):
        self.server = self.enterContext(Conversation(COMMAND))
        self.client = self.enterContext(Conversation(COMMAND))

    def enterContext(self, manager):  # of Python 3.11
        entered = manager.__enter__()
        self.addCleanup(manager.__exit__, None, None, None)
        return entered

    def test_both_ends_are_in_one_kernel(self):
        addr = listening(self.server)
        self.assertEqual(connect(self.client, self.server, addr)[0]["returns"], 0)
        self.client.call("send", socket="c", data=octets(b"hello"))
        reply = self.server.call("recv", socket="c", length=100)
        self.assertEqual(base64.b64decode(reply["data"]), b"hello")

    def test_long_lines_pass_in_both_directions(self):
        text = "x" * 300_000
        self.assertEqual(self.client.call("socket", as_=text, provider="x25"), {"returns": text})
        for _ in range(3):
            reply = self.client.call("socket", as_=text, provider="x25")
            self.assertIn(text, reply["adapter_error"])

    def test_an_end_of_input_ends_the_adapter(self):
        self.assertEqual(self.client.close(), 0)

    def test_a_killed_launcher_takes_its_adapter_with_it(self):
        addr = listening(self.server)
        connect(self.client, self.server, addr)
        self.client.process.kill()
        self.assertIn("error", self.server.call("recv", socket="c", length=100))

    def test_a_caller_that_is_killed_leaves_its_channel_to_nobody(self):
        addr = listening(self.server)
        self.client.call("socket", as_="c", provider="x25")
        self.client.start("connect", socket="c", addr=addr)
        # Not before its call has arrived: an adapter that is killed earlier has not called at all.
        asked = self.server.start("WSAAccept", socket="listener", as_="none", condition=True)
        self.assertIn("condition", self.server.finish(asked))
        self.server.write(id=asked, verdict="CF_DEFER")
        self.assertEqual(self.server.finish(asked)["error"], "WSATRY_AGAIN")
        self.client.process.kill()
        self.client.process.wait()
        with Conversation(COMMAND) as another:
            another.call("socket", as_="c", provider="x25")
            asked = another.start("connect", socket="c", addr=addr)
            for name in ("one", "other"):  # the call of who was killed is still there
                self.server.call("accept", socket="listener", as_=name)
            self.assertEqual(another.read(), {"id": asked, "returns": 0})

    def test_adapters_of_another_suite_are_in_another_kernel(self):
        addr = listening(self.server)
        script = (
            "import sys; sys.path.insert(0, sys.argv[1])\n"
            "from conversation import Conversation\n"
            "with Conversation(sys.argv[2:4]) as client:\n"
            "  client.call('socket', as_='c', provider='x25')\n"
            "  print(client.call('connect', socket='c', addr=sys.argv[4])['error'])\n"
        )
        kit = os.path.join(HERE, "..", "..", "python")
        command = [sys.executable, "-B", "-c", script, kit, *COMMAND, addr]
        said = subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout
        self.assertEqual(said, b"WSAECONNREFUSED\n")


class NothingStays(unittest.TestCase):
    SUITE = (
        "import subprocess, sys\n"
        "adapter = subprocess.Popen(sys.argv[1:], stdin=subprocess.PIPE, stdout=subprocess.PIPE)\n"
        "adapter.stdout.readline()\n"
        "print('up', flush=True)\n"
        "sys.stdin.read()\n"
    )

    def wait_until_gone(self, begun):
        """The processes end by themselves: the time-out of the test is for those that do not."""
        for pid in begun:
            try:
                ending = os.pidfd_open(pid)
            except ProcessLookupError:
                continue
            self.assertTrue(select.select([ending], [], [], 60)[0], f"{pid} is still there")
            os.close(ending)

    def suite(self):
        before = processes()
        suite = subprocess.Popen(
            [sys.executable, "-c", self.SUITE, *COMMAND],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        self.addCleanup(suite.wait)
        self.addCleanup(suite.stdout.close)
        self.addCleanup(suite.stdin.close)
        self.assertEqual(suite.stdout.readline(), b"up\n")
        return suite, processes() - before - {suite.pid}

    def test_when_the_suite_is_killed(self):
        suite, begun = self.suite()
        self.assertGreater(len(begun), 2)
        suite.kill()
        self.wait_until_gone(begun)

    def test_when_the_keeper_is_killed(self):
        suite, begun = self.suite()
        keeper = [pid for pid in begun if b"--keep" in cmdline(pid)]
        self.assertEqual(len(keeper), 1)
        os.kill(keeper[0], signal.SIGKILL)
        self.wait_until_gone(begun)

    def test_when_the_keeper_has_not_read_all(self):
        process, out, into = in_guest.start_guest(GUEST)
        self.addCleanup(process.wait)
        self.addCleanup(end_session, process.pid)
        with out, into:
            self.assertEqual(out.recv(in_guest.HEADER.size), in_guest.frame(in_guest.READY))
            into.send(in_guest.frame(in_guest.OPEN, 1))
            self.assertTrue(out.recv(1, socket.MSG_PEEK))  # what it said stays there
        self.wait_until_gone({process.pid})

    def test_no_file_is_left(self):
        folders = ["/tmp", os.path.expanduser("~"), os.getcwd()]
        before = [set(os.listdir(folder)) for folder in folders]
        with Conversation(COMMAND):
            pass
        suite, begun = self.suite()
        suite.kill()
        self.wait_until_gone(begun)
        after = [set(os.listdir(folder)) for folder in folders]
        names = [name for a, b in zip(after, before) for name in a - b]
        self.assertEqual([name for name in names if "uml" in name.lower()], [])


def end_session(pid):
    with contextlib.suppress(ProcessLookupError):
        os.killpg(pid, signal.SIGKILL)


def cmdline(pid):
    """Nothing for one that has just ended."""
    try:
        with open(f"/proc/{pid}/cmdline", "rb") as file:
            return file.read()
    except (FileNotFoundError, ProcessLookupError):
        return b""


if __name__ == "__main__":
    unittest.main()
