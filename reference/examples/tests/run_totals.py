"""Runs the example as real processes: one server, several clients at once and one after the other.

usage: run_totals.py SERVER CLIENT CROWDS, each of them fifty clients at once
"""

import subprocess
import sys

PATIENCE = 60  # seconds; nothing here waits for time to pass
CROWD = [number % 7 for number in range(50)]


def run_clients(client, port, totals):
    """Clients at the same time; returns what each was answered."""
    running = [
        subprocess.Popen(
            [client, port, f"client{number}", str(total)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for number, total in enumerate(totals)
    ]
    answers = []
    for process in running:
        output, errors = process.communicate(timeout=PATIENCE)
        assert process.returncode == 0, f"client: {errors.strip()}"
        answers.append(int(output))
    return answers


def check_answers(totals, answers, before):
    """Each answer is the sum so far, in whichever order the clients were served."""
    assert max(answers) == before + sum(totals), f"{answers} for {totals} after {before}"
    sums = sorted(answers)
    steps = [high - low for low, high in zip([before] + sums, sums)]
    assert sorted(steps) == sorted(totals), f"{answers} for {totals} after {before}"


def main(server, client, crowds):
    rounds = [[3], [0], [1000], [5, 7, 11, 13], [1, 2], *[CROWD] * int(crowds)]
    count = sum(len(totals) for totals in rounds)
    with subprocess.Popen([server, str(count)], stdout=subprocess.PIPE, text=True) as serving:
        try:
            port = serving.stdout.readline().strip()
            assert port.isdigit(), f"the server printed {port!r} for its port"
            before = 0
            for totals in rounds:
                answers = run_clients(client, port, totals)
                check_answers(totals, answers, before)
                before += sum(totals)
            output, _ = serving.communicate(timeout=PATIENCE)
            assert serving.returncode == 0, f"the server ended with {serving.returncode}"
            lines = output.splitlines()
            assert lines[-1] == f"grand total {before}", lines[-1]
            names = sorted(line for line in lines if line.startswith("client "))
            expected = sorted(
                f"client client{number}" for totals in rounds for number in range(len(totals))
            )
            assert names == expected, names
        finally:
            serving.kill()


if __name__ == "__main__":
    main(*sys.argv[1:])
