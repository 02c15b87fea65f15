"""Broken adapter: a correct hello and correct replies, but garbage for the N-th request (first
argument; the first request when absent)."""

import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", ".."))

from plain_tcp import PlainTcp  # noqa: E402  pylint: disable=wrong-import-position


class Garbage(PlainTcp):
    requests_before_garbage = int(sys.argv[1]) if len(sys.argv) > 1 else 1

    def handle_line(self, line):
        self.requests_before_garbage -= 1
        if self.requests_before_garbage == 0:
            self.write_line(b"this is no JSON { \xff\n")
        else:
            super().handle_line(line)


Garbage().serve()
