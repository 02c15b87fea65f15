"""Client and server on two machines: two network namespaces with a cable between them.

Usage: test_two_machines.py WS2CONFORM SOURCE_ROOT [unittest arguments]

It runs itself again in namespaces of its own, which needs no privilege where the system lets users
make them and leaves nothing behind.
"""

import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

PROGRAM, SOURCE = (pathlib.Path(sys.argv.pop(1)).resolve() for _ in range(2))
sys.path.insert(0, str(SOURCE / "runners" / "python"))

from claims import claims_of  # noqa: E402

INSIDE = "WS2CONFORM_TWO_MACHINES"
APART = ["unshare", "--user", "--map-root-user", "--net", "--mount"]

REFERENCE = PROGRAM.parent / "runners" / "winsock" / "winsock-reference"
CLAIMS = claims_of(SOURCE / "runners" / "iuts" / "reference.yaml")
PLAIN_TCP = SOURCE / "runners" / "python" / "plain_tcp.py"
BASELINES = SOURCE / "cases" / "baselines"

MACHINES = {"near": ("192.0.2.1", "2001:db8::1"), "far": ("192.0.2.2", "2001:db8::2")}
CABLE = [
    "mount -t tmpfs none /run",
    "mkdir /run/netns",
    "ip netns add near",
    "ip netns add far",
    "ip link add cable netns near type veth peer name cable netns far",
]

# A line that delays, loses and reorders. Only resets are not lost, whose flag is in octet 13 of TCP's
# header: TCP sends each once, and who only receives never learns of one that was lost.
BAD_LINE = [
    "qdisc add dev cable root handle 1: prio bands 2 priomap" + 16 * " 0",
    "qdisc add dev cable parent 1:1 netem delay 4ms 2ms loss 1% reorder 20%",
    "qdisc add dev cable parent 1:2 netem delay 7ms",
    "filter add dev cable parent 1: protocol ip prio 1 u32"
    " match u8 6 0xff at 9 match u8 4 4 at 33 flowid 1:2",
    "filter add dev cable parent 1: protocol ipv6 prio 2 u32"
    " match u8 6 0xff at 6 match u8 4 4 at 53 flowid 1:2",
]


def do(command):
    return subprocess.run(command.split(), capture_output=True, text=True, check=False)


def plug(machine):
    """What makes a machine of a namespace: an interface, addresses, and itself."""
    ipv4, ipv6 = MACHINES[machine]
    return [
        f"ip -n {machine} address add {ipv4}/24 dev cable",
        f"ip -n {machine} address add {ipv6}/64 dev cable nodad",
        f"ip -n {machine} link set lo up",
        f"ip -n {machine} link set cable up",
    ]


class TwoMachines(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def iut(self, name, machine, command, families=("AF_INET", "AF_INET6")):
        addresses = dict(zip(("AF_INET", "AF_INET6"), MACHINES[machine]))
        described = {
            "name": name,
            "title": name,
            "command": ["ip", "netns", "exec", machine, *map(str, command)],
            "addresses": {family: addresses[family] for family in families},
        }
        path = self.folder / f"{name}.yaml"
        path.write_text(json.dumps(described))
        return path

    def reference(self, machine, **more):
        command = [REFERENCE, "--implementation", "ws2 reference", *CLAIMS]
        return self.iut(f"reference-{machine}", machine, command, **more)

    def run_pair(self, client, server, *more):
        return subprocess.run(
            [PROGRAM, "run", "--client", client, "--server", server, *more]
            + ["--report", self.folder / "report"],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )

    def assert_holds(self, result, at_least):
        self.assertEqual(result.returncode, 0, result.stdout[-4000:] + result.stderr)
        passed = int(re.search(r"^(\d+) pass", result.stdout, re.MULTILINE).group(1))
        self.assertGreaterEqual(passed, at_least)

    def test_the_reference_holds(self):
        result = self.run_pair(
            self.reference("near"), self.reference("far"), "--schedules", "1", "--provider", "stream"
        )
        self.assert_holds(result, 200)
        # The connection was between the two, and not within one.
        history = (self.folder / "report" / "history.jsonl").read_text()
        self.assertIn(f'"{MACHINES["far"][0]}:', history)
        self.assertIn(f'"{MACHINES["near"][0]}:', history)
        self.assertIn(f'"[{MACHINES["far"][1]}]:', history)
        self.assertNotIn('"127.0.0.1:', history)

    def test_plain_tcp_and_the_reference(self):
        plain = self.iut("plain-tcp", "near", [sys.executable, "-B", PLAIN_TCP])
        known = BASELINES / "plain-tcp-client.yaml"
        more = ["--provider", "tcp", "--baseline", known, "--schedules", "1"]
        self.assert_holds(self.run_pair(plain, self.reference("far"), *more), 30)

    def test_a_line_that_delays_loses_and_reorders(self):
        for machine in MACHINES:
            self.addCleanup(do, f"tc -n {machine} qdisc del dev cable root")
            for command in BAD_LINE:
                made = do(f"tc -n {machine} {command}")
                if made.returncode != 0:
                    # Where it was promised (other_kernel.py), its lack is no reason to skip.
                    self.assertNotIn(
                        "sch_netem", os.environ.get("WS2CONFORM_OTHER_KERNEL", ""), made.stderr
                    )
                    self.skipTest(f"no such line in this kernel: {made.stderr.strip()}")
        more = ["--provider", "stream", "--schedules", "1", "--time-factor", "3"]
        more += ["--filter", "teardown"]
        self.assert_holds(self.run_pair(self.reference("near"), self.reference("far"), *more), 20)

    def test_a_family_without_an_address_is_not_tested(self):
        near = self.reference("near", families=["AF_INET"])
        far = self.reference("far", families=["AF_INET"])
        more = ["--provider", "stream", "--filter", "plain-octets-in-either-family"]
        result = self.run_pair(near, far, *more)
        self.assert_holds(result, 1)
        self.assertIn("reference-near has no address of AF_INET6 in its file", result.stdout)

    def test_one_machine_with_an_address_is_an_error(self):
        result = self.run_pair(self.reference("near"), "reference", "--provider", "stream")
        self.assertEqual(result.returncode, 2, result.stdout)
        self.assertIn("one has addresses in its file", result.stderr)


def skip(reason):
    print(f"skipped: {reason}")
    sys.exit(77)


if __name__ == "__main__":
    if INSIDE not in os.environ:
        try:
            subprocess.run([*APART, "true"], check=True, capture_output=True)
            subprocess.run(["ip", "-V"], check=True, capture_output=True)
        except OSError as error:
            skip(f"{error} (Debian: apt-get install iproute2 util-linux)")
        except subprocess.CalledProcessError as error:
            skip(f"no namespaces may be made here: {error.stderr.decode().strip()}")
        again = [sys.executable, "-B", __file__, str(PROGRAM), str(SOURCE), *sys.argv[1:]]
        os.execvpe(APART[0], [*APART, *again], {**os.environ, INSIDE: "1"})
    for step in [*CABLE, *plug("near"), *plug("far")]:
        result = do(step)
        if result.returncode != 0:
            skip(f"{step}: {result.stderr.strip()}")
    unittest.main()
