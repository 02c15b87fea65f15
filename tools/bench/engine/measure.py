"""What the engine costs, as ratios within one run: measure.py PROGRAM PIPES BARE SOURCE_ROOT [--smoke] [--only TABLE]

PROGRAM is ws2conform, PIPES and BARE the helpers beside this file. README.md in the folder above says how to read it.
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

# How the exchanges by hand are made: for each pair of processes the core that both are on, -1: any.
ANYWHERE = "two pairs at once, ends where the system puts them"
BY_HAND = {
    "one after the other, ends where the system puts them": (-1,),
    "one after the other, both ends on one core": (0,),
    ANYWHERE: (-1, -1),
    "two pairs at once, each on one core": (0, 1),
}

NOTHING = """\
id: nothing
title: Calls that do nothing, to measure the suite by
requirements: [SEED-A14]
actors: [client]
axes: {{n: [{n}]}}
{rounds}steps:
  - {{client: socket}}
{calls}
"""


class Bench:
    def __init__(self, arguments, folder):
        self.program = arguments.program.resolve()
        self.pipes = arguments.pipes.resolve()
        self.bare = arguments.bare.resolve()
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
        history.processors = usage.ru_utime + usage.ru_stime
        shutil.rmtree(report)
        return history, usage.ru_maxrss / 1024

    def cases(self, name):
        folder = self.folder / name
        shutil.copytree(self.source / "cases" / "requirements", folder / "requirements")
        (folder / "area").mkdir()
        return folder

    def step(self):
        print("One call through the harness: request, reply, both recorded and judged as they come.")
        iut = self.folder / "nothing.yaml"
        iut.write_text(
            json.dumps({"name": "nothing", "title": "nothing", "command": [str(self.pipes), "adapter"]})
        )
        schedules, rounds = self.few(400, 3), self.few(50, 3)
        # Calls of a schedule: with reset and the fence after it, and with socket in each round.
        runs = {
            f"in schedules of {STEPS + 1} calls, one of each instance": (
                self.nothing("short", schedules, ""), STEPS + 3),
            f"in schedules of {(STEPS + 1) * rounds} calls": (
                self.nothing("long", self.few(8, 1), f"rounds: {{count: {rounds}}}\n"),
                (STEPS + 1) * rounds + 2),
        }
        lines = self.folder / "lines"
        cpus = {0: "both ends on one core", -1: "ends where the system puts them"}
        mine = {what: [] for what in runs}
        bare = {cpu: [] for cpu in cpus}
        ratios = {(what, cpu): [] for what in runs for cpu in cpus}
        for _ in range(self.few(9, 1)):
            for what, (cases, calls) in runs.items():
                history, _ = self.run(iut, "--cases", cases, "--jobs", 1)
                mine[what].append(history.duration / (history.schedules * calls))
            lines.write_text(history.exchange("setsockopt"))
            for cpu, found in bare.items():
                count = self.few(20000, 100)
                found.append(self.number(self.pipes, "pingpong", count, cpu, lines) / 1e9)
                for what in runs:
                    ratios[what, cpu].append(mine[what][-1] / found[-1])
        for what, found in mine.items():
            print(f"  through the harness, on one core with its adapter, {what:47}"
                  f" {statistics.median(found) * 1e6:6.1f} us")
            for cpu, where in cpus.items():
                theirs = statistics.median(bare[cpu])
                print(f"    beside a bare ping-pong of the same octets, {where:54}"
                      f" {theirs * 1e6:6.1f} us   ratio {spread(ratios[what, cpu])}")

    def nothing(self, name, values, rounds):
        """A folder with a case whose calls do nothing, in so many instances."""
        cases = self.cases(name)
        call = "  - {client: setsockopt, option: SO_KEEPALIVE, value: $n}"
        (cases / "area" / "nothing.yaml").write_text(
            NOTHING.format(
                n=", ".join(map(str, range(values))), rounds=rounds, calls="\n".join([call] * STEPS)
            )
        )
        return cases

    def number(self, *command):
        return float(self.text(*command))

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

    def exchanges(self):
        print("Cases of the suite, two jobs, beside the same exchanges written by hand.")
        by_provider = {}
        for line in self.text(self.bare).splitlines():
            case, provider, axes = line.split(" ")
            by_provider.setdefault(provider, []).append((case, axes))
        copies = self.few(25, 1)
        folders = {
            provider: self.copied(f"copies-{provider}", exchanges, copies)
            for provider, exchanges in by_provider.items()
        }
        ratios = {where: [] for where in BY_HAND}
        processors = []
        for _ in range(self.few(5, 1)):
            times = dict.fromkeys(("suite", *BY_HAND), 0.0)
            busy = dict.fromkeys(("suite", *BY_HAND), 0.0)
            rows = []
            for provider, exchanges in by_provider.items():
                history, _ = self.run(
                    "--cases", folders[provider], "--provider", provider, "--jobs", 2,
                    *self.few(("--schedules", "all"), ("--schedules", 2)),
                )
                times["suite"] += history.duration
                busy["suite"] += history.processors
                for i, (case, axes) in enumerate(exchanges):
                    mine = history.exchanges[i]
                    for where, cpus in BY_HAND.items():
                        took, used, calls = self.pairs(case, provider, axes, mine.count, cpus)
                        times[where] += took
                        busy[where] += used
                    if round(calls) != mine.fewest:
                        sys.exit(f"measure.py: {case}: {calls} calls by hand, {mine.fewest} by the suite")
                    rows.append((case, provider, axes, mine.count, mine.calls / mine.count, calls))
            for where, found in ratios.items():
                found.append(times["suite"] / times[where])
            processors.append(busy["suite"] / busy[ANYWHERE])
        for case, provider, axes, count, calls, by_hand in rows:
            print(
                f"  {f'{case} {provider} {axes}':70} {count:5} schedules of {calls:.1f} calls,"
                f" {by_hand:.0f} by hand"
            )
        print(f"  {'the suite':60} {times['suite']:6.2f} s")
        for where, found in ratios.items():
            print(f"  {f'by hand, {where}':60} {times[where]:6.2f} s   ratio {spread(found)}")
        print(f"  {'processor time, reports and all':71} ratio {spread(processors)}")

    def copied(self, name, exchanges, copies):
        """A folder of cases: of each exchange's case so many copies, with its choice of axes alone."""
        cases = self.cases(name)
        for i, (case, axes) in enumerate(exchanges):
            (path,) = (self.source / "cases").glob(f"*/{case}.yaml")
            chosen = ", ".join(f"{axis}: [{value}]" for axis, value in
                               (part.split("=") for part in axes.split(",") if part))
            text = re.sub(r"^axes:.*\n(?:  .*\n)*", f"axes: {{{chosen}}}\n", path.read_text(), flags=re.M)
            for copy in range(copies):
                (cases / "area" / f"x{i}-{copy}.yaml").write_text(
                    re.sub(r"^id: .*$", f"id: x{i}-{copy}", text, flags=re.M)
                )
        return cases

    def pairs(self, case, provider, axes, count, cpus):
        """Seconds, seconds of processors, and calls of an exchange made so often, by a pair for each of `cpus`."""
        shares = [len(range(i, count, len(cpus))) for i in range(min(count, len(cpus)))]
        running = [
            subprocess.Popen(
                list(map(str, [self.bare, case, provider, axes, share, cpu])),
                stdout=subprocess.PIPE, text=True,
            )
            for share, cpu in zip(shares, cpus)
        ]
        outputs = [process.communicate(timeout=300)[0] for process in running]
        if any(process.returncode != 0 for process in running):
            sys.exit(f"measure.py: {case} by hand failed")
        took, used, calls = zip(*(map(float, output.split()) for output in outputs))
        return max(took) / 1e9, sum(used) / 1e9, calls[0]

    def text(self, *command):
        return subprocess.run(
            list(map(str, command)), stdout=subprocess.PIPE, text=True, check=True, timeout=300
        ).stdout

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


def spread(ratios):
    low, middle, high = (statistics.quantiles(ratios, n=4) if len(ratios) > 1 else ratios * 3)
    return f"{middle:.2f} ({low:.2f} to {high:.2f})"


class Exchange:
    """A case's schedules: how many, their calls, and those of the schedule that had the fewest."""

    def __init__(self):
        self.count = 0
        self.calls = 0
        self.fewest = None

    def add(self, calls):
        self.count += 1
        self.calls += calls
        self.fewest = calls if self.fewest is None else min(calls, self.fewest)


class History:
    """Times in seconds, of a history.jsonl."""

    def __init__(self, path, output):
        self.processors = 0.0
        self.exchanges = {}  # of copied cases, by number
        self.current = {}  # by schedule: case, and calls so far
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
            case, calls = self.current.pop(number)
            if match := re.match(r"x(\d+)-", case):
                self.exchanges.setdefault(int(match[1]), Exchange()).add(calls)
            self.busy += record["schedule_end"]["t"] / 1e9
            began.pop(number, None)
        elif "schedule" in record:
            self.current[number] = [record["schedule"]["case"], 0]
        elif "call" in record:
            self.current[number][1] += 1
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
    parser.add_argument("bare", type=pathlib.Path)
    parser.add_argument("source", type=pathlib.Path)
    parser.add_argument("--smoke", action="store_true", help="a little of everything, for tests")
    tables = ["step", "exchanges", "suite", "growth"]
    parser.add_argument("--only", choices=tables, action="append", help="these tables alone")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(arguments, pathlib.Path(folder))
        begin = time.monotonic()
        for table in arguments.only or tables:
            getattr(bench, table)()
        print(f"measured in {time.monotonic() - begin:.0f} s")


if __name__ == "__main__":
    main()
