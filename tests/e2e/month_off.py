#!/usr/bin/env python3
"""A registry that stood still for a month ends in the state of one that ran.

One installation is brought to the evening before: deadlines run, two of them
recomputed when the year's calendar was loaded. It is copied with all its keys,
so that origin, numbers and everything so far are the same. The one runs on, a
day at a time; in the other the registry's process is stopped over every due
day, started again, and its clock moved in one step. The same commands follow.
Then both ledgers are exported, audited, folded into state (tests/support/
state_lines.h) and compared line by line, without the time of decision, command
ids and what derives from them.
"""

import csv
import datetime
import itertools
import shutil
import subprocess
import tempfile

import run
from support import METERING, NOT_ALLOWED, OK, TESTS, E2eTest, Stack, cell
import stack as stack_module  # support says where it is

OPENED = "2024-06-20T09:00:00+08:00"
NOTICES_OVER = "2024-07-05T09:00:00+08:00"
EVE = "2025-01-20T09:00:00+08:00"
CALENDAR_DAY = "2025-01-21T09:00:00+08:00"
FIRST_DAY_OFF = datetime.date(2025, 1, 22)
LAST_DAY_OFF = datetime.date(2025, 2, 24)
# 2025-01-20 and 10 working days: 02-03 with the calendar of 2024 alone.
PROVISIONAL_DUE = "2025-02-03"
DUE = "2025-02-08"
FROZEN_UNTIL = "2025-02-05"
CONTRACT_END = "2025-02-10"
LICENCE_END = "2025-02-07"
# By a party, earlier than its term.
LICENCE_ENDED_ON = "2025-02-06"
LAST_YEAR_KNOWN = 2024


def at_nine(day):
    return f"{day.isoformat()}T09:00:00+08:00"


class MonthOff(E2eTest):
    """`corrected` misses its correction, `objected` its answer, `frozen` and
    `expiring` are certificates, the latter with two licences that end in the
    month, `noticed` is registered after it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.calendar = cls.old_calendar()
        tables = [(name, str(cls.calendar)) if name == "calendars/cn"
                  else (name, file) for name, file in stack_module.TABLES]
        cls.ran = Stack(cls.folder / "ran")
        cls.addClassCleanup(cls.ran.stop_all)
        whole, stack_module.TABLES = stack_module.TABLES, tables
        try:
            cls.ran.begin()
        finally:
            stack_module.TABLES = whole
        cls.ran.register_parties()
        cls.document = cls.folder / "order.pdf"
        cls.document.write_bytes(b"%PDF-1.4 order\n")
        cls.until_the_eve()
        cls.rested = cls.twin()
        cls.addClassCleanup(cls.rested.stop_all)

    @classmethod
    def old_calendar(cls):
        """That of the years up to 2024."""
        lines = (stack_module.ROOT / "deploy/tables/calendar_cn.csv").read_text(
            "utf-8").splitlines()
        path = cls.folder / "calendar_2024.csv"
        known = [line for line in lines[1:]
                 if int(line[:4]) <= LAST_YEAR_KNOWN]
        path.write_text("\n".join([lines[0], *known]) + "\n", "utf-8")
        return path

    @classmethod
    def file_rows(cls):
        """Five applications; the last one's data come by a contract."""
        with open(METERING / "applications.csv", encoding="utf-8") as file:
            rows = list(csv.DictReader(file))[:5]
        folder = cls.folder / "data"
        shutil.copytree(METERING, folder)
        shutil.copyfile(cls.document, folder / "contract.pdf")
        for row in rows:
            row["contract_file"] = row["contract_end"] = ""
        rows[4]["source_categories"] = "ENTERPRISE"
        rows[4]["acquisition"] = "PURCHASED"
        rows[4]["contract_file"] = "contract.pdf"
        rows[4]["contract_end"] = CONTRACT_END
        table = cls.folder / "five.csv"
        lines = [",".join(rows[0])]
        lines += [",".join(cell(value) for value in row.values())
                  for row in rows]
        table.write_text("\n".join(lines) + "\n", "utf-8")
        answer = cls.ran.dataip_json(
            "application", "import", table, "--data", folder,
            profile="enterprise")
        return [line["application_no"] for line in answer["outcomes"]]

    @classmethod
    def until_the_eve(cls):
        ran = cls.ran
        (cls.corrected, cls.objected, cls.noticed, cls.frozen_case,
         cls.expiring_case) = cls.file_rows()
        certified = (cls.frozen_case, cls.expiring_case)
        ran.dataip("review", "notice", *certified, profile="officers")
        ran.advance_clock(NOTICES_OVER)
        ran.dataip("review", "register", *certified, profile="officers")
        ran.advance_clock(EVE)
        cls.frozen, cls.expiring = [
            ran.dataip_json("application", "show", number,
                            profile="enterprise")
            ["application"]["certificate_number"] for number in certified]
        cls.licences = [cls.licence(ran, LICENCE_END),
                        cls.licence(ran, CONTRACT_END)]
        ran.dataip("licence", "end", cls.licences[1], "--on",
                   LICENCE_ENDED_ON, "--reason", "双方协商一致",
                   profile="enterprise")
        ran.dataip("certificate", "freeze", cls.frozen, "--authority",
                   "温州市中级人民法院", "--document-no", "（2025）浙03民初1号",
                   "--document", cls.document, "--until", FROZEN_UNTIL,
                   profile="officers")
        ran.dataip("review", "correction", cls.corrected, "--field", "name",
                   "--reason", "名称应写明用途", profile="examiner")
        ran.dataip("review", "notice", cls.objected, cls.noticed,
                   profile="officers")
        filed = ran.dataip_json(
            "objection", "file", cls.objected, "--right", "ownership",
            "--field", "sources", "--statement",
            "该数据来自本单位的热量表，未经授权", "--evidence", cls.document,
            profile="licensee")
        cls.objection = filed["events"][0]["objection_filed"]["objection"][
            "objection_no"]
        ran.dataip("objection", "accept", cls.objection, profile="examiner")
        ran.dataip("objection", "forward", cls.objection, profile="examiner")
        cls.before = cls.due_days(ran)
        ran.advance_clock(CALENDAR_DAY)
        ran.dataip("registry", "load-table", "calendars/cn",
                   stack_module.ROOT / "deploy/tables/calendar_cn.csv",
                   "--version", "1", profile="root")

    @classmethod
    def licence(cls, stack, last):
        """One on `expiring` that the licensee has confirmed."""
        filed = stack.dataip_json(
            "licence", "file", "--certificate", cls.expiring, "--licensee",
            stack.party_numbers["licensee"], "--from", EVE[:10], "--to", last,
            "--fixed-fen", "100000", profile="enterprise")
        number = filed["events"][0]["licence_filed"]["licence"]["licence_no"]
        stack.dataip("licence", "confirm", number, profile="licensee")
        return number

    @classmethod
    def due_days(cls, stack):
        """Of the correction and of the answer."""
        application = stack.dataip_json(
            "application", "show", cls.corrected, profile="enterprise")
        objection = stack.dataip_json("objection", "show", cls.objection,
                                      profile="licensee")
        return [application["application"]["correction_deadline"],
                objection["objection"]["reply_deadline"]]

    @classmethod
    def twin(cls):
        """The same installation in another folder; both ledgers run."""
        cls.ran.stop_all()
        rested = Stack(cls.folder / "rested", origin=cls.ran.origin)
        shutil.copytree(cls.ran.folder, rested.folder)
        rested.party_numbers = dict(cls.ran.party_numbers)
        for stack in (cls.ran, rested):
            stack.addresses.clear()
            for server in ("ledger", "registry"):
                stack.start(server)
            stack.write_profiles()
        return rested

    def lines(self, stack):
        """The state that the ledger makes, after a clean audit."""
        folder = tempfile.mkdtemp(dir=self.folder)
        stack.dataip("ledger", "export", f"{folder}/ledger",
                     profile="auditor")
        done = stack.run("dataip-audit", f"{folder}/ledger", "--trust",
                         stack.folder / "trust.json", check=False)
        self.assert_exit(OK, done)
        done = subprocess.run(
            [TESTS / "state_lines", f"{folder}/ledger"], check=True,
            capture_output=True, text=True, encoding="utf-8")
        return done.stdout.splitlines()

    def assert_same_state(self, ran, rested):
        self.assertEqual(
            [pair for pair in itertools.zip_longest(ran, rested)
             if pair[0] != pair[1]], [])

    def application_state(self, stack, number):
        return stack.dataip_json("application", "show", number,
                                 profile="enterprise")["application"]["state"]

    def test_1_the_calendar_moved_what_was_provisional(self):
        for deadline in self.before:
            self.assertTrue(deadline["provisional"])
            self.assertEqual(deadline["due_date"], PROVISIONAL_DUE)
        for deadline in self.due_days(self.ran):
            self.assertFalse(deadline["provisional"])
            self.assertEqual(deadline["due_date"], DUE)

    def test_2_both_begin_with_the_same_state(self):
        ran = self.lines(self.ran)
        self.assert_same_state(ran, self.lines(self.rested))
        text = "\n".join(ran)
        for expected in ("CORRECTION_REQUIRED", "OBJECTION_PENDING", "freeze ",
                         f"due_date: \"{DUE}\"",
                         *(f"licence-overlay {number}"
                           for number in self.licences)):
            self.assertIn(expected, text)

    def test_3_one_stands_still_for_a_month(self):
        self.assertEqual(self.rested.stop("registry"), 0)
        day = FIRST_DAY_OFF
        while day <= LAST_DAY_OFF:
            self.ran.advance_clock(at_nine(day))
            day += datetime.timedelta(days=1)
        # A read behind a command: the clock has acted before the next one.
        type(self).after = self.lines(self.ran)
        text = "\n".join(self.after)
        for expected in ("DEEMED_WITHDRAWN", "REFUSED", "EXPIRED"):
            self.assertIn(expected, text)
        self.assertNotIn("\nfreeze ", text)
        self.assertNotIn("\nlicence-overlay ", text)
        # What stood still is behind: a comparison that sees nothing would
        # find the two equal here.
        self.assertNotEqual(self.after, self.lines(self.rested))

    def test_4_and_catches_up_when_it_starts_again(self):
        self.rested.start("registry")
        self.rested.advance_clock(at_nine(LAST_DAY_OFF))
        for stack in (self.ran, self.rested):
            for number, state in [(self.corrected, "DEEMED_WITHDRAWN"),
                                  (self.objected, "REFUSED"),
                                  (self.noticed, "PUBLICITY")]:
                self.assertEqual(self.application_state(stack, number), state)
            for number, last in zip(self.licences,
                                    (LICENCE_END, LICENCE_ENDED_ON)):
                licence = stack.dataip_json("licence", "show", number,
                                            profile="licensee")["licence"]
                self.assertEqual(licence["ended_on"], last)
            # The same commands, on the same day.
            done = stack.dataip("application", "withdraw", self.corrected,
                                profile="enterprise", check=False)
            self.assert_exit(NOT_ALLOWED, done)
            stack.dataip("review", "register", self.noticed,
                         profile="officers")
        ran, rested = self.lines(self.ran), self.lines(self.rested)
        self.assertNotEqual(ran, self.after)
        self.assert_same_state(ran, rested)


if __name__ == "__main__":
    run.main()
