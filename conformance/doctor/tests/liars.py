"""The plain TCP adapter with one fault in how it speaks the protocol: the first argument names it."""

import io
import json
import os
import pathlib
import sys
import threading

ROOT = pathlib.Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "runners" / "python"))

import plain_tcp  # noqa: E402
import ws2adapter  # noqa: E402

Honest = plain_tcp.PlainTcp


def claims_everything(adapter):
    """Answers success to operations that it does not know."""
    result = adapter._result
    adapter._result = lambda request: (
        result(request) if request.get("op") in adapter._operations else {"returns": 0}
    )


def overlooks_fields(adapter):
    """Passes over fields that it does not know."""
    arguments = adapter._arguments

    def lenient(op, parameters, request):
        known = {"id", "op", "announce"} | {name.rstrip("_") for name in parameters}
        return arguments(op, parameters, {k: v for k, v in request.items() if k in known})

    adapter._arguments = lenient


def answers_twice(adapter):
    write = adapter._write
    adapter._write = lambda reply: (write(reply), write(reply)) if "returns" in reply else write(reply)


def foreign_id(adapter):
    write = adapter._write
    adapter._write = lambda reply: write({**reply, "id": reply["id"] + 1} if reply.get("id") else reply)


def pretends_gap(adapter):
    """Has an operation that its hello does not list."""
    hello = adapter.hello
    adapter.hello = lambda: {
        **hello(),
        "operations": [name for name in hello()["operations"] if name != "shutdown"],
    }
    result = adapter._result
    adapter._result = lambda request: (
        {"returns": 0} if request.get("op") == "shutdown" else result(request)
    )


def ascii_only(adapter):
    """Loses the high bit of every octet received."""
    result = adapter._result

    def lossy(request):
        answer = result(request)
        if answer.get("data"):
            answer["data"] = bytes(octet & 0x7F for octet in bytes(answer["data"]))
        return answer

    adapter._result = lossy


def mangles_names(adapter):
    name = adapter.name
    adapter.name = lambda text, handle: name(text.encode("ascii", "replace").decode(), handle)


def never_announces(adapter):
    handle_line = adapter.handle_line
    adapter.handle_line = lambda line: handle_line(line.replace(b'"announce":true,', b""))


def remembers_names(adapter):
    """reset closes the sockets and keeps their names."""
    handles = adapter._handles
    method, parameters = adapter._operations["reset"]
    assert method
    adapter._operations["reset"] = (lambda: 0, parameters)
    assert handles is adapter._handles


def narrow_ids(adapter):
    write = adapter._write
    adapter._write = lambda reply: write(
        {**reply, "id": reply["id"] & 0xFFFFFFFF} if reply.get("id") else reply
    )


def forgets_out_parameters(adapter):
    result = adapter._result

    def forgetful(request):
        answer = result(request)
        answer.pop("addr", None)
        return answer

    adapter._result = forgetful


def stays(adapter):
    """Does not end when its input does."""
    serve = adapter.serve

    def and_stay():
        serve()
        threading.Event().wait()

    adapter.serve = and_stay


def chatty(adapter):
    """Prints what it does on standard output."""
    result = adapter._result

    def talk(request):
        adapter.write_line(f"got {request.get('op')}\n".encode())
        return result(request)

    adapter._result = talk


def dies_of_garbage(adapter):
    parse = adapter._parse

    def strict(line):
        json.loads(line)
        return parse(line)

    adapter._parse = strict


def boasts_of_lanes(adapter):
    hello = adapter.hello
    adapter.hello = lambda: {**hello(), "lanes": 4}


def boasts_of_reading_ahead(adapter):
    """Takes what it reads in one piece for one request, and so overlooks the others."""
    hello = adapter.hello
    adapter.hello = lambda: {**hello(), "reads_ahead": True}
    adapter._input = io.BufferedReader(FirstLines(sys.stdin.fileno()))


class FirstLines(io.RawIOBase):
    def __init__(self, descriptor):
        super().__init__()
        self.descriptor = descriptor

    def readable(self):
        return True

    def readinto(self, room):
        got, more, _ = os.read(self.descriptor, len(room)).partition(b"\n")
        room[: len(got) + len(more)] = got + more
        return len(got) + len(more)


def reads_ahead(adapter):
    hello = adapter.hello
    adapter.hello = lambda: {**hello(), "reads_ahead": True}


def limits_without_flags(adapter):
    providers = adapter.providers
    adapter.providers = lambda: [{**provider, "caller_data_max": 16} for provider in providers()]


def no_fault(adapter):
    assert isinstance(adapter, ws2adapter.Adapter)


liar = Honest()
globals()[sys.argv[1]](liar)
liar.serve()
