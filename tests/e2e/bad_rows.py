#!/usr/bin/env python3
"""Imports of tables with bad rows, and what the registry's rules refuse."""

import csv
import json
import re

import run
from support import (CANNOT_DECIDE, CONFLICT, INTERNAL, METERING, NOT_ALLOWED,
                     NOT_FOUND, OK, ROOT, SOME_REJECTED, USAGE, StackTest)

BAD = ROOT / "tests/data/bad"


BOM = b"\xef\xbb\xbf"
# Columns that have another name than their path's last word.
COLUMNS = {
    "scenario.conditions": "scenario_conditions",
    "scenario.scope": "scenario_scope",
    "scenario.object": "scenario_object",
    "sources": "source_categories",
    "sources[0].method": "acquisition_method",
    "sources[0].contract": "contract_file",
    "deidentification": "deid_method",
    "deidentification.method": "deid_method",
    "deidentification.standard": "deid_standard",
    "contact.role": "contact_role",
    "contact.phone": "contact_phone",
}


def column_of(path):
    if path.startswith(("fields", "sample")):
        return path
    if path.startswith("prior_registrations"):
        return "prior_registrations"
    return COLUMNS.get(path, path.split(".")[-1])


def metering_rows():
    with open(METERING / "applications.csv", encoding="utf-8") as file:
        return list(csv.DictReader(file))


class BadRows(StackTest):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rows = metering_rows()

    def run_import(self, table, *flags, data=METERING):
        return self.dataip("application", "import", table, "--data", data,
                           *flags, profile="enterprise")

    def rejected(self, table):
        path = table.with_name(table.stem + ".rejected.csv")
        self.assertTrue(path.read_bytes().startswith(BOM))
        with open(path, encoding="utf-8-sig") as file:
            return list(csv.DictReader(file))

    def referenced(self, prefix, *positions):
        return [dict(self.rows[at], client_reference=f"{prefix}-{at:02d}")
                for at in positions]

    def test_one_row_breaks_each_rule(self):
        """The registry itself names the rule that the row was made for."""
        with open(ROOT / "tests/data/bad.csv", encoding="utf-8") as file:
            text = file.read()
        table = self.folder / "bad.csv"
        table.write_text(text, encoding="utf-8")
        size = self.ledger_size()
        done = self.run_import(table, data=BAD)
        self.assert_exit(SOME_REJECTED, done)
        back = self.rejected(table)
        self.assertEqual(len(back), text.count("\n") - 1)
        self.assertEqual(self.ledger_size(), size)
        for row in back:
            with self.subTest(line=row["line"]):
                self.assert_bilingual(row["reason_zh"] + row["reason_en"])
                rules = set(re.findall(r"\[([A-Z][A-Z0-9_]+)\]",
                                       row["reason_zh"]))
                if not row["breaks"]:
                    self.assertEqual(rules, {"CSV"})
                    continue
                rule, _, field = row["breaks"].partition(" ")
                self.assertEqual(rules, {rule})
                self.assertIn(column_of(field) + " [", row["reason_zh"])

    def test_a_broken_row_in_the_middle_stops_no_other(self):
        good = self.referenced("MID", 0, 1, 2, 3)
        table = self.write_table("middle", good)
        lines = table.read_text("utf-8").split("\n")
        lines[3:3] = ['9,"MID-BROKEN,data/01', "9,too,few"]
        table.write_text("\n".join(lines), encoding="utf-8")
        done = self.run_import(table)
        self.assert_exit(SOME_REJECTED, done)
        self.assert_bilingual(done.stderr)
        self.assertEqual([row["line"] for row in self.rejected(table)],
                         ["4", "5"])
        self.assert_filed("MID", 4)
        # Mended, only the missing row goes in, and the list is cleared away.
        more = good + self.referenced("MID", 4)
        mended = self.write_table("middle", more)
        table.write_bytes(mended.read_bytes())
        self.assert_exit(OK, self.run_import(table))
        self.assertFalse(table.with_name("middle.rejected.csv").exists())
        self.assert_filed("MID", 5)

    def assert_filed(self, prefix, count):
        lines = [line for line in self.dataip_json(
            "application", "list", profile="enterprise")
                 if line["client_reference"].startswith(prefix + "-")]
        self.assertEqual(len(lines), count)
        return lines

    def test_tables_as_spreadsheets_save_them(self):
        for at, (name, encode) in enumerate([
                ("BOM", lambda text: b"\xef\xbb\xbf" + text.encode()),
                ("GB", lambda text: text.encode("gb18030")),
                ("CRLF", lambda text: text.replace("\n", "\r\n").encode())]):
            rows = self.referenced(name, 10 + at, 49)
            table = self.write_table(name, rows)
            table.write_bytes(encode(table.read_text("utf-8")))
            done = self.run_import(table)
            self.assert_exit(OK, done)
            names = {line["name"] for line in self.assert_filed(name, 2)}
            self.assertEqual(names, {row["name"] for row in rows})

    def test_record_count_of_one_and_end_before_start(self):
        single = dict(self.referenced("WRONG", 5)[0], record_count="1")
        turned = dict(self.referenced("WRONG", 6)[0],
                      coverage_from="2018-12-31", coverage_to="2018-01-01")
        table = self.write_table("wrong", [single, turned])
        self.assert_exit(SOME_REJECTED, self.run_import(table))
        reasons = [row["reason_zh"] for row in self.rejected(table)]
        self.assertIn("record_count [B11]", reasons[0])
        self.assertIn("coverage_to [COVERAGE]", reasons[1])

    def test_a_dry_run_says_it_all_and_writes_nothing(self):
        good = self.referenced("DRY", 20)[0]
        bad = dict(self.referenced("DRY", 21)[0], record_count="1")
        table = self.write_table("dry", [good, bad])
        size = self.ledger_size()
        answer = self.dataip("application", "import", table, "--data",
                             METERING, "--dry-run", "-o", "json",
                             profile="enterprise")
        self.assert_exit(SOME_REJECTED, answer)
        self.assertIn('"VALID"', answer.stdout)
        self.assertIn('"B11"', answer.stdout)
        self.assertEqual([path.name for path in table.parent.iterdir()],
                         ["dry.csv"])
        self.assertEqual(self.ledger_size(), size)
        self.assert_filed("DRY", 0)

    def test_a_reference_for_another_file_is_a_conflict(self):
        row = self.referenced("TWICE", 30)[0]
        self.file_one(row)
        other = dict(self.rows[31], client_reference=row["client_reference"])
        table = self.write_table("other", [other])
        self.assert_exit(SOME_REJECTED, self.run_import(table))
        self.assertIn("client_reference [CONFLICT]",
                      self.rejected(table)[0]["reason_zh"])
        # Twice in one table: the first counts.
        twice = self.write_table("twice", [row, other])
        done = self.run_import(twice)
        self.assert_exit(SOME_REJECTED, done)
        self.assertIn("此前已受理 1，退回 1", done.stderr)
        back = self.rejected(twice)
        self.assertEqual(len(back), 1)
        self.assertIn("第 2 行", back[0]["reason_zh"])
        self.assertIn("line 2", back[0]["reason_en"])
        self.assert_filed("TWICE", 1)

    def test_rows_without_a_reference_come_back(self):
        table = self.write_table("nameless", [
            dict(self.rows[32], client_reference="")])
        self.assert_exit(SOME_REJECTED, self.run_import(table))
        self.assertIn("client_reference",
                      self.rejected(table)[0]["reason_zh"])

    def test_all_defects_of_a_row_are_told_at_once(self):
        row = dict(self.referenced("ALL", 34)[0], update_frequency="Sometimes",
                   coverage_from="2018/13/1", name="数据平台",
                   series="S9 不存在")
        table = self.write_table("all", [row])
        done = self.run_import(table, "--dry-run")
        self.assert_exit(SOME_REJECTED, done)
        for said in ("“Sometimes”", "HOURLY, DAILY", "“2018/13/1”",
                     "name: ", "“S9 不存在”", "S3 日用能数据"):
            self.assertIn(said, done.stdout)
        self.assertEqual(done.stdout.count("series: "), 1)
        self.assertNotIn("B08", done.stdout)
        self.assertGreaterEqual(len(done.stdout.strip().split("\n")), 5)
        done = self.run_import(table, "--dry-run", "-o", "json")
        violations = json.loads(done.stdout)["outcomes"][0]["field_violations"]
        self.assertEqual({"update_frequency", "coverage_from", "name",
                          "series"}, {one["column"] for one in violations})

    def test_json_keeps_the_path_beside_the_column(self):
        row = dict(self.referenced("PATH", 35)[0], contact_role="")
        table = self.write_table("path", [row])
        done = self.run_import(table, "--dry-run", "-o", "json")
        self.assert_exit(SOME_REJECTED, done)
        one, = json.loads(done.stdout)["outcomes"][0]["field_violations"]
        self.assertEqual((one["column"], one["field"]),
                         ("contact_role", "contact.role"))

    def test_a_header_is_judged_once(self):
        rows = self.referenced("HEAD", 36, 37)
        for row in rows:
            del row["name"], row["contact_role"]
        done = self.run_import(self.write_table("head", rows))
        self.assert_refused(USAGE, done)
        self.assertIn("name, contact_role", done.stderr)
        rows = [dict(row, 备注="x") for row in self.referenced("HEAD", 36)]
        done = self.run_import(self.write_table("more", rows), "--dry-run")
        self.assert_exit(OK, done)
        self.assertIn("备注", done.stderr)

    def test_a_rejected_file_is_mended_and_imported(self):
        row = dict(self.referenced("MEND", 38)[0], record_count="1")
        table = self.write_table("mend", [row])
        self.assert_exit(SOME_REJECTED, self.run_import(table))
        back = self.rejected(table)[0]
        again = self.write_table("again", [back])
        done = self.run_import(again)
        self.assert_exit(SOME_REJECTED, done)
        self.assertNotIn("unknown", done.stderr)
        self.assertEqual(list(self.rejected(again)[0]), list(back))
        back["record_count"] = self.rows[38]["record_count"]
        self.assert_exit(OK, self.run_import(self.write_table("good", [back])))
        self.assert_filed("MEND", 1)

    def test_a_new_master_key_is_announced_once(self):
        table = self.write_table("key", self.referenced("KEY", 40))
        # The folder too, as others make that of --state.
        key = table.parent / "not/yet/there/new.key"
        flags = ("--master-key", key)
        self.assertNotIn("new.key", self.run_import(
            table, "--dry-run", *flags).stderr)
        self.assertFalse(key.exists())
        done = self.run_import(table, *flags)
        self.assert_exit(OK, done)
        self.assertIn("keep it: without it no record can ever be proved",
                      done.stderr)
        self.assertIn("new.key", done.stderr)
        self.assertNotIn("new.key", self.run_import(table, *flags).stderr)

    def test_outputs_that_cannot_be_written_are_one(self):
        table = self.write_table("out", self.referenced("OUT", 41))
        (table.parent / "out.csv.receipts").write_text("in the way")
        self.assert_refused(INTERNAL, self.run_import(table))
        self.assert_filed("OUT", 0)

    def test_a_broken_journal_is_a_fault_of_this_machine(self):
        table = self.write_table("broken", self.referenced("BROKEN", 39))
        self.assert_exit(OK, self.run_import(table))
        journal = table.with_name("broken.csv.journal")
        lines = journal.read_text("utf-8").split("\n")
        journal.write_text("\n".join([lines[0], "garbage"] + lines[1:]))
        done = self.run_import(table)
        self.assert_refused(INTERNAL, done)
        self.assertIn("broken.csv.journal", done.stderr)
        journal.rename(journal.with_name("broken.old"))
        done = self.run_import(table)
        self.assert_exit(OK, done)
        self.assertIn("此前已受理 1", done.stderr)

    def test_a_journal_of_another_party_or_format_is_not_used(self):
        table = self.write_table("journal", self.referenced("JOURNAL", 33))
        journal = table.with_name("journal.csv.journal")
        journal.write_text('{"format":2,"origin":"x","party":"P0000001"}\n')
        self.assert_refused(CANNOT_DECIDE, self.run_import(table))
        journal.unlink()
        self.assert_exit(OK, self.run_import(table))
        # The licensee's import of the same table: another party's journal.
        done = self.dataip("application", "import", table, "--data", METERING,
                           profile="licensee")
        self.assert_refused(NOT_ALLOWED, done)

    def test_tables_that_are_none_are_usage(self):
        empty = self.folder / "empty.csv"
        empty.write_bytes(b"")
        garbage = self.folder / "garbage.csv"
        garbage.write_bytes(b"\xff\xfe\x00\x01")
        workbook = self.folder / "book.xlsx"
        workbook.write_bytes(b"PK\x03\x04rest")
        semicolons = self.folder / "semicolons.csv"
        semicolons.write_bytes(b"client_reference;file;name\n1;2;3\n")
        for table, said in ((empty, "CSV"), (garbage, "UTF-16"),
                            (workbook, "Excel"), (semicolons, "';'")):
            done = self.run_import(table)
            self.assert_refused(USAGE, done)
            self.assertIn(said, done.stderr)
        self.assert_refused(NOT_FOUND,
                            self.run_import(self.folder / "none.csv"))
        self.assert_refused(USAGE, self.run_import(self.folder))


class BadParties(StackTest):

    with_parties = False

    def register(self, uscc, name="示例有限公司"):
        return self.dataip("party", "register", "--kind", "legal-person",
                           "--name", name, "--uscc", uscc,
                           "--party-key", self.stack.key("licensee.pem"),
                           profile="examiner")

    def test_1_wrong_check_digits_are_refused(self):
        for uscc in ("91330382MA00005414", "91330382MA00005423",
                     "91330382MA0000541", "91330382MA0000541I", ""):
            done = self.register(uscc)
            self.assertEqual(done.returncode, USAGE, done.stderr)
            self.assert_bilingual(done.stderr)
            if len(uscc) == 18:
                self.assertIn("identity.uscc", done.stderr)
                self.assertIn("GB 32100", done.stderr)
        self.assertEqual(self.dataip_json("party", "list",
                                          profile="examiner"), [])

    def test_2_a_key_or_code_is_registered_once(self):
        self.assert_exit(OK, self.register("91330382MA00005413"))
        done = self.register("91330382MA00005413")
        self.assert_refused(CONFLICT, done)


if __name__ == "__main__":
    run.main()
