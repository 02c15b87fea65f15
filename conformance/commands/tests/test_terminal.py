"""What a run shows on a terminal: test_terminal.py PROGRAM SOURCE_ROOT [unittest arguments]"""

import fcntl
import os
import pathlib
import pty
import re
import shutil
import struct
import subprocess
import sys
import tempfile
import termios
import unittest

PROGRAM = pathlib.Path(sys.argv.pop(1)).resolve()
SOURCE = pathlib.Path(sys.argv.pop(1)).resolve()


class Terminal(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.folder)

    def environment(self, **changes):
        kept = {name: value for name, value in os.environ.items() if name not in ("NO_COLOR", "TERM")}
        return {**kept, "TERM": "xterm", **changes}

    def run_plain_tcp(self, *arguments, rows=24, columns=80, **environment):
        """All that reaches the terminal. Without its baseline plain TCP fails a few cases."""
        ours, theirs = pty.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        process = subprocess.Popen(
            [PROGRAM, "run", "plain-tcp", "--schedules", "1", "--report", self.folder / "r", *arguments],
            stdin=subprocess.DEVNULL,
            stdout=theirs,
            stderr=theirs,
            env=self.environment(**environment),
        )
        os.close(theirs)
        octets = b""
        while True:
            try:
                more = os.read(ours, 65536)
            except OSError:  # the other end is closed
                break
            if not more:
                break
            octets += more
        os.close(ours)
        self.assertIn(process.wait(), (0, 1))
        return octets.decode().replace("\r\n", "\n")

    def test_a_line_is_written_over_and_over(self):
        shown = self.run_plain_tcp("--filter", "teardown")
        lines = [part for part in shown.split("\r\033[K") if part.startswith("[")]
        self.assertGreater(len(lines), 2)
        total = re.match(r"\[0/(\d+)\]", lines[0]).group(1)
        for line in lines:
            self.assertRegex(line, rf"^\[\d+/{total}\]")
            self.assertLess(len(line.split("\n")[0]), 80)

    def test_what_passes_leaves_no_line(self):
        shown = self.run_plain_tcp("--filter", "*/provider=tcp*")
        kept = [line.split("\033[K")[-1] for line in shown.split("\n")]
        self.assertFalse([line for line in kept if line.startswith("pass ")])

    def test_the_summary_fits_the_screen(self):
        for rows in (24, 40):
            shown = self.run_plain_tcp(rows=rows)
            screen = shown.rsplit("\033[K", 1)[1].split("\n")
            # What failed on the way stands above the last line that was written over.
            summary = [line for line in screen if not line.startswith("fail  ")]
            self.assertLess(len(summary), rows)
            text = "\n".join(summary)
            self.assertIn("Does not conform", text)
            self.assertIn("ws2conform replay", text)
            self.assertRegex(text, r"and \d+ more that did not pass|\Z")
            self.assertIn("report: ", text)
            self.assertIn("index.html", summary[-2])

    def test_colours_are_for_who_wants_them(self):
        self.assertRegex(self.run_plain_tcp("--filter", "teardown"), "\033\\[1;3[123]m")
        for wish in ({"NO_COLOR": "1"}, {"TERM": "dumb"}):
            self.assertNotRegex(self.run_plain_tcp("--filter", "teardown", **wish), "\033\\[[0-9;]*m")
        self.assertRegex(self.run_plain_tcp("--filter", "teardown", NO_COLOR=""), "\033\\[1;3[123]m")

    def test_no_terminal_gets_plain_lines(self):
        done = subprocess.run(
            [PROGRAM, "run", "plain-tcp", "--filter", "teardown", "--schedules", "1", "--report", self.folder],
            stdout=subprocess.PIPE,
            env=self.environment(),
            text=True,
            timeout=120,
        )
        self.assertNotIn("\033", done.stdout)
        self.assertNotIn("\r", done.stdout)
        self.assertRegex(done.stdout, r"(?m)^pass +")

    def test_a_dumb_terminal_gets_plain_lines(self):
        shown = self.run_plain_tcp("--filter", "teardown", TERM="dumb")
        self.assertNotIn("\033", shown)
        self.assertRegex(shown, r"(?m)^pass +")


class Help(unittest.TestCase):
    def output(self, *arguments):
        return subprocess.run(
            [PROGRAM, *arguments], stdout=subprocess.PIPE, text=True, check=True, timeout=60
        ).stdout

    def commands(self):
        listed = self.output("--help")
        part = re.split(r"(?i)subcommands:", listed)[1]
        return re.findall(r"(?m)^  ([a-z]+) ", part)

    def test_the_manual_names_every_command_and_option(self):
        manual = self.output("manual")
        self.assertIn(".TH WS2CONFORM 1", manual)
        plain = re.sub(r"\\f.", "", manual).replace("\\-", "-")
        for command in self.commands():
            self.assertIn(f"\n.B ws2conform {command}\n", plain)
            for option in re.findall(r"--[a-z-]+", self.output(command, "--help")):
                self.assertIn(option, plain, command)

    @unittest.skipUnless(shutil.which("man"), "man is missing: apt-get install man-db")
    def test_man_has_nothing_to_complain_of(self):
        with tempfile.NamedTemporaryFile("w", suffix=".1") as page:
            page.write(self.output("manual"))
            page.flush()
            done = subprocess.run(
                ["man", "--warnings=mac", "-l", page.name],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                env={**os.environ, "LC_ALL": "C.UTF-8", "MANWIDTH": "100", "MANPAGER": "cat"},
                text=True,
                timeout=60,
            )
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertIn("EXIT STATUS", done.stdout)

    def complete(self, *words):
        """What bash would offer for the last word."""
        script = self.output("completion", "bash") + (
            f"COMP_WORDS=({' '.join(map(repr, words))}); COMP_CWORD={len(words) - 1}\n"
            f"_ws2conform {str(PROGRAM)!r} {words[-1]!r} {words[-2]!r}\n"
            'printf "%s\\n" "${COMPREPLY[@]}"\n'
        )
        done = subprocess.run(
            ["bash", "--norc", "-c", script], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, timeout=60
        )
        self.assertEqual(done.stderr, "")
        return done.stdout.split()

    def test_bash_completes_commands_options_and_names(self):
        self.assertTrue(set(self.commands()) <= set(self.complete("ws2conform", "")))
        self.assertEqual(self.complete("ws2conform", "ju"), ["judge"])
        self.assertIn("--baseline", self.complete("ws2conform", "run", "--base"))
        self.assertEqual(self.complete("ws2conform", "run", "--edition", "d"), ["documented"])
        self.assertIn("plain-tcp", self.complete("ws2conform", "run", "plain"))
        self.assertIn("plain-tcp", self.complete("ws2conform", "run", "--client", "plain"))
        self.assertEqual(
            self.complete("ws2conform", "show", "totals-answered-by-g"), ["totals-answered-by-grand-total"]
        )
        self.assertEqual(self.complete("ws2conform", "list", "inv"), ["invariants"])


if __name__ == "__main__":
    unittest.main(verbosity=2)
