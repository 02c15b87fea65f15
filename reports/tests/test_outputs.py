"""The files and lines for other programs: test_outputs.py PROGRAM SOURCE_ROOT [unittest arguments]"""

import json
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
import xml.etree.ElementTree

PROGRAM = pathlib.Path(sys.argv.pop(1)).resolve()
SOURCE = pathlib.Path(sys.argv.pop(1)).resolve()
SCHEMA = pathlib.Path(__file__).resolve().parent / "junit.xsd"


class Outputs(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp())
        cls.addClassCleanup(shutil.rmtree, cls.folder)
        # Without its baseline plain TCP fails a few cases.
        arguments = ["run", "plain-tcp", "--schedules", "1", "--format", "github", "--report", cls.folder]
        cls.done = cls.ws2conform(*arguments)
        known = SOURCE / "cases" / "baselines" / "plain-tcp.yaml"
        history = cls.folder / "history.jsonl"
        cls.known = cls.folder / "known"
        cls.ws2conform("report", history, "--baseline", known, "--out", cls.known)
        # A record is missing at the end: the run was cut off.
        cut = cls.folder / "cut.jsonl"
        cut.write_text("".join(history.read_text().splitlines(keepends=True)[:-1]))
        cls.cut = cls.folder / "cut"
        cls.ws2conform("report", cut, "--out", cls.cut)

    @staticmethod
    def ws2conform(*arguments):
        return subprocess.run(
            [PROGRAM, *map(str, arguments)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            timeout=300,
        )

    @unittest.skipUnless(shutil.which("xmllint"), "xmllint is missing: apt-get install libxml2-utils")
    def test_junit_is_as_its_schema_says(self):
        def check(path):
            return subprocess.run(
                ["xmllint", "--noout", "--schema", SCHEMA, path], stderr=subprocess.PIPE, text=True
            )

        for report in (self.folder, self.known, self.cut):
            done = check(report / "junit.xml")
            self.assertEqual(done.returncode, 0, done.stderr)
        spoiled = self.folder / "spoiled.xml"
        text = (self.folder / "junit.xml").read_text()
        for before, after in (('classname="', 'class="'), ("<failure", "<skipped"), (' name="', ' name=" ')):
            spoiled.write_text(text.replace(before, after, 50))
            self.assertNotEqual(check(spoiled).returncode, 0, before)

    def test_all_count_alike(self):
        for report in (self.folder, self.known):
            junit = xml.etree.ElementTree.parse(report / "junit.xml").getroot()
            counts = json.loads((report / "ctrf.json").read_text())["results"]["summary"]
            tap = (report / "report.tap").read_text()
            self.assertEqual(int(junit.get("tests")), counts["tests"])
            self.assertEqual(int(junit.get("failures")), counts["failed"])
            self.assertEqual(int(re.search(r"(?m)^1\.\.(\d+)$", tap).group(1)), counts["tests"])
            self.assertEqual(len(re.findall(r"(?m)^not ok (?!.* # TODO)", tap)), counts["failed"])
            badge = json.loads((report / "badge.json").read_text())
            self.assertTrue(badge["message"].startswith(f"{counts['passed']} of "))

    def test_github_shows_each_failure_at_a_line_that_is_there(self):
        self.assertEqual(self.done.returncode, 1)
        errors = re.findall(r"(?m)^::error file=([^,]*),line=(\d+),title=([^:]*)::(.*)$", self.done.stdout)
        summary = json.loads((self.folder / "ctrf.json").read_text())["results"]["summary"]
        self.assertEqual(len(errors), summary["failed"])
        for file, line, title, message in errors:
            self.assertLessEqual(int(line), len((SOURCE / file).read_text().splitlines()), title)
            self.assertIn("ws2conform replay", message)

    def test_several_runs_make_a_comparison(self):
        out = self.folder / "compared"
        history = self.folder / "history.jsonl"
        matrix = self.folder / "matrix.json"
        matrix.write_text(json.dumps({"matrix": 1, "reference": "r", "implementations": [], "pairs": []}))
        done = self.ws2conform("report", history, history, "--matrix", matrix, "--out", out)
        self.assertEqual(done.returncode, 1, done.stderr)
        page = (out / "index.html").read_text()
        self.assertIn("2 runs compared", page)
        self.assertIn('<p class="calm">Nothing.</p>', page)
        self.assertIn('id="interop"', page)
        for link in re.findall(r'<a href="([^"#]+)"', page):
            self.assertTrue((out / link).is_file(), link)
        matrix.write_text("{}")
        done = self.ws2conform("report", history, history, "--matrix", matrix, "--out", out)
        self.assertEqual(done.returncode, 2)
        self.assertIn("matrix.json is not of the form it should have", done.stderr)

    def test_lint_tells_code_hosts_what_is_wrong(self):
        wrong = self.folder / "wrong.yaml"
        shutil.copy(SOURCE / "cases" / "teardown" / "totals-answered-by-grand-total.yaml", wrong)
        wrong.write_text(wrong.read_text().replace("SEED-A14", "SEED-A1444"))
        done = self.ws2conform("lint", "--format", "sarif", wrong)
        self.assertEqual(done.returncode, 2)
        [result] = json.loads(done.stdout)["runs"][0]["results"]
        place = result["locations"][0]["physicalLocation"]
        self.assertEqual(place["artifactLocation"]["uri"], str(wrong))
        self.assertGreaterEqual(place["region"]["startLine"], 1)
        self.assertIn("SEED-A1444", result["message"]["text"])
        self.assertNotIn(str(wrong), result["message"]["text"])
        done = self.ws2conform("lint", "--format", "sarif")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(json.loads(done.stdout)["runs"][0]["results"], [])


if __name__ == "__main__":
    unittest.main(verbosity=2)
