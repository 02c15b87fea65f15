"""Talks to an adapter as the suite does; for the tests of adapters.

    with Conversation(["python3", "plain_tcp.py"]) as adapter:
        print(adapter.hello["providers"])
        print(adapter.call("socket", as_="s", provider="tcp"))

`call` returns the reply without its id. An adapter that is silent for `patience` seconds is killed,
which the reader sees as the end of its output.
"""

import base64
import json
import subprocess
import threading


class AdapterEnded(Exception):
    """The adapter closed its standard output, or was killed for its silence (which the text says)."""


def octets(data):
    return base64.b64encode(data).decode("ascii")


class Conversation:
    def __init__(self, command, patience=60, **popen_options):
        self._last_id = 0
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, **popen_options
        )
        self._killed = None  # why, if it was
        self._watchdog = threading.Timer(patience, self._kill, [patience])
        self._watchdog.start()
        self.hello = None

    def __enter__(self):
        try:
            self.hello = self.read()
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        """Closes the adapter's standard input and returns its exit status."""
        try:
            if not self.process.stdin.closed:
                self.process.stdin.close()
        except BrokenPipeError:
            pass
        status = self.process.wait()
        self._watchdog.cancel()
        self._watchdog.join()
        for stream in (self.process.stdout, self.process.stderr):
            if stream and not stream.closed:
                stream.close()
        return status

    def read_raw(self):
        line = self.process.stdout.readline()
        if not line:
            raise AdapterEnded(*filter(None, [self._killed]))
        return line

    def _kill(self, patience):
        self._killed = f"killed: it was still needed after {patience} s"
        self.process.kill()

    def read(self):
        return json.loads(self.read_raw())

    def write_raw(self, line):
        self.process.stdin.write(line)
        self.process.stdin.flush()

    def write(self, **message):
        self.write_raw(json.dumps(message).encode() + b"\n")

    def start(self, op, **fields):
        """Sends a request and returns its id. `as_` stands for the field "as"."""
        self._last_id += 1
        if "as_" in fields:
            fields["as"] = fields.pop("as_")
        self.write(id=self._last_id, op=op, **fields)
        return self._last_id

    def finish(self, request_id):
        """Reads the next message, which must be about `request_id`."""
        message = self.read()
        answered = message.pop("id")
        assert answered == request_id, f"{answered} answered, {request_id} expected"
        return message

    def call(self, op, **fields):
        return self.finish(self.start(op, **fields))
