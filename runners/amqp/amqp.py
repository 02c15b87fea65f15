"""Adapter: AMQP 1.0 connections, as Qpid Proton C's engine has them (by its Python binding).

    caller data       a property of the caller's open    it waits for the acceptor's open
    callee data       a property of the acceptor's open
    data              messages of one data section each, on a link for each direction
    rejection         open that says so (amqp:connection-establishment-failed), and close
    graceful end      close; the disconnect data is in its error condition
    abortive end      the transport's end without a close

AMQP and Proton set no limit to properties: those of the hello are the adapter's own, and the
largest that were tried.
"""

import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "python"))

import proton  # noqa: E402
from links import Link  # noqa: E402
from proton import Collector, Condition, Endpoint, Event, Message, Transport, symbol  # noqa: E402
from transport import TransportAdapter  # noqa: E402

LARGEST = 60_000  # octets
CREDIT = 100  # messages on their way

CALLER_DATA = symbol("ws2conform:caller-data")
CALLEE_DATA = symbol("ws2conform:callee-data")
DISCONNECT = "ws2conform:disconnect"
DATA = symbol("data")
# The convention of AMQP 1.0 brokers for an open that is followed by a close.
FAILED = symbol("amqp:connection-establishment-failed")


class AmqpLink(Link):
    def __init__(self, sock, serves):
        super().__init__(sock, serves)
        self.connection = proton.Connection()
        self.connection.container = "ws2conform"
        self.collector = Collector()
        self.connection.collect(self.collector)
        self.transport = Transport(Transport.SERVER if serves else Transport.CLIENT)
        self.transport.bind(self.connection)
        self.sender = self.receiver = None
        self.tags = 0
        self.message = None  # the octets of the next one, once it is there

    # What the engine says.

    @property
    def _opened(self):
        return bool(self.connection.state & (Endpoint.REMOTE_ACTIVE | Endpoint.REMOTE_CLOSED))

    def _told(self, name):
        return (self.connection.remote_properties or {}).get(name)

    def _octets(self, name):
        data = self._told(name)
        return None if data is None else bytes(data)

    requested = _opened

    @property
    def connected(self):
        return self._opened and not self._told(FAILED)

    @property
    def rejected(self):
        return self._opened and bool(self._told(FAILED)) and self.ended

    @property
    def ended(self):
        return bool(self.connection.state & Endpoint.REMOTE_CLOSED)

    @property
    def caller_data(self):
        return self._octets(CALLER_DATA)

    @property
    def callee_data(self):
        return self._octets(CALLEE_DATA)

    @property
    def disconnect_data(self):
        condition = self.connection.remote_condition
        data = (condition.info or {}).get(DATA) if condition else None
        return b"" if data is None else bytes(data)

    @property
    def writable(self):
        return self.sender is not None and self.sender.credit > 0

    @property
    def readable(self):
        delivery = self.receiver.current if self.receiver and self.message is None else None
        if delivery and delivery.readable and not delivery.partial:
            message = Message()
            message.decode(self.receiver.recv(delivery.pending))
            self.message = bytes(message.body)
            self.receiver.advance()
            delivery.settle()
        return None if self.message is None else len(self.message)

    # What an application does.

    def request(self, data):
        self._open({} if data is None else {CALLER_DATA: data})

    def _make_links(self):
        session = self.connection.session()
        session.open()
        self.sender = session.sender("to the acceptor")
        self.sender.open()
        self.receiver = session.receiver("to the caller")
        self.receiver.open()
        self.receiver.flow(CREDIT)

    def accept(self, data):
        self._open({} if data is None else {CALLEE_DATA: data})

    def reject(self):
        self._open({FAILED: True})
        self.connection.close()

    def _open(self, properties):
        self.connection.properties = properties or None
        self.connection.open()

    def send(self, data):
        self.tags += 1
        delivery = self.sender.delivery(str(self.tags))
        message = Message(body=data, inferred=True)  # inferred: octets are a data section
        self.sender.send(message.encode())
        self.sender.advance()
        delivery.settle()
        return len(data)

    def receive(self, length):
        data, self.message = self.message, None
        self.receiver.flow(1)
        return data[:length], len(data) > length

    def end(self, data):
        if data is not None:
            self.connection.condition = Condition(DISCONNECT, None, {DATA: data})
        self.connection.close()

    # Octets and events.

    def room(self):
        return max(0, self.transport.capacity())

    def push(self, data):
        self.transport.push(data)
        self._handle_events()

    def push_eof(self):
        self.transport.close_tail()
        self._handle_events()

    def pull(self):
        octets = b""
        while (waiting := self.transport.pending()) > 0:
            octets += self.transport.peek(waiting)
            self.transport.pop(waiting)
        self._handle_events()
        return octets

    def finished(self):
        return self.transport.pending() < 0

    def _handle_events(self):
        while (event := self.collector.peek()) is not None:
            if event.type == Event.CONNECTION_REMOTE_OPEN and self.connected and not self.serves:
                self._make_links()
            elif event.type == Event.SESSION_REMOTE_OPEN and self.serves:
                event.session.open()
            elif event.type == Event.LINK_REMOTE_OPEN and self.serves:
                event.link.open()
                if event.link.is_receiver:
                    self.receiver = event.link
                    self.receiver.flow(CREDIT)
                else:
                    self.sender = event.link
            elif event.type == Event.TRANSPORT_ERROR:
                self.lost = self.lost or not self.ended
            self.collector.pop()


class Amqp(TransportAdapter):
    implementation = "Qpid Proton"
    version = f"{'.'.join(map(str, proton.VERSION))}, through its Python binding"
    link = AmqpLink
    provider = {
        "name": "amqp",
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
        "capabilities": ["conditional-accept", "delayed-accept", "half-close", "relayable"],
        "caller_data_max": LARGEST,
        "callee_data_max": LARGEST,
        "disconnect_data_max": LARGEST,
        "disconnect_reply_max": LARGEST,
    }


if __name__ == "__main__":
    Amqp().serve()
