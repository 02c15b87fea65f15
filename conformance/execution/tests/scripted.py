"""An adapter that does as it is told. Its argument is a JSON file:

    {"hello": {...},             fields of the hello that differ from a good one; null leaves one out
     "before_hello": [ACTION],   what it does first
     "answers": {OP: [ANSWER]},  what it does for the first, second ... request of that name, the last
                                 ANSWER for all others; without one it answers what means success
     "verdict": ANSWER,          what it does for the decision on a condition
     "first_process": {OP: [ANSWER]},  instead of "answers" in the first process that reads the file
     "mark": PATH}               a file written when standard input ends

An ANSWER is a list of ACTIONs: {"reply": FIELDS} (the request's ID is added), {"late_reply": FIELDS}
(when the time-out that the request tells is over), {"line": TEXT},
{"stderr": TEXT}, {"exit": STATUS}, {"signal": NUMBER}, {"hold": PATH}, which locks a file for as
long as the process lives, {"outlast": PATH}, which waits for the end of whoever does, "later", which
leaves the request open, {"answer": FIELDS}, which replies to the one that was left, "compute", from
which on a thread of it wants a processor, after everybody else, or "hang", which says nothing any
more but goes on reading. A request with `announce` is announced first, unless its answer begins with
"unannounced".
"""

import fcntl
import hashlib
import json
import os
import select
import sys
import threading

GOOD_HELLO = {
    "hello": 1,
    "implementation": "scripted",
    "version": "1",
    "operations": ["send", "recv"],
    "providers": [{"name": "any", "flags": []}],
}


def write(line):
    octets = line.encode() + b"\n"
    while octets:
        octets = octets[os.write(1, octets) :]


def compute():
    os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))  # of this thread
    hashlib.pbkdf2_hmac("sha256", b"", b"", 1 << 30)  # while others run Python


def success(request):
    if "as" in request:
        return {"returns": request["as"]}
    if request.get("op") == "getsockname":
        return {"returns": 0, "addr": "127.0.0.1:4711"}
    if request.get("op") == "send":
        data = request["data"]
        return {"returns": len(data) // 4 * 3 - data.count("=")}
    return {"returns": 0}


class Scripted:
    def __init__(self, path):
        with open(path, encoding="utf-8") as file:
            self.script = json.load(file)
        self.answers = self.script.get("answers", {})
        if "first_process" in self.script:
            try:
                os.close(os.open(path + ".started", os.O_CREAT | os.O_EXCL))
                self.answers = self.script["first_process"]
            except FileExistsError:
                pass
        self.served = {}
        self.left = None  # the ID of the request that waits for its answer

    def perform(self, actions, request):
        for action in actions:
            if action == "unannounced":
                continue
            if action == "later":
                self.left = request.get("id")
                continue
            if action == "compute":
                threading.Thread(target=compute, daemon=True).start()
                continue
            if action == "hang":
                while sys.stdin.buffer.readline():
                    pass
                sys.exit(0)
            (kind, value), *_ = action.items()
            if kind == "reply":
                write(json.dumps({"id": request.get("id"), **value}))
            elif kind == "answer":
                write(json.dumps({"id": self.left, **value}))
            elif kind == "late_reply":
                select.select([], [], [], request["timeout"] / 1000)
                write(json.dumps({"id": request["id"], **value}))
            elif kind == "line":
                write(value)
            elif kind == "stderr":
                os.write(2, value.encode())
            elif kind in ("hold", "outlast"):
                fcntl.flock(os.open(value, os.O_RDWR | os.O_CREAT), fcntl.LOCK_EX)
            elif kind == "exit":
                os._exit(value)
            elif kind == "signal":
                os.kill(os.getpid(), value)

    def serve(self):
        self.perform(self.script.get("before_hello", []), {})
        hello = {**GOOD_HELLO, **self.script.get("hello", {})}
        write(json.dumps({name: value for name, value in hello.items() if value is not None}))
        for line in sys.stdin.buffer:
            self.answer(json.loads(line))
        if "mark" in self.script:
            with open(self.script["mark"], "w", encoding="utf-8") as mark:
                mark.write("ended\n")

    def answer(self, request):
        if "verdict" in request:
            default = [{"reply": {"returns": "server"}}]
            self.perform(self.script.get("verdict", default), request)
            return
        op = request["op"]
        answers = self.answers.get(op, [])
        number = self.served.get(op, 0)
        self.served[op] = number + 1
        actions = [{"reply": success(request)}]
        if answers:
            actions = answers[min(number, len(answers) - 1)]
        if request.get("announce") and actions[:1] != ["unannounced"]:
            write(json.dumps({"id": request["id"], "started": True}))
        self.perform(actions, request)


Scripted(sys.argv[1]).serve()
