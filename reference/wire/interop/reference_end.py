"""What the wire tests work with: the reference in a process of its own, a relay that listens in, and
bare sockets."""

import socket
import struct
import subprocess
import threading

PATIENCE = 60  # seconds; nothing here waits for time to pass


def hexed(octets):
    return octets.hex() or "-"


def unhexed(text):
    return b"" if text == "-" else bytes.fromhex(text)


class Reference:
    """The program of endpoint.cpp. ask() waits for the answer; tell() does not, and answer() gets it."""

    def __init__(self, program):
        self._process = subprocess.Popen(
            [program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1
        )

    def tell(self, *words):
        self._process.stdin.write(" ".join(map(str, words)) + "\n")
        self._process.stdin.flush()

    def answer(self):
        return self._process.stdout.readline().strip()

    def ask(self, *words):
        self.tell(*words)
        return self.answer()

    def receive_all(self):
        """What is received until the end: a list, and how the end looked."""
        pieces = []
        while True:
            answer = self.ask("receive")
            if answer == "end" or answer.startswith("error"):
                return pieces, answer
            pieces.append(unhexed(answer))

    def stop(self):
        self._process.stdin.close()
        self._process.wait(PATIENCE)
        self._process.stdout.close()


class Relay:
    """Passes on one connection and keeps what went each way."""

    def __init__(self, port):
        self._to = port
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self.from_caller = bytearray()
        self.from_acceptor = bytearray()
        self.resets = 0
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def _run(self):
        caller, _ = self._listener.accept()
        self._listener.close()
        with caller, socket.create_connection(("127.0.0.1", self._to)) as acceptor:
            ways = [
                threading.Thread(target=self._carry, args=way)
                for way in (
                    (caller, acceptor, self.from_caller),
                    (acceptor, caller, self.from_acceptor),
                )
            ]
            for way in ways:
                way.start()
            for way in ways:
                way.join()

    def _carry(self, source, sink, record):
        try:
            while octets := source.recv(65536):
                record += octets
                sink.sendall(octets)
            sink.shutdown(socket.SHUT_WR)
        except OSError:
            self.resets += 1
            for end in (source, sink):
                end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                try:
                    end.shutdown(socket.SHUT_RDWR)
                except OSError:
                    pass

    def captured(self):
        """Both directions, once both have ended."""
        self._thread.join(PATIENCE)
        return bytes(self.from_caller), bytes(self.from_acceptor)


def receive_to_end(peer):
    """Whatever comes until the peer's end."""
    octets = b""
    while piece := peer.recv(65536):
        octets += piece
    return octets


def receive_exactly(peer, count):
    octets = b""
    while len(octets) < count:
        piece = peer.recv(count - len(octets))
        if not piece:
            raise EOFError(f"{len(octets)} octets instead of {count}")
        octets += piece
    return octets
