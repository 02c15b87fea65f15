"""The cases held against the model, as a command: model.json has the documented form, and tells what was a
sample and what is outside of the model.

Usage: test_model.py WS2CONFORM SOURCE_ROOT [unittest arguments]
"""

import json
import pathlib
import subprocess
import sys
import tempfile
import unittest

PROGRAM, SOURCE = (pathlib.Path(sys.argv.pop(1)).resolve() for _ in range(2))

HOLDS = 0


def model_of(case):
    with tempfile.TemporaryDirectory() as folder:
        out = pathlib.Path(folder) / "model.json"
        done = subprocess.run(
            [PROGRAM, "model", "--filter", case, "--provider", "stream", "--out", out],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=250,
        )
        assert done.returncode == HOLDS, done.stdout + done.stderr
        return json.loads(out.read_text())


class ModelJson(unittest.TestCase):
    def has_the_documented_form(self, found):
        schema = json.loads((SOURCE / "conformance" / "model" / "model.schema.json").read_text())
        try:
            import jsonschema
        except ImportError:
            # What the schema demands of the whole and of a case, by hand.
            for form, what in [(schema, found), (schema["definitions"]["case"], found["cases"][0])]:
                self.assertLessEqual(set(what), set(form["properties"]))
                self.assertLessEqual(set(form["required"]), set(what))
        else:
            jsonschema.validate(found, schema)

    def test_a_case_that_is_explored_to_its_end(self):
        found = model_of("rejected-while-pending")
        self.has_the_documented_form(found)
        (case,) = found["cases"]
        self.assertEqual((case["verdict"], case["sampled"], case["outside"]), ("agrees", 0, {}))
        self.assertGreater(case["states"], case["instances"])
        self.assertGreater(case["schedules"], 0)
        self.assertEqual(found["totals"]["states"], case["states"])
        self.assertEqual(found["totals"]["cases"]["agrees"], 1)

    def test_a_case_with_more_states_than_are_explored(self):
        found = model_of("grand-total-over-all-clients")
        self.has_the_documented_form(found)
        (case,) = found["cases"]
        self.assertGreater(case["sampled"], 0)
        self.assertGreaterEqual(case["states"], found["bounds"]["states"])

    def test_a_part_of_the_cases_leaves_the_account_of_all_alone(self):
        whole = PROGRAM.parent / "model.json"
        before = whole.stat().st_mtime_ns if whole.exists() else None
        subprocess.run([PROGRAM, "model", "--filter", "never-connected"], stdout=subprocess.DEVNULL)
        after = whole.stat().st_mtime_ns if whole.exists() else None
        self.assertEqual(before, after)


if __name__ == "__main__":
    unittest.main()
