"""The kit in JavaScript: what every kit does, lanes, calls inside an upcall, and addresses."""

import json
import os
import shutil
import subprocess
import sys
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "..", "python", "tests"))

from kit import BAD_ADDRESSES, GOOD_ADDRESSES, KitTests  # noqa: E402

SHOW_ADDRESSES = """
    import { formatAddress, parseAddress } from './ws2adapter.mjs';
    const show = (text) => {
      try {
        const { host, port } = parseAddress(text);
        return formatAddress(host, port);
      } catch (problem) {
        return problem.constructor.name;
      }
    };
    console.log(JSON.stringify(JSON.parse(process.argv[1]).map(show)));
"""


class Kit(KitTests, unittest.TestCase):
    command = ["node", os.path.join(HERE, "sample.mjs")]
    thing = "Thing"
    broken = "TypeError"
    trace = "at Adapter"

    def test_lanes_and_nesting(self):
        self.assertIs(self.adapter.hello["nested"], True)
        self.assertGreater(self.adapter.hello["lanes"], 1)

    def test_a_call_that_waits_holds_up_no_other(self):
        self.make()
        waiting = self.adapter.start("accept", socket="s", as_="t", lane=1)
        other = self.adapter.start("closesocket", socket="s", lane=2)
        replies = [self.adapter.read(), self.adapter.read()]
        self.assertCountEqual(
            replies, [{"id": other, "returns": 0}, {"id": waiting, "returns": "at last"}]
        )

    def test_a_call_inside_an_upcall(self):
        self.make()
        request = self.ask_for_a_decision()
        self.assertEqual(self.adapter.call("recv", socket="s", length=2)["error"], "WSAENOTCONN")
        self.adapter.write(id=request, verdict="CF_ACCEPT", lane=1)
        self.assertEqual(self.adapter.finish(request)["returns"], "CF_ACCEPT")

    def test_decision_for_nobody(self):
        self.make()
        request = self.ask_for_a_decision()
        self.adapter.write(id=999, verdict="CF_ACCEPT")
        self.assertIn("waits for its decision", self.adapter.finish(request)["adapter_error"])


class Addresses(unittest.TestCase):
    def test_round_trips_and_nonsense(self):
        result = subprocess.run(
            [
                *("node", "--input-type=module", "-e", SHOW_ADDRESSES),
                json.dumps(GOOD_ADDRESSES + BAD_ADDRESSES),
            ],
            cwd=os.path.dirname(HERE),
            capture_output=True,
            check=True,
        )
        self.assertEqual(
            json.loads(result.stdout), GOOD_ADDRESSES + ["AdapterError"] * len(BAD_ADDRESSES)
        )


if __name__ == "__main__":
    if shutil.which("node") is None:
        print("Node.js is needed: apt-get install nodejs", file=sys.stderr)
        sys.exit(77)
    unittest.main()
