"""Broken adapter: a correct hello, then no answer to anything."""

import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", ".."))

from plain_tcp import PlainTcp  # noqa: E402  pylint: disable=wrong-import-position


class Silent(PlainTcp):
    def handle_line(self, line):
        pass


Silent().serve()
