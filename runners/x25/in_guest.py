#!/usr/bin/env python3
"""Runs an adapter inside a Linux kernel of its own (user-mode-linux), as if it were here.

usage: in_guest.py GUEST

GUEST is the program that is the guest's first process; the guest reads the host's file system. All
adapters of one suite, the children of one process, run in one guest: both ends of an X.25 call are
in one kernel. The first that is launched starts a keeper, the keeper starts the guest and passes on
what goes to and from the adapters. Keeper and guest end with the suite, or when nobody has needed
them for a while, and leave no files.
"""

import os
import selectors
import signal
import socket
import struct
import subprocess
import sys

from user_mode_linux import INSTALL, MODULES, command, find_kernel

# Kinds of frames (guest.hpp).
READY, FAILED, READ, OPEN, INPUT, END, KILL, OUTPUT, COMPLAINT, EXIT = b"RFAOICKoex"
HEADER = struct.Struct("<BBH")
MOST = 4096
# A line of user-mode-linux that was once full (4096 octets) may never take anything again.
WINDOW = 3072

LINGER = 10  # seconds for which the guest waits for another adapter

CANNOT_RUN = 3


def frame(kind, channel=0, payload=b""):
    return HEADER.pack(kind, channel, len(payload)) + payload


class Peer:
    """A socket that takes and gives frames, and never keeps anybody waiting."""

    def __init__(self, selector, stream, taker, into=None):
        """`taker` gets this, a kind, a channel and octets; this and None thrice at the end. Into
        a socket of its own, if there is one, goes what is sent: no more at once than it holds."""
        self.selector, self.stream, self.taker = selector, stream, taker
        self.into = into or stream
        self.heard, self.unsent = bytearray(), bytearray()
        self.channel = 0
        self.window = float("inf")  # as many octets may be sent
        self.over = False
        self.into.setblocking(False)
        stream.setblocking(False)
        selector.register(stream, selectors.EVENT_READ, self)

    def send(self, data):
        if not self.over:
            self.unsent += data
            self.write()

    def write(self):
        try:
            while self.unsent and self.window > 0:
                sent = self.into.send(self.unsent[: min(65536, self.window)])
                del self.unsent[:sent]
                self.window -= sent
        except BlockingIOError:
            pass
        except OSError:  # it has gone; the reading tells
            self.unsent.clear()
        waits = self.unsent and self.window > 0 and self.into is self.stream
        events = selectors.EVENT_READ | (selectors.EVENT_WRITE if waits else 0)
        self.selector.modify(self.stream, events, self)

    def read(self):
        try:
            data = self.stream.recv(65536)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        self.heard += data
        while len(self.heard) >= HEADER.size and not self.over:
            kind, channel, size = HEADER.unpack_from(self.heard)
            if len(self.heard) < HEADER.size + size:
                break
            payload = bytes(self.heard[HEADER.size : HEADER.size + size])
            del self.heard[: HEADER.size + size]
            self.taker(self, kind, channel, payload)
        if not data and not self.over:
            self.close()
            self.taker(self, None, None, None)

    def close(self):
        self.over = True
        self.selector.unregister(self.stream)
        self.stream.close()
        self.into.close()

    def handle(self, events):
        if events & selectors.EVENT_WRITE:
            self.write()
        if events & selectors.EVENT_READ and not self.over:
            self.read()


class Watched:
    """What else a selector tells of."""

    over = False

    def __init__(self, handle):
        self.handle = handle


class Keeper:
    """Passes frames on between the guest and the launchers."""

    def __init__(self, door, suite, program):
        self.selector = selectors.DefaultSelector()
        self.door = door
        self.suite_is_over = False
        self.launchers = {}  # by channel; None for one that has gone before its adapter
        self.ready = False
        self.process, out, into = start_guest(program)
        self.guest = Peer(self.selector, out, self.from_guest, into)
        self.guest.window = WINDOW
        door.setblocking(False)
        self.selector.register(door, selectors.EVENT_READ, Watched(self.admit))
        self.selector.register(suite, selectors.EVENT_READ, Watched(self.end))

    def serve(self):
        while not self.guest.over and not self.suite_is_over:
            idle = self.ready and not self.launchers
            happened = self.selector.select(LINGER if idle else None)
            if idle and not happened:
                break
            for key, events in happened:
                if not key.data.over:
                    key.data.handle(events)
        self.door.close()
        if not self.guest.over:
            self.guest.close()  # which ends the guest
        try:
            self.process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)

    def end(self, _events):
        self.suite_is_over = True

    def admit(self, _events):
        stream, _address = self.door.accept()
        free = next((n for n in range(1, 255) if n not in self.launchers), None)
        if free is None:
            return stream.close()
        launcher = Peer(self.selector, stream, self.from_launcher)
        launcher.channel = free
        self.launchers[free] = launcher
        if self.ready:
            self.open(free)

    def open(self, channel):
        self.guest.send(frame(OPEN, channel))
        self.launchers[channel].send(frame(READY))

    def from_launcher(self, launcher, kind, _channel, payload):
        channel = launcher.channel
        if kind is not None:
            self.guest.send(frame(kind, channel, payload))
        elif not self.ready:
            del self.launchers[channel]
        elif channel in self.launchers:  # killed: so is its adapter
            self.launchers[channel] = None
            self.guest.send(frame(KILL, channel))

    def why_ended(self):
        if self.ready:
            return b"the guest has ended"
        return f"the guest has ended before it began: does {find_kernel()} run here?".encode()

    def from_guest(self, _guest, kind, channel, payload):
        if kind == READY:
            self.ready = True
            for number in self.launchers:
                self.open(number)
        elif kind == READ:
            self.guest.window += int.from_bytes(payload, "little")
            self.guest.write()
        elif kind == FAILED or kind is None:
            why = payload or self.why_ended()
            for launcher in filter(None, self.launchers.values()):
                launcher.send(frame(FAILED, 0, why))
                if not launcher.over:
                    launcher.close()
            self.launchers.clear()
        else:
            launcher = self.launchers[channel]
            if kind == EXIT:
                del self.launchers[channel]
            if launcher:
                launcher.send(frame(kind, 0, payload))


def start_guest(program):
    """The kernel, and in it `program` as the first process; what that says on its console, and what
    it hears there. One socket for both would tell the kernel of a reset when it is closed before
    all is read, which is no end to it: the guest would stay."""
    out, line_out = socket.socketpair()
    into, line_in = socket.socketpair()
    line = [line_in.fileno(), line_out.fileno()]
    nothing = subprocess.DEVNULL
    process = subprocess.Popen(
        command(find_kernel(), "96M", "fd:{},fd:{}".format(*line), program, str(MODULES)),
        stdin=nothing, stdout=nothing, stderr=nothing, pass_fds=line, start_new_session=True,
    )  # fmt: skip
    line_in.close()
    line_out.close()
    return process, out, into


def keep(door, suite, program):
    try:
        watched = os.pidfd_open(suite)
    except ProcessLookupError:
        return
    Keeper(socket.socket(fileno=door), watched, program).serve()


# ---- the launcher ---------------------------------------------------------------------------------


def meeting_place(program):
    """Where the keeper for this program's suite listens: an abstract address, of no file."""
    suite = os.getppid()
    with open(f"/proc/{suite}/stat", "rb") as stat:
        began = stat.read().rpartition(b")")[2].split()[19].decode()
    return f"\0ws2conform-x25 {os.getuid()} {suite} {began} {program}"[:107]


def start_keeper(door, program):
    """One that outlives this process, and has nothing of it that whoever ends this looks for."""
    os.set_inheritable(door.fileno(), True)
    environment = {"PATH": os.environ.get("PATH", os.defpath), "HOME": "/"}
    nothing = subprocess.DEVNULL
    subprocess.Popen(
        [sys.executable, "-B", os.path.abspath(__file__), "--keep", str(door.fileno()),
         str(os.getppid()), program],
        stdin=nothing, stdout=nothing, stderr=nothing, pass_fds=[door.fileno()],
        env=environment, cwd="/", start_new_session=True,
    )  # fmt: skip


def reach_keeper(program):
    place = meeting_place(program)
    while True:
        stream = socket.socket(socket.AF_UNIX)
        try:
            stream.connect(place)
            return stream
        except ConnectionRefusedError:
            stream.close()
        door = socket.socket(socket.AF_UNIX)
        try:
            door.bind(place)
        except OSError:  # another is about to
            continue
        door.listen(128)
        start_keeper(door, program)
        door.close()


class Launcher:
    """Stands for the adapter in the guest: its standard streams and its end."""

    def __init__(self, program):
        self.program = program
        self.selector = selectors.DefaultSelector()
        self.status = None
        self.join()

    def join(self):
        self.started = False
        self.keeper = Peer(self.selector, reach_keeper(self.program), self.from_keeper)

    def from_keeper(self, _keeper, kind, _channel, payload):
        if kind == READY:
            self.started = True
            self.selector.register(0, selectors.EVENT_READ, Watched(self.pass_on))
        elif kind == OUTPUT:
            write_all(1, payload)
        elif kind == COMPLAINT:
            write_all(2, payload)
        elif kind == EXIT:
            self.status = int.from_bytes(payload, "little")
        elif kind is None and not self.started:
            self.join()  # that keeper was at its end
        else:
            print(f"in_guest: {(payload or b'the guest has ended').decode()}", file=sys.stderr)
            self.status = CANNOT_RUN << 8

    def pass_on(self, _events):
        data = os.read(0, 65536)
        for at in range(0, len(data), MOST):
            self.keeper.send(frame(INPUT, 0, data[at : at + MOST]))
        if not data:
            self.selector.unregister(0)
            self.keeper.send(frame(END))

    def run(self):
        while self.status is None:
            for key, events in self.selector.select():
                if not key.data.over:
                    key.data.handle(events)
        if os.WIFSIGNALED(self.status):  # as the adapter did
            os.kill(os.getpid(), os.WTERMSIG(self.status))
        return os.waitstatus_to_exitcode(self.status)


def write_all(descriptor, data):
    try:
        while data:
            data = data[os.write(descriptor, data) :]
    except BrokenPipeError:  # nobody listens any more
        os._exit(0)


def main(arguments):
    if arguments[:1] == ["--keep"]:
        return keep(int(arguments[1]), int(arguments[2]), arguments[3])
    if len(arguments) != 1:
        sys.exit(__doc__)
    program = os.path.abspath(arguments[0])
    if not find_kernel():
        sys.exit(f"in_guest: there is no user-mode-linux ({INSTALL})")
    if not os.access(program, os.X_OK) or any(blank in program for blank in " \t"):
        sys.exit(f"in_guest: {program!r} is no program that can be the guest's first")
    return Launcher(program).run()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
