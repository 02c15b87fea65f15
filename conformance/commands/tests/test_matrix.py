"""`ws2conform matrix`: every pair, whose fault it is, the record, and the form of matrix.json.

Usage: test_matrix.py WS2CONFORM WINSOCK_ZOO SOURCE_ROOT [unittest arguments]
"""

import json
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

PROGRAM, ZOO, SOURCE = (pathlib.Path(sys.argv.pop(1)).resolve() for _ in range(3))

sys.path.insert(0, str(SOURCE / "runners" / "python"))

from claims import claims_of  # noqa: E402

CLAIMS = claims_of(SOURCE / "runners" / "iuts" / "reference.yaml")


class Matrix(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.folder)

    def faulty(self, fault):
        """A copy of the reference with one fault."""
        iut = self.folder / f"{fault}.yaml"
        command = [str(ZOO), "--fault", fault, "--implementation", fault, *CLAIMS]
        iut.write_text(json.dumps({"name": fault, "title": fault, "command": command}))
        return str(iut)

    def matrix(self, *iuts, case, more=()):
        out = self.folder / "matrix"
        result = subprocess.run(
            [PROGRAM, "matrix", *iuts, "--filter", case, "--provider", "stream"]
            + ["--schedules", "2", "--out", out, *more],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=250,
        )
        found = json.loads((out / "matrix.json").read_text()) if out.exists() else None
        return result, found

    def pair(self, found, client, server):
        return next(
            p for p in found["pairs"] if (p["client"], p["server"]) == (client, server)
        )

    def test_the_faulty_side_is_to_blame(self):
        fault = "drops-disconnect-data"
        result, found = self.matrix(
            self.faulty(fault), "reference", case="totals-answered-by-grand-total"
        )
        self.assertEqual(result.returncode, 1, result.stdout + result.stderr)
        self.assertEqual(self.pair(found, "reference", "reference")["failures"], [])
        self.assertNotIn("record", self.pair(found, "reference", "reference"))
        for client, server, blame in (
            (fault, "reference", "client"),
            ("reference", fault, "server"),
            (fault, fault, "both"),
        ):
            with self.subTest(client=client, server=server):
                pair = self.pair(found, client, server)
                self.assertTrue(pair["failures"])
                for failure in pair["failures"]:
                    self.assertEqual(failure["blame"], blame, failure)
                    self.assertRegex(failure["reason"], "^step ")
                    self.assertIn(failure["reason"], result.stdout)
                self.assertGreater((self.folder / "matrix" / pair["record"]).stat().st_size, 0)
        self.assertRegex(result.stdout, r"(?m)^reference +0 pass, 2 fail +2 pass")

    def test_all_is_well(self):
        result, found = self.matrix("reference", case="listener-cannot-connect")
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)
        self.assertEqual(found["implementations"][0]["implementation"], "ws2 reference")
        self.assertEqual(len(found["pairs"]), 1)
        self.assertEqual(found["pairs"][0]["verdicts"], {"pass": 1})
        self.assertIn("1 pass", result.stdout)

    def test_a_pair_that_cannot_run_is_told_and_the_others_go_on(self):
        nobody = self.folder / "nobody.yaml"
        nobody.write_text(json.dumps({"name": "nobody", "title": "x", "command": ["false"]}))
        result, found = self.matrix("reference", str(nobody), case="listener-cannot-connect")
        self.assertEqual(result.returncode, 3, result.stdout + result.stderr)
        self.assertIn("no hello", self.pair(found, "reference", "nobody")["problem"])
        self.assertEqual(self.pair(found, "reference", "reference")["verdicts"], {"pass": 1})

    def test_an_unknown_implementation_is_an_error_before_anything_runs(self):
        result, found = self.matrix("reference", "refrence", case="listener-cannot-connect")
        self.assertEqual(result.returncode, 2)
        self.assertIn("reference", result.stderr)
        self.assertIsNone(found)

    def test_two_implementations_of_one_name(self):
        other = self.folder / "elsewhere"
        other.mkdir()
        copy = shutil.copy(self.faulty("null"), other)
        result, found = self.matrix(self.faulty("null"), copy, case="listener-cannot-connect")
        self.assertEqual(result.returncode, 2, result.stdout + result.stderr)
        self.assertIn('would share the name "null"', result.stderr)
        self.assertIsNone(found)

    def test_the_file_has_the_documented_form(self):
        schema = json.loads(
            (SOURCE / "conformance" / "commands" / "matrix.schema.json").read_text()
        )
        _, found = self.matrix(
            self.faulty("drops-disconnect-data"),
            "reference",
            case="totals-answered-by-grand-total",
        )
        try:
            import jsonschema
        except ImportError:
            # What the schema demands of each object, by hand.
            for pair in found["pairs"]:
                form = schema["definitions"]["pair"]
                self.assertLessEqual(set(pair), set(form["properties"]))
                self.assertLessEqual(set(form["required"]), set(pair))
                for failure in pair["failures"]:
                    form = schema["definitions"]["failure"]
                    self.assertLessEqual(set(failure), set(form["properties"]))
                    self.assertLessEqual(set(form["required"]), set(failure))
            self.assertLessEqual(set(schema["required"]), set(found))
            self.assertLessEqual(set(found), set(schema["properties"]))
        else:
            jsonschema.validate(found, schema)


if __name__ == "__main__":
    unittest.main()
