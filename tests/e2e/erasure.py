#!/usr/bin/env python3
"""An order to erase, by the command lines of docs/OPERATIONS.md: the bytes are
in no file any more, and every proof still holds."""

import csv
import json
import shutil
import time

import run
from support import (CANNOT_DECIDE, CONFLICT, METERING, NOT_ALLOWED, OK, USAGE,
                     StackTest)

SECRET = "只此一家的采集办法-Qx81-zu-loeschen-77"
AFTER_NOTICE = "2024-07-05T09:00:00+08:00"
# Two sources, each with the words.
FIELD = "events[0].application_submitted.application.form.sources"
NAME = "events[0].application_submitted.application.form.name"
BASIS = ("--ordered-by", "杭州互联网法院", "--legal-basis",
         "个人信息保护法 第四十七条")
PATIENCE_S = 30
BROKEN = 20


class Erasure(StackTest):
    """One application from filing to certificate, then the order."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        stack = cls.stack
        with open(METERING / "applications.csv", encoding="utf-8") as file:
            row = next(csv.DictReader(file))
        row["acquisition_method"] = SECRET
        table = cls.folder / "one.csv"
        with open(table, "w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(row), lineterminator="\n")
            writer.writeheader()
            writer.writerow(row)
        answer = stack.dataip_json("application", "import", table, "--data",
                                   METERING, profile="enterprise")
        cls.number = answer["outcomes"][0]["application_no"]
        stack.dataip("review", "notice", cls.number, profile="officers")
        stack.advance_clock(AFTER_NOTICE)
        stack.dataip("review", "register", cls.number, profile="officers")
        shown = stack.dataip_json("application", "show", cls.number,
                                  profile="examiner")
        cls.certificate = shown["application"]["certificate_number"]
        cls.index = shown["history"][0]["index"]

    def tell(self):
        """Files of servers and published ones that hold the words."""
        found = []
        for folder in (self.stack.folder / "data", self.stack.folder / "etc"):
            for path in folder.rglob("*"):
                try:
                    if path.is_file() and SECRET.encode() in path.read_bytes():
                        found.append(str(path))
                except FileNotFoundError:
                    pass  # a compaction took it away
        return found

    def redact(self, name, field):
        out = self.folder / name
        out.unlink(missing_ok=True)
        self.assert_exit(OK, self.dataip(
            "registry", "redact", self.index, "--field", field, "--out", out,
            profile="auditor"))
        return out

    def export(self, name):
        out = self.folder / name
        self.assert_exit(OK, self.dataip("ledger", "export", out,
                                         profile="auditor"))
        return out

    def audit(self, folder, *flags):
        return self.stack.run(
            "dataip-audit", folder, "--trust",
            self.stack.folder / "trust.json", *flags, check=False)

    def wait_until(self, question):
        until = time.monotonic() + PATIENCE_S
        while time.monotonic() < until:
            if question():
                return True
        return False

    def test_1_a_rehearsal_names_the_decision_that_read_the_text(self):
        wrong = self.redact("name.erase", NAME)
        right = self.redact("method.erase", FIELD)
        ledger = self.export("before")
        done = self.dataip("registry", "erase", wrong, "--rehearse", ledger,
                           *BASIS, profile="auditor")
        self.assert_exit(BROKEN, done)
        done = self.dataip("registry", "erase", right, "--rehearse", ledger,
                           *BASIS, profile="auditor")
        self.assert_exit(OK, done)
        # Nothing is rehearsed that the export cannot show.
        done = self.dataip("registry", "erase", right, right, "--rehearse",
                           ledger, *BASIS, profile="auditor")
        self.assert_refused(USAGE, done, "named twice")
        again = self.dataip("registry", "redact", self.index, "--out", right,
                            profile="auditor")
        self.assert_refused(CONFLICT, again, "not overwritten")
        # The registry rehearses too.
        done = self.dataip("registry", "erase", wrong, *BASIS, profile="root")
        self.assertNotEqual(done.returncode, OK)
        self.assert_bilingual(done.stderr)
        self.assertIn("ERASURE", done.stderr)

    def test_1_a_path_that_names_nothing_lists_those_that_do(self):
        done = self.dataip(
            "registry", "redact", self.index, "--field", "events[0].nosuch",
            "--out", self.folder / "nosuch.erase", profile="auditor")
        self.assert_refused(USAGE, done, "events[0].nosuch", FIELD, NAME)

    def test_2_only_root_gives_the_order(self):
        right = self.redact("method.erase", FIELD)
        done = self.dataip("registry", "erase", right, *BASIS,
                           profile="examiner")
        self.assertNotEqual(done.returncode, OK)

    def test_2_who_may_not_read_payloads_is_told(self):
        done = self.dataip("registry", "redact", self.index, "--out",
                           self.folder / "root.erase", profile="root")
        self.assert_refused(NOT_ALLOWED, done, "payload_reader")
        out = self.folder / "without-payloads"
        done = self.assert_exit(OK, self.dataip("ledger", "export", out,
                                                profile="root"))
        self.assert_bilingual(done.stderr)
        self.assertIn("payload_reader", done.stderr)
        self.assert_exit(CANNOT_DECIDE, self.audit(out))

    def test_2_a_mirror_without_payloads_says_so_and_is_filled_in(self):
        mirror, filled = self.folder / "withheld", self.folder / "filled"
        for _ in range(2):
            done = self.assert_exit(OK, self.mirror(mirror, "root"))
            self.assert_bilingual(done.stderr)
            self.assertIn("payload_reader", done.stderr)
            self.assert_exit(CANNOT_DECIDE, self.audit(mirror))
        shutil.copytree(mirror, filled)
        done = self.assert_exit(OK, self.mirror(filled, "auditor"))
        self.assertEqual(done.stderr, "")
        self.assert_exit(OK, self.audit(filled))

    def mirror(self, folder, profile):
        return self.dataip("ledger", "mirror", folder, profile=profile)

    def test_4_neither_mirror_holds_the_bytes(self):
        # One was filled in before the order, one is now.
        for name in ("filled", "withheld"):
            folder = self.folder / name
            self.assert_exit(OK, self.mirror(folder, "auditor"))
            self.assert_exit(OK, self.audit(folder))
            for path in folder.rglob("*"):
                if path.is_file():
                    self.assertNotIn(SECRET.encode(), path.read_bytes(), path)

    def test_3_the_bytes_go_and_the_proofs_stay(self):
        self.assertTrue(self.tell())
        right = self.redact("method.erase", FIELD)
        done = self.assert_exit(OK, self.dataip(
            "registry", "erase", right, *BASIS, "-o", "json", profile="root"))
        order = json.loads(done.stdout)["receipt"]["index"]

        def erased():
            entry = self.dataip_json("ledger", "entry", self.index,
                                     profile="auditor")
            return entry["payload_status"] == "ERASED"
        self.assertTrue(self.wait_until(erased))
        self.assertTrue(self.wait_until(lambda: not self.tell()), self.tell())
        ledger = self.export("after")
        for path in ledger.rglob("*"):
            if path.is_file():
                self.assertNotIn(SECRET.encode(), path.read_bytes(), path)
        done = self.assert_exit(OK, self.audit(ledger))
        self.assertIn(f"not decided again, erased by order {order}",
                      done.stdout)
        self.assert_exit(OK, self.audit(ledger, "--hashes-only"))
        report = json.loads(self.audit(ledger, "-o", "json").stdout)
        self.assertEqual(report["erased"], [
            {"index": int(self.index), "order": int(order),
             "standing": False}])

    def test_4_the_certificate_verifies(self):
        bundle = self.folder / "certificate.bundle"
        self.assert_exit(OK, self.dataip(
            "certificate", "get", self.certificate, "--out", bundle,
            profile="enterprise"))
        self.assert_exit(OK, self.dataip(
            "verify", bundle, "--trust", self.stack.folder / "trust.json"))

    def test_5_the_copy_before_tells_what_was_erased_and_still_audits(self):
        done = self.audit(self.folder / "before")
        self.assert_exit(OK, done)


if __name__ == "__main__":
    run.main()
