"""Adapter: TLS over TCP, as OpenSSL has it (by Python's ssl module).

    graceful end      close_notify, each way by itself
    abortive end      an end of the octets without it (a truncation), a reset, an alert

What TLS carries beside the octets is for itself: there is no user data and no decision here. The
handshake is made by whoever listens, before anybody accepts. Nobody is authenticated (an anonymous
suite of TLS 1.2), so no certificates are needed.
"""

import os
import ssl
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "python"))

from links import Link  # noqa: E402
from transport import TransportAdapter  # noqa: E402
from ws2adapter import CallFailed  # noqa: E402

CIPHERS = "AECDH-AES256-SHA:@SECLEVEL=0"
READ_AHEAD = 1 << 20  # octets that are taken from the network before they are received


def _context(serves):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER if serves else ssl.PROTOCOL_TLS_CLIENT)
    if not serves:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers(CIPHERS)
    return context


CONTEXTS = {serves: _context(serves) for serves in (False, True)}


class TlsLink(Link):
    def __init__(self, sock, serves):
        super().__init__(sock, serves)
        self._incoming, self._outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        self._engine = CONTEXTS[serves].wrap_bio(self._incoming, self._outgoing, serves)
        self._shaken = self._closed = False
        self._received = b""
        self.ended = False

    @property
    def connected(self):
        return self._shaken

    requested = connected

    @property
    def readable(self):
        return len(self._received) or None

    def request(self, data):
        self._advance()

    def accept(self, data):
        pass

    def reject(self):
        self.abort()

    def send(self, data):
        try:
            return self._engine.write(data)
        except ssl.SSLError as error:
            name = "WSAESHUTDOWN" if error.reason == "PROTOCOL_IS_SHUTDOWN" else "WSAECONNRESET"
            raise CallFailed(name) from None

    def receive(self, length):
        data, self._received = self._received[:length], self._received[length:]
        return data, False

    def end(self, data):
        if not self._closed:
            self._closed = True
            try:
                self._engine.unwrap()
            except ssl.SSLWantReadError:
                pass  # the peer's own end has not come yet

    def room(self):
        return READ_AHEAD - min(READ_AHEAD, len(self._received))

    def push(self, data):
        self._incoming.write(data)
        self._advance()

    def push_eof(self):
        self._incoming.write_eof()
        self._advance()

    def pull(self):
        return self._outgoing.read()

    def finished(self):
        return self._closed and not self._outgoing.pending

    def _advance(self):
        try:
            if not self._shaken:
                self._engine.do_handshake()
                self._shaken = True
            while not self.ended:
                data = self._engine.read(65536)
                self._received += data
                self.ended = not data  # after an end that was told before
        except ssl.SSLWantReadError:
            pass
        except ssl.SSLZeroReturnError:
            self.ended = True
        except ssl.SSLError:  # a truncation among them
            self.lost = True


class Tls(TransportAdapter):
    implementation = "TLS over TCP"
    version = f"{ssl.OPENSSL_VERSION}, through Python's ssl module"
    link = TlsLink
    without = ("WSAConnect", "WSAAccept", "WSASendDisconnect", "WSARecvDisconnect")
    provider = {
        "name": "tls",
        "type": "SOCK_STREAM",
        "flags": ["XP1_GUARANTEED_DELIVERY", "XP1_GUARANTEED_ORDER", "XP1_GRACEFUL_CLOSE"],
        "families": ["AF_INET", "AF_INET6"],
        "capabilities": ["half-close", "relayable"],
    }


if __name__ == "__main__":
    Tls().serve()
