"""What the engine costs, as ratios within one run: measure.py PROGRAM PIPES SOURCE_ROOT [--smoke]

PROGRAM is ws2conform, PIPES the helper beside this file. README.md in the folder above says how to read it.
"""

import argparse
import json
import os
import pathlib
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

STEPS = 40  # of the case whose calls do nothing

NOTHING = """\
id: nothing
title: Calls that do nothing, to measure the suite by
requirements: [SEED-A14]
actors: [client]
axes: {{n: [{n}]}}
steps:
  - {{client: socket}}
{calls}
"""


class Bench:
    def __init__(self, arguments, folder):
        self.program = arguments.program.resolve()
        self.pipes = arguments.pipes.resolve()
        self.source = arguments.source.resolve()
        self.smoke = arguments.smoke
        self.folder = folder
        self.runs = 0

    def few(self, many, smoke):
        return smoke if self.smoke else many

    def run(self, *arguments):
        """The history of a run, and the most memory that the program took, in MiB."""
        self.runs += 1
        report = self.folder / f"report{self.runs}"
        with subprocess.Popen(
            list(map(str, [self.program, "run", *arguments, "--report", report])),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        ) as process:
            output = process.stdout.read()
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode != 0:
            sys.exit(f"measure.py: {' '.join(map(str, arguments))}:\n{output}")
        history = History(report / "history.jsonl", output)
        shutil.rmtree(report)
        return history, usage.ru_maxrss / 1024

    def cases(self, name):
        folder = self.folder / name
        shutil.copytree(self.source / "cases" / "requirements", folder / "requirements")
        (folder / "area").mkdir()
        return folder

    def step(self):
        print("One call through the harness: request, reply, both recorded and judged as they come.")
        cases = self.cases("nothing")
        iut = self.folder / "nothing.yaml"
        iut.write_text(
            json.dumps({"name": "nothing", "title": "nothing", "command": [str(self.pipes), "adapter"]})
        )
        call = "  - {client: setsockopt, option: SO_KEEPALIVE, value: 1}"
        schedules = self.few(400, 3)
        (cases / "area" / "nothing.yaml").write_text(
            NOTHING.format(
                n=", ".join(map(str, range(schedules))), calls="\n".join([call] * STEPS)
            )
        )
        lines = self.folder / "lines"
        harness, bare = [], {-1: [], 0: []}
        for _ in range(self.few(5, 1)):
            history, _ = self.run(iut, "--cases", cases, "--jobs", 1)
            # With socket, reset and the fence after it.
            harness.append(history.duration / (history.schedules * (STEPS + 3)))
            lines.write_text(history.exchange("setsockopt"))
            for cpu, found in bare.items():
                count = self.few(20000, 100)
                found.append(self.number(self.pipes, "pingpong", count, cpu, lines) / 1e9)
        mine = statistics.median(harness)
        print(f"  through the harness, on one core with its adapter  {mine * 1e6:8.1f} us")
        for cpu, where in ((0, "both ends on one core"), (-1, "ends where the system puts them")):
            theirs = statistics.median(bare[cpu])
            print(
                f"  bare ping-pong of the same octets, {where:32} {theirs * 1e6:6.1f} us"
                f"   ratio {mine / theirs:.1f}"
            )

    def number(self, *command):
        done = subprocess.run(
            list(map(str, command)), stdout=subprocess.PIPE, text=True, check=True, timeout=300
        )
        return float(done.stdout)

    def suite(self):
        print("The suite on the reference, two jobs.")
        history, memory = self.run(
            "--jobs", 2, *self.few(("--schedules", 20), ("--schedules", 1, "--filter", "kinds"))
        )
        print(f"  {history.schedules} schedules in {history.duration:.1f} s, peak memory {memory:.0f} MiB")
        print(
            f"  of the schedules' time {100 * history.open / history.busy:.0f} % a request was open at"
            f" an adapter: ratio {history.busy / history.open:.2f}"
        )
        print(f"  in windows {100 * history.windows / history.busy:.2f} %")

    def growth(self):
        print("Ten times as many cases.")
        template = (
            self.source / "cases" / "teardown" / "totals-answered-by-grand-total.yaml"
        ).read_text()
        cases = self.cases("many")
        rates = []
        for count in self.few((6, 60), (1, 10)):
            for i in range(count):
                (cases / "area" / f"case-{i}.yaml").write_text(
                    re.sub(r"^id: .*$", f"id: case-{i}", template, flags=re.M)
                )
            history, memory = self.run(
                "--cases", cases, "--provider", "message", "--jobs", 2, *self.few((), ("--schedules", 2))
            )
            rates.append(history.schedules / history.duration)
            print(
                f"  {count:4} cases: {history.schedules:6} schedules, {rates[-1]:7.0f} a second,"
                f" peak memory {memory:.0f} MiB"
            )
        print(f"  ratio of the rates {rates[1] / rates[0]:.2f}")


class History:
    """Times in seconds, of a history.jsonl."""

    def __init__(self, path, output):
        self.schedules = 0
        self.duration = 0.0  # of the run, before reports are written
        self.busy = 0.0  # all schedules, one after the other
        self.open = 0.0  # of it, while a request was open
        self.windows = 0.0
        self.lines = {}
        began = {}  # by schedule: since when some request is open, and how many are
        with open(path, encoding="utf-8") as file:
            for line in file:
                self.take(json.loads(line), began)
        if self.schedules == 0:
            sys.exit("measure.py: nothing ran:\n" + output)

    def take(self, record, began):
        number = record.get("n")
        if "footer" in record:
            self.duration = record["footer"]["t"] / 1e9
        elif "schedule_end" in record:
            self.schedules += 1
            self.busy += record["schedule_end"]["t"] / 1e9
            began.pop(number, None)
        elif "call" in record:
            since, open_now = began.get(number, (0, {}))
            if not open_now:
                since = record["t"]
            open_now[record["actor"], record["call"].get("id")] = record
            began[number] = (since, open_now)
        elif "return" in record or "partial" in record:
            reply = record.get("return", record.get("partial"))
            since, open_now = began.get(number, (0, {}))
            call = open_now.pop((record["actor"], reply.get("id")), None)
            if call is None:
                return
            self.lines[call["call"]["op"]] = (call["call"], reply)
            if not open_now:
                self.open += max(0, record["t"] - since) / 1e9
            if call["call"].get("windowed"):
                self.windows += (record["t"] - call["t"]) / 1e9

    def exchange(self, operation):
        return "".join(
            json.dumps(message, separators=(",", ":")) + "\n" for message in self.lines[operation]
        )


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program", type=pathlib.Path)
    parser.add_argument("pipes", type=pathlib.Path)
    parser.add_argument("source", type=pathlib.Path)
    parser.add_argument("--smoke", action="store_true", help="a little of everything, for tests")
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(parser.parse_args(), pathlib.Path(folder))
        begin = time.monotonic()
        bench.step()
        bench.suite()
        bench.growth()
        print(f"measured in {time.monotonic() - begin:.0f} s")


if __name__ == "__main__":
    main()
