"""What a program has queued arrives though it closes the socket and ends at once.

usage: closes_then_exits.py PROGRAM
"""

import socket
import subprocess
import sys

PATIENCE = 60  # seconds


def main(program):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(PATIENCE)
        port = str(listener.getsockname()[1])
        with subprocess.Popen([program, port], stdout=subprocess.PIPE, text=True) as leaving:
            connection, _ = listener.accept()
            with connection:
                connection.settimeout(PATIENCE)
                # It has closed its socket by the time it prints; only then is anything read.
                total = int(leaving.stdout.readline())
                received = 0
                while octets := connection.recv(1 << 16):
                    received += len(octets)
            assert leaving.wait(PATIENCE) == 0
            assert received == total, f"{received} octets of {total}"


if __name__ == "__main__":
    main(*sys.argv[1:])
