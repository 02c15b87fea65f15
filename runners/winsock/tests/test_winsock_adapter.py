"""The Winsock adapter, driven over its pipes: test_winsock_adapter.py PROVIDER IUT-FILE COMMAND...

Every operation is made once at least. What the provider does not claim, in its hello or in the IUT
file (connect data, disconnect data, events, a caller that waits), is left out, so the same test serves
any Winsock.
"""

import sys
import unittest

import winsock_test  # noqa: F401  # before the others: it takes the arguments, and finds the kit

SUBJECTS = ["command_line", "conditions", "connections", "lanes", "one_process"]

if __name__ == "__main__":
    unittest.main(module=None, argv=sys.argv[:1] + SUBJECTS)
