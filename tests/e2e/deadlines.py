#!/usr/bin/env python3
"""Days that the rules count: notices, corrections, two officers; and how a
wait for an application ends."""

import csv
import json

import run
from support import (CONFLICT, CORRECTION, METERING, NOT_ALLOWED, NOT_FOUND,
                     OK, USAGE, WAITED_TOO_LONG, StackTest)

LAST_NOTICE_DAY = "2024-07-04T23:59:59+08:00"
AFTER_NOTICE = "2024-07-05T00:00:00+08:00"
CORRECTION_DUE = "2024-07-04"


class Deadlines(StackTest):
    """One demonstration clock: the steps of `test_...` 1 to 9 in order."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        with open(METERING / "applications.csv", encoding="utf-8") as file:
            cls.rows = list(csv.DictReader(file))
        table = cls.folder / "six.csv"
        lines = (METERING / "applications.csv").read_text("utf-8").split("\n")
        table.write_text("\n".join(lines[:7]) + "\n", encoding="utf-8")
        answer = cls.stack.dataip_json(
            "application", "import", table, "--data", METERING,
            profile="enterprise")
        cls.numbers = [line["application_no"] for line in answer["outcomes"]]

    def state(self, number):
        answer = self.dataip_json("application", "show", number,
                                  profile="enterprise")
        return answer["application"]["state"]

    def ask_correction(self, number, field="name", reason="名称应写明用途"):
        return self.dataip("review", "correction", number, "--field", field,
                           "--reason", reason, profile="examiner")

    def correct(self, number, *flags):
        return self.dataip("application", "correct", number, *flags,
                           profile="enterprise")

    def test_1_before_anything_there_is_nothing_to_register(self):
        done = self.dataip("review", "register", self.numbers[0],
                           profile="officers")
        self.assert_exit(NOT_ALLOWED, done)
        self.assert_bilingual(done.stderr)
        self.assertIn("T14", done.stderr)
        done = self.dataip("review", "notice", "20249999999",
                           profile="officers")
        self.assert_exit(NOT_FOUND, done)

    def test_2_one_officer_alone_opens_no_notice(self):
        done = self.dataip("review", "notice", self.numbers[0],
                           profile="examiner")
        self.assert_exit(USAGE, done)  # the command line wants two keys
        half = self.folder / "half.json"
        self.assert_exit(OK, self.dataip(
            "review", "notice", self.numbers[0], "--out", half,
            profile="examiner"))
        done = self.dataip("command", "send", half, profile="examiner")
        self.assert_exit(NOT_ALLOWED, done)
        self.assert_bilingual(done.stderr)
        # Twice the examiner, or the approver first, are not two officers.
        done = self.dataip("command", "sign", half, profile="examiner")
        self.assert_refused(CONFLICT, done)
        done = self.dataip("review", "notice", self.numbers[0], "--key",
                           self.stack.key("approver-1.pem"), "--key",
                           self.stack.key("examiner-1.pem"),
                           profile="examiner")
        self.assert_exit(NOT_ALLOWED, done)
        # Half-signed commands show what they would do, and go on.
        shown = json.loads(self.assert_exit(OK, self.dataip(
            "command", "show", half, "-o", "json")).stdout)
        self.assertEqual(
            shown[0]["command"]["open_notice"]["application_no"],
            self.numbers[0])
        self.assertEqual(len(shown[0]["key_ids"]), 1)
        self.assert_exit(OK, self.dataip("command", "sign", half,
                                         profile="approver"))
        self.assert_exit(OK, self.dataip("command", "send", half,
                                         profile="approver"))
        self.assertEqual(self.state(self.numbers[0]), "PUBLICITY")

    def test_3_a_wait_ends_in_correction_or_too_long(self):
        number = self.numbers[1]
        done = self.dataip("application", "show", number, "--wait",
                           "--timeout", "300ms", profile="enterprise")
        self.assert_exit(WAITED_TOO_LONG, done)
        self.assert_exit(OK, self.ask_correction(number))
        done = self.dataip("application", "show", number, "--wait",
                           profile="enterprise")
        self.assert_exit(CORRECTION, done)
        self.assertIn(CORRECTION_DUE, done.stdout)
        self.assertIn("2024-06-20", done.stdout)

    def test_4_a_correction_changes_what_was_asked_for(self):
        number = self.numbers[1]
        done = self.correct(number, "--set", "region_code=330300")
        self.assert_refused(USAGE, done, "region_code", "T4")
        done = self.correct(number, "--set", "name=数据")
        self.assert_refused(USAGE, done, "B01")
        name = "供热调度用2018年2月智能热量表小时级用能更正数据集"
        self.assert_exit(OK, self.correct(number, "--set", f"name={name}"))
        self.assertEqual(self.state(number), "UNDER_REVIEW")
        # A second time there is nothing to correct.
        done = self.correct(number, "--set", f"name={name}")
        self.assert_exit(NOT_ALLOWED, done)

    def test_5_corrections_name_fields_and_reasons(self):
        for field, reason in [("no_such_field", "请更正内容"), ("name", "短")]:
            done = self.ask_correction(self.numbers[2], field, reason)
            self.assert_exit(USAGE, done)
            self.assert_bilingual(done.stderr)
        self.assert_exit(OK, self.ask_correction(self.numbers[2]))

    def test_6_withdrawn_and_refused_are_final(self):
        withdrawn, refused = self.numbers[3], self.numbers[4]
        done = self.dataip("application", "withdraw", withdrawn,
                           profile="licensee")
        self.assert_exit(NOT_ALLOWED, done)
        self.assert_exit(OK, self.dataip("application", "withdraw", withdrawn,
                                         profile="enterprise"))
        done = self.dataip("review", "refuse", refused, "--ground", "R77",
                           "--reason", "不属于登记对象", profile="officers")
        self.assert_bilingual(done.stderr)
        self.assert_exit(USAGE, done)
        self.assert_exit(OK, self.dataip(
            "review", "refuse", refused, "--ground", "R03", "--reason",
            "不属于登记对象", profile="officers"))
        for number in (withdrawn, refused):
            done = self.dataip("review", "notice", number, profile="officers")
            self.assert_exit(NOT_ALLOWED, done)
            self.assert_exit(OK, self.dataip(
                "application", "show", number, "--wait",
                profile="enterprise"))

    def test_7_a_notice_is_not_closed_a_day_early(self):
        number = self.numbers[0]
        self.assert_exit(OK, self.dataip(
            "clock", "advance", "--to", LAST_NOTICE_DAY, profile="root"))
        done = self.dataip("review", "register", number, profile="officers")
        self.assert_exit(NOT_ALLOWED, done)
        self.assert_bilingual(done.stderr)
        self.assertIn("T14", done.stderr)
        self.assertIn("2024-07-04", done.stderr)
        self.assertEqual(self.state(number), "PUBLICITY")

    def test_8_a_correction_after_its_deadline_is_too_late(self):
        number = self.numbers[2]
        self.assertEqual(self.state(number), "CORRECTION_REQUIRED")
        self.assert_exit(OK, self.dataip(
            "clock", "advance", "--to", AFTER_NOTICE, profile="root"))
        done = self.correct(number, "--set",
                            "name=供热调度用2018年3月智能热量表数据集")
        self.assert_exit(NOT_ALLOWED, done)
        self.assert_bilingual(done.stderr)
        # The registry's clock closes it by a command of its own.
        done = self.dataip("application", "show", number, "--wait",
                           "--timeout", "20s", "-o", "json",
                           profile="enterprise")
        self.assert_exit(OK, done)
        answer = json.loads(done.stdout)
        self.assertEqual(answer["application"]["state"], "DEEMED_WITHDRAWN")
        self.assertEqual(answer["history"][-1]["actor"], "clock")

    def test_9_after_its_last_day_the_notice_may_end(self):
        done = self.dataip("review", "register", self.numbers[0],
                           profile="officers")
        self.assert_exit(OK, done)
        self.assertEqual(self.state(self.numbers[0]), "REGISTERED")
        self.assert_exit(OK, self.dataip(
            "application", "show", self.numbers[0], "--wait",
            profile="enterprise"))
        # The clock does not go back, and not past the real one.
        for to, code in (("2024-07-04T00:00:00+08:00", USAGE),
                         ("2199-01-01T00:00:00+08:00", NOT_ALLOWED)):
            done = self.dataip("clock", "advance", "--to", to, profile="root")
            self.assert_exit(code, done)
            self.assert_bilingual(done.stderr)


if __name__ == "__main__":
    run.main()
