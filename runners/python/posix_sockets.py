"""What the operating system's sockets call otherwise than Winsock, or take in another form.

For adapters over POSIX sockets: errors, flags, options and addresses, translated and never improved.
"""

import errno
import fcntl
import ipaddress
import os
import resource
import socket as bsd  # `socket` is the name of a request's field
import struct
import sys
import termios

from ws2adapter import FILLER, Adapter, AdapterError, Unsupported, operation, parse_address

FAMILIES = {"AF_INET": bsd.AF_INET, "AF_INET6": bsd.AF_INET6}
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
_WSA_NAMES = {getattr(errno, n): "WSA" + n for n in _LIKE_NAMED_ERRORS if hasattr(errno, n)}
_WSA_NAMES.update(_RENAMED_ERRORS)


def wsa_name(number):
    return _WSA_NAMES.get(number, str(number))


def known(names, name):
    if name not in names:
        raise Unsupported(name)
    return names[name]


def flag_bits(flags):
    bits = 0
    for flag in flags if not isinstance(flags, str) else [flags]:
        bits |= known(_FLAGS, flag)
    return bits


def direction(how):
    """The number of a `how`, which may be one already: the suite tries wrong ones."""
    return how if isinstance(how, int) else known(_HOW, how)


def sockaddr(family, addr):
    """What Python takes for an address: numeric, and of the socket's own family."""
    host, port = parse_address(addr)
    try:
        version = ipaddress.ip_address(host.partition("%")[0]).version
    except ValueError:
        raise AdapterError(f"{host} is not a numeric address") from None
    if version != (6 if family == bsd.AF_INET6 else 4):
        raise Unsupported(f"addr of IPv{version} for a socket of another family")
    return host, port


def families():
    """Those that can be used on this machine."""
    try:
        with bsd.socket(bsd.AF_INET6, bsd.SOCK_STREAM) as probe:
            probe.bind(("::1", 0))
        return ["AF_INET", "AF_INET6"]
    except OSError:
        return ["AF_INET"]


def close_abortively(made):
    made.setsockopt(bsd.SOL_SOCKET, bsd.SO_LINGER, _LINGER.pack(1, 0))
    made.close()


def _number_option(level, option):
    if option not in _NUMBER_OPTIONS[level] or not hasattr(bsd, option):
        raise Unsupported(option)
    return getattr(bsd, option)


def get_option(of, level, option):
    number = known(_LEVELS, level)
    if (level, option) == ("SOL_SOCKET", "SO_LINGER"):
        packed = of.getsockopt(number, bsd.SO_LINGER, _LINGER.size)
        return dict(zip(("onoff", "linger"), _LINGER.unpack(packed)))
    if (level, option) == ("SOL_SOCKET", "SO_ERROR"):
        error = of.getsockopt(number, bsd.SO_ERROR)
        return wsa_name(error) if error else 0
    return of.getsockopt(number, _number_option(level, option))


def set_option(of, level, option, value):
    number = known(_LEVELS, level)
    if (level, option) == ("SOL_SOCKET", "SO_LINGER"):
        of.setsockopt(number, bsd.SO_LINGER, _LINGER.pack(value["onoff"], value["linger"]))
    else:
        of.setsockopt(number, _number_option(level, option), value)


def octets_to_read(of):
    if of.fileno() < 0:
        raise OSError(errno.EBADF, os.strerror(errno.EBADF))
    buffer = bytearray([FILLER]) * 4
    fcntl.ioctl(of, termios.FIONREAD, buffer)
    return int.from_bytes(buffer, sys.byteorder)


_AT_FIRST = resource.getrlimit(resource.RLIMIT_NOFILE)


def allow_descriptors(free):
    """Whether more of them can be had than there are now."""
    limit = _AT_FIRST[0]
    if not free:
        try:
            limit = os.dup(sys.stderr.fileno())  # all below it are taken
            os.close(limit)
        except OSError:
            limit = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    resource.setrlimit(resource.RLIMIT_NOFILE, (limit, _AT_FIRST[1]))


class OptionsAdapter(Adapter):
    """The operations about options, on handles that have their socket as `bsd`."""

    @operation
    def getsockopt(self, socket, option, level="SOL_SOCKET"):
        return {"returns": 0, "value": get_option(socket.bsd, level, option)}

    @operation
    def setsockopt(self, socket, option, value, level="SOL_SOCKET"):
        set_option(socket.bsd, level, option, value)
        return 0

    @operation
    def ioctlsocket(self, socket, command, argument=None):
        if command == "FIONREAD":
            return {"returns": 0, "value": octets_to_read(socket.bsd)}
        if command != "FIONBIO":
            raise Unsupported(command)
        if argument is None:
            raise AdapterError('FIONBIO needs the field "argument"')
        socket.bsd.setblocking(argument == 0)
        return {"returns": 0, "value": argument}

    @operation
    def descriptors(self, free):
        allow_descriptors(free)
        return 0

    @operation
    def reset(self):
        allow_descriptors(True)
        return super().reset()
