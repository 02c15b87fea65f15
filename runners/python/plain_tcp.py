"""Adapter: the operating system's TCP, through Python's socket module.

It shows what the operating system does; results are translated into Winsock's names, never
improved. Sockets are POSIX ones, so an accepted socket blocks whatever its listener does, and a
listener need not be bound.
"""

import errno
import fcntl
import ipaddress
import os
import platform
import resource
import socket as bsd  # `socket` is the name of a request's field
import struct
import sys
import termios

from ws2adapter import (
    FILLER,
    MAX_OCTETS,
    Adapter,
    AdapterError,
    Unsupported,
    format_address,
    operation,
    parse_address,
)

_FAMILIES = {"AF_INET": bsd.AF_INET, "AF_INET6": bsd.AF_INET6}
_FLAGS = {n: getattr(bsd, n) for n in ("MSG_PEEK", "MSG_OOB", "MSG_WAITALL", "MSG_DONTROUTE")}
_HOW = {"SD_RECEIVE": bsd.SHUT_RD, "SD_SEND": bsd.SHUT_WR, "SD_BOTH": bsd.SHUT_RDWR}
_LEVELS = {"SOL_SOCKET": bsd.SOL_SOCKET, "IPPROTO_TCP": bsd.IPPROTO_TCP}
# Options whose value is an int on both systems and means the same.
_NUMBER_OPTIONS = {
    "SOL_SOCKET": (
        "SO_ACCEPTCONN SO_DEBUG SO_DONTROUTE SO_KEEPALIVE SO_OOBINLINE SO_RCVBUF SO_RCVLOWAT "
        "SO_REUSEADDR SO_SNDBUF SO_SNDLOWAT SO_TYPE"
    ).split(),
    "IPPROTO_TCP": ["TCP_NODELAY"],
}
_LINGER = struct.Struct("ii")

# errno -> the name Winsock has for the same condition; all others are called alike.
_RENAMED_ERRORS = {
    errno.EAGAIN: "WSAEWOULDBLOCK",
    errno.EBADF: "WSAENOTSOCK",
    errno.EINPROGRESS: "WSAEWOULDBLOCK",
    errno.ENFILE: "WSAEMFILE",
    errno.ENOMEM: "WSAENOBUFS",
    errno.EPERM: "WSAEACCES",
}
_LIKE_NAMED_ERRORS = (
    "EACCES EADDRINUSE EADDRNOTAVAIL EAFNOSUPPORT EALREADY ECONNABORTED ECONNREFUSED ECONNRESET "
    "EDESTADDRREQ EFAULT EHOSTDOWN EHOSTUNREACH EINTR EINVAL EISCONN EMFILE EMSGSIZE ENETDOWN "
    "ENETRESET ENETUNREACH ENOBUFS ENOPROTOOPT ENOTCONN ENOTSOCK EOPNOTSUPP EPFNOSUPPORT "
    "EPROTONOSUPPORT EPROTOTYPE ESHUTDOWN ESOCKTNOSUPPORT ETIMEDOUT"
).split()
WSA_NAMES = {getattr(errno, n): "WSA" + n for n in _LIKE_NAMED_ERRORS if hasattr(errno, n)}
WSA_NAMES.update(_RENAMED_ERRORS)


def wsa_name(number):
    return WSA_NAMES.get(number, str(number))


class TcpSocket:
    """A socket, with what is needed to tell the reasons of an EPIPE apart."""

    def __init__(self, bsd_socket, connected=False):
        self.bsd = bsd_socket
        self.connected = connected
        self.sending_is_shut = False


class PlainTcp(Adapter):
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
                "families": ["AF_INET"] + (["AF_INET6"] if _ipv6_is_usable() else []),
                "capabilities": ["half-close", "relayable"],
            }
        ]

    def error_name(self, error, fields):
        if isinstance(error, bsd.gaierror) or error.errno is None:
            raise AdapterError(f"Python's socket module refused the call: {error}")
        if error.errno != errno.EPIPE:
            return wsa_name(error.errno)
        # One errno for three conditions that Winsock tells apart.
        if fields["socket"].sending_is_shut:
            return "WSAESHUTDOWN"
        return "WSAECONNRESET" if fields["socket"].connected else "WSAENOTCONN"

    def dispose(self, handle):
        if handle.bsd.fileno() >= 0:
            handle.bsd.setsockopt(bsd.SOL_SOCKET, bsd.SO_LINGER, _LINGER.pack(1, 0))
            handle.bsd.close()

    @operation
    def socket(self, as_, provider, family="AF_INET"):
        if provider != "tcp":
            raise AdapterError(f"no provider is called {provider!r}")
        made = bsd.socket(_known(_FAMILIES, family), bsd.SOCK_STREAM, bsd.IPPROTO_TCP)
        return self.name(as_, TcpSocket(made))

    @operation
    def bind(self, socket, addr):
        socket.bsd.bind(_sockaddr(socket, addr))
        return 0

    @operation
    def listen(self, socket, backlog):
        socket.bsd.listen(bsd.SOMAXCONN if backlog == "SOMAXCONN" else backlog)
        return 0

    @operation
    def connect(self, socket, addr):
        try:
            socket.bsd.connect(_sockaddr(socket, addr))
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
        return socket.bsd.send(_no_null(data), _flag_bits(flags))

    @operation
    def recv(self, socket, length, flags=()):
        if length > MAX_OCTETS:
            raise AdapterError(f"a reply carries at most {MAX_OCTETS} octets")
        buffer = bytearray([FILLER]) * length
        received = socket.bsd.recv_into(buffer, length, _flag_bits(flags))
        return {"returns": received, "data": buffer[:received]}

    @operation
    def shutdown(self, socket, how):
        socket.bsd.shutdown(how if isinstance(how, int) else _known(_HOW, how))
        if how in ("SD_SEND", "SD_BOTH", bsd.SHUT_WR, bsd.SHUT_RDWR):
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

    @operation
    def getsockopt(self, socket, option, level="SOL_SOCKET"):
        level_number = _known(_LEVELS, level)
        if (level, option) == ("SOL_SOCKET", "SO_LINGER"):
            packed = socket.bsd.getsockopt(level_number, bsd.SO_LINGER, _LINGER.size)
            value = dict(zip(("onoff", "linger"), _LINGER.unpack(packed)))
        elif (level, option) == ("SOL_SOCKET", "SO_ERROR"):
            number = socket.bsd.getsockopt(level_number, bsd.SO_ERROR)
            value = wsa_name(number) if number else 0
        else:
            value = socket.bsd.getsockopt(level_number, _number_option(level, option))
        return {"returns": 0, "value": value}

    @operation
    def setsockopt(self, socket, option, value, level="SOL_SOCKET"):
        level_number = _known(_LEVELS, level)
        if (level, option) == ("SOL_SOCKET", "SO_LINGER"):
            packed = _LINGER.pack(value["onoff"], value["linger"])
            socket.bsd.setsockopt(level_number, bsd.SO_LINGER, packed)
        else:
            socket.bsd.setsockopt(level_number, _number_option(level, option), value)
        return 0

    @operation
    def descriptors(self, free):
        resource.setrlimit(resource.RLIMIT_NOFILE, (_limit_of_descriptors(free), _AT_FIRST[1]))
        return 0

    @operation
    def reset(self):
        self.descriptors(True)
        return super().reset()

    @operation
    def ioctlsocket(self, socket, command, argument=None):
        if command == "FIONBIO":
            if argument is None:
                raise AdapterError('FIONBIO needs the field "argument"')
            socket.bsd.setblocking(argument == 0)
            return {"returns": 0, "value": argument}
        if command != "FIONREAD":
            raise Unsupported(command)
        if socket.bsd.fileno() < 0:
            raise OSError(errno.EBADF, os.strerror(errno.EBADF))
        buffer = bytearray([FILLER]) * 4
        fcntl.ioctl(socket.bsd, termios.FIONREAD, buffer)
        return {"returns": 0, "value": int.from_bytes(buffer, sys.byteorder)}


_AT_FIRST = resource.getrlimit(resource.RLIMIT_NOFILE)


def _limit_of_descriptors(free):
    if free:
        return _AT_FIRST[0]
    try:
        lowest = os.dup(sys.stderr.fileno())  # all below it are taken
    except OSError:
        return resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    os.close(lowest)
    return lowest


def _known(names, name):
    if name not in names:
        raise Unsupported(name)
    return names[name]


def _number_option(level, option):
    if option not in _NUMBER_OPTIONS[level] or not hasattr(bsd, option):
        raise Unsupported(option)
    return getattr(bsd, option)


def _flag_bits(flags):
    bits = 0
    for flag in flags if not isinstance(flags, str) else [flags]:
        bits |= _known(_FLAGS, flag)
    return bits


def _no_null(data):
    if data is None:
        raise Unsupported("data: null")  # Python cannot offer a NULL pointer to send()
    return data


def _sockaddr(socket, addr):
    """What Python takes for an address: numeric, and of the socket's own family."""
    host, port = parse_address(addr)
    try:
        version = ipaddress.ip_address(host.partition("%")[0]).version
    except ValueError:
        raise AdapterError(f"{host} is not a numeric address") from None
    if version != (6 if socket.bsd.family == bsd.AF_INET6 else 4):
        raise Unsupported(f"addr of IPv{version} for a socket of another family")
    return host, port


def _ipv6_is_usable():
    try:
        with bsd.socket(bsd.AF_INET6, bsd.SOCK_STREAM) as probe:
            probe.bind(("::1", 0))
        return True
    except OSError:
        return False


if __name__ == "__main__":
    PlainTcp().serve()
