"""What is installed when, and what is never done."""

import unittest

from fake_system import BOOST_181, COMPILER, LIBRARIES, SystemTest, packages

INSTALL = (
    "apt-get install -y --no-install-recommends --no-remove -o DPkg::Lock::Timeout=120 "
)


class NothingMissing(SystemTest):
    def test_no_package_manager_is_called(self):
        self.ensure()
        self.assert_status(0)
        self.assertEqual(self.errors, "")
        self.assert_no_package_manager()

    def test_an_ordinary_user_needs_no_sudo(self):
        self.system["root"] = False
        self.ensure()
        self.assert_status(0)
        self.assert_no_package_manager()

    def test_newer_boost_of_the_system_counts(self):
        for name in BOOST_181:
            del self.system["packages"][name]
        newer = ["libboost1.83-dev", "libboost-filesystem1.83-dev", "libboost-system1.83-dev"]
        self.system["packages"].update(packages(*newer))
        self.ensure()
        self.assert_status(0)
        self.assert_no_package_manager()

    def test_boost_1_90_has_no_system_package_but_one_for_process(self):
        for name in BOOST_181:
            del self.system["packages"][name]
        newer = ["libboost1.90-dev", "libboost-filesystem1.90-dev", "libboost-process1.90-dev"]
        self.system["packages"].update(packages(*newer))
        self.ensure()
        self.assert_status(0)
        self.assert_no_package_manager()

    def test_a_later_cxx20_compiler_is_taken_when_the_first_is_old(self):
        self.add_program("clang++", COMPILER)
        (self.bin / "c++.old").touch()
        self.ensure()
        self.assert_status(0)
        self.assertIn("CXX=clang++", self.output)
        self.assert_no_package_manager()

    def test_a_compiler_named_by_cxx_that_does_not_work_is_an_error(self):
        self.environment["CXX"] = "c++-from-the-attic -m64"
        self.ensure()
        self.assert_status(3)
        self.assertIn("c++-from-the-attic", self.errors)
        self.assert_no_package_manager()


class MissingOnDebian(SystemTest):
    def setUp(self):
        super().setUp()
        del self.system["packages"]["libfmt-dev"]
        self.debian_12_offers()

    def test_root_installs_it_and_nothing_else(self):
        self.ensure()
        self.assert_status(0)
        self.assertIn(INSTALL + "libfmt-dev", self.calls)
        self.assertEqual(self.calls_of("sudo"), [])
        self.assertNotIn("apt-get update", self.calls)
        self.assertRegex(self.errors, r"libfmt-dev +fmt, text formatting")

    def test_a_package_removed_but_not_purged_is_missing(self):
        self.system["packages"]["libfmt-dev"] = {"version": "1.0", "status": "config-files"}
        self.ensure()
        self.assert_status(0)
        self.assertIn(INSTALL + "libfmt-dev", self.calls)

    def test_another_user_installs_it_with_sudo_and_is_told(self):
        self.system["root"] = False
        self.ensure()
        self.assert_status(0)
        self.assertIn("sudo is used", self.errors)
        self.assertEqual(
            self.calls_of("sudo"),
            ["sudo env DEBIAN_FRONTEND=noninteractive " + INSTALL + "libfmt-dev"],
        )

    def test_nobody_is_asked_for_a_password_in_ci(self):
        self.system["root"] = False
        self.environment["CI"] = "true"
        self.ensure()
        self.assert_status(0)
        self.assertTrue(self.calls_of("sudo")[0].startswith("sudo -n "))

    def test_without_sudo_the_command_is_printed(self):
        self.system["root"] = False
        self.remove_program("sudo")
        self.ensure()
        self.assert_status(3)
        self.assertIn(INSTALL + "libfmt-dev", self.errors)
        self.assert_nothing_changed()

    def test_when_sudo_refuses_the_command_is_printed(self):
        self.system["root"] = False
        self.system["sudo_refuses"] = True
        self.ensure()
        self.assert_status(3)
        self.assertIn("\n  apt-get update && " + INSTALL + "libfmt-dev", self.errors)
        self.assertEqual(len(self.calls_of("sudo")), 1)

    def test_lists_are_fetched_when_apt_does_not_know_the_package(self):
        self.system["after_update"] = self.system["known"]
        self.system["known"] = {}
        self.ensure()
        self.assert_status(0)
        real = [call for call in self.calls_of("apt-get") if " -s " not in call]
        self.assertEqual(real, ["apt-get update", INSTALL + "libfmt-dev"])

    def test_lists_are_fetched_when_they_turn_out_stale(self):
        self.system["stale"] = True
        self.ensure()
        self.assert_status(0)
        real = [call for call in self.calls_of("apt-get") if " -s " not in call]
        self.assertEqual(
            real, [INSTALL + "libfmt-dev", "apt-get update", INSTALL + "libfmt-dev"]
        )

    def test_a_release_without_the_package_is_named_as_such(self):
        del self.system["known"]["libfmt-dev"]
        self.ensure()
        self.assert_status(3)
        self.assertIn("no package libfmt-dev", self.errors)

    def test_a_package_that_would_have_to_go_stops_everything(self):
        self.system["in_the_way"] = ["fmt-of-somebody"]
        self.system["packages"].update(packages("fmt-of-somebody"))
        self.ensure()
        self.assert_status(3)
        self.assertIn("fmt-of-somebody", self.errors)
        self.assert_nothing_changed()

    def test_a_compiler_is_installed_when_there_is_none(self):
        (self.bin / "c++.broken").touch()
        self.system["known"]["g++"] = "4:12.2.0-3"
        self.system["programs"] = {"g++": "c++"}
        self.ensure()
        self.assert_status(0)
        self.assertIn(INSTALL + "g++ libfmt-dev", self.calls)

    def test_a_meson_that_stays_too_old_is_not_taken(self):
        self.system["meson"] = "0.61.2"
        self.system["known"]["meson"] = "1.0.1-5"
        self.ensure()
        self.assert_status(3)
        self.assertIn("Still missing", self.errors)
        self.assertIn("Meson 1.0 or newer", self.errors)


class BoostOnDebian(SystemTest):
    def setUp(self):
        super().setUp()
        for name in BOOST_181:
            del self.system["packages"][name]
        self.debian_12_offers()

    def test_debian_12_gets_1_81_beside_its_1_74(self):
        self.ensure()
        self.assert_status(0)
        self.assertIn(INSTALL + " ".join(BOOST_181), self.calls)

    def test_a_system_with_a_newer_boost_gets_its_own(self):
        family = ["libboost-dev", "libboost-filesystem-dev", "libboost-system-dev"]
        self.system["known"] = {name: "1:1.83.0.2" for name in family}
        self.system["packages"]["dpkg"] = {"version": "1.22"}
        self.ensure()
        self.assertIn(INSTALL + " ".join(family), self.calls)

    def test_a_system_with_boost_1_90_gets_process_and_no_system(self):
        family = ["libboost-dev", "libboost-filesystem-dev", "libboost-process-dev"]
        self.system["known"] = {name: "1.90.0.1" for name in family}
        self.ensure()
        self.assert_status(0)
        self.assertIn(INSTALL + " ".join(family), self.calls)

    def test_a_family_begun_is_completed(self):
        self.system["packages"].update(packages("libboost1.83-dev", version="1.83.0-4"))
        family = ["libboost1.83-dev", "libboost-filesystem1.83-dev", "libboost-system1.83-dev"]
        self.system["known"].update({name: "1.83.0-4" for name in family})
        self.ensure()
        self.assert_status(0)
        self.assertIn(INSTALL + " ".join(family), self.calls)

    def test_an_older_boost_in_the_way_is_refused_before_apt_is_asked(self):
        self.system["packages"].update(
            {
                "libboost1.74-dev": {"version": "1.74.0-18"},
                "libboost-dev": {"version": "1.74.0.3", "depends": "libboost1.74-dev"},
                "libgame-dev": {"version": "3", "depends": "libc6 (>= 2), libboost-dev (>= 1.7)"},
                "libgame-doc": {"version": "3", "depends": "libc6"},
            }
        )
        self.ensure()
        self.assert_status(3)
        self.assertIn("libboost1.74-dev is in the way", self.errors)
        self.assertIn("libboost-dev libgame-dev\n", self.errors)
        self.assertNotIn("libgame-doc", self.errors)
        self.assertIn("sudo apt-get remove libboost1.74-dev", self.errors)
        self.assertIn("BOOST_ROOT", self.errors)
        self.assert_no_package_manager()

    def test_an_older_boost_is_no_trouble_when_the_compiler_finds_a_newer_one(self):
        self.system["packages"].update(packages("libboost1.74-dev"))
        self.compiler_boost = 108400
        self.ensure()
        self.assert_status(0)
        self.assert_no_package_manager()

    def test_the_compilers_boost_must_be_new_enough(self):
        self.compiler_boost = 107400
        self.ensure()
        self.assert_status(0)
        self.assertIn(INSTALL + " ".join(BOOST_181), self.calls)


class BoostRoot(SystemTest):
    def setUp(self):
        super().setUp()
        for name in BOOST_181:
            del self.system["packages"][name]
        self.system["packages"].update(packages("libboost1.74-dev"))
        self.boost = self.folder / "boost"
        (self.boost / "include/boost").mkdir(parents=True)
        (self.boost / "lib").mkdir()
        (self.boost / "lib/libboost_filesystem.so").touch()
        self.holds(108200)
        self.environment["BOOST_ROOT"] = str(self.boost)

    def holds(self, version):
        header = self.boost / "include/boost/version.hpp"
        header.write_text(f"// Boost\n#define BOOST_VERSION {version}\n", encoding="utf-8")

    def test_it_stands_in_for_the_packages(self):
        self.ensure()
        self.assert_status(0)
        self.assert_no_package_manager()

    def test_too_old(self):
        self.holds(107400)
        self.ensure()
        self.assert_status(3)
        self.assertIn("holds Boost 1.74", self.errors)

    def test_without_its_compiled_parts(self):
        (self.boost / "lib/libboost_filesystem.so").unlink()
        self.ensure()
        self.assert_status(3)
        self.assertIn("libboost_filesystem", self.errors)

    def test_not_a_boost_at_all(self):
        self.environment["BOOST_ROOT"] = str(self.folder / "nowhere")
        self.ensure()
        self.assert_status(3)
        self.assertIn("no include/boost/version.hpp", self.errors)


class Extras(SystemTest):
    ALL = [
        "gcc-mingw-w64-x86-64-posix",
        "g++-mingw-w64-x86-64-posix",
        "wine",
        "clang",
        "shellcheck",
        "nodejs",
        "python3-qpid-proton",
        "python3-websockets",
        "slurm-wlm",
        "clang-format-14",
    ]

    def test_they_are_left_out_unless_asked_for(self):
        self.debian_12_offers(*self.ALL)
        self.ensure(extras=0)
        self.assert_status(0)
        self.assert_no_package_manager()

    def test_they_are_installed_when_asked_for(self):
        self.debian_12_offers(*self.ALL)
        self.ensure(extras=1)
        self.assert_status(0)
        self.assertIn(INSTALL + " ".join(self.ALL), self.calls)

    def test_a_release_without_one_of_them_goes_on_without(self):
        self.debian_12_offers(*(name for name in self.ALL if name != "shellcheck"))
        self.ensure(extras=1)
        self.assert_status(0)
        self.assertIn("no package shellcheck", self.errors)
        self.assertIn(INSTALL + " ".join(n for n in self.ALL if n != "shellcheck"), self.calls)

    def test_the_clang_format_of_debian_12_is_not_looked_for_elsewhere(self):
        self.os_release("trixie")
        self.debian_12_offers(*self.ALL)
        self.ensure(extras=1)
        self.assert_status(0)
        self.assertNotIn("clang-format-14", " ".join(self.calls))


class Elsewhere(SystemTest):
    def setUp(self):
        super().setUp()
        self.system["packages"] = {}
        self.headers = list(LIBRARIES.values())
        self.compiler_boost = 108400

    def test_dpkg_as_a_mere_tool_makes_no_debian(self):
        self.ensure()
        self.assert_status(0)
        self.assert_no_package_manager()

    def test_what_is_missing_is_named(self):
        self.headers.remove("rapidcheck.h")
        self.compiler_boost = 0
        self.remove_program("ninja")
        self.ensure()
        self.assert_status(3)
        for word in ("rapidcheck.h", "Boost 1.81", "ninja"):
            self.assertIn(word, self.errors)
        self.assertNotIn("gtest", self.errors)
        self.assertIn("neither Debian nor Ubuntu", self.errors)
        self.assert_no_package_manager()

    def test_without_any_dpkg(self):
        for name in ("dpkg-query", "apt-get", "apt-cache", "sudo"):
            self.remove_program(name)
        self.kernel = "Darwin"
        self.ensure()
        self.assert_status(0)

    def test_missing_extras_do_not_stop_it(self):
        self.ensure(extras=1)
        self.assert_status(0)
        self.assertIn("clang", self.errors)


if __name__ == "__main__":
    unittest.main()
