"""What a hostile adapter can do instead of answering a request, one function each. They write to `OUT` and take
the request's ID. One that comes back has said "done" on standard error last, so that a test need not guess
when it is over."""

import os
import signal
import sys

OUT = 1
INPUT = 0


def out(octets):
    while octets:
        octets = octets[os.write(OUT, octets) :]


def err(text):
    os.write(2, text.encode())


def answer(request):
    out(b'{"id": %d, "returns": 0}\n' % request)


def floods_stdout(request):
    answer(request)
    out(b'{"id": 0, "returns": 0}\n' * 20000)


def floods_stdout_with_long_lines(request):
    for _ in range(64):
        out(b'{"id": 0, "returns": "' + b"x" * 1000000 + b'"}\n')


def floods_stderr(request):
    for _ in range(512):
        err("x" * 65535 + "\n")
    answer(request)


def endless_line(_):
    for _ in range(64):
        out(b"x" * (1 << 15))


def half_line_and_silence(_):
    out(b'{"id": 1, "retu')


def half_line_and_exit(_):
    out(b'{"id": 1, "retu')
    os._exit(0)


def slow_drip(_):
    # What matters is that each octet is a write of its own and no line ever ends.
    for octet in b'{"id": 1, "returns": "slo':
        out(bytes([octet]))


def invalid_utf8(request):
    out(b'{"id": %d, "returns": "\xff\xfe"}\n' % request)


def no_json(_):
    out(b"Segmentation fault (not really)\n")


def unfinished_json(request):
    out(b'{"id": %d, "returns": \n' % request)


def two_values_in_a_line(request):
    out(b'{"id": %d, "returns": 0} {"id": %d, "returns": 0}\n' % (request, request))


def an_array(request):
    out(b'[{"id": %d, "returns": 0}]\n' % request)


def a_number(_):
    out(b"7\n")


def an_empty_line(_):
    out(b"\n")


def byte_order_mark(request):
    out(b"\xef\xbb\xbf")
    answer(request)


def nul_octet(request):
    out(b'{"id": %d, "returns": 0}\0junk\n' % request)


def nothing_but_nul(_):
    out(b"\0" * 100 + b"\n")


def member_twice(request):
    out(b'{"id": %d, "returns": 0, "id": 99}\n' % request)


def inner_member_twice(request):
    out(b'{"id": %d, "returns": {"a": 1, "a": 2}}\n' % request)


def deep_nesting(request):
    out(b'{"id": %d, "returns": ' % request + b"[" * 500000 + b"]" * 500000 + b"}\n")


def deep_objects(request):
    out(b'{"id": %d, "returns": ' % request + b'{"a":' * 100000 + b"0" + b"}" * 100001 + b"\n")


def number_beyond_all(request):
    out(b'{"id": %d, "returns": 1e999}\n' % request)


def huge_id(_):
    out(b'{"id": 18446744073709551615, "returns": 0}\n')


def negative_id(_):
    out(b'{"id": -1, "returns": 0}\n')


def fraction_for_an_id(request):
    out(b'{"id": %d.5, "returns": 0}\n' % request)


def text_for_an_id(request):
    out(b'{"id": "%d", "returns": 0}\n' % request)


def object_for_an_id(_):
    out(b'{"id": {"id": 1}, "returns": 0}\n')


def no_id(_):
    out(b'{"returns": 0}\n')


def foreign_id(_):
    out(b'{"id": 7777777, "returns": 0}\n')


def answers_twice(request):
    out(b'{"id": %d, "returns": 0}\n{"id": %d, "returns": 0}\n' % (request, request))


def answers_early(request):
    """The next request is answered before it is made."""
    out(b'{"id": %d, "returns": 0}\n{"id": %d, "returns": 0}\n' % (request, request + 1))


def says_hello_again(request):
    answer(request)
    out(b'{"hello": 1, "implementation": "again", "version": "1", "operations": [], "providers": []}\n')


def exits_with_0(_):
    os._exit(0)


def exits_with_3(_):
    os._exit(3)


def crashes(_):
    os.kill(os.getpid(), signal.SIGSEGV)
    signal.pause()


def aborts(_):
    os.abort()


def is_killed(_):
    os.kill(os.getpid(), signal.SIGKILL)
    signal.pause()


def ignores_everything(_):
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGPIPE):
        signal.signal(number, signal.SIG_IGN)
    err("done\n")
    while True:
        signal.pause()


def stops_itself(_):
    err("done\n")
    os.kill(os.getpid(), signal.SIGSTOP)


def closes_stdin(_):
    os.close(INPUT)
    err("done\n")
    while True:
        signal.pause()


def closes_stdout(_):
    os.close(OUT)
    if OUT != 1:
        os.close(1)
    err("done\n")
    while True:
        signal.pause()


def closes_everything(_):
    os.closerange(0, 256)
    while True:
        signal.pause()


def leaves_a_grandchild(_):
    """It keeps all pipes open."""
    if os.fork() == 0:
        while True:
            signal.pause()
    os._exit(4)


def leaves_a_daemon(_):
    """In a session of its own, so that no signal to the adapter's group reaches it."""
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
            while True:
                signal.pause()
        os._exit(0)
    os.wait()
    os._exit(4)


def is_a_crowd(_):
    for number in range(20):
        if os.fork() == 0:
            if number % 2:
                os.setsid()
            while True:
                signal.pause()
    err("done\n")
    while True:
        signal.pause()


def do(name, request):
    globals()[name](request)
    err("done\n")


if __name__ == "__main__":
    # An adapter that is well-behaved in its hello, and does the misdeed instead of the first answer.
    out(
        b'{"hello": 1, "implementation": "hostile", "version": "1", "operations": [],'
        b' "providers": [{"name": "any", "flags": []}]}\n'
    )
    sys.stdin.buffer.readline()
    do(sys.argv[1], 1)
    while sys.stdin.buffer.readline():
        pass
