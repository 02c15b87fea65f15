"""The broken adapters are broken in the way they promise, and in no other."""

import os
import subprocess
import sys
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.dirname(HERE))

from conversation import AdapterEnded, Conversation  # noqa: E402


def command(name, *arguments):
    return [sys.executable, "-B", os.path.join(HERE, "broken_adapters", name), *arguments]


class BrokenAdapters(unittest.TestCase):
    def test_garbage_answers_the_first_request_with_garbage(self):
        with Conversation(command("garbage.py")) as adapter:
            self.assertEqual(adapter.hello["providers"][0]["name"], "tcp")
            adapter.start("socket", as_="s", provider="tcp")
            self.assertRaises(ValueError, adapter.read)

    def test_garbage_behaves_until_its_turn_and_afterwards(self):
        with Conversation(command("garbage.py", "3")) as adapter:
            self.assertEqual(adapter.call("socket", as_="a", provider="tcp"), {"returns": "a"})
            self.assertEqual(adapter.call("socket", as_="b", provider="tcp"), {"returns": "b"})
            adapter.start("socket", as_="c", provider="tcp")
            self.assertRaises(ValueError, adapter.read)
            self.assertEqual(adapter.call("closesocket", socket="a"), {"returns": 0})

    def test_silent_says_hello_and_nothing_else(self):
        with Conversation(command("silent.py")) as adapter:
            self.assertEqual(adapter.hello["hello"], 1)
            adapter.start("socket", as_="s", provider="tcp")
            adapter.process.stdin.close()
            self.assertRaises(AdapterEnded, adapter.read)

    def test_dies_in_hello_exits_with_3_and_says_why(self):
        ended = subprocess.run(command("dies_in_hello.py"), capture_output=True, check=False)
        self.assertEqual((ended.returncode, ended.stdout), (3, b""))
        self.assertIn(b"hello", ended.stderr)


if __name__ == "__main__":
    unittest.main()
