#!/usr/bin/env python3
"""What a certificate is used for: licences, usage, realised value. And a
natural person who registers, whose number stands nowhere on the ledger."""

import csv
import json

import run
from support import (CONFLICT, ENTERPRISE_USCC, LICENSEE_USCC, METERING,
                     NOT_ALLOWED, NOT_FOUND, OK, SOME_REJECTED, USAGE,
                     StackTest)

AFTER_NOTICE = "2024-07-05T09:00:00+08:00"
LATER = "2024-08-01T09:00:00+08:00"
ID_NUMBER = "11010519491231002X"
PERSON = "欧阳示例"


class Licences(StackTest):
    """Two certificates of the enterprise and one of a natural person; the
    steps of `test_...` 1 to 8 in order."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.register_person()
        with open(METERING / "applications.csv", encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
        numbers = []
        for profile, some in [("enterprise", rows[:2]), ("person", rows[2:3])]:
            table = cls.folder / f"{profile}.csv"
            with open(table, "w", encoding="utf-8", newline="") as file:
                out = csv.DictWriter(file, list(some[0]))
                out.writeheader()
                out.writerows(some)
            answer = cls.stack.dataip_json(
                "application", "import", table, "--data", METERING,
                profile=profile)
            numbers += [row["application_no"] for row in answer["outcomes"]]
        cls.stack.dataip("review", "notice", *numbers, profile="officers")
        cls.stack.dataip("clock", "advance", "--to", AFTER_NOTICE,
                         profile="root")
        cls.stack.dataip("review", "register", *numbers, profile="officers")
        cls.stack.dataip("clock", "advance", "--to", LATER, profile="root")
        lines = cls.stack.dataip_json("certificate", "list",
                                      profile="auditor")
        number_of = {line["application_no"]: line["number"] for line in lines}
        cls.one, cls.two, cls.persons = [number_of[no] for no in numbers]

    @classmethod
    def register_person(cls):
        stack = cls.stack
        stack.dataip("keys", "new", "--algorithm", "sm2", "--out",
                     stack.key("person.pem"))
        answer = stack.dataip_json(
            "party", "register", "--kind", "natural-person", "--name", PERSON,
            "--id-number", ID_NUMBER, "--identity-checked", "--party-key",
            stack.key("person.pem"), profile="examiner")
        number = party_number(answer)
        stack.party_numbers["person"] = number
        stack.make_tls("person", number)
        stack.write_profile("person", ["person"])

    def file(self, certificate, first, last, *terms, profile="enterprise"):
        return self.dataip(
            "licence", "file", "--certificate", certificate, "--licensee",
            LICENSEE_USCC, "--from", first, "--to", last,
            *(terms or ("--per-unit-fen", "50", "--unit", "次")),
            profile=profile)

    def licence_no(self, certificate):
        lines = self.dataip_json("licence", "list", "--certificate",
                                 certificate, profile="enterprise")
        return lines[-1]["licence_no"]

    def value(self, *what):
        answer = self.dataip_json("value", "show", *what,
                                  profile="enterprise")
        self.assertGreater(int(answer["position"]["index"]), 0)
        return int(answer["value"]["fen"])

    def send(self, licence, *events, profile="enterprise"):
        path = self.folder / "usage.ndjson"
        path.write_text("".join(
            event if isinstance(event, str) else
            json.dumps(event, ensure_ascii=False) + "\n" for event in events),
            encoding="utf-8")
        return self.dataip("usage", "send", path, "--licence", licence,
                           profile=profile)

    def event(self, name, quantity, **more):
        return {"source": "gateway", "id": name, "occurred_on": "2024-07-20",
                "quantity": str(quantity), **more}

    def test_1_a_licence_keeps_to_its_certificate(self):
        for first, last, code, word in [
                ("2024-07-01", "2024-12-31", NOT_ALLOWED, "C4"),
                ("2024-08-01", "2027-07-05", NOT_ALLOWED, "C4"),
                ("2024-12-31", "2024-08-01", USAGE, "C4"),
                ("2024-08-32", "2024-12-31", USAGE, "--from")]:
            done = self.file(self.one, first, last)
            self.assert_exit(code, done)
            self.assert_bilingual(done.stderr)
            self.assertIn(word, done.stderr)
        done = self.file("20249999999999999", "2024-08-01", "2024-12-31")
        self.assert_refused(NOT_FOUND, done)
        done = self.file(self.one, "2024-08-01", "2024-12-31",
                         profile="licensee")
        self.assert_refused(NOT_ALLOWED, done)
        for terms in (("--fixed-fen", "1", "--per-unit-fen", "1"),
                      ("--fixed-fen", "-1"), ("--kind", "secret")):
            done = self.file(self.one, "2024-08-01", "2024-12-31", *terms)
            self.assert_refused(USAGE, done)
        self.assertEqual(self.dataip_json("licence", "list",
                                          profile="enterprise"), [])

    def test_2_an_overlapping_exclusive_licence_is_refused(self):
        self.assert_exit(OK, self.file(self.one, "2024-07-10", "2024-12-31"))
        self.assert_exit(OK, self.file(self.one, "2024-07-15", "2024-12-31"))
        first = self.dataip_json("licence", "list", "--certificate", self.one,
                                 profile="enterprise")[0]["licence_no"]
        exclusive = ("--kind", "exclusive", "--fixed-fen", "100000")
        done = self.file(self.one, "2024-12-31", "2025-06-30", *exclusive)
        self.assert_refused(NOT_ALLOWED, done, "C4", first, "2024-12-31")
        self.assert_exit(OK, self.file(self.one, "2025-01-01", "2025-06-30",
                                       *exclusive))
        done = self.file(self.one, "2025-06-30", "2025-12-31")
        self.assert_refused(NOT_ALLOWED, done, "2025-01-01")
        self.assert_exit(OK, self.file(self.one, "2025-07-01", "2025-12-31"))

    def test_3_usage_counts_once_and_is_corrected_by_reversal(self):
        self.assert_exit(OK, self.file(self.two, "2024-07-10", "2024-12-31"))
        licence = self.licence_no(self.two)
        events = [self.event("a1", 100), self.event("a2", 20)]
        for _ in range(2):
            self.assert_exit(OK, self.send(licence, *events))
            self.assertEqual(self.value("--certificate", self.two), 6000)
        # The same id with another quantity is no correction.
        done = self.send(licence, self.event("a1", 101))
        self.assert_exit(CONFLICT, done)
        self.assert_bilingual(done.stderr)
        self.assertIn("gateway/a1", done.stderr)
        reversal = {"source": "gateway", "id": "a3", "reverses_id": "a1",
                    "occurred_on": "2024-07-20"}
        for _ in range(2):
            self.assert_exit(OK, self.send(licence, reversal))
            self.assertEqual(self.value("--certificate", self.two), 1000)
        twice = dict(reversal, id="a4")
        self.assert_exit(NOT_ALLOWED, self.send(licence, twice))
        self.assertEqual(len(self.dataip_json(
            "usage", "show", licence, profile="enterprise")), 3)

    def test_4_usage_keeps_to_its_licence(self):
        licence = self.licence_no(self.two)
        for wrong in (self.event("b1", 0), self.event("b1", -5),
                      self.event("b1", 5, occurred_on="2024-07-09"),
                      self.event("b1", 5, occurred_on="2024-08-02"),
                      self.event("b1", 5, source="two words"),
                      {"source": "gateway", "id": "b1",
                       "occurred_on": "2024-07-20",
                       "payment": {"currency": "CNY", "fen": "5"}}):
            done = self.send(licence, wrong)
            self.assert_exit(USAGE, done)
            self.assert_bilingual(done.stderr)
        done = self.send(licence, self.event("b1", 5), profile="licensee")
        self.assert_exit(NOT_ALLOWED, done)
        done = self.send("L99999999999", self.event("b1", 5))
        self.assert_exit(NOT_FOUND, done)
        self.assertEqual(self.value("--certificate", self.two), 1000)

    def test_5_lines_that_are_no_usage_stop_no_other(self):
        licence = self.licence_no(self.two)
        done = self.send(licence, "no json\n", self.event("c1", 2),
                         '{"colour": "red"}\n')
        self.assert_exit(SOME_REJECTED, done)
        self.assert_bilingual(done.stderr)
        self.assertEqual(self.value("--certificate", self.two), 1100)

    def test_6_value_is_shown_by_certificate_party_and_in_total(self):
        self.assertEqual(self.value(), 1100)
        self.assertEqual(self.value("--party", ENTERPRISE_USCC), 1100)
        self.assertEqual(self.value("--party", LICENSEE_USCC), 0)
        self.assertEqual(self.value("--certificate", self.one), 0)
        done = self.dataip("value", "show", "--certificate", self.one,
                           "--party", ENTERPRISE_USCC, profile="enterprise")
        self.assert_refused(USAGE, done)
        done = self.dataip("value", "show", "--certificate",
                           "20249999999999999", profile="enterprise")
        self.assert_refused(NOT_FOUND, done)

    def licence(self, number):
        return self.dataip_json("licence", "show", number,
                                profile="enterprise")["licence"]

    def change(self, number, *terms, profile="enterprise"):
        return self.dataip("licence", "change", number, *terms,
                           profile=profile)

    def test_7_terms_without_a_flag_stay(self):
        number = self.licence_no(self.two)
        before = self.licence(number)
        self.assert_refused(USAGE, self.change(number))
        self.assert_refused(NOT_ALLOWED, self.change(
            number, "--to", "2025-03-31", profile="licensee"))
        self.assert_exit(OK, self.change(number, "--kind", "排他", "--to",
                                         "2025-03-31", "--per-unit-fen", "60"))
        after = self.licence(number)
        self.assertEqual(after["kind"], "SOLE")
        self.assertEqual(after["valid_to"], "2025-03-31")
        self.assertEqual(after["price"]["per_unit"]["fen"], "60")
        for term in ("licensee", "valid_from", "contract_no"):
            self.assertEqual(after[term], before[term], term)
        self.assertEqual(after["price"]["unit"], before["price"]["unit"])
        shown = self.dataip("licence", "show", number, profile="enterprise")
        self.assertIn("排他许可", shown.stdout)
        # What was used before keeps its price.
        self.assert_exit(OK, self.send(number, self.event("d1", 1)))
        self.assertEqual(self.value("--certificate", self.two), 1160)

    def pledge(self, *terms):
        """Asked by the holder, consented to by the pledgee, granted."""
        answer = self.dataip_json("certificate", "pledge", self.two, *terms,
                                  profile="enterprise")
        request = answer["events"][0]["request_filed"]["request"]["request_no"]
        self.assert_exit(OK, self.dataip("certificate", "consent", request,
                                         profile="licensee"))
        self.assert_exit(OK, self.dataip("certificate", "grant", request,
                                         profile="officers"))
        return self.dataip_json("certificate", "encumbrances", self.two,
                                profile="enterprise")["pledges"]

    def test_8_a_pledge_changes_and_its_pledgee_signs_for_licences(self):
        pledges = self.pledge(
            "--pledgee", LICENSEE_USCC, "--amount-fen", "5000000", "--from",
            "2024-08-01", "--to", "2025-07-31", "--contract-no", "ZY-1")
        number = pledges[0]["pledge_no"]
        for terms in [("--pledgee", LICENSEE_USCC), ()]:
            self.assert_refused(USAGE, self.dataip(
                "certificate", "pledge", self.two, "--change", number, *terms,
                profile="enterprise"))
        self.assert_refused(NOT_FOUND, self.dataip(
            "certificate", "pledge", self.two, "--change", "G20240000099",
            "--to", "2026-07-31", profile="enterprise"))
        changed = self.pledge("--change", number, "--amount-fen", "6000000")
        self.assertEqual([one["pledge_no"] for one in changed], [number])
        self.assertEqual(changed[0]["amount"]["fen"], "6000000")
        for term in ("valid_from", "valid_to", "contract_no", "rank"):
            self.assertEqual(changed[0][term], pledges[0][term], term)
        licence = self.licence_no(self.two)
        self.assert_refused(NOT_ALLOWED,
                            self.change(licence, "--to", "2025-06-30"))
        half = self.folder / "change.json"
        self.assert_exit(OK, self.change(licence, "--to", "2025-06-30",
                                         "--out", half))
        for step, profile in [("sign", "licensee"), ("send", "enterprise")]:
            self.assert_exit(OK, self.dataip("command", step, half,
                                             profile=profile))
        self.assertEqual(self.licence(licence)["valid_to"], "2025-06-30")

    def assert_shown(self, number, *words):
        """In the list and for itself."""
        for command in (("list", "--certificate", self.one),
                        ("show", number)):
            shown = self.dataip("licence", *command, profile="enterprise")
            lines = [line for line in shown.stdout.splitlines()
                     if command[0] == "show" or line.startswith(number)]
            for word in words:
                self.assertIn(word, "\n".join(lines), command)

    def test_8_b_a_licensee_that_has_confirmed_signs_a_change(self):
        number = self.dataip_json("licence", "list", "--certificate", self.one,
                                  profile="enterprise")[0]["licence_no"]
        self.assert_shown(number, "待确认", "2024-07-10 至 2024-12-31")
        self.assert_exit(OK, self.dataip("licence", "confirm", number,
                                         profile="licensee"))
        self.assert_shown(number, "有效")
        done = self.change(number, "--to", "2024-11-30")
        self.assert_refused(NOT_ALLOWED, done, "licensee")
        half = self.folder / "confirmed.json"
        self.assert_exit(OK, self.change(number, "--to", "2024-11-30",
                                         "--out", half))
        shown = self.dataip("command", "show", half, profile="enterprise")
        self.assertIn("尚缺 1 个签名", shown.stdout)
        for step, profile in [("sign", "licensee"), ("send", "enterprise")]:
            self.assert_exit(OK, self.dataip("command", step, half,
                                             profile=profile))
        licence = self.licence(number)
        self.assertEqual(licence["valid_to"], "2024-11-30")
        self.assertGreater(int(licence["confirmed_at_ms"]), 0)
        self.assert_exit(OK, self.dataip(
            "licence", "end", number, "--on", "2024-09-30", "--reason",
            "双方协商一致", profile="enterprise"))
        self.assert_shown(number, "将终止", "2024-07-10 至 2024-09-30")

    def test_9_a_persons_number_stands_nowhere_on_the_ledger(self):
        shown = self.dataip("certificate", "show", self.persons,
                            profile="auditor")
        self.assert_exit(OK, shown)
        export = self.folder / "export"
        self.stack.dataip("ledger", "export", export, profile="auditor")
        bundle = self.folder / "person.bundle"
        self.stack.dataip("certificate", "get", self.persons, "--out", bundle,
                          profile="auditor")
        self.stack.dataip("verify", bundle, "--trust",
                          self.stack.folder / "trust.json")
        files = [path for path in export.rglob("*") if path.is_file()]
        self.assertGreater(len(files), 3)
        for path in [*files, bundle]:
            content = path.read_bytes()
            for secret in (ID_NUMBER, PERSON):
                self.assertNotIn(secret.encode("utf-8"), content, path)
        # The enterprise's name does stand there: the search would find it.
        self.assertTrue(any(ENTERPRISE_USCC.encode() in path.read_bytes()
                            for path in files))
        self.stack.run("dataip-audit", export, "--trust",
                       self.stack.folder / "trust.json")

    def test_9_b_a_persons_number_has_a_check_digit_too(self):
        for number in ("110105194912310021", "11010519491331002X", "123"):
            done = self.dataip(
                "party", "register", "--kind", "natural-person", "--name",
                PERSON, "--id-number", number, "--identity-checked",
                "--party-key", self.stack.key("clock.pem"),
                profile="examiner")
            self.assert_refused(USAGE, done, "GB 11643")
            self.assertNotIn(number, done.stderr)


def party_number(answer):
    """From the answer to `party register`, however deep it stands there."""
    if "party_number" in answer:
        return answer["party_number"]
    for event in answer["events"]:
        if "party_registered" in event:
            return event["party_registered"]["party"]["party_number"]
    raise KeyError("party_number")


if __name__ == "__main__":
    run.main()
