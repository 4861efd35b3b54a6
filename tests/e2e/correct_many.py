#!/usr/bin/env python3
"""Correction of many at once: one batch of notices by the officer, one mended
table by the applicant; a run that is killed goes on, nothing is corrected
twice."""

import csv
import json
import shutil
import signal
import subprocess

import run
from support import (BIN, METERING, NOT_ALLOWED, NOT_FOUND, OK, ROWS,
                     SOME_REJECTED, USAGE, LineWatch, StackTest)

MENDED = "；清洗、校正、聚合与脱敏的各步参数随版本留存，可逐步复核。"
LEFT_ALONE = 2  # rows that the officer asks nothing of
WANTED = ROWS - LEFT_ALONE


class CorrectMany(StackTest):
    """One import of all metering rows; the steps of `test_...` in order."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.filing = cls.folder / "filing"
        cls.filing.mkdir()
        cls.table = cls.filing / "applications.csv"
        shutil.copyfile(METERING / "applications.csv", cls.table)
        answer = cls.stack.dataip_json("application", "import", cls.table,
                                       "--data", METERING,
                                       profile="enterprise")
        numbers = [row["application_no"] for row in answer["outcomes"]]
        cls.wanted = numbers[:WANTED]
        cls.alone = numbers[WANTED:]
        cls.stack.dataip("review", "correction", "--batch", *cls.wanted,
                         "--field", "algorithm_summary", "--reason",
                         "未写明清洗与校正的具体步骤", profile="examiner")

    def write(self, rows):
        with open(self.table, "w", encoding="utf-8", newline="") as file:
            out = csv.DictWriter(file, list(rows[0]))
            out.writeheader()
            out.writerows(rows)

    def mended(self):
        with open(METERING / "applications.csv", encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
        for row in rows:
            row["algorithm_summary"] += MENDED
        return rows

    def arguments(self, *flags):
        return ["application", "correct", self.table, "--data", METERING,
                *flags]

    def correct(self, *flags, profile="enterprise"):
        return self.dataip(*self.arguments("-o", "json", *flags),
                           profile=profile)

    def outcomes(self, done):
        return {row["client_reference"]: row
                for row in json.loads(done.stdout)["outcomes"]}

    def states(self):
        lines = self.dataip_json("application", "list", profile="examiner")
        return {line["application_no"]: line["state"] for line in lines}

    def form_of(self, number):
        return self.dataip_json("application", "show", number,
                                profile="enterprise")["application"]["form"]

    def corrections_of(self, number):
        shown = self.dataip_json("application", "show", number,
                                 profile="enterprise")
        return [step["event"] for step in shown["history"]].count(
            "CorrectionFiled")

    def test_1_what_is_no_table_is_told(self):
        for flags in [("--set", "name=x"), ("--csv", self.table)]:
            self.assert_refused(USAGE, self.dataip(
                *self.arguments(*flags), profile="enterprise"))
        self.assert_refused(USAGE, self.dataip(
            "application", "correct", self.table, profile="enterprise"))
        self.assert_refused(NOT_FOUND, self.dataip(
            "application", "correct", self.folder / "none.csv", "--data",
            METERING, profile="enterprise"))
        self.assert_refused(USAGE, self.dataip(
            "application", "correct", self.wanted[0], "--set", "name=x",
            "--dry-run", profile="enterprise"))

    def test_2_a_dry_run_says_what_would_change_and_changes_nothing(self):
        rows = self.mended()
        first, second, third = [row["client_reference"] for row in rows[:3]]
        rows[1]["region_code"] = "330300"
        rows[2]["algorithm_summary"] = rows[2]["algorithm_summary"].replace(
            MENDED, "")
        rows[3]["record_count"] = "many"
        rows[4]["client_reference"] = first
        rows[5]["client_reference"] = "NOBODYS"
        self.write(rows)
        size = self.ledger_size()
        done = self.assert_exit(SOME_REJECTED, self.correct("--dry-run"))
        outcomes = self.outcomes(done)
        self.assertEqual(outcomes["NOBODYS"]["result"], "NOT_OPEN")
        self.assertEqual(outcomes[second]["result"], "REJECTED")
        self.assertEqual(outcomes[second]["changed_fields"],
                         ["algorithm_summary", "region_code"])
        for reference, field, rule in [
                (second, "region_code", "T4"), (third, "", "T4"),
                (rows[3]["client_reference"], "record_count", "CSV"),
                (first, "client_reference", "CSV")]:
            told = outcomes[reference]["field_violations"][0]
            self.assertEqual((told["field"], told["rule"]), (field, rule))
            self.assert_bilingual(told["message_zh"] + told["message_en"])
        self.assertEqual(outcomes[third]["unchanged_defects"],
                         ["algorithm_summary"])
        answer = json.loads(done.stdout)
        # In no row now, and those of the rows that stand for others.
        self.assertEqual(len(answer["without_row"]), 2)
        self.assertEqual(answer["valid"], WANTED - 5)
        self.assertEqual(self.ledger_size(), size)
        self.assertEqual(sorted(path.name for path in self.filing.iterdir()),
                         ["applications.csv", "applications.csv.journal",
                          "applications.csv.receipts"])
        done = self.correct("--dry-run", "--reason", "region_code=企业迁址",
                            "--reason", "name=没有改动")
        self.assertEqual(self.outcomes(done)[second]["result"], "VALID")
        self.assertIn("name", done.stderr.splitlines()[-1])

    def test_3_others_correct_nothing(self):
        self.write(self.mended())
        # In its own folder there is no master key.
        self.assert_refused(NOT_FOUND, self.correct(profile="licensee"))
        key = ("--master-key",
               self.stack.folder / "state/enterprise/master.key")
        done = self.correct(*key, profile="licensee")
        self.assert_exit(OK, done)
        self.assertEqual({row["result"] for row in
                          self.outcomes(done).values()}, {"NOT_OPEN"})
        (self.filing / "applications.csv.corrections.journal").unlink()
        done = self.correct(*key, "--for",
                            self.stack.party_numbers["enterprise"],
                            profile="licensee")
        self.assert_refused(NOT_ALLOWED, done)
        (self.filing / "applications.csv.corrections.journal").unlink()

    def test_4_a_run_that_is_killed_goes_on(self):
        self.write(self.mended())
        journal = self.filing / "applications.csv.corrections.journal"
        with LineWatch(journal) as watch:
            process = subprocess.Popen(
                [BIN / "dataip", *self.arguments(), "--profile",
                 self.stack.profile_path("enterprise")],
                stdout=subprocess.PIPE, stderr=subprocess.PIPE)
            seen = watch.wait(1 + WANTED // 2, process)
            process.send_signal(signal.SIGKILL)
        process.communicate()
        self.assertEqual(process.returncode, -signal.SIGKILL)
        self.assertGreater(seen, WANTED // 2)
        self.assertLess(journal.read_bytes().count(b'"filed"'), WANTED)
        done = self.assert_exit(OK, self.correct())
        answer = json.loads(done.stdout)
        self.assertEqual(answer["corrected"] + answer["already_corrected"],
                         WANTED)
        self.assertEqual(answer["not_open"], LEFT_ALONE)
        self.assertEqual(set(self.states().values()), {"UNDER_REVIEW"})
        for number in self.wanted:
            self.assertEqual(self.corrections_of(number), 1, number)
        for number in self.alone:
            self.assertEqual(self.corrections_of(number), 0, number)

    def test_5_again_corrects_nothing(self):
        size = self.ledger_size()
        answer = json.loads(self.assert_exit(OK, self.correct()).stdout)
        self.assertEqual(answer["already_corrected"], WANTED)
        (self.filing / "applications.csv.corrections.journal").unlink()
        answer = json.loads(self.assert_exit(OK, self.correct()).stdout)
        self.assertEqual(answer["not_open"], ROWS)
        self.assertEqual(self.ledger_size(), size)
        receipts = list((self.filing / "applications.csv.receipts").glob(
            "*.correction-*.receipt"))
        self.assertEqual(len(receipts), WANTED)

    def test_6_a_second_notice_is_answered_by_the_same_table(self):
        number = self.wanted[0]
        self.assert_exit(OK, self.dataip(
            "review", "correction", number, "--field", "name", "--reason",
            "名称应写明用途", profile="examiner"))
        rows = self.mended()
        rows[0]["name"] = "供热调度与管网漏损分析用" + rows[0]["name"][-20:]
        self.write(rows)
        table = self.assert_exit(OK, self.dataip(
            *self.arguments(), profile="enterprise")).stdout
        line = next(one for one in table.splitlines() if number in one)
        self.assertIn("name", line)
        self.assertIn("已补正", line)
        self.assertEqual(self.corrections_of(number), 2)

    def test_7_a_field_is_mended_and_the_sample_stays(self):
        number = self.wanted[1]
        self.assert_exit(OK, self.dataip(
            "review", "correction", number, "--field", "fields[3].meaning",
            "--reason", "含义应写明是否累计", profile="examiner"))
        self.write(self.mended())
        data = self.folder / "mended-fields"
        shutil.copytree(METERING, data)
        fields = data / "fields.csv"
        fields.write_text(fields.read_text(encoding="utf-8").replace(
            "累计热量", "自安装起的累计热量"), encoding="utf-8")
        before = self.form_of(number)
        done = self.assert_exit(OK, self.dataip(
            "application", "correct", self.table, "--data", data, "-o",
            "json", profile="enterprise"))
        self.assertEqual(json.loads(done.stdout)["corrected"], 1)
        after = self.form_of(number)
        self.assertEqual(after["fields"][3]["meaning"], "自安装起的累计热量")
        self.assertEqual(after["sample"], before["sample"])
        self.assertEqual(self.corrections_of(number), 2)

    def test_8_the_ledger_audits_clean(self):
        export = self.folder / "export"
        self.stack.dataip("ledger", "export", export, profile="auditor")
        self.stack.run("dataip-audit", export, "--trust",
                       self.stack.folder / "trust.json")


if __name__ == "__main__":
    run.main()
