"""An adapter that is aborted, started as the IUT file says, leaves no file where it was started.

usage: test_abort.py ADAPTER
"""

import os
import re
import signal
import sys
import tempfile
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
RUNNERS = os.path.join(HERE, "..", "..")
sys.path.insert(0, os.path.join(RUNNERS, "python"))

from conversation import Conversation  # noqa: E402

ADAPTER = os.path.abspath(sys.argv.pop(1))


def environment():
    with open(os.path.join(RUNNERS, "iuts", "libfabric.yaml"), encoding="utf-8") as file:
        (variables,) = re.findall(r"^environment: \{(.*)\}$", file.read(), re.MULTILINE)
    return {name: value for name, value in re.findall(r'(\w+): "([^"]*)"', variables)}


class Abort(unittest.TestCase):
    def test_it_leaves_no_file(self):
        with tempfile.TemporaryDirectory() as folder:
            own = {**os.environ, **environment()}
            adapter = Conversation([ADAPTER], cwd=folder, env=own)
            with adapter:
                self.assertEqual(adapter.call("reset"), {"returns": 0})
                adapter.process.send_signal(signal.SIGABRT)
                adapter.process.wait()
            self.assertNotEqual(adapter.process.returncode, 0)
            self.assertEqual(os.listdir(folder), [])


if __name__ == "__main__":
    unittest.main()
