"""The plain TCP adapter, until it does a misdeed (misdeeds.py) or lies (below) instead of answering a request.

Usage: hostile_tcp.py MISDEED OPERATION NUMBER MARK
The misdeed is done for the NUMBER-th request of that name (0: instead of the hello), by the first process that
gets so far and makes the file MARK: whoever is started afterwards is well-behaved.
"""

import json
import os
import pathlib
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent.parent / "python")]

import misdeeds  # noqa: E402
from plain_tcp import PlainTcp  # noqa: E402

MISDEED, OPERATION, NUMBER, MARK = sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4]


def more_than_there_is(request):
    misdeeds.out(b'{"id": %d, "returns": 1000, "data": "YWJj"}\n' % request)


def more_than_was_offered(request):
    misdeeds.out(b'{"id": %d, "returns": 6000, "data": "%s"}\n' % (request, b"YWJj" * 2000))


def a_reply_of_no_kind(request):
    misdeeds.out(b'{"id": %d, "result": 0}\n' % request)


def leaves_after_its_answer(request):
    """Says all that is asked for and is gone when the next schedule begins."""
    misdeeds.answer(request)
    os._exit(0)


for lie in (more_than_there_is, more_than_was_offered, a_reply_of_no_kind, leaves_after_its_answer):
    setattr(misdeeds, lie.__name__, lie)


class HostileTcp(PlainTcp):
    seen = 0
    probed = False  # what is asked before the first socket is asked of everybody

    def serve(self):
        if NUMBER == 0 and self.mine():
            self.misbehave(0)
        super().serve()

    def mine(self):
        try:
            os.close(os.open(MARK, os.O_CREAT | os.O_EXCL))
            return True
        except FileExistsError:
            return False

    def misbehave(self, request):
        misdeeds.OUT = self._output.fileno() if self._output else 1
        misdeeds.do(MISDEED, request)

    def handle_line(self, line):
        request = json.loads(line)
        self.probed = self.probed or request.get("op") == "socket"
        self.seen += self.probed and request.get("op") == OPERATION
        if request.get("op") == OPERATION and self.seen == NUMBER and self.mine():
            self.misbehave(request["id"])
        else:
            super().handle_line(line)


HostileTcp().serve()
