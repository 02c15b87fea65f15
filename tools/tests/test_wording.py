"""The alarm that a cited document changed, on made-up text."""

import json
import pathlib
import subprocess
import sys
import tempfile
import unittest

CHECKS = pathlib.Path(__file__).resolve().parent.parent / "checks"
sys.path.insert(0, str(CHECKS))
import wording  # noqa: E402  (beside the tools, not installed)

SENTENCE = "The heron waits until the pond is still, and moves once."
PAGE = """# Birds

Herons fish. <b>The heron</b> waits until
the <a href="pond.html">pond</a> is *still*, and moves `once`. Then it flies.
"""


def cites(*sentences):
    return [{"id": "BIRD-01", "wording": [wording.fingerprint(s) for s in sentences]}]


class WordingTest(unittest.TestCase):
    def test_markup_and_line_breaks_do_not_count(self):
        self.assertEqual(wording.missing(cites(SENTENCE), [PAGE]), [])

    def test_links_and_entities(self):
        text = "See [the reeds](https://example.org/a_(b)) &amp; the pond."
        self.assertEqual(wording.missing(cites("See the reeds) & the pond."), [text]), [])

    def test_another_word_raises_the_alarm(self):
        changed = PAGE.replace("moves", "strikes")
        lost = wording.missing(cites(SENTENCE), [changed])
        self.assertEqual([r["id"] for r, _ in lost], ["BIRD-01"])

    def test_a_word_left_out_raises_the_alarm(self):
        self.assertEqual(len(wording.missing(cites(SENTENCE), [PAGE.replace("until", "")])), 1)

    def test_any_of_the_documents_may_hold_it(self):
        self.assertEqual(wording.missing(cites(SENTENCE), ["Nothing here.", PAGE]), [])

    def test_underscores_inside_names_are_kept(self):
        self.assertEqual(wording.words("_POND_DEPTH_ of a_b"), ["POND_DEPTH", "of", "a_b"])

    def test_what_is_no_fingerprint_is_refused(self):
        with self.assertRaises(ValueError):
            wording.missing([{"id": "BIRD-01", "wording": ["sha256:12/3"]}], [PAGE])

    def run_on(self, page, *sentences):
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder)
            requirements = [
                {"file": "birds.yaml", "line": 7, "source": "Birds", **r} for r in cites(*sentences)
            ]
            (path / "ledger.json").write_text(json.dumps({"requirements": requirements}))
            (path / "pages").mkdir()
            if page is not None:
                (path / "pages" / "heron.md").write_text(page)
            return subprocess.run(
                [sys.executable, "-B", CHECKS / "wording.py", path / "ledger.json", path / "pages"],
                capture_output=True,
                text=True,
            )

    def test_the_program_names_file_line_and_requirement(self):
        result = self.run_on(PAGE, SENTENCE, "The heron sleeps.")
        self.assertEqual(result.returncode, 1)
        self.assertIn("birds.yaml:7: BIRD-01: ", result.stdout)
        self.assertIn("1 documents, 2 cited sentences, 1 not found", result.stdout)

    def test_the_program_is_content_when_nothing_changed(self):
        self.assertEqual(self.run_on(PAGE, SENTENCE).returncode, 0)

    def test_no_documents_is_no_proof(self):
        self.assertEqual(self.run_on(None, SENTENCE).returncode, 2)


if __name__ == "__main__":
    unittest.main()
