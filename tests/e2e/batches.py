#!/usr/bin/env python3
"""One decision over several applications, their certificates with one proof,
and the feed that tells of it, by the command line."""

import csv
import hashlib
import json

import run
from support import (METERING, NOT_ALLOWED, NOT_FOUND, NOT_GENUINE, OK, USAGE,
                     StackTest)

AFTER_NOTICE = "2024-07-05T09:00:00+08:00"


class Batches(StackTest):
    """Three applications of the enterprise; the steps of `test_...` in
    order."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        with open(METERING / "applications.csv", encoding="utf-8") as file:
            rows = list(csv.DictReader(file))[:3]
        table = cls.folder / "three.csv"
        with open(table, "w", encoding="utf-8", newline="") as file:
            out = csv.DictWriter(file, list(rows[0]))
            out.writeheader()
            out.writerows(rows)
        answer = cls.stack.dataip_json("application", "import", table,
                                       "--data", METERING,
                                       profile="enterprise")
        cls.numbers = sorted(row["application_no"]
                             for row in answer["outcomes"])

    def batch_no(self, answer):
        return answer[0]["events"][0]["batch_decided"]["batch_no"]

    def run_to(self, code, *args, profile="enterprise"):
        return self.assert_exit(code, self.dataip(*args, profile=profile))

    def feed(self, *more, profile="enterprise"):
        done = self.run_to(OK, "feed", "follow", "--until-now", *more, "-o",
                           "json", profile=profile)
        return [json.loads(line) for line in done.stdout.splitlines()]

    def test_1_exceptions_are_of_the_batch(self):
        one = self.numbers[0]
        several = self.run_to(
            USAGE, "review", "correction", *self.numbers, "--field",
            "coverage_to", "--reason", "x", profile="examiner")
        self.assertIn("--batch", several.stderr)
        for wrong in ["x", f"{one}=name", f"{one}=:x", "20249999999=name:x"]:
            self.run_to(USAGE, "review", "correction", "--batch", one,
                        "--except", wrong, profile="examiner")

    def test_2_notices_and_certificates_by_one_entry_each(self):
        opened = self.dataip_json("review", "notice", "--batch",
                                  *self.numbers, profile="officers")
        self.assertEqual(len(opened), 1)
        self.run_to(OK, "clock", "advance", "--to", AFTER_NOTICE,
                    profile="root")
        half = self.folder / "half.json"
        self.run_to(OK, "review", "register", "--batch", *self.numbers,
                    "--out", half, profile="examiner")
        self.assertTrue(half.exists())
        registered = self.dataip_json("review", "register", "--batch",
                                      *self.numbers, profile="officers")
        type(self).batch = self.batch_no(registered)

    def test_3_all_certificates_with_one_proof(self):
        out = self.folder / "batch"
        manifest = self.dataip_json("certificate", "get", "--batch",
                                    self.batch, "--out", out,
                                    profile="enterprise")
        self.assertEqual(manifest, json.loads(
            (out / "manifest.json").read_text(encoding="utf-8")))
        self.assertEqual(manifest["batch_no"], self.batch)
        self.assertEqual([line["application_no"]
                          for line in manifest["certificates"]], self.numbers)
        for line in manifest["certificates"]:
            content = (out / line["file"]).read_bytes()
            self.assertEqual(len(content), line["byte_size"])
            self.assertEqual(hashlib.sha256(content).hexdigest(),
                             line["sha256"])
            self.assertEqual(line["checkpoint_size"],
                             manifest["checkpoint_size"])
        proof = out / "batch.proof"
        self.assertEqual(hashlib.sha256(proof.read_bytes()).hexdigest(),
                         manifest["proof_sha256"])
        reports = self.dataip_json("verify", proof, profile="enterprise")
        self.assertEqual([report["certificate_number"] for report in reports],
                         [line["certificate_number"]
                          for line in manifest["certificates"]])
        table = self.run_to(OK, "verify", proof)
        self.assertIn("IN_FORCE 3", table.stdout)
        changed = bytearray(proof.read_bytes())
        changed[len(changed) // 2] ^= 1
        forged = self.folder / "forged.proof"
        forged.write_bytes(changed)
        self.run_to(NOT_GENUINE, "verify", forged)
        self.run_to(NOT_ALLOWED, "certificate", "get", "--batch", self.batch,
                    "--out", self.folder / "no", profile="licensee")
        self.run_to(NOT_FOUND, "certificate", "get", "--batch",
                    "B20240000099", "--out", self.folder / "no",
                    profile="examiner")
        self.run_to(USAGE, "certificate", "get", "--out", out)

    def test_4_all_of_a_holder(self):
        out = self.folder / "all"
        manifest = self.dataip_json(
            "certificate", "get", "--party",
            self.stack.party_numbers["enterprise"], "--out", out,
            profile="enterprise")
        self.assertEqual(len(manifest["certificates"]), 3)
        for line in manifest["certificates"]:
            self.run_to(OK, "verify", out / line["file"])

    def test_5_the_feed_goes_on_where_it_ended(self):
        state = self.folder / "feed.state"
        first = self.feed("--state-file", state)
        told = [(change["index"], line["event"], line["object_no"])
                for change in first for line in change["objects"]]
        self.assertIn(("BatchDecided", self.batch),
                      [line[1:] for line in told])
        self.assertEqual(len(told), len(set(told)))
        self.assertEqual(self.feed("--state-file", state), [])
        self.run_to(OK, "clock", "advance", "--to",
                    "2024-07-06T09:00:00+08:00", profile="root")
        more = self.feed("--state-file", state)
        self.assertIn("ClockAdvanced", [line["event"] for change in more
                                        for line in change["objects"]])
        self.assertGreater(int(more[0]["index"]), int(first[-1]["index"]))
        self.run_to(USAGE, "feed", "follow", "--until-now", "--from", "0",
                    "--state-file", state)
        strange = self.feed(profile="licensee")
        self.assertNotIn(self.batch, [line["object_no"] for change in strange
                                      for line in change["objects"]])
        state.write_text("something else\n", encoding="utf-8")
        self.run_to(USAGE, "feed", "follow", "--until-now", "--state-file",
                    state)


if __name__ == "__main__":
    run.main()
