"""Adapter: WebSocket, as the `websockets` package for Python has it without I/O of its own.

    caller data       a header of the request        the answer waits for the decision
    callee data       a header of the answer, 101
    rejection         the answer 403
    data              binary messages
    graceful end      a close frame, and the disconnect data as its reason
    abortive end      the octets' end without a close frame

The package answers a close frame by itself, with the same code and reason: an end that answers has
no data of its own to give, and can send nothing more. So there is no WSASendDisconnect once the
peer's data was fetched, and no half-close. The end that closed first is told the answer, whoever
gave it. A reason is text, at most 123 octets of it (RFC 6455, 5.5): 92 octets in base64.
"""

import base64
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "python"))

from http import HTTPStatus  # noqa: E402

import websockets.version  # noqa: E402
from links import Link  # noqa: E402
from transport import TransportAdapter  # noqa: E402
from websockets.client import ClientConnection  # noqa: E402
from websockets.connection import State  # noqa: E402
from websockets.frames import Opcode  # noqa: E402
from websockets.http11 import Request, Response  # noqa: E402
from websockets.server import ServerConnection  # noqa: E402
from websockets.uri import parse_uri  # noqa: E402

CALLER_DATA = "X-Caller-Data"
CALLEE_DATA = "X-Callee-Data"
# The package reads lines of a header of 8,192 octets at most (http11.MAX_LINE), and this is what
# base64 leaves of one.
HEADER_MAX = 6_126
REASON_MAX = 92
NORMAL_CLOSURE = 1000  # RFC 6455, 7.4.1


def _text(data):
    return base64.urlsafe_b64encode(data).decode("ascii").rstrip("=")


def _octets(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


class WebSocketLink(Link):
    def __init__(self, sock, serves):
        super().__init__(sock, serves)
        if serves:
            self.engine = ServerConnection()
        else:
            self.engine = ClientConnection(parse_uri("ws://ws2conform/"))
        self._request = self._response = None
        self._messages = []
        self._eof_sent = False

    # What the engine says.

    @property
    def requested(self):
        return self._request is not None

    @property
    def connected(self):
        return self._response is not None and self._response.status_code == 101

    @property
    def rejected(self):
        return self._response is not None and self._response.status_code != 101

    @property
    def ended(self):
        return self.engine.close_rcvd is not None

    @property
    def caller_data(self):
        text = self._request.headers.get(CALLER_DATA)
        return None if text is None else _octets(text)

    @property
    def callee_data(self):
        text = self._response.headers.get(CALLEE_DATA)
        return None if text is None else _octets(text)

    @property
    def disconnect_data(self):
        return _octets(self.engine.close_rcvd.reason) if self.ended else b""

    @property
    def readable(self):
        return len(self._messages[0]) if self._messages else None

    # What an application does.

    def request(self, data):
        request = self.engine.connect()
        if data is not None:
            request.headers[CALLER_DATA] = _text(data)
        self.engine.send_request(request)

    def accept(self, data):
        response = self.engine.accept(self._request)
        if data is not None:
            response.headers[CALLEE_DATA] = _text(data)
        self.engine.send_response(response)

    def reject(self):
        self.engine.send_response(self.engine.reject(HTTPStatus.FORBIDDEN, ""))

    def send(self, data):
        self.engine.send_binary(data)
        return len(data)

    def receive(self, length):
        message = self._messages.pop(0)
        return message[:length], len(message) > length

    def end(self, data):
        # It was answered already.
        if self.engine.state is State.OPEN:
            reason = "" if data is None else _text(data)
            self.engine.send_close(NORMAL_CLOSURE, reason)

    # Octets and events.

    def push(self, data):
        try:
            self.engine.receive_data(data)
        except ValueError as problem:  # an answer that the package takes for none
            print(f"websockets: {problem}", file=sys.stderr)
            self.abort()
        self._handle_events()

    def push_eof(self):
        self.engine.receive_eof()
        self._handle_events()

    def pull(self):
        octets = self.engine.data_to_send()
        self._eof_sent = self._eof_sent or b"" in octets  # its sign for the end
        return b"".join(octets)

    def finished(self):
        return self._eof_sent

    def _handle_events(self):
        for event in self.engine.events_received():
            if isinstance(event, Request):
                self._request = event
            elif isinstance(event, Response):
                self._response = event
            elif event.opcode in (Opcode.BINARY, Opcode.TEXT):
                self._messages.append(bytes(event.data))


class WebSocket(TransportAdapter):
    implementation = "websockets for Python"
    version = websockets.version.version
    link = WebSocketLink
    provider = {
        "name": "websocket",
        "type": "SOCK_SEQPACKET",
        "flags": [
            "XP1_GUARANTEED_DELIVERY",
            "XP1_GUARANTEED_ORDER",
            "XP1_MESSAGE_ORIENTED",
            "XP1_GRACEFUL_CLOSE",
            "XP1_CONNECT_DATA",
            "XP1_DISCONNECT_DATA",
        ],
        "families": ["AF_INET", "AF_INET6"],
        "capabilities": ["conditional-accept", "delayed-accept", "relayable"],
        "caller_data_max": HEADER_MAX,
        "callee_data_max": HEADER_MAX,
        "disconnect_data_max": REASON_MAX,
        "disconnect_reply_max": REASON_MAX,
    }
    only = {**TransportAdapter.only, "WSASendDisconnect": {"state": ["connected"]}}


if __name__ == "__main__":
    WebSocket().serve()
