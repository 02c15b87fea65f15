"""A client that is killed in the middle: the server must take that for an abortive end.

The client calls through a relay, so that it is known when transactions are under way.

usage: vanishing_client.py SERVER CLIENT
"""

import re
import selectors
import socket
import subprocess
import sys

PATIENCE = 60  # seconds
ENOUGH = 1000  # octets of the server: far more than its acceptance has
WSAECONNRESET = 10054


def relay_until_dead(to_client, to_server, doomed):
    """Passes octets on, kills the client after ENOUGH, ends when its connection does."""
    passed = 0
    with selectors.DefaultSelector() as ready:
        ready.register(to_client, selectors.EVENT_READ, to_server)
        ready.register(to_server, selectors.EVENT_READ, to_client)
        while True:
            for key, _ in ready.select(PATIENCE):
                try:
                    octets = key.fileobj.recv(4096)
                    if not octets:
                        return
                    key.data.sendall(octets)
                except OSError:
                    return
                if key.fileobj is to_server:
                    passed += len(octets)
                    if passed > ENOUGH:
                        doomed.kill()


def main(server, client):
    with subprocess.Popen(
        [server, "1"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as serving, socket.create_server(("127.0.0.1", 0)) as listener:
        try:
            port = int(serving.stdout.readline())
            listener.settimeout(PATIENCE)
            # More transactions than it will live for.
            with subprocess.Popen(
                [client, str(listener.getsockname()[1]), "doomed", "1000000000"]
            ) as doomed:
                to_client, _ = listener.accept()
                with to_client, socket.create_connection(("127.0.0.1", port)) as to_server:
                    relay_until_dead(to_client, to_server, doomed)
                doomed.kill()
            _, errors = serving.communicate(timeout=PATIENCE)
            assert serving.returncode == 1, f"the server ended with {serving.returncode}"
            failed = re.fullmatch(r"(WSARecv|send) failed: (\d+)", errors.strip())
            assert failed, errors
            assert int(failed[2]) == WSAECONNRESET, errors
        finally:
            serving.kill()


if __name__ == "__main__":
    main(*sys.argv[1:])
