"""Adapters that break the protocol, one way each: the first argument says which. Standard library only,
and not the kit, so that every octet on the pipes is written here."""

import os
import select
import signal
import sys

HELLO = (
    b'{"hello": 1, "implementation": "misbehaving", "version": "1", "operations": [],'
    b' "providers": [{"name": "any", "flags": []}]}\n'
)


def out(octets):
    while octets:
        octets = octets[os.write(1, octets) :]


def err(text):
    os.write(2, text.encode())


def request():
    """One line from the suite; empty at its end."""
    return sys.stdin.buffer.readline()


def until_the_end():
    while request():
        pass


def for_ever():
    while True:
        signal.pause()


def polite():
    """Answers every request with itself, and leaves a mark when its standard input ends."""
    out(HELLO)
    for line in sys.stdin.buffer:
        out(line)
    if len(sys.argv) > 2:
        with open(sys.argv[2], "w", encoding="utf-8") as mark:
            mark.write("ended\n")


def says():
    """Writes its second argument (escapes as in a Python literal), then waits for the end."""
    err("about to speak\ncells: idle/close\n")
    out(sys.argv[2].encode().decode("unicode_escape").encode("latin-1"))
    until_the_end()


def silent():
    err("thinking\n")
    out(HELLO)
    until_the_end()


def busy():
    out(HELLO)
    while True:
        pass


def has_looked(suite):
    """Whether the process waits again, or is gone."""
    try:
        with open(f"/proc/{suite}/stat", encoding="utf-8") as stat:
            return stat.read().rpartition(")")[2].split()[0] in "SZX"
    except FileNotFoundError:
        return True


def answers_after_standstill():
    """Halts the suite for longer than it is patient, and answers when it has looked after that."""
    out(HELLO)
    asked = request()
    suite = os.getppid()
    os.kill(suite, signal.SIGSTOP)
    select.select([os.pidfd_open(suite)], [], [], 2.5)  # unless it is ended meanwhile
    os.kill(suite, signal.SIGCONT)
    while not has_looked(suite):
        os.sched_yield()
    out(asked)
    until_the_end()


def exits():
    out(HELLO)
    request()
    err("I had enough\n")
    sys.exit(int(sys.argv[2]))


def killed():
    out(HELLO)
    request()
    err("this hurts\n")
    os.kill(os.getpid(), int(sys.argv[2]))
    for_ever()


def half_line():
    err("cut short\n")
    out(HELLO + b'{"id": 1, "retu')


def stdout_closed():
    err("nothing more to say\n")
    os.close(1)
    until_the_end()


def endless_line():
    """More than a line may have, and never its end."""
    err("on and on\n")
    for _ in range(40):
        out(b"x" * (1 << 15))
    until_the_end()


def long_line():
    """A message of exactly as many octets, line feed not counted, as the second argument says."""
    head = b'{"long": "'
    out(head + b"x" * (int(sys.argv[2]) - len(head) - 2) + b'"}\n')
    until_the_end()


def flood():
    err("one more\n")
    out(b'{"id": 1, "returns": 0}\n' * 20000)
    until_the_end()


def deep():
    """One short line whose value is nested deeply."""
    depth = int(sys.argv[2])
    out(b'{"id": 1, "returns": ' + b"[" * depth + b"]" * depth + b"}\n")
    until_the_end()


def pieces():
    """One message, octet by octet, and two in one write."""
    for octet in HELLO:
        out(bytes([octet]))
    out(b'{"id": 1, "returns": 0}\r\n{"id": 2, "returns": 0}\n')
    until_the_end()


def deaf():
    """Neither reads nor ends."""
    out(HELLO)
    for_ever()


def grandchild():
    """Leaves a child that keeps all its pipes open; exits with status 4 when asked something."""
    child = os.fork()
    if child == 0:
        for_ever()
    out(b'{"grandchild": %d}\n' % child)
    request()
    err("farewell\n")
    os._exit(4)


def environment():
    out(b'{"value": "%s"}\n' % os.environ.get(sys.argv[2], "unset").encode())
    until_the_end()


def descriptors():
    """Tells which descriptors it was given."""
    listed = sorted(int(name) for name in os.listdir("/proc/self/fd"))
    # The folder's own descriptor is gone by now.
    held = [n for n in listed if os.path.exists(f"/proc/self/fd/{n}")]
    out(b'{"descriptors": %s}\n' % repr(held).encode())
    until_the_end()


def talks_on_stderr():
    out(HELLO)
    request()
    err("first words\n")
    out(b'{"id": 1, "returns": 0}\n')
    until_the_end()


def requests(count):
    import json  # here, since the others must begin fast

    return [json.loads(request()) for _ in range(count)]


def reply(to):
    out(b'{"id": %d, "returns": "%s"}\n' % (to["id"], to["value"].encode()))


def answers_in_reverse():
    out(HELLO)
    for one in reversed(requests(3)):
        reply(one)
    until_the_end()


def announces_in_reverse():
    out(HELLO)
    first, second = requests(2)
    for one in (second, first):
        out(b'{"id": %d, "started": true}\n' % one["id"])
    out(b'{"id": %d, "condition": {}}\n' % second["id"])
    reply(first)
    reply(second)
    until_the_end()


def answers_one_twice():
    out(HELLO)
    _, second = requests(2)
    reply(second)
    reply(second)
    until_the_end()


def answers_one_and_exits():
    out(HELLO)
    _, second = requests(2)
    reply(second)
    sys.exit(6)


globals()[sys.argv[1]]()
