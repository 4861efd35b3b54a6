#!/usr/bin/env python3
"""The command line as others script against it: exit codes, JSON, help."""

import csv
import json
import os
import subprocess

import run
from support import (BIN, CANNOT_DECIDE, CONFLICT, ENTERPRISE_USCC, INTERNAL,
                     METERING, NO_SERVER, NOT_ALLOWED, NOT_FOUND, OK,
                     ROOT, SOME_REJECTED, USAGE, E2eTest, StackTest)

NOBODY = "127.0.0.1:1"
GROUPS = ["keys", "registry", "clock", "party", "officer", "trust",
          "application", "review", "command", "certificate", "data",
          "licence", "usage", "value", "verify", "bundle", "ledger"]


def snake_case(text):
    return text == text.lower() and "-" not in text


def names_in(value):
    if isinstance(value, dict):
        for name, inner in value.items():
            yield name
            yield from names_in(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from names_in(inner)


class Offline(E2eTest):

    def dataip(self, *args, env=None):
        clean = {name: value for name, value in os.environ.items()
                 if not name.startswith("DATAIP_") or name == "DATAIP_BIN_DIR"}
        return subprocess.run([BIN / "dataip", *map(str, args)],
                              capture_output=True, text=True,
                              env={**clean, **(env or {})}, check=False)

    def commands(self):
        """Every command by the program's own help."""
        for group in GROUPS:
            text = self.assert_exit(OK, self.dataip(group, "--help")).stdout
            listed = text.split("Commands:")
            if len(listed) < 2:
                yield [group]
                continue
            for line in listed[1].split("\n\n")[0].strip().split("\n"):
                yield line.split()[:2]

    def test_usage_is_two_and_says_so_in_both_languages(self):
        for args in (["nonsense"], ["party", "nonsense"],
                     ["party", "list", "--nonsense"],
                     ["party", "list", "--server"], ["party", "show"],
                     ["party", "list", "too", "many"],
                     ["party", "list", "-o", "xml"],
                     ["party", "list", "--timeout", "soon"],
                     ["party", "list"],
                     ["keys", "new", "--algorithm", "rsa", "--out",
                      self.folder / "k.pem"],
                     ["party", "list", "--server", NOBODY, "--tls-ca",
                      self.folder / "none.pem"]):
            with self.subTest(args=args):
                self.assert_refused(USAGE, self.dataip(*args))

    def test_named_files_that_are_not_there_are_three(self):
        none = self.folder / "none"
        for args in (["command", "show", none], ["keys", "show", none],
                     ["bundle", "unpack", none, self.folder / "unpacked"],
                     ["data", "hash", none],
                     ["data", "prove", ROOT / "README.md", "--record", "0",
                      "--master-key", none]):
            with self.subTest(args=args):
                done = self.dataip(*args)
                self.assert_refused(NOT_FOUND, done)
                self.assertIn(str(none), done.stderr)

    def test_usage_comes_before_a_missing_server(self):
        done = self.dataip("application", "show", "--server", NOBODY)
        self.assert_refused(USAGE, done)

    def test_nobody_answers_is_seven(self):
        for args in (["party", "list"], ["application", "show", "1"],
                     ["certificate", "show", "1"]):
            self.assert_refused(NO_SERVER, self.dataip(
                *args, "--server", NOBODY, "--timeout", "5s"))
        self.assert_refused(NO_SERVER, self.dataip(
            "ledger", "checkpoint", "--ledger", NOBODY, "--timeout", "5s"))

    def test_an_output_that_takes_nothing_is_one(self):
        with open("/dev/full", "wb") as full:
            done = subprocess.run([BIN / "dataip", "--help"], stdout=full,
                                  stderr=subprocess.PIPE, text=True,
                                  check=False)
        self.assertEqual(done.returncode, INTERNAL)
        self.assert_bilingual(done.stderr)

    def test_errors_are_json_when_asked_for(self):
        for code, args in (
                (USAGE, ["party", "list", "-o", "json", "--nonsense"]),
                (NO_SERVER, ["party", "list", "--server", NOBODY,
                             "--output=json", "--timeout", "5s"]),
                (CANNOT_DECIDE, ["verify", self.folder / "none.bundle", "-o",
                                 "json", "--trust",
                                 self.folder / "none.json"])):
            done = self.assert_exit(code, self.dataip(*args))
            self.assertEqual(done.stdout, "")
            error = json.loads(done.stderr)["error"]
            self.assertEqual(error["exit_code"], code, error)
            self.assert_bilingual(error["message"] + error["message_zh"])

    def test_every_command_has_help_with_an_example(self):
        found = 0
        self.assert_exit(OK, self.dataip("--help"))
        for command in self.commands():
            done = self.dataip(*command, "--help")
            self.assert_exit(OK, done)
            self.assertIn("Examples:\n  dataip " + " ".join(command),
                          done.stdout)
            found += 1
        self.assertGreaterEqual(found, 35)

    def test_keys_are_never_overwritten(self):
        key = self.folder / "once.pem"
        new = ["keys", "new", "--algorithm", "sm2", "--out", key]
        self.assert_exit(OK, self.dataip(*new))
        before = key.read_bytes()
        self.assert_refused(6, self.dataip(*new))
        self.assertEqual(key.read_bytes(), before)
        self.assertEqual(key.stat().st_mode & 0o777, 0o600)

    def test_profiles_and_environment_are_read_strictly(self):
        profile = self.folder / "bad.conf"
        for content in ("server\n", "colour = red\n", "server =\n",
                        "server = a\nserver = b\n"):
            profile.write_text(content)
            done = self.dataip("party", "list", "--profile", profile)
            self.assert_refused(USAGE, done, "bad.conf")
        profile.write_text(f"# a comment\nserver = {NOBODY}\ntimeout = 5s\n")
        for done in (self.dataip("party", "list", "--profile", profile),
                     self.dataip("party", "list",
                                 env={"DATAIP_PROFILE": str(profile)}),
                     self.dataip("party", "list", "--timeout", "5s",
                                 env={"DATAIP_SERVER": NOBODY})):
            self.assert_refused(NO_SERVER, done)


class Online(StackTest):

    LISTS = [["party", "list"], ["application", "list"], ["review", "list"],
             ["certificate", "list"], ["licence", "list"]]
    with_parties = False

    def test_1_an_empty_list_is_an_empty_array(self):
        for command in self.LISTS:
            done = self.dataip(*command, "-o", "json", profile="examiner")
            self.assert_exit(OK, done)
            self.assertEqual(done.stdout.strip(), "[]", command)
            self.assertEqual(done.stderr, "")

    def test_2_json_has_the_names_of_the_protos(self):
        self.stack.register_parties()
        with open(METERING / "applications.csv", encoding="utf-8") as file:
            number = self.file_one(next(csv.DictReader(file)))
        answers = {}
        for command in [["party", "list"], ["officer", "list"],
                        ["party", "show", ENTERPRISE_USCC],
                        ["application", "list"], ["registry", "show"],
                        ["application", "show", number],
                        ["review", "list"], ["review", "show", number],
                        ["trust", "show"], ["value", "show"],
                        ["ledger", "checkpoint"], ["ledger", "entry", "0"],
                        ["keys", "show", self.stack.key("root.pem")]]:
            if command[:2] == ["keys", "show"] and not self.has_keys_show():
                continue
            done = self.dataip(*command, "-o", "json", profile="examiner")
            self.assert_exit(OK, done)
            answer = json.loads(done.stdout)
            answers[" ".join(command[:2])] = answer
            for name in names_in(answer):
                self.assertTrue(snake_case(name), f"{command}: {name}")
        self.assertEqual(answers["party list"][0]["identity"]["uscc"],
                         ENTERPRISE_USCC)
        self.assertEqual(answers["application list"][0]["application_no"],
                         number)
        form = answers["application show"]["application"]["form"]
        self.assertEqual(form["storage_format"], "CSV")
        self.assertEqual(form["record_count"], "697")

    def has_keys_show(self):
        return " show " in self.dataip("keys", "--help").stdout

    def test_3_what_does_not_exist_is_three(self):
        for command in [["party", "show", "P9999999"],
                        ["application", "show", "20249999999"],
                        ["review", "show", "20249999999"],
                        ["certificate", "show", "20249999999999999"],
                        ["certificate", "get", "20249999999999999", "--out",
                         self.folder / "none.bundle"],
                        ["licence", "show", "L9999999"],
                        ["ledger", "entry", "999999"]]:
            with self.subTest(command=command):
                done = self.dataip(*command, profile="auditor")
                self.assert_exit(NOT_FOUND, done)
                self.assert_bilingual(done.stderr)
        self.assertFalse((self.folder / "none.bundle").exists())

    def test_4_the_same_party_again_is_six(self):
        done = self.dataip(
            "party", "register", "--kind", "legal-person", "--name",
            "浙江示例智能表计有限公司", "--uscc", ENTERPRISE_USCC, "--party-key",
            self.stack.key("clock.pem"), profile="examiner")
        self.assert_refused(CONFLICT, done)

    def test_5_not_for_this_actor_is_four(self):
        done = self.dataip("clock", "advance", "--to",
                           "2024-06-21T09:00:00+08:00", "--actor", "root",
                           profile="enterprise")
        self.assert_refused(NOT_ALLOWED, done)
        done = self.dataip("application", "list", "--tls-cert",
                           self.stack.key("tls/ca.pem"), profile="enterprise")
        self.assert_exit(USAGE, done)

    def test_6_some_rows_rejected_is_five(self):
        with open(METERING / "applications.csv", encoding="utf-8") as file:
            rows = list(csv.DictReader(file))[1:3]
        rows[1]["record_count"] = "1"
        done = self.dataip("application", "import",
                           self.write_table("five", rows), "--data", METERING,
                           profile="enterprise")
        self.assert_exit(SOME_REJECTED, done)
        self.assertIn("five.rejected.csv", done.stderr)

    def test_7_a_table_aligns_chinese_text(self):
        done = self.dataip("party", "list", profile="examiner")
        lines = self.assert_exit(OK, done).stdout.rstrip("\n").split("\n")
        self.assertGreaterEqual(len(lines), 3)

        def width(text):
            return sum(2 if ord(c) > 0x2e7f else 1 for c in text)

        column = {width(line[:line.index("91330382")]) for line in lines
                  if "91330382" in line}
        self.assertEqual(len(column), 1, done.stdout)

    def test_8_the_ledgers_first_entry_opens_the_registry(self):
        answer = self.dataip_json("ledger", "entry", "0", profile="auditor")
        self.assertIn("header", " ".join(names_in(answer)) + str(answer))


if __name__ == "__main__":
    run.main()
