"""The arguments of the adapter."""

import subprocess
import unittest

from conversation import Conversation
from winsock_test import COMMAND, PROVIDER


class CommandLine(unittest.TestCase):
    def outcome(self, *arguments):
        """Exit status and standard error of a start with further arguments."""
        ended = subprocess.run(
            COMMAND + list(arguments), stdin=subprocess.DEVNULL, capture_output=True, check=False
        )
        return ended.returncode, ended.stderr.decode()

    def test_wrong_ones(self):
        for arguments, text in [
            (["--frob"], 'unknown argument "--frob"'),
            (["--claim"], "--claim needs a value"),
            (["--claim", "events"], "does not start with a provider"),
            (["--claim", f"{PROVIDER}:telepathy"], '"telepathy" is no capability'),
            (["--claim", f"{PROVIDER}:telepathy=1"], '"telepathy" is no limit'),
            (["--claim", f"{PROVIDER}:caller_data_max=1k"], "needs a number of octets"),
            (["--claim", "none:events"], 'no provider is called "none"'),
        ]:
            with self.subTest(arguments=arguments):
                status, error = self.outcome(*arguments)
                self.assertEqual(status, 2)
                self.assertIn(text, error)

    def test_claims_and_names_go_into_the_hello(self):
        claim = f"{PROVIDER}:caller_data_max=5,disconnect_reply_max=0,events"
        command = COMMAND + ["--claim", claim, "--implementation", "it", "--version", "9"]
        with Conversation(command) as adapter:
            hello = adapter.hello
        provider = next(p for p in hello["providers"] if p["name"] == PROVIDER)
        self.assertEqual((hello["implementation"], hello["version"]), ("it", "9"))
        self.assertEqual((provider["caller_data_max"], provider["disconnect_reply_max"]), (5, 0))
        self.assertEqual(provider["capabilities"], ["events"])
        self.assertNotIn("callee_data_max", provider)
