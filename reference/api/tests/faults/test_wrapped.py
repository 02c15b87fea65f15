"""Whatever the library calls of the system either can be made to fail, or cannot fail."""

import subprocess
import sys
import unittest

CANNOT_FAIL = {
    # Their failures are of wrong use, or what they answer is all there is to them.
    "atexit", "close", "freeaddrinfo", "getenv", "getpid", "inet_aton", "inet_ntop", "inet_pton",
    "htonl", "htons", "ntohl", "ntohs", "sigfillset", "pthread_sigmask",
    # Of an event descriptor that does not block: full or empty is as good as done.
    "read", "write",
    # A limit that cannot be read counts as none.
    "getrlimit", "getrlimit64",
    # Of a connection that is lost: where it cannot tell what is unacknowledged, nothing counts as that.
    "ioctl",
}
# Texts, memory, locks, and what the compiler calls.
HARMLESS = ("_", "mem", "str", "pthread_cond_", "pthread_mutex_", "pthread_rwlock_", "pthread_self")


class Wrapped(unittest.TestCase):
    archive = ""
    wrapped = set()

    def imports(self):
        listing = subprocess.run(
            ["nm", "--undefined-only", "--format=posix", self.archive],
            check=True, capture_output=True, text=True).stdout
        names = (line.split()[0] for line in listing.splitlines() if " U" in line)
        return {name.partition("@")[0] for name in names}

    def test_all_that_can_fail_is_wrapped(self):
        imports = {
            name for name in self.imports()
            if not name.startswith(HARMLESS) and not name.startswith("ws2_")
        }
        self.assertIn("sendmsg", imports, "this is not the library")
        self.assertEqual(sorted(imports - self.wrapped - CANNOT_FAIL), [])

    def test_nothing_is_wrapped_in_vain(self):
        self.assertEqual(sorted(self.wrapped - self.imports()), [])


if __name__ == "__main__":
    Wrapped.archive = sys.argv[1]
    Wrapped.wrapped = set(sys.argv[2:])
    unittest.main(argv=sys.argv[:1])
