"""tools/run and tools/test from the command line to their last line."""

import json
import unittest

from fake_system import SystemTest


# What `tools/run` needs: nothing of the unit tests.
TARGETS = "ws2conform winsock-reference"
# How a new build is configured.
NEW = "meson setup -Dunity=on -Dunity_size=8"


class Run(SystemTest):
    def test_builds_and_passes_arguments_and_status_on(self):
        self.environment["WS2CONFORM_STATUS"] = "4"
        self.tool("run", "my iut.yaml", "--filter", "a*")
        self.assert_status(4)
        self.assertEqual(self.output, "run my iut.yaml --filter a*\n")
        build = self.root / "build"
        self.assertEqual(
            [call for call in self.calls_of("meson") if "--version" not in call],
            [f"{NEW} {build} {self.root}", f"meson compile -C {build} {TARGETS}"],
        )
        self.assert_no_package_manager()

    def test_a_build_directory_that_is_good_is_reused(self):
        self.tool("run")
        self.tool("run")
        self.assert_status(0)
        self.assertFalse([call for call in self.calls if call.startswith("meson setup")])

    def test_own_options_end_at_the_first_other_argument(self):
        self.tool("run", "--filter", "x", "--build-dir", "y")
        self.assertEqual(self.output, "run --filter x --build-dir y\n")
        self.tool("run", "--", "--help")
        self.assertEqual(self.output, "run --help\n")

    def test_build_directory_is_relative_to_where_one_stands(self):
        place = self.folder / "elsewhere"
        place.mkdir()
        for arguments in (["--build-dir", "b"], ["--build-dir=b"]):
            self.tool("run", *arguments, cwd=place)
            self.assert_status(0)
            self.assertIn(f"meson compile -C {place / 'b'} {TARGETS}", self.calls)
        self.assertFalse((self.root / "build").exists())

    def test_arguments_for_setup(self):
        self.tool("run", "--configure", "-Dwerror=true", "--configure=-Da=b")
        build = self.root / "build"
        self.assertIn(f"{NEW} -Dwerror=true -Da=b {build} {self.root}", self.calls)
        self.tool("run", "--configure", "-Da=c")
        self.assertIn(f"meson setup --reconfigure -Da=c {build} {self.root}", self.calls)

    def test_a_build_is_configured_again_after_an_installation(self):
        self.tool("run")
        del self.system["packages"]["libfmt-dev"]
        self.debian_12_offers()
        self.tool("run")
        self.assert_status(0)
        self.assertIn(f"meson setup --reconfigure {self.root}/build {self.root}", self.calls)

    def test_help_does_nothing(self):
        for name in ("run", "test"):
            self.tool(name, "--help")
            self.assert_status(0)
            self.assertIn(f"Usage: tools/{name}", self.output)
            self.assertEqual(self.calls, [])

    def test_wrong_use(self):
        for arguments in (
            ["--build-dir"],
            ["--build-dir", ""],
            ["--build-dir="],
            ["--build-dir", str(self.root)],
            ["--configure"],
        ):
            with self.subTest(arguments):
                self.tool("run", *arguments)
                self.assert_status(2)
                self.assertIn("error: ", self.errors)
                self.assertEqual(self.calls, [])

    def test_a_failed_configuration_or_build_is_named(self):
        self.system["setup_fails"] = True
        self.tool("run")
        self.assert_status(3)
        self.assertIn("configuring failed", self.errors)
        self.system["setup_fails"] = False
        self.system["compile_fails"] = True
        self.tool("run")
        self.assert_status(3)
        self.assertIn("the build in", self.errors)
        self.assertEqual(self.output, "")


class BuildDirectory(SystemTest):
    def setUp(self):
        super().setUp()
        self.tool("run")
        self.build = self.root / "build"
        (self.build / "kept").touch()

    def spoil_source(self):
        info = self.build / "meson-info/meson-info.json"
        content = json.loads(info.read_text(encoding="utf-8"))
        content["directories"]["source"] = "/somewhere/else"
        info.write_text(json.dumps(content), encoding="utf-8")

    def test_of_another_source_is_wiped(self):
        self.spoil_source()
        self.tool("run")
        self.assert_status(0)
        self.assertIn("was configured for /somewhere/else: wiping it", self.errors)
        self.assertFalse((self.build / "kept").exists())

    def test_of_another_meson_is_wiped(self):
        self.system["meson"] = "1.7.0"
        self.tool("run")
        self.assert_status(0)
        self.assertIn("was configured by meson 1.0.1", self.errors)
        self.assertFalse((self.build / "kept").exists())

    def test_of_a_patch_release_of_meson_is_kept(self):
        self.system["meson"] = "1.0.2"
        self.tool("run")
        self.assert_status(0)
        self.assertTrue((self.build / "kept").exists())

    def test_configured_half_is_configured_again(self):
        (self.build / "meson-private/coredata.dat").unlink()
        self.tool("run")
        self.assert_status(0)
        self.assertTrue((self.build / "meson-private/coredata.dat").exists())

    def test_chosen_by_the_user_is_never_wiped(self):
        self.spoil_source()
        other = self.folder / "theirs"
        self.build.rename(other)
        self.tool("run", "--build-dir", str(other))
        self.assert_status(3)
        self.assertIn("was configured for /somewhere/else", self.errors)
        self.assertTrue((other / "kept").exists())

    def test_a_folder_with_other_things_in_it_is_refused(self):
        place = self.folder / "papers"
        place.mkdir()
        (place / "letter").touch()
        self.tool("run", "--build-dir", str(place))
        self.assert_status(2)
        self.assertIn("is not empty", self.errors)
        self.assertEqual([path.name for path in place.iterdir()], ["letter"])


class Test(SystemTest):
    def last_line(self):
        return self.output.splitlines()[-1]

    def test_counts_what_meson_found(self):
        self.system["results"] = "OK SKIP EXPECTEDFAIL OK".split()
        self.tool("test", "--suite", "unit")
        self.assert_status(0)
        self.assertEqual(self.last_line(), "3 passed, 0 failed, 1 skipped")
        build = self.root / "build"
        self.assertIn(f"meson test -C {build} --print-errorlogs --timeout-multiplier 5 --suite unit", self.calls)
        self.assert_no_package_manager()

    def test_whatever_is_neither_good_nor_a_skip_failed(self):
        self.system["results"] = "OK FAIL ERROR TIMEOUT UNEXPECTEDPASS INTERRUPT".split()
        self.system["test_status"] = 5
        self.tool("test")
        self.assert_status(1)
        self.assertEqual(self.last_line(), "1 passed, 5 failed, 0 skipped")

    def test_a_failure_counts_even_if_meson_were_content(self):
        self.system["results"] = ["OK", "FAIL"]
        self.tool("test")
        self.assert_status(1)

    def test_meson_failing_counts_even_if_no_test_did(self):
        self.system["test_status"] = 1
        self.tool("test")
        self.assert_status(1)
        self.assertEqual(self.last_line(), "1 passed, 0 failed, 0 skipped")

    def test_nothing_that_ran_is_a_failure(self):
        for results in ([], ["SKIP", "SKIP"]):
            self.system["results"] = results
            self.tool("test")
            self.assert_status(1)
            self.assertEqual(self.last_line(), f"0 passed, 0 failed, {len(results)} skipped")
            self.assertIn("nothing ran", self.errors)

    def test_results_of_an_earlier_run_are_not_counted(self):
        self.tool("test")
        stale = self.root / "build/meson-logs/testlog-old.json"
        stale.write_text('{"result": "FAIL"}\n', encoding="utf-8")
        self.tool("test")
        self.assert_status(0)
        self.assertEqual(self.last_line(), "1 passed, 0 failed, 0 skipped")

    def test_list_runs_nothing(self):
        self.tool("test", "--list")
        self.assert_status(0)
        self.assertEqual(self.output, "a-test\n")

    def test_the_build_directory_is_not_chosen_with_c(self):
        self.tool("test", "-C", "x")
        self.assert_status(2)
        self.assertIn("--build-dir", self.errors)

    def test_a_failed_build_gives_no_counts(self):
        self.system["compile_fails"] = True
        self.tool("test")
        self.assert_status(3)
        self.assertEqual(self.output, "")


if __name__ == "__main__":
    unittest.main()
