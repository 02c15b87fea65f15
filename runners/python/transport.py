"""What adapters of transports without sockets of their own share, on the kit of ws2adapter.py: the
operations, on the links of links.py. amqp/amqp.py is an example.
"""

import socket as bsd

from links import CHANGED, Link, Listener
from ws2adapter import (
    FILLER,
    Adapter,
    AdapterError,
    CallFailed,
    Unsupported,
    format_address,
    operation,
    parse_address,
)

# A link is made by connecting or accepting, and a listener by listening: until then there is
# nothing to call anything on.
_CONNECTED = {"state": ["connected"]}
_NOT_ADDRESSED = {"no_addr": [], "no_addrlen": [], "addr_capacity": []}
_NOT_OVERLAPPED = {"flags": [], "overlapped": [], "event": []}
ONLY = {
    "bind": {"state": ["fresh"]},
    "listen": {"state": ["bound"]},
    "connect": {"state": ["fresh"], "addr_length": []},
    "WSAConnect": {"state": ["fresh"], "addr_length": [], "sqos": [], "gqos": []},
    "accept": {"state": ["listening"], **_NOT_ADDRESSED},
    "WSAAccept": {"state": ["listening"], **_NOT_ADDRESSED, "callback_data": []},
    "condition": {
        "verdict": ["CF_ACCEPT", "CF_REJECT", "CF_DEFER"],
        "altered_sqos": [],
        "group": [],
    },
    "send": {**_CONNECTED, "flags": []},
    "WSASend": {**_CONNECTED, **_NOT_OVERLAPPED},
    "recv": {**_CONNECTED, "flags": []},
    "WSARecv": {**_CONNECTED, **_NOT_OVERLAPPED},
    "shutdown": {**_CONNECTED, "how": ["SD_SEND"]},
    "WSASendDisconnect": {"state": ["connected", "receiving-ended"]},
    "WSARecvDisconnect": _CONNECTED,
    "closesocket": {"state": ["fresh", "bound", "listening", "connected", "receiving-ended"]},
    "setsockopt": {
        **_CONNECTED,
        "level": [],
        "data": [],
        "option": ["SO_LINGER"],
        "value": [{"onoff": 1, "linger": 0}],
    },
    "ioctlsocket": {"command": ["FIONBIO", "FIONREAD"]},
    "getsockname": {"state": ["listening", "connected"]},
    "getpeername": _CONNECTED,
}


class Socket:
    """The object behind a name: what it has become."""

    def __init__(self, family, link=None):
        self.family = family
        self.bound = None
        self.listener = None
        self.link = link
        self.nonblocking = False
        self.hard = False  # closing is abortive
        self.closed = False

    def part(self, name):
        if self.closed:
            raise CallFailed("WSAENOTSOCK")
        if getattr(self, name) is None:
            raise Unsupported(f"a call on a socket without {name}")
        return getattr(self, name)

    def wait(self, holds):
        """Waits, with CHANGED held."""
        if self.nonblocking and not holds():
            raise CallFailed("WSAEWOULDBLOCK")
        CHANGED.wait_for(holds)


class TransportAdapter(Adapter):
    """A subclass says `implementation`, `version`, `link` (its class) and `provider`, the hello's
    only entry. Operations that it has not got it leaves out with `without`."""

    only = ONLY
    link = Link
    provider = {}
    without = ()

    def __init__(self):
        super().__init__()
        for name in self.without:
            del self._operations[name]
        left = [name for name in self.only if name in self._operations or name == "condition"]
        self.only = {name: self.only[name] for name in left}

    def providers(self):
        return [self.provider]

    def error_name(self, error, fields):
        if isinstance(error, ConnectionRefusedError):
            return "WSAECONNREFUSED"
        return super().error_name(error, fields)

    def handle_line(self, line):
        with CHANGED:
            super().handle_line(line)

    def upcall(self, **fields):
        # Everything that moves waits for the lock: it is given back while the suite decides.
        CHANGED.release()
        try:
            return super().upcall(**fields)
        finally:
            CHANGED.acquire()

    def dispose(self, handle):
        for part in (handle.listener, handle.link):
            if part is not None:
                part.abort()

    def _limit(self, name, data):
        """The limits that the hello tells, where the engine knows none of its own."""
        if data is not None and len(data) > self.provider.get(name, 0):
            raise CallFailed("WSAEFAULT")

    @operation
    def socket(self, as_, provider, family="AF_INET"):
        if provider != self.provider["name"]:
            raise AdapterError(f"no provider is called {provider!r}")
        return self.name(as_, Socket(getattr(bsd, family)))

    @operation
    def bind(self, socket, addr):
        socket.bound = parse_address(addr)
        return 0

    @operation
    def listen(self, socket, backlog):
        queued = bsd.SOMAXCONN if backlog == "SOMAXCONN" else backlog
        socket.listener = Listener(self.link, socket.part("bound"), socket.family, queued)
        return 0

    @operation
    def connect(self, socket, addr):
        return self._connect(socket, addr, None, None)

    @operation
    def WSAConnect(self, socket, addr, caller_data=None, callee_capacity=None):
        return self._connect(socket, addr, caller_data, callee_capacity)

    def _connect(self, socket, addr, data, capacity):
        self._limit("caller_data_max", data)
        link = self.link(bsd.create_connection(parse_address(addr)), False)
        link.request(data)
        link.exchange()
        if socket.nonblocking:
            socket.link = link
            raise CallFailed("WSAEWOULDBLOCK")
        CHANGED.wait_for(lambda: link.connected or link.rejected or link.lost)
        if not link.connected:
            link.abort()
            raise CallFailed("WSAECONNREFUSED" if link.rejected else "WSAECONNRESET")
        socket.link = link
        if capacity is None:
            return {"returns": 0, "callee_len": 0, "callee_data": None}
        return _into(link.callee_data or b"", capacity, "callee_len", "callee_data")

    def _request(self, socket):
        listener = socket.part("listener")
        socket.wait(lambda: listener.requests)
        return listener.requests[0]

    def _accept(self, socket, as_, link, data):
        socket.listener.waiting.remove(link)
        if link.lost:
            raise CallFailed("WSAECONNRESET")
        link.accept(data)
        link.exchange()
        name = self.name(as_, Socket(socket.family, link))
        return {"returns": name, "addr": format_address(*link.remote)}

    @operation
    def accept(self, socket, as_):
        return self._accept(socket, as_, self._request(socket), None)

    @operation
    def WSAAccept(self, socket, as_, condition=False):
        link = self._request(socket)
        if not condition or link.lost:  # nobody is asked about a request that was withdrawn
            return self._accept(socket, as_, link, None)
        verdict, data = "CF_REJECT", None
        try:
            decision = self.upcall(
                condition={
                    "caller_id": format_address(*link.remote),
                    "caller_data": link.caller_data,
                    "sqos": None,
                    "gqos": None,
                    "callee_id": format_address(*link.local),
                    "callee_capacity": self.provider["callee_data_max"],
                    "same_thread": True,
                }
            )
            verdict, data = decision["verdict"], decision.get("callee_data")
        finally:
            if verdict == "CF_REJECT":
                socket.listener.waiting.remove(link)
                if not link.lost:  # the caller may have gone in the meantime
                    link.reject()
                    link.exchange()
        if verdict == "CF_REJECT":
            raise CallFailed("WSAECONNREFUSED")
        if verdict == "CF_DEFER":
            raise CallFailed("WSATRY_AGAIN")
        return self._accept(socket, as_, link, data)

    @operation
    def send(self, socket, data):
        link = socket.part("link")
        socket.wait(lambda: link.writable or link.lost)
        if link.lost:
            raise CallFailed("WSAECONNRESET")
        taken = link.send(data)
        link.exchange()
        return taken

    @operation
    def WSASend(self, socket, data):
        return self.send(socket, data)

    @operation
    def recv(self, socket, length):
        link = socket.part("link")
        socket.wait(lambda: link.readable is not None or link.ended or link.lost)
        if link.readable is not None:
            data, dropped = link.receive(length)
            link.exchange()
            if dropped:
                raise CallFailed("WSAEMSGSIZE", data=data)
            return {"returns": len(data), "data": data}
        if not link.ended:
            raise CallFailed("WSAECONNRESET")
        if self.provider["type"] == "SOCK_STREAM":
            return {"returns": 0, "data": b""}
        raise CallFailed("WSAEDISCON")

    @operation
    def WSARecv(self, socket, length):
        return {**self.recv(socket, length), "left_flags": []}

    @operation
    def shutdown(self, socket, how):
        if how != "SD_SEND":
            raise Unsupported(str(how))
        return self._end(socket, None)

    @operation
    def WSASendDisconnect(self, socket, data=None):
        self._limit("disconnect_data_max", data)
        return self._end(socket, data)

    def _end(self, socket, data):
        link = socket.part("link")
        if link.lost:
            raise CallFailed("WSAECONNRESET")
        link.end(data)
        link.exchange()
        return 0

    @operation
    def WSARecvDisconnect(self, socket, capacity=None):
        link = socket.part("link")
        if link.lost and not link.ended:
            raise CallFailed("WSAECONNRESET")
        if capacity is None:
            return {"returns": 0, "len": 0, "data": None}
        return _into(link.disconnect_data, capacity, "len", "data")

    @operation
    def closesocket(self, socket):
        if socket.closed:
            raise CallFailed("WSAENOTSOCK")
        socket.closed = True
        if socket.listener is not None:
            socket.listener.close()
        if socket.link is not None and socket.hard:
            socket.link.abort()
        elif socket.link is not None and not socket.link.lost:
            socket.link.end(None)
            socket.link.exchange()
        return 0

    @operation
    def setsockopt(self, socket, option, value):
        if option != "SO_LINGER" or value != {"onoff": 1, "linger": 0}:
            raise Unsupported(option)
        socket.hard = True
        return 0

    @operation
    def ioctlsocket(self, socket, command, argument=0):
        if socket.closed:
            raise CallFailed("WSAENOTSOCK")
        if command == "FIONREAD":
            return {"returns": 0, "value": socket.part("link").readable or 0}
        if command != "FIONBIO":
            raise Unsupported(command)
        socket.nonblocking = argument != 0
        return {"returns": 0, "value": argument}

    @operation
    def getsockname(self, socket):
        part = socket.listener or socket.part("link")
        return {"returns": 0, "addr": format_address(*part.local)}

    @operation
    def getpeername(self, socket):
        return {"returns": 0, "addr": format_address(*socket.part("link").remote)}


def _into(octets, capacity, length, data):
    """What a call has for a buffer that the suite offers."""
    if len(octets) <= capacity:
        return {"returns": 0, length: len(octets), data: octets}
    raise CallFailed("WSAEFAULT", **{length: capacity, data: bytes([FILLER]) * capacity})
