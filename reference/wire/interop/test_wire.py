"""The reference against a second implementation of the wire format, wire_format.py, which was written
from ../WIRE.md: as a listener to real connections, as a caller, and as an acceptor.

usage: test_wire.py ENDPOINT_PROGRAM
"""

import pathlib
import re
import socket
import sys
import unittest

import wire_format as wire
from reference_end import (
    PATIENCE,
    Reference,
    Relay,
    hexed,
    receive_exactly,
    receive_to_end,
    unhexed,
)
from wire_format import ACCEPT, DATA, DISCONNECT, END_OF_MESSAGE, PROVIDERS, QOS, REJECT, REQUEST
from wire_format import Frame, Violation

DESCRIPTION = pathlib.Path(__file__).resolve().parent.parent / "WIRE.md"
FLOWS = ((1, 2, 3, 4, 5, 2, 7, 8), (0xFFFFFFFF,) * 5 + (1,) + (0xFFFFFFFF,) * 2)
WSAEFAULT = 10014
WSAECONNREFUSED = 10061
WSAECONNRESET = 10054

program = None


def each_provider(test):
    def run(self):
        for name, provider in PROVIDERS.items():
            with self.subTest(name):
                test(self, name, provider)

    return run


def each_variant(test):
    """Each provider; octets at once and one by one; which end is the first to disconnect."""

    def run(self):
        for name, provider in PROVIDERS.items():
            for piece in (None, 1):
                for end in (self.end_first, self.end_second):
                    with self.subTest(name, piece=piece, end=end.__name__):
                        test(self, name, provider, piece, end)

    return run


class WireTest(unittest.TestCase):
    def reference(self):
        made = Reference(program)
        self.addCleanup(made.stop)
        return made


class Description(unittest.TestCase):
    """The examples of WIRE.md."""

    def blocks(self):
        text = DESCRIPTION.read_text()
        examples = text[text.index("## Examples") : text.index("## Bare TCP")]
        return re.findall(r"```\n(.*?)```", examples, re.S)

    @staticmethod
    def octets_of(line):
        words = re.match(r"((?:[0-9a-f]+ +)*[0-9a-f]+)(?=$|  )", line).group(1)
        return bytes.fromhex(words.replace(" ", ""))

    def test_examples(self):
        lines = self.blocks()[0].splitlines()
        self.assertGreaterEqual(len(lines), 12)
        for line in lines:
            with self.subTest(line):
                label, octets = line[:37], self.octets_of(line[37:])
                name = re.search(r", (\w+)", label).group(1)
                provider = PROVIDERS[name]
                reader = wire.Reader(provider)
                reader.feed(octets)
                (frame,) = reader.frames
                self.assertEqual(wire.NAMES[frame.type], re.match(r"\w+", label).group())
                self.assertEqual(wire.encode(frame, provider), octets)
                if said := re.search(r'"(\w+)"', label):
                    self.assertIn(frame.data, said.group(1).encode())

    def test_transcripts(self):
        for block, name in zip(self.blocks()[1:3], ("stream", "decnet")):
            for line in block.splitlines():
                with self.subTest(line):
                    if line.endswith("FIN"):
                        continue
                    octets = self.octets_of(line[10:])
                    reader = wire.Reader(PROVIDERS[name])
                    reader.feed(octets)
                    (frame,) = reader.frames
                    kind, said = re.search(r' ([A-Z]+)(?: "([^"]*)")?$', line).groups()
                    self.assertEqual(wire.NAMES[frame.type], kind)
                    self.assertEqual(frame.data.decode(), said or "")

    def test_counterexamples(self):
        lines = self.blocks()[3].splitlines()
        self.assertGreaterEqual(len(lines), 10)
        for line in lines:
            with self.subTest(line), self.assertRaises(Violation):
                wire.Reader(PROVIDERS["stream"]).feed(self.octets_of(line[37:]))


class Captured(WireTest):
    """What two ends of the reference say to each other."""

    def connect(self, name, caller_data=b"", callee_data=b"", *more):
        self.server = self.reference()
        self.client = self.reference()
        relay = Relay(self.server.ask("listen", name, 5))
        self.client.tell("connect", name, relay.port, hexed(caller_data), *more)
        self.assertEqual(unhexed(self.server.ask("accept", hexed(callee_data))), caller_data)
        self.assertEqual(unhexed(self.client.answer()), callee_data)
        return relay

    def read(self, relay, provider):
        from_caller, from_acceptor = relay.captured()
        self.assertEqual(relay.resets, 0)
        caller = wire.read_direction(from_caller, provider, True)
        acceptor = wire.read_direction(from_acceptor, provider, False)
        # One spelling for one meaning.
        for frames, octets in ((caller, from_caller), (acceptor, from_acceptor)):
            again = b"".join(wire.encode(frame, provider) for frame in frames)
            self.assertEqual(again, octets)
        return caller, acceptor

    def end(self, provider, caller_data, acceptor_data):
        """Both ends, the caller first; what each saw of the other's."""
        self.assertEqual(self.client.ask("disconnect", hexed(caller_data)), "ok")
        received = self.server.receive_all()
        self.assertEqual(unhexed(self.server.ask("disconnect-data")), caller_data)
        if not provider.one_shot:
            self.assertEqual(self.server.ask("disconnect", hexed(acceptor_data)), "ok")
        answered = self.client.receive_all()
        if not provider.one_shot:
            self.assertEqual(unhexed(self.client.ask("disconnect-data")), acceptor_data)
        self.assertEqual(self.server.ask("close"), "ok")
        self.assertEqual(self.client.ask("close"), "ok")
        return received, answered

    @each_provider
    def test_everything_at_its_limit(self, name, provider):
        caller_data = bytes(i % 256 for i in range(provider.caller_data))
        callee_data = bytes((i * 3) % 256 for i in range(provider.callee_data))
        last = bytes((i * 7) % 256 for i in range(provider.disconnect_data))
        relay = self.connect(name, caller_data, callee_data)
        self.assertEqual(self.client.ask("send", hexed(b"ask")), "ok")
        self.assertEqual(unhexed(self.server.ask("receive")), b"ask")
        self.assertEqual(self.server.ask("send", hexed(b"reply")), "ok")
        self.assertEqual(unhexed(self.client.ask("receive")), b"reply")
        self.end(provider, last, last[::-1])
        flags = END_OF_MESSAGE if provider.messages else 0
        caller, acceptor = self.read(relay, provider)
        self.assertEqual(
            caller,
            [Frame(REQUEST, caller_data), Frame(DATA, b"ask", flags), Frame(DISCONNECT, last)],
        )
        answer = b"" if provider.one_shot else last[::-1]
        self.assertEqual(
            acceptor,
            [Frame(ACCEPT, callee_data), Frame(DATA, b"reply", flags), Frame(DISCONNECT, answer)],
        )

    @each_provider
    def test_one_octet_beyond_the_limits(self, name, provider):
        server, client = self.reference(), self.reference()
        port = server.ask("listen", name, 5)
        beyond = hexed(bytes(provider.caller_data + 1))
        self.assertEqual(client.ask("connect", name, port, beyond), f"error {WSAEFAULT}")
        client.tell("connect", name, port, "-")
        beyond = hexed(bytes(provider.callee_data + 1))
        self.assertEqual(server.ask("accept", beyond), f"error {WSAEFAULT}")
        self.assertEqual(server.ask("accept", "-"), "-")
        self.assertEqual(client.answer(), "-")
        beyond = hexed(bytes(provider.disconnect_data + 1))
        self.assertEqual(client.ask("disconnect", beyond), f"error {WSAEFAULT}")

    @each_provider
    def test_nothing_at_all(self, name, provider):
        relay = self.connect(name)
        self.end(provider, b"", b"")
        self.assertEqual(
            self.read(relay, provider),
            ([Frame(REQUEST), Frame(DISCONNECT)], [Frame(ACCEPT), Frame(DISCONNECT)]),
        )

    def test_long_stream(self):
        provider = PROVIDERS["stream"]
        relay = self.connect("stream")
        octets = bytes(i * i % 251 for i in range(200_000))
        self.client.tell("send", hexed(octets))
        pieces = b""
        while len(pieces) < len(octets):
            pieces += unhexed(self.server.ask("receive"))
        self.assertEqual(self.client.answer(), "ok")
        self.assertEqual(pieces, octets)
        self.end(provider, b"3", b"45")
        caller, _ = self.read(relay, provider)
        self.assertEqual(wire.messages(caller, provider), octets)

    @each_provider
    def test_message_boundaries(self, name, provider):
        if not provider.messages:
            return
        relay = self.connect(name)
        sent = [b"one", b"", b"three", bytes(65536), b"x"]
        for message in sent:
            self.client.tell("send", hexed(message))
        if name == "message":
            self.client.tell("send", hexed(b"in "), "part")
            self.client.tell("send", hexed(b"pieces"))
        sent_in_all = sent + ([b"in pieces"] if name == "message" else [])
        got = [unhexed(self.server.ask("receive")) for _ in sent_in_all]
        for _ in range(len(sent) + (2 if name == "message" else 0)):
            self.assertEqual(self.client.answer(), "ok")
        self.assertEqual(got, sent_in_all)
        self.end(provider, b"3", b"45")
        caller, _ = self.read(relay, provider)
        self.assertEqual(wire.messages(caller, provider), sent_in_all)
        if name != "message":  # one frame each
            self.assertEqual(len(caller), 2 + len(sent))

    def test_quality_of_service(self):
        for name in ("stream", "message"):
            provider = PROVIDERS[name]
            with self.subTest(name):
                relay = self.connect(name, b"hi", b"", "qos")
                self.end(provider, b"", b"")
                caller, _ = self.read(relay, provider)
                self.assertEqual(caller[0], Frame(REQUEST, b"hi", qos=(*FLOWS, b"ps")))

    @each_provider
    def test_reject_reasons(self, name, provider):
        for reason in (wire.REFUSED, wire.QUEUE_FULL, wire.LISTENER_GONE):
            server, client = self.reference(), self.reference()
            port = server.ask("listen", name, 1)
            if reason == wire.QUEUE_FULL:
                # Complete before the other: the listener hears it first.
                with socket.create_connection(("127.0.0.1", int(port))) as first:
                    first.sendall(wire.encode(Frame(REQUEST, b"first"), provider))
                    relay = Relay(port)
                    answer = client.ask("connect", name, relay.port, hexed(b"more"))
            else:
                relay = Relay(port)
                client.tell("connect", name, relay.port, hexed(b"hi"))
                if reason == wire.REFUSED:
                    self.assertEqual(server.ask("reject"), "ok")
                else:
                    # Seen by the condition function, so complete; then left.
                    self.assertEqual(server.ask("accept", hexed(bytes(600)))[:5], "error")
                    self.assertEqual(server.ask("close-listener"), "ok")
                answer = client.answer()
            self.assertEqual(answer, f"error {WSAECONNREFUSED}")
            from_caller, from_acceptor = relay.captured()
            self.assertEqual(len(wire.read_direction(from_caller, provider, True)), 1)
            self.assertEqual(
                wire.read_direction(from_acceptor, provider, False),
                [Frame(REJECT, reason=reason)],
            )

    @each_provider
    def test_a_vanished_end_says_no_disconnect(self, name, provider):
        relay = self.connect(name, b"hi")
        self.assertEqual(self.client.ask("abort"), "ok")
        _, end = self.server.receive_all()
        self.assertEqual(end, f"error {WSAECONNRESET}")
        from_caller, _ = relay.captured()
        reader = wire.Reader(provider)
        reader.feed(from_caller)
        self.assertEqual(reader.frames, [Frame(REQUEST, b"hi")])


class PeerTest(WireTest):
    """The second implementation in the place of one end, said at once and octet by octet."""

    def say(self, peer, provider, *frames, piece=None):
        octets = b"".join(wire.encode(frame, provider) for frame in frames)
        piece = piece or len(octets)
        for begin in range(0, len(octets), piece):
            peer.sendall(octets[begin : begin + piece])

    def hear(self, peer, provider):
        """The next frame."""
        header = receive_exactly(peer, 8)
        kind, flags, length = wire.read_header(header, provider)
        return wire.read_body(kind, flags, receive_exactly(peer, length), provider)

    def end_of_message(self, provider):
        return END_OF_MESSAGE if provider.messages else 0

    def exchange(self, peer, reference, provider, piece):
        """From the acceptance to the end, whichever of the two called."""
        flags = self.end_of_message(provider)
        self.say(peer, provider, Frame(DATA, b"ask", flags), piece=piece)
        self.assertEqual(unhexed(reference.ask("receive")), b"ask")
        self.assertEqual(reference.ask("send", hexed(b"reply")), "ok")
        self.assertEqual(self.hear(peer, provider), Frame(DATA, b"reply", flags))
        if provider.provider_specific is not None:
            change = Frame(QOS, qos=(*FLOWS, b""), revision=1)
            self.say(peer, provider, change, piece=piece)
        if provider.messages:
            self.say(peer, provider, Frame(DATA, b"in "), Frame(DATA, b"two"), piece=piece)
            self.say(peer, provider, Frame(DATA, b"", flags), piece=piece)
            self.assertEqual(unhexed(reference.ask("receive")), b"in two")

    def end_first(self, peer, reference, provider, piece):
        self.say(peer, provider, Frame(DISCONNECT, b"3"), piece=piece)
        peer.shutdown(socket.SHUT_WR)
        if provider.one_shot:  # at once: nothing is asked of the reference meanwhile
            self.assertEqual(self.hear(peer, provider), Frame(DISCONNECT, b""))
        pieces, _ = reference.receive_all()
        self.assertEqual(pieces, [])
        self.assertEqual(unhexed(reference.ask("disconnect-data")), b"3")
        if not provider.one_shot:
            self.assertEqual(reference.ask("disconnect", hexed(b"45")), "ok")
            self.assertEqual(self.hear(peer, provider), Frame(DISCONNECT, b"45"))
        self.assertEqual(receive_to_end(peer), b"")
        self.assertEqual(reference.ask("close"), "ok")

    def end_second(self, peer, reference, provider, piece):
        self.assertEqual(reference.ask("disconnect", hexed(b"3")), "ok")
        self.assertEqual(self.hear(peer, provider), Frame(DISCONNECT, b"3"))
        self.assertEqual(receive_to_end(peer), b"")
        if provider.one_shot:  # crosses with the disconnect, and is dropped
            self.say(peer, provider, Frame(DATA, b"too late", END_OF_MESSAGE), piece=piece)
        answer = b"" if provider.one_shot else b"45"
        self.say(peer, provider, Frame(DISCONNECT, answer), piece=piece)
        peer.shutdown(socket.SHUT_WR)
        pieces, _ = reference.receive_all()
        self.assertEqual(pieces, [])
        if not provider.one_shot:
            self.assertEqual(unhexed(reference.ask("disconnect-data")), answer)
        self.assertEqual(reference.ask("close"), "ok")

    @each_variant
    def test_as_caller(self, name, provider, piece, end):
        reference = self.reference()
        port = int(reference.ask("listen", name, 5))
        with socket.create_connection(("127.0.0.1", port), PATIENCE) as peer:
            qos = None if provider.provider_specific is None else (*FLOWS, b"")
            self.say(peer, provider, Frame(REQUEST, b"hi", qos=qos), piece=piece)
            self.assertEqual(unhexed(reference.ask("accept", hexed(b"welcome"))), b"hi")
            acceptance = self.hear(peer, provider)
            self.assertEqual((acceptance.type, acceptance.data), (ACCEPT, b"welcome"))
            self.exchange(peer, reference, provider, piece)
            end(peer, reference, provider, piece)
        reference.ask("close-listener")

    @each_variant
    def test_as_acceptor(self, name, provider, piece, end):
        reference = self.reference()
        with socket.create_server(("127.0.0.1", 0)) as listener:
            listener.settimeout(PATIENCE)
            port = listener.getsockname()[1]
            reference.tell("connect", name, port, hexed(b"hi"))
            peer, _ = listener.accept()
        with peer:
            peer.settimeout(PATIENCE)
            self.assertEqual(self.hear(peer, provider), Frame(REQUEST, b"hi"))
            self.say(peer, provider, Frame(ACCEPT, b"welcome"), piece=piece)
            self.assertEqual(unhexed(reference.answer()), b"welcome")
            self.exchange(peer, reference, provider, piece)
            end(peer, reference, provider, piece)

    @each_provider
    def test_as_acceptor_that_rejects(self, name, provider):
        for reason in (wire.REFUSED, wire.QUEUE_FULL, wire.LISTENER_GONE):
            reference = self.reference()
            with socket.create_server(("127.0.0.1", 0)) as listener:
                port = listener.getsockname()[1]
                reference.tell("connect", name, port, "-")
                peer, _ = listener.accept()
            with peer:
                peer.settimeout(PATIENCE)
                self.assertEqual(self.hear(peer, provider), Frame(REQUEST))
                self.say(peer, provider, Frame(REJECT, reason=reason))
                peer.shutdown(socket.SHUT_WR)
                self.assertEqual(reference.answer(), f"error {WSAECONNREFUSED}")


if __name__ == "__main__":
    program = sys.argv.pop(1)
    unittest.main()
