"""The report in a real browser: test_page.py WS2CONFORM WINSOCK_ZOO SOURCE_DIR NODE_MODULES [TEST...]

Skipped (exit status 77) where no Chromium is installed. The check of accessibility needs axe-core
from npm, in NODE_MODULES or where AXE_CORE says, and is left out by name without it. With SCREENSHOTS set to
a folder, pictures of what was looked at are left there.
"""

import json
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import chromium

PROGRAM, ZOO, SOURCE, MODULES = (pathlib.Path(argument).absolute() for argument in sys.argv[1:5])
SHOWN = {"stream": "conditional-accept,delayed-accept,events,half-close", "tcp": "events,half-close"}
# Octets that the report of the whole suite may have with all its appendices: of the 5 MB that a report may
# have a tenth is kept free for the next cases.
SIZE = 4_500_000


def run(*arguments):
    """Runs ws2conform, whose verdict is of no interest here."""
    done = subprocess.run(
        [PROGRAM, *arguments], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=600
    )
    if done.returncode not in (0, 1, 4):
        raise RuntimeError(f"{arguments}: exit status {done.returncode}\n{done.stdout}")


def faulty(folder):
    """An implementation that loses disconnect data, as a file that `run` takes."""
    limits = "caller_data_max=512,callee_data_max=512,disconnect_data_max=512,disconnect_reply_max=512"
    path = folder / "faulty.yaml"
    lines = ["name: faulty", "title: Loses disconnect data", "command:"]
    arguments = [ZOO, "--fault", "drops-disconnect-data", "--implementation", "a stack with one fault"]
    arguments += ["--claim", f"stream:{limits},{SHOWN['stream']}", "--claim", f"tcp:{SHOWN['tcp']}"]
    lines += [f'  - "{argument}"' for argument in arguments]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def matrix_of_all_faults(cases):
    """What the zoo tells when it has run: faster made up than measured, and as long."""
    table = subprocess.run([ZOO, "--list"], stdout=subprocess.PIPE, text=True, check=True, timeout=60).stdout
    faults = []
    for at, fault in enumerate(json.loads(table)):
        kind = {"none": "null", "breaks-everything": "total"}.get(fault["name"], "fault")
        killers = [*fault["cases"], *(cases[(at + 7 * more) % len(cases)] for more in range(8))]
        faults.append({
            "name": fault["name"], "description": fault["description"], "kind": kind,
            "requirements": fault["requirements"], "status": "killed", "killed_by": killers,
            "cells": [{"reached": True}] * 40,
        })
    size = sum(fault["kind"] == "fault" for fault in faults)
    return {"zoo": 1, "score": {"faults": size, "killed": size, "percent": 100}, "faults": faults}


def axe_script():
    named = os.environ.get("AXE_CORE")
    path = pathlib.Path(named) if named else MODULES / "axe-core" / "axe.min.js"
    return path.read_text(encoding="utf-8") if path.is_file() else None


class Report(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory(prefix="ws2conform-report-")
        cls.addClassCleanup(cls.folder.cleanup)
        base = pathlib.Path(cls.folder.name)
        cls.failing = base / "failing"
        run("run", faulty(base), "--filter", "*disconnect-data*", "--schedules", "2", "--report", cls.failing)
        cls.known = base / "known"
        baseline = SOURCE / "cases" / "baselines" / "plain-tcp.yaml"
        run("run", "plain-tcp", "--baseline", baseline, "--schedules", "1", "--report", cls.known)
        # With all that a report can have: the cells that were reached, windows, the kill matrix.
        cls.full = base / "full"
        cells, zoo = base / "cells", base / "zoo.json"
        run("run", "--filter", "teardown", "--schedules", "1", "--report", cells)
        run("zoo", "--fault", "drops-disconnect-data", "--filter", "totals-*", "--out", zoo)
        run("report", cells / "history.jsonl", "--zoo", zoo, "--out", cls.full)
        # Two implementations, and who can talk to whom.
        cls.compared, matrix = base / "compared", base / "matrix"
        run("matrix", "reference", "plain-tcp", "--provider", "tcp", "--filter", "listener-cannot-*",
            "--schedules", "1", "--out", matrix)
        run("report", cls.failing / "history.jsonl", cls.known / "history.jsonl",
            "--matrix", matrix / "matrix.json", "--out", cls.compared)
        cls.browser = cls.enterClassContext(chromium.Browser(chromium.find()))

    def page(self, report=None, fragment="", **how):
        page = self.enterContext(self.browser.page(**how))
        page.address = (report or self.failing).joinpath("index.html").as_uri()
        page.open(page.address + fragment)
        return page

    def picture(self, page, name):
        if folder := os.environ.get("SCREENSHOTS"):
            page.settle()
            page.screenshot(pathlib.Path(folder) / f"{name}.png")

    def visible(self, page, selector):
        return page.run(
            f"[...document.querySelectorAll({selector!r})].filter(node => node.checkVisibility()).length"
        )

    def choose(self, page, name, value):
        page.run(
            f"(() => {{ const control = document.getElementById('filter-{name}'); control.value = {value!r};"
            " control.dispatchEvent(new Event(control.tagName === 'INPUT' ? 'input' : 'change')); })()"
        )

    def test_opens_from_a_file_and_asks_nothing_of_the_network(self):
        for report in (self.failing, self.known, self.full, self.compared):
            page = self.page(report)
            page.settle()
            self.assertEqual(page.requests, [page.address])
            self.assertEqual(page.complaints, [])

    def test_the_policy_stops_whatever_is_not_the_report_s(self):
        page = self.page()
        page.run(
            "document.body.append(Object.assign(new Image(), {src: 'https://example.invalid/x.png'}));"
            "document.body.append(Object.assign(document.createElement('script'), {text: 'window.evil = 1'}))"
        )
        page.settle()
        self.assertIsNone(page.run("window.evil"))
        self.assertTrue(any("Content Security Policy" in text for text in page.complaints))

    def test_filters_by_verdict_and_keeps_that_in_the_address(self):
        page = self.page()
        cases = self.visible(page, "details.case")
        self.choose(page, "verdict", "fail")
        self.assertIn("verdict=fail", page.run("location.hash"))
        failing = self.visible(page, "details.case")
        self.assertTrue(0 < failing < cases)
        self.assertGreater(self.visible(page, ".failure"), 0)
        again = self.page(fragment="#?verdict=fail")
        self.assertEqual(again.run("document.getElementById('filter-verdict').value"), "fail")
        self.assertEqual(self.visible(again, "details.case"), failing)
        again.run("document.getElementById('filter-clear').click()")
        self.assertEqual(self.visible(again, "details.case"), cases)
        self.assertEqual(again.run("location.hash"), "")

    def test_filters_by_provider_requirement_area_and_words(self):
        page = self.page(fragment="#?provider=tcp")
        page.run("document.querySelectorAll('details.case').forEach(node => { node.open = true; })")
        self.assertGreater(self.visible(page, ".instance[data-provider=tcp]"), 0)
        self.assertEqual(self.visible(page, ".instance[data-provider=stream]"), 0)
        page = self.page(fragment="#?requirement=SEED-A21")
        self.assertEqual(self.visible(page, ".requirements tr[data-row]"), 1)
        self.assertTrue(
            page.run(
                "[...document.querySelectorAll('details.case:not([hidden])')]"
                ".every(node => node.dataset.requirements.split(' ').includes('SEED-A21'))"
            )
        )
        page = self.page(fragment="#?area=teardown&text=answer")
        self.assertGreater(self.visible(page, "details.case"), 0)
        self.choose(page, "text", "no such words at all")
        self.assertEqual(self.visible(page, "details.case"), 0)
        self.assertEqual(page.run("document.getElementById('filter-count').textContent.split(' ')[0]"), "0")
        self.assertGreater(self.visible(page, ".nothing"), 0)

    def test_a_cell_of_the_matrix_filters_by_its_area_and_provider(self):
        page = self.page()
        page.run("document.querySelector('.matrix a[data-filter]').click()")
        self.assertIn("area=", page.run("location.hash"))
        self.assertIn("provider=", page.run("location.hash"))
        self.assertGreater(self.visible(page, "[data-row]"), 0)

    def test_every_anchor_of_the_page_leads_somewhere_and_opens_it(self):
        page = self.page()
        self.assertEqual(
            page.run(
                "[...document.querySelectorAll('a[href^=\"#\"]')].map(node => node.hash.slice(1))"
                ".filter(id => !document.getElementById(id))"
            ),
            [],
        )
        inner = page.run("document.querySelectorAll('.case .instance')[1].id")
        page = self.page(fragment="#" + inner)
        page.settle()
        self.assertTrue(page.run(f"document.getElementById({inner!r}).closest('details').open"))
        top = page.run(f"document.getElementById({inner!r}).getBoundingClientRect().top")
        self.assertTrue(0 <= top < page.run("innerHeight"), top)
        # What a filter hides is shown when it is linked to.
        self.choose(page, "text", "no such words at all")
        page.run(f"location.hash = {inner!r}")
        page.settle()
        self.assertTrue(page.run(f"document.getElementById({inner!r}).checkVisibility()"))

    def test_keys(self):
        page = self.page()
        page.key("/")
        self.assertEqual(page.run("document.activeElement.id"), "filter-text")
        page.type("disconnect")
        self.assertIn("text=disconnect", page.run("location.hash"))
        page.key("Escape", code=27)
        page.run("document.activeElement.blur()")
        page.key("x")
        self.assertEqual(page.run("location.hash"), "")
        page.key("j")
        first = page.run("document.activeElement.closest('.failure, .case').id")
        page.key("j")
        self.assertNotEqual(page.run("document.activeElement.closest('.failure, .case').id"), first)
        page.key("k")
        self.assertEqual(page.run("document.activeElement.closest('.failure, .case').id"), first)
        page.key("e")
        self.assertEqual(page.run("document.querySelectorAll('main details:not([open])').length"), 0)
        page.key("e")
        self.assertEqual(page.run("document.querySelectorAll('main details[open]').length"), 0)
        page.key("?")
        self.assertTrue(page.run("document.getElementById('help').open"))
        self.picture(page, "keys")
        page.run("document.getElementById('keys-on').click()")
        page.key("Escape", code=27)
        self.assertFalse(page.run("document.getElementById('help').open"))
        page.key("e")  # keys are off now
        self.assertEqual(page.run("document.querySelectorAll('main details[open]').length"), 0)
        self.assertEqual(page.complaints, [])

    def test_sorts_cases_and_tables(self):
        page = self.page()
        ids = "[...document.querySelectorAll('details.case')].map(node => node.id)"
        before = page.run(ids)
        self.choose(page, "sort", "worst")
        self.assertIn("sort=worst", page.run("location.hash"))
        first = page.run("document.querySelector('details.case .verdict').className")
        self.assertRegex(first, "fail|error")
        self.choose(page, "sort", "name")
        names = page.run(ids)
        self.assertEqual(names, sorted(names, key=lambda name: name.replace("-", "\0")))
        self.choose(page, "sort", "")
        self.assertEqual(page.run(ids), before)
        page.run("document.querySelectorAll('table.sortable')[0].querySelectorAll('thead button')[1].click()")
        cells = page.run(
            "[...document.querySelectorAll('table.sortable')[0].tBodies[0].rows].map(row => row.cells[1].textContent)"
        )
        head = "document.querySelectorAll('table.sortable')[0].querySelectorAll('thead th')[1]"
        self.assertEqual(page.run(head + ".getAttribute('aria-sort')"), "ascending")
        collated = page.run(
            f"{cells!r}.every((text, at, all) => at === 0 || all[at - 1].trim().localeCompare(text.trim(), 'en', {{numeric: true}}) <= 0)"
        )
        self.assertTrue(collated)

    def test_a_command_is_copied(self):
        page = self.page()
        page.run("document.querySelector('.failure .copy').click()")
        page.settle()
        self.assertIn(page.run("document.querySelector('.failure .copy').textContent"), ("Copied", "Selected"))

    def test_is_whole_without_scripts(self):
        with_scripts = self.page()
        without = self.page(scripts=False)
        self.assertEqual(without.complaints, [])
        # Scripts that the test itself runs are not the page's.
        without.call("Emulation.setScriptExecutionDisabled", {"value": False})
        for selector in (".failure", "details.case", ".matrix tr", ".failure svg", ".failure .steps"):
            self.assertEqual(self.visible(without, selector), self.visible(with_scripts, selector), selector)
        self.assertGreater(self.visible(without, ".failure svg"), 0)
        self.assertEqual(self.visible(without, ".scripted"), 0)
        self.picture(without, "no-scripts")

    def test_fits_every_window(self):
        for name, width, height in (("phone", 375, 812), ("laptop", 1280, 900), ("wide", 2560, 1440)):
            for dark in (False, True):
                with self.subTest(name, dark=dark):
                    page = self.page(width=width, height=height, dark=dark, phone=width < 500)
                    self.assertLessEqual(page.run("document.documentElement.scrollWidth"), width)
                    self.picture(page, f"{name}-{'dark' if dark else 'light'}")
                    page.run("document.querySelector('.failure').scrollIntoView()")
                    self.picture(page, f"{name}-{'dark' if dark else 'light'}-failure")

    def test_a_comparison_and_the_appendices_fit_every_window(self):
        for report, sections in ((self.full, ("kills", "cells", "windows")),
                                 (self.compared, ("runs", "areas", "requirements", "interop"))):
            for width, height in ((375, 812), (1280, 900)):
                for dark in (False, True):
                    with self.subTest(report.name, width=width, dark=dark):
                        page = self.page(report, width=width, height=height, dark=dark, phone=width < 500)
                        self.assertLessEqual(page.run("document.documentElement.scrollWidth"), width)
                        for section in sections:
                            page.run(f"document.getElementById({section!r}).scrollIntoView()")
                            scheme = "dark" if dark else "light"
                            self.picture(page, f"{report.name}-{section}-{width}-{scheme}")

    def test_every_link_of_a_comparison_leads_somewhere(self):
        page = self.page(self.compared)
        links = page.run("[...document.querySelectorAll('a[href]')].map(link => link.getAttribute('href'))")
        self.assertGreater(len(links), 5)
        for link in links:
            if link.startswith("#"):
                self.assertTrue(page.run(f"document.getElementById({link[1:]!r}) !== null"), link)
            else:
                self.assertTrue((self.compared / link.split("#")[0]).is_file(), link)

    def test_prints_on_white_without_controls(self):
        page = self.page(dark=True)
        page.scheme("dark", "print")
        page.settle()
        self.assertEqual(page.run("getComputedStyle(document.body).backgroundColor"), "rgb(255, 255, 255)")
        self.assertEqual(self.visible(page, ".filter, nav, .copy"), 0)
        self.picture(page, "print")

    @unittest.skipUnless(axe_script(), f"axe-core is missing: npm install --prefix {MODULES.parent} axe-core")
    def test_is_accessible(self):
        phone = {"width": 375, "height": 812, "phone": True}
        for report, ways in ((self.failing, ({}, {"dark": True}, phone)), (self.known, ({},)),
                             (self.full, ({}, {"dark": True})), (self.compared, ({}, {"dark": True}, phone))):
            for how in ways:
                with self.subTest(report.name, **how):
                    page = self.page(report, **how)
                    page.run("document.querySelectorAll('.failure details, .area').forEach(node => { node.open = true; })")
                    page.run("[...document.querySelectorAll('details.case')].slice(0, 4).forEach(node => { node.open = true; })")
                    page.run(axe_script() + "; undefined")
                    found = page.run(
                        "axe.run(document, {resultTypes: ['violations'], iframes: false}).then(result => result.violations.map("
                        "one => one.id + ': ' + one.help + ': ' + one.nodes.slice(0, 3).map(node => node.html).join(' | ')))"
                    )
                    self.assertEqual(found, [])

    def test_the_same_history_gives_the_same_octets(self):
        again = pathlib.Path(self.folder.name) / "again"
        run("report", self.failing / "history.jsonl", "--out", again)
        for name in ("index.html", "junit.xml", "ctrf.json"):
            self.assertEqual((again / name).read_bytes(), (self.failing / name).read_bytes(), name)

    def test_the_whole_suite_stays_within_its_size(self):
        whole = pathlib.Path(self.folder.name) / "whole"
        run("run", "--schedules", "1", "--report", whole)
        lines = (whole / "history.jsonl").read_text(encoding="utf-8").splitlines()
        planned = [record["planned"] for record in map(json.loads, lines) if "planned" in record]
        cases = list(dict.fromkeys(one["case"] for one in planned))
        zoo = whole / "zoo.json"
        zoo.write_text(json.dumps(matrix_of_all_faults(cases)), encoding="utf-8")
        run("report", whole / "history.jsonl", "--zoo", zoo, "--out", whole)
        page = (whole / "index.html").read_text(encoding="utf-8")
        for section in ("kills", "cells", "windows"):
            self.assertIn(f'<section id="{section}"', page)
        self.assertLess(len(page.encode()), SIZE)
        page = self.page(whole, fragment="#case-totals-answered-by-grand-total")
        self.assertEqual(page.complaints, [])
        self.picture(page, "textbook")
        # Cases that the matrix only names have become links.
        self.assertGreater(page.run("document.querySelectorAll('.kills td.cases a').length"), 1000)


if __name__ == "__main__":
    if chromium.find() is None:
        print("skipped: no Chromium; install it, such as with: apt-get install chromium")
        sys.exit(77)
    unittest.main(argv=[sys.argv[0], *sys.argv[5:]], verbosity=2)
