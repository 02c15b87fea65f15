"""Adapter: the operating system's TCP, through Python's socket module.

It shows what the operating system does; results are translated into Winsock's names, never
improved. Sockets are POSIX ones, so an accepted socket blocks whatever its listener does, and a
listener need not be bound.
"""

import errno
import platform
import socket as bsd  # `socket` is the name of a request's field

import posix_sockets as posix
from ws2adapter import FILLER, MAX_OCTETS, AdapterError, Unsupported, format_address, operation


class TcpSocket:
    """A socket, with what is needed to tell the reasons of an EPIPE apart."""

    def __init__(self, bsd_socket, connected=False):
        self.bsd = bsd_socket
        self.connected = connected
        self.sending_is_shut = False

    def sockaddr(self, addr):
        return posix.sockaddr(self.bsd.family, addr)


class PlainTcp(posix.OptionsAdapter):
    implementation = "the operating system's TCP"
    version = f"{platform.system()} {platform.release()}, Python {platform.python_version()}"

    def providers(self):
        return [
            {
                "name": "tcp",
                "type": "SOCK_STREAM",
                "flags": [
                    "XP1_GUARANTEED_DELIVERY",
                    "XP1_GUARANTEED_ORDER",
                    "XP1_GRACEFUL_CLOSE",
                    "XP1_EXPEDITED_DATA",
                ],
                "families": posix.families(),
                "capabilities": ["half-close", "relayable"],
            }
        ]

    def error_name(self, error, fields):
        if isinstance(error, bsd.gaierror) or error.errno is None:
            raise AdapterError(f"Python's socket module refused the call: {error}")
        if error.errno != errno.EPIPE:
            return posix.wsa_name(error.errno)
        # One errno for three conditions that Winsock tells apart.
        if fields["socket"].sending_is_shut:
            return "WSAESHUTDOWN"
        return "WSAECONNRESET" if fields["socket"].connected else "WSAENOTCONN"

    def dispose(self, handle):
        if handle.bsd.fileno() >= 0:
            posix.close_abortively(handle.bsd)

    @operation
    def socket(self, as_, provider, family="AF_INET"):
        if provider != "tcp":
            raise AdapterError(f"no provider is called {provider!r}")
        number = posix.known(posix.FAMILIES, family)
        return self.name(as_, TcpSocket(bsd.socket(number, bsd.SOCK_STREAM, bsd.IPPROTO_TCP)))

    @operation
    def bind(self, socket, addr):
        socket.bsd.bind(socket.sockaddr(addr))
        return 0

    @operation
    def listen(self, socket, backlog):
        socket.bsd.listen(bsd.SOMAXCONN if backlog == "SOMAXCONN" else backlog)
        return 0

    @operation
    def connect(self, socket, addr):
        try:
            socket.bsd.connect(socket.sockaddr(addr))
            socket.connected = True
        except BlockingIOError:
            socket.connected = True  # or will be; a refusal is reported before any EPIPE
            raise
        return 0

    @operation
    def accept(self, socket, as_):
        made, peer = socket.bsd.accept()
        name = self.name(as_, TcpSocket(made, connected=True))
        return {"returns": name, "addr": format_address(*peer[:2])}

    @operation
    def send(self, socket, data, flags=()):
        if data is None:
            raise Unsupported("data: null")  # Python cannot offer a NULL pointer to send()
        return socket.bsd.send(data, posix.flag_bits(flags))

    @operation
    def recv(self, socket, length, flags=()):
        if length > MAX_OCTETS:
            raise AdapterError(f"a reply carries at most {MAX_OCTETS} octets")
        buffer = bytearray([FILLER]) * length
        received = socket.bsd.recv_into(buffer, length, posix.flag_bits(flags))
        return {"returns": received, "data": buffer[:received]}

    @operation
    def shutdown(self, socket, how):
        number = posix.direction(how)
        socket.bsd.shutdown(number)
        if number in (bsd.SHUT_WR, bsd.SHUT_RDWR):
            socket.sending_is_shut = True
        return 0

    @operation
    def closesocket(self, socket):
        # detach() gives -1 for a closed socket, for the operating system to object to.
        bsd.close(socket.bsd.detach())
        return 0

    @operation
    def getsockname(self, socket):
        return {"returns": 0, "addr": format_address(*socket.bsd.getsockname()[:2])}

    @operation
    def getpeername(self, socket):
        return {"returns": 0, "addr": format_address(*socket.bsd.getpeername()[:2])}


if __name__ == "__main__":
    PlainTcp().serve()
