"""A process that is killed ends its connections abortively, whichever end it was (TEAR-31).

Not on bare TCP: there the operating system says the same for it as for a graceful end.

usage: vanishing_end.py PROGRAM PROVIDER...
"""

import subprocess
import sys

PATIENCE = 60  # seconds
WSAECONNRESET = 10054


def start(*command):
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def value(process, word):
    line = process.stdout.readline().split()
    assert line and line[0] == word, f"{word} expected, {line} came"
    return line[1]


def end_seen(program, provider, killed):
    """What the end that lives on reads when the other, 'caller' or 'acceptor', is killed."""
    with start(program, provider) as acceptor:
        with start(program, provider, value(acceptor, "port")) as caller:
            for process in (caller, acceptor):
                value(process, "connected")
            victim, other = (caller, acceptor) if killed == "caller" else (acceptor, caller)
            victim.kill()
            seen = int(value(other, "end"))
            assert other.wait(PATIENCE) == 0
            return seen


def main(program, *providers):
    for provider in providers:
        expected = 0 if provider == "tcp" else WSAECONNRESET
        for killed in ("caller", "acceptor"):
            seen = end_seen(program, provider, killed)
            assert seen == expected, f"{provider}, {killed} killed: {seen}, not {expected}"


if __name__ == "__main__":
    main(*sys.argv[1:])
