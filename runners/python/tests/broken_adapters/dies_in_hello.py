"""Broken adapter: exits with status 3 before its hello."""

import sys

print("this adapter dies before it says hello", file=sys.stderr)
sys.exit(3)
