"""tools/slurm-array: shards that make up the whole, started by hand and by Slurm on this one node.

Usage: slurm_array.py PROGRAM SOURCE_ROOT

Without Slurm (Debian: slurm-wlm) the second half is skipped, and the exit status is 77.
"""

import getpass
import os
import pathlib
import shutil
import socket
import subprocess
import sys
import tempfile
import unittest

PROGRAM = pathlib.Path(sys.argv.pop(1)).resolve()
SOURCE = pathlib.Path(sys.argv.pop(1)).resolve()
SCRIPT = SOURCE / "tools" / "slurm-array"
RUN = ("reference", "--filter", "kinds", "--provider", "tcp", "--schedules", "1")
TASKS = 3

# A cluster of this machine alone, which trusts everybody on it: it listens on loopback.
SLURM_CONF = """
ClusterName=ws2conform
SlurmctldHost={host}(127.0.0.1)
SlurmUser={user}
SlurmdUser={user}
AuthType=auth/none
CredType=cred/none
SlurmctldPort={ctld}
SlurmdPort={slurmd}
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/slurmd.pid
SlurmctldLogFile={folder}/slurmctld.log
SlurmdLogFile={folder}/slurmd.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
MpiDefault=none
AccountingStorageType=accounting_storage/none
JobAcctGatherType=jobacct_gather/none
SelectType=select/cons_tres
SchedulerParameters=sched_interval=1,batch_sched_delay=0
SlurmdParameters=config_overrides
NodeName={host} NodeAddr=127.0.0.1 CPUs=2 State=UNKNOWN
PartitionName=all Nodes={host} Default=YES MaxTime=10 State=UP
"""


def program(name):
    """Its path; the daemons are where only root's PATH leads."""
    return shutil.which(name, path=os.environ.get("PATH", "") + ":/usr/sbin:/usr/local/sbin")


def missing_programs():
    return [name for name in ("slurmctld", "slurmd", "sbatch") if not program(name)]


def free_ports(count):
    sockets = [socket.socket() for _ in range(count)]
    for one in sockets:
        one.bind(("127.0.0.1", 0))
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports


class SlurmArray(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.report = self.folder / "report"

    def command(self, *command, **environment):
        return subprocess.run(
            list(map(str, command)),
            cwd=self.folder,
            env={**os.environ, "WS2CONFORM": str(PROGRAM), **environment},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=300,
        )

    def check_whole(self):
        histories = [self.report / f"shard-{i}" / "history.jsonl" for i in range(1, TASKS + 1)]
        for history in histories:
            self.assertTrue(history.exists(), f"{history} is missing; {self.logs()}")
        merged = self.command(PROGRAM, "report", *histories, "--out", self.report)
        self.assertEqual(merged.returncode, 0, merged.stdout)
        whole = self.command(PROGRAM, "run", *RUN, "--report", self.folder / "whole")
        counts = [line for line in whole.stdout.splitlines() if " pass" in line][-1]
        self.assertIn(counts, merged.stdout)
        lacking = self.command(PROGRAM, "report", *histories[1:], "--out", self.folder / "lacking")
        self.assertIn("shard 1", lacking.stdout)

    def logs(self):
        return "\n".join(path.read_text() for path in self.folder.glob("*.log"))

    def test_tasks_are_shards(self):
        for task in range(TASKS):
            result = self.command(
                SCRIPT, self.report, *RUN,
                SLURM_ARRAY_TASK_ID=str(task + 5),
                SLURM_ARRAY_TASK_MIN="5",
                SLURM_ARRAY_TASK_COUNT=str(TASKS),
                GTEST_TOTAL_SHARDS="7",
                GTEST_SHARD_INDEX="0",
            )
            self.assertEqual(result.returncode, 0, result.stdout)
        self.check_whole()

    def test_outside_an_array(self):
        result = self.command(SCRIPT, self.report)
        self.assertEqual(result.returncode, 2)
        self.assertIn("--array=1-N", result.stdout)
        self.assertIn("sbatch --array=1-8", self.command(SCRIPT).stdout)

    @unittest.skipIf(missing_programs(), "Slurm is not installed (Debian: slurm-wlm)")
    def test_a_cluster_of_one_node(self):
        ctld, slurmd = free_ports(2)
        host = socket.gethostname().split(".")[0]
        for name in ("state", "spool"):
            (self.folder / name).mkdir()
        conf = self.folder / "slurm.conf"
        conf.write_text(
            SLURM_CONF.format(
                host=host, user=getpass.getuser(), ctld=ctld, slurmd=slurmd, folder=self.folder
            )
        )
        for daemon in (["slurmctld", "-D", "-i"], ["slurmd", "-D", "-N", host]):
            process = subprocess.Popen(
                [program(daemon[0]), *daemon[1:], "-f", str(conf)],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            self.addCleanup(process.wait, 60)
            self.addCleanup(process.terminate)
        result = self.command(
            "sbatch", "--wait", f"--array=1-{TASKS}", SCRIPT, self.report, *RUN,
            SLURM_CONF=str(conf),
        )
        self.assertEqual(result.returncode, 0, result.stdout + self.logs())
        self.check_whole()


if __name__ == "__main__":
    outcome = unittest.main(exit=False, verbosity=2).result
    if not outcome.wasSuccessful():
        sys.exit(1)
    if outcome.skipped:
        print(f"{', '.join(missing_programs())} missing: install slurm-wlm to have Slurm itself run the array")
        sys.exit(77)
