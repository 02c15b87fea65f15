"""Links: connections of a transport whose library is an *engine* that takes octets and gives octets.

A subclass of Link says what its engine makes of them; here are the sockets of the operating system
below it, and one thread that moves octets when they come, so that an application that is elsewhere
keeps nobody waiting. That thread and the calls share one lock, CHANGED, which tells of everything
that happens. transport.py has the operations on top.
"""

import selectors
import socket as bsd
import struct
import threading

CHANGED = threading.Condition()


class Pump(threading.Thread):
    """Moves octets when they come, or there is room for them."""

    def __init__(self):
        super().__init__(daemon=True)
        self._selector = selectors.DefaultSelector()  # epoll: may be changed while it waits
        self.start()

    def interest(self, sock, events, on_events):
        """Changes what is waited for; 0 for nothing."""
        if sock not in self._selector.get_map():
            if events:
                self._selector.register(sock, events, on_events)
        elif events == 0:
            self._selector.unregister(sock)
        elif self._selector.get_key(sock).events != events:
            self._selector.modify(sock, events, on_events)

    def remove(self, sock):
        if sock.fileno() >= 0:
            self.interest(sock, 0, None)
            sock.close()

    def run(self):
        while True:
            for key, _ in self._selector.select():
                with CHANGED:
                    if key.fileobj.fileno() >= 0:  # not closed by a call in the meantime
                        key.data()
                    CHANGED.notify_all()


PUMP = Pump()


class Link:
    """One end of a connection. Everything is called with CHANGED held. A subclass has an engine,
    and the methods that raise NotImplementedError here."""

    callee_data = None  # what came with the acceptance
    caller_data = None  # what came with the request
    disconnect_data = b""  # what came with the peer's end

    def __init__(self, sock, serves):
        sock.setblocking(False)
        self.sock = sock
        self.serves = serves
        self.local = sock.getsockname()[:2]
        self.remote = sock.getpeername()[:2]
        self.lost = False  # the connection broke
        self.eof = False  # the peer sends no more octets

    # An application's side. Each changes the engine; exchange() follows.

    def request(self, data):
        raise NotImplementedError

    def accept(self, data):
        raise NotImplementedError

    def reject(self):
        raise NotImplementedError

    def send(self, data):
        raise NotImplementedError

    def receive(self, length):
        """Octets, and whether the rest of a message was dropped."""
        raise NotImplementedError

    def end(self, data):
        raise NotImplementedError

    # What the engine says: requested (at a server), connected and rejected (at a client),
    # writable, readable (how many octets wait, None for nothing) and ended gracefully.

    requested = connected = rejected = ended = False
    writable = True
    readable = None

    # The network's side.

    def push(self, data):
        raise NotImplementedError

    def push_eof(self):
        """The peer sends no more octets."""

    def pull(self):
        """Octets to be sent, and forgotten by the engine."""
        raise NotImplementedError

    def finished(self):
        """Whether no more octets will be sent."""
        raise NotImplementedError

    def room(self):
        """How many octets the engine takes now."""
        return 65536

    def exchange(self):
        """Moves what can be moved now."""
        if self.sock.fileno() < 0:
            return
        try:
            self._read()
            self._write()
        except OSError:
            self.lost = True
            PUMP.remove(self.sock)
            return
        if self.eof and not self._unsent and self.finished():
            PUMP.remove(self.sock)
            return
        events = selectors.EVENT_READ if self.room() > 0 and not self.eof else 0
        if self._unsent:
            events |= selectors.EVENT_WRITE
        PUMP.interest(self.sock, events, self.exchange)

    def abort(self):
        if self.sock.fileno() >= 0:
            self.sock.setsockopt(bsd.SOL_SOCKET, bsd.SO_LINGER, struct.pack("ii", 1, 0))
            PUMP.remove(self.sock)
        self.lost = True

    _unsent = b""
    _shut = False

    def _read(self):
        while (room := self.room()) > 0 and not self.eof:
            try:
                data = self.sock.recv(room)
            except BlockingIOError:
                return
            if data:
                self.push(data)
            else:
                self.eof = True
                self.push_eof()
                self.lost = self.lost or not self.ended

    def _write(self):
        self._unsent += self.pull()
        while self._unsent:
            try:
                self._unsent = self._unsent[self.sock.send(self._unsent) :]
            except BlockingIOError:
                return
        if self.finished() and not self._shut:
            self._shut = True
            self.sock.shutdown(bsd.SHUT_WR)


class Listener:
    """Takes connections, and knows which of them have asked to be accepted."""

    def __init__(self, link, addr, family, backlog):
        self.link = link
        self.sock = bsd.socket(family, bsd.SOCK_STREAM)
        self.sock.bind(addr)
        self.sock.listen(backlog)
        self.sock.setblocking(False)
        self.local = self.sock.getsockname()[:2]
        self.waiting = []  # in the order in which they came
        PUMP.interest(self.sock, selectors.EVENT_READ, self.take)

    def take(self):
        try:
            link = self.link(self.sock.accept()[0], True)
        except OSError:
            return  # it was taken back
        self.waiting.append(link)
        link.exchange()

    @property
    def requests(self):
        return [link for link in self.waiting if link.requested]

    def close(self):
        PUMP.remove(self.sock)
        for link in self.waiting:
            if link.requested:
                link.reject()
                link.exchange()
            else:
                link.abort()
        self.waiting = []

    def abort(self):
        PUMP.remove(self.sock)
        for link in self.waiting:
            link.abort()
