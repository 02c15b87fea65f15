"""The kit for writing a ws2conform adapter in Python (standard library only, Python 3.9 or newer).

An adapter is a subclass of Adapter with one method for each operation of ../PROTOCOL.md:

    class MyStack(Adapter):
        implementation = "my stack"
        version = "1.0"

        def providers(self):
            return [{"name": "tcp", "type": "SOCK_STREAM", "flags": [...], "families": ["AF_INET"]}]

        @operation
        def recv(self, socket, length, flags=()):
            data = socket.receive(length)
            return {"returns": len(data), "data": data}

    if __name__ == "__main__":
        MyStack().serve()

What a method gets: the request's fields as keyword arguments. A parameter without a default is a
field that must be there. "as" is a Python keyword, so its parameter is `as_`; it is never a name
in use. `socket` and `event` (and each of `events`) arrive as the object the adapter gave that name
with name(); octet fields arrive as bytes, or None for NULL.

What a method gives: the call's return value, or a dict with "returns" and the out-parameters.
bytes become base64. A call that failed raises CallFailed (an OSError is one too, see error_name);
a value the adapter does not know raises Unsupported; a senseless request raises AdapterError, and
so does, in effect, every other exception, with its traceback on standard error.
"""

import base64
import binascii
import inspect
import json
import keyword
import os
import sys
import traceback

PROTOCOL_VERSION = 1
MAX_LINE = 1 << 20
# As many octets as surely fit, in base64, on one line beside the rest of a reply.
MAX_OCTETS = 768_000
# What buffers hold before a call, so that octets nobody wrote are recognised.
FILLER = 0xA5

_OCTET_FIELDS = ("data", "caller_data", "callee_data")
_HANDLE_FIELDS = {"socket": "socket", "event": "event object"}


class CallFailed(Exception):
    """The call reported failure: the error's name, and the out-parameters it still had."""

    def __init__(self, error, **out_parameters):
        super().__init__(error)
        self.reply = {"error": error, **out_parameters}


class Unsupported(Exception):
    """The adapter does not know this value of a field."""


class AdapterError(Exception):
    """The request makes no sense: a fault of suite or adapter, never of the implementation."""


class SuiteGone(BaseException):
    """The other end of the pipes is closed; never to be taken for a failure of a call."""


def operation(method):
    """Marks a method as the operation of the same name."""
    method.is_operation = True
    return method


def parse_address(text):
    """Takes "127.0.0.1:80" or "[::1]:80" apart; returns host and port."""
    host, colon, port = text.rpartition(":") if isinstance(text, str) else ("", "", "")
    if host.startswith("[") and host.endswith("]"):
        host = host[1:-1]
    elif ":" in host:
        colon = ""
    if not (host and colon and port.isascii() and port.isdigit() and int(port) <= 65535):
        raise AdapterError(f"{json.dumps(text)} is not an address such as 127.0.0.1:80 or [::1]:80")
    return host, int(port)


def format_address(host, port):
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


class Adapter:
    """One adapter process: a single thread that blocks in the calls that block."""

    implementation = "unnamed"
    version = "0"
    only = {}  # what operations are offered for, where that is not everything

    def __init__(self):
        self._operations = {}
        for name, method in inspect.getmembers(self, inspect.ismethod):
            if getattr(method, "is_operation", False):
                self._operations[name] = (method, inspect.signature(method).parameters)
        self._handles = {}
        self._request_id = None
        self._input = sys.stdin.buffer
        self._output = None

    # What an adapter provides or may replace.

    def providers(self):
        """The hello's list of providers."""
        raise NotImplementedError

    def error_name(self, error, fields):
        """The name of the error that an OSError stands for; `fields` are those of the request."""
        raise AdapterError(f"the adapter has no name for {error!r}")

    def dispose(self, handle):
        """Ends one socket or event object for `reset`, abortively where need be. May be given a
        handle that is closed already."""
        handle.close()

    @operation
    def reset(self):
        handles, self._handles = list(self._handles.values()), {}
        for handle in handles:
            self.dispose(handle)
        return 0

    # What an adapter uses.

    def name(self, name, handle):
        """Gives a handle its name, for the life of the process or until reset. Returns the name,
        as `socket` and its kin do."""
        self._handles[name] = handle
        return name

    def upcall(self, **fields):
        """Sends {"id": N, **fields} while a call is pending and returns the suite's decision."""
        self._write({"id": self._request_id, **fields})
        decision = self._parse(self._read_line())
        if decision["id"] != self._request_id or "op" in decision:
            raise AdapterError(f"request {self._request_id} waits for its decision, got {decision}")
        return _decode_octets(decision)

    def serve(self):
        """Says hello and answers requests until standard input ends."""
        # Replies get a descriptor of their own: a stray print() lands on standard error.
        sys.stdout.flush()
        self._output = os.fdopen(os.dup(1), "wb", buffering=0)
        os.dup2(2, 1)
        try:
            self._write(self.hello())
            while True:
                self.handle_line(self._read_line())
        except SuiteGone as gone:
            if str(gone):
                print(gone, file=sys.stderr)

    # The protocol.

    def hello(self):
        restrictions = {"only": self.only} if self.only else {}
        return {
            **restrictions,
            "hello": PROTOCOL_VERSION,
            "implementation": self.implementation,
            "version": self.version,
            "lanes": 1,
            "operations": sorted(self._operations),
            "providers": self.providers(),
        }

    def handle_line(self, line):
        """Answers one request."""
        try:
            request = self._parse(line)
        except AdapterError as problem:
            # Without an id there is nothing to answer to, but silence would look like a hang.
            self._write({"id": None, "adapter_error": str(problem)})
            return
        self._request_id = request["id"]
        self._write({"id": request["id"], **self._result(request)})

    def _result(self, request):
        fields = {}
        try:
            op = request.get("op")
            if op not in self._operations:
                if isinstance(op, str):
                    raise Unsupported(op)
                raise AdapterError("a request needs an op")
            method, parameters = self._operations[op]
            fields = self._arguments(op, parameters, request)
            if request.get("announce"):
                self._write({"id": request["id"], "started": True})
            result = method(**fields)
            return result if isinstance(result, dict) else {"returns": result}
        except CallFailed as failure:
            return failure.reply
        except Unsupported as unknown:
            return {"unsupported": str(unknown)}
        except AdapterError as problem:
            return {"adapter_error": str(problem)}
        except OSError as error:
            try:
                return {"error": self.error_name(error, fields)}
            except AdapterError as problem:
                return {"adapter_error": str(problem)}
        except Exception as problem:  # pylint: disable=broad-except
            traceback.print_exc()
            return {"adapter_error": f"{type(problem).__name__}: {problem}"}

    def _arguments(self, op, parameters, request):
        """Checks the fields of a request against the method's parameters and converts them."""
        fields = {k: v for k, v in request.items() if k not in ("id", "op", "announce")}
        arguments = {}
        for field, value in _decode_octets(fields).items():
            parameter = field + "_" if keyword.iskeyword(field) else field
            if parameter not in parameters:
                raise Unsupported(f"{op}.{field}")
            if field in _HANDLE_FIELDS and value is not None:
                value = self._handle(_HANDLE_FIELDS[field], value)
            elif field == "events":
                value = [self._handle("event object", name) for name in value]
            elif field == "as" and (not isinstance(value, str) or value in self._handles):
                raise AdapterError(f"the name {json.dumps(value)} is taken or no name")
            arguments[parameter] = value
        for parameter, details in parameters.items():
            if details.default is inspect.Parameter.empty and parameter not in arguments:
                raise AdapterError(f"{op} needs the field {json.dumps(parameter.rstrip('_'))}")
        return arguments

    def _handle(self, kind, name):
        if not isinstance(name, str) or name not in self._handles:
            raise AdapterError(f"no {kind} is called {json.dumps(name)}")
        return self._handles[name]

    def _read_line(self):
        """Returns one line. One beyond MAX_LINE comes back cut, but is read to its end."""
        line = self._input.readline(MAX_LINE + 1)
        rest = line
        while rest and not rest.endswith(b"\n"):
            rest = self._input.readline(MAX_LINE)
        if not rest:
            raise SuiteGone("standard input ended in the middle of a line" if line else "")
        return line

    def _parse(self, line):
        if len(line) > MAX_LINE:
            raise AdapterError(f"a line is longer than {MAX_LINE} octets")
        try:
            request = json.loads(line.decode("utf-8"))
        except (ValueError, RecursionError) as problem:
            raise AdapterError(f"a line is not JSON: {problem}") from None
        if not isinstance(request, dict) or type(request.get("id")) is not int:
            raise AdapterError("a line is not an object with a number as its id")
        return request

    def _write(self, reply):
        line = json.dumps(reply, default=_encode_octets).encode("utf-8") + b"\n"
        if len(line) > MAX_LINE:
            too_long = {"id": reply.get("id"), "adapter_error": "the reply is too long for a line"}
            line = json.dumps(too_long).encode("utf-8") + b"\n"
        self.write_line(line)

    def write_line(self, line):
        """Writes octets to the suite as they are."""
        try:
            rest = memoryview(line)
            while rest:
                rest = rest[self._output.write(rest) :]
        except OSError as error:
            raise SuiteGone(f"standard output is closed: {error}") from None


def _decode_octets(fields):
    """Replaces base64 by bytes in the fields that carry octets."""
    decoded = dict(fields)
    for field in _OCTET_FIELDS:
        if fields.get(field) is not None:
            try:
                decoded[field] = base64.b64decode(fields[field], validate=True)
            except (binascii.Error, TypeError, ValueError):
                raise AdapterError(f"{field} is not base64") from None
    return decoded


def _encode_octets(value):
    if isinstance(value, (bytes, bytearray, memoryview)):
        return base64.b64encode(value).decode("ascii")
    raise TypeError(f"{type(value).__name__} does not travel as JSON")
