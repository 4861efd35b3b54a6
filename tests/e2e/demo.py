#!/usr/bin/env python3
"""The demonstration, and what can be done with what it leaves."""

import run
from demo_case import DEMO_TIME, DemoTest
from demo_files import Audit, OneRecord, Unpack  # noqa: F401
from demo_verify import Verify  # noqa: F401
from support import OK, ROWS, read_json


class Result(DemoTest):

    def test_leaves_what_it_promises(self):
        self.assertEqual(len(self.bundles), ROWS)
        for name in ("trust.json", "ledger/manifest.json",
                     "ledger/checkpoint", "keys", "summary.json"):
            self.assertTrue((self.demo / name).exists(), name)
        for bundle in self.bundles:
            self.assertRegex(bundle.name, r"^\d{17}\.bundle$")

    def test_sums_up_what_a_bureau_would_ask(self):
        summary = read_json(self.demo / "summary.json")
        self.assertEqual(
            set(summary), {"registrations", "first_number", "last_number",
                           "preparation_s", "processing_s", "statutory_s",
                           "realised_value_fen", "ledger_size", "checkpoint"})
        self.assertEqual(summary["registrations"], ROWS)
        self.assertEqual(summary["first_number"], self.bundles[0].stem)
        self.assertEqual(summary["last_number"], self.bundles[-1].stem)
        # 2024-06-14 to 2024-06-20T09:00; the notice of ten working days ends
        # with 2024-07-04.
        self.assertEqual(summary["preparation_s"], 6 * 86_400 + 9 * 3_600)
        self.assertEqual(summary["statutory_s"], 14 * 86_400 + 15 * 3_600)
        self.assertGreaterEqual(summary["processing_s"], 0)
        self.assertGreater(summary["realised_value_fen"], 0)
        note = (self.demo / "ledger/checkpoint").read_text("utf-8")
        self.assertEqual(summary["checkpoint"], note)
        self.assertEqual(str(summary["ledger_size"]), note.split("\n")[1])
        self.assertGreater(summary["ledger_size"], 3 * ROWS)

    def test_does_not_use_the_real_clock_to_decide(self):
        shown = self.assert_exit(OK, self.verify(self.bundles[0]))
        self.assertIn("2024-07-05", shown.stdout)
        self.assertIn("2028-03-01", shown.stdout)

    def test_audits_clean_at_any_time(self):
        for time in (None, DEMO_TIME):
            self.assert_exit(OK, self.run_at(
                time, "dataip-audit", self.demo / "ledger", "--trust",
                self.trust))

    def test_two_runs_are_two_ledgers(self):
        origin = read_json(self.trust)["origin"]
        self.assertRegex(origin, r"/[0-9a-f]{8,}$")


if __name__ == "__main__":
    run.main()
