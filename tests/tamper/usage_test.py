#!/usr/bin/env python3
"""What tools/tamper, crash_rounds and fault_table refuse, before any work.

usage: usage_test.py FOLDER_OF_TEST_PROGRAMS
"""

import pathlib
import subprocess
import sys
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
PROGRAMS = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else
                        ROOT / "build/release/tests")
AT_ONCE_S = 10


def run(*command):
    return subprocess.run([str(word) for word in command], text=True,
                          capture_output=True, timeout=AT_ONCE_S, check=False)


class Refused(unittest.TestCase):

    def assert_usage(self, done, *words):
        self.assertEqual(done.returncode, 2, done.stdout + done.stderr)
        self.assertEqual(done.stdout, "")
        for word in words:
            self.assertIn(word, done.stderr)

    def test_a_row_that_is_none_lists_those_that_are(self):
        for tool in ([ROOT / "tools/tamper"], [ROOT / "dev", "tamper"]):
            with self.subTest(tool=tool):
                self.assert_usage(run(*tool, "--quick", "map row", "maprow"),
                                  "no row 'maprow'", '"map row"',
                                  '"published, root"')

    def test_every_row_that_is_listed_is_taken(self):
        listed = run(ROOT / "tools/tamper", "--list")
        self.assertEqual(listed.returncode, 0, listed.stderr)
        names = [line.split('"')[1] for line in listed.stdout.splitlines()]
        self.assertGreater(len(names), 16)
        done = run(ROOT / "tools/tamper", "--check-arguments", *names)
        self.assertEqual(done.returncode, 0, done.stderr)

    def test_a_number_that_is_none_is_named(self):
        crash = PROGRAMS / "crash_rounds"
        if not crash.exists():
            self.skipTest("not in sanitizer builds")
        for args, word in [(["--rounds", "x"], "--rounds x"),
                           (["--rounds", "0"], "--rounds 0"),
                           (["--rounds"], "--rounds"),
                           (["--seed", "-1"], "--seed -1"),
                           (["--expect-loss"], "--no-sync"),
                           (["round"], "round: unknown")]:
            with self.subTest(args=args):
                self.assert_usage(run(crash, *args), word, "usage:")
        faults = PROGRAMS / "fault_table"
        self.assert_usage(run(faults, "--quik"), "--quik: unknown", "usage:")
        self.assert_usage(run(faults, "--json"), "--json needs", "usage:")


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
