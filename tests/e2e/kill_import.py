#!/usr/bin/env python3
"""Kills either server in the middle of an import, again and again: in the
end there are 54 rows, 54 numbers, and each digest once."""

import base64
import csv
import hashlib
import shutil
import subprocess

import run
from support import (BIN, METERING, NO_SERVER, OK, ROWS, WAITED_TOO_LONG,
                     LineWatch, StackTest)

# Journal lines: one for the file, then one when a row was signed and one
# when it was filed.
LINES_IN_ALL = 1 + 2 * ROWS
ATTEMPTS = 40
UNFINISHED = (NO_SERVER, WAITED_TOO_LONG)


class KillImport(StackTest):
    """One installation; the moments follow one another in one import."""

    def setUp(self):
        self.filing = self.folder / "filing"
        self.filing.mkdir()
        self.table = self.filing / "applications.csv"
        shutil.copyfile(METERING / "applications.csv", self.table)
        self.journal = self.filing / "applications.csv.journal"

    def begin_import(self, timeout="10s"):
        return subprocess.Popen(
            [BIN / "dataip", "application", "import", self.table, "--data",
             METERING, "-o", "json", "--timeout", timeout, "--profile",
             self.stack.profile_path("enterprise")],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def import_and_kill(self, server, lines):
        """Runs the import until the journal has `lines` lines, kills the
        server under it until it has given up, starts it again."""
        with LineWatch(self.journal) as watch:
            process = self.begin_import(timeout="1s")
            seen = watch.wait(lines, process)
        self.assertGreaterEqual(seen, lines, "the import ended before")
        self.stack.kill(server)
        out, err = process.communicate()
        # A registry without its ledger is patient for longer than this client.
        self.assertIn(process.returncode, UNFINISHED, out + err)
        self.stack.start(server)
        self.wait_until_it_decides()

    def wait_until_it_decides(self):
        """A dry run asks the registry about each row, and is as patient."""
        self.assert_exit(OK, self.dataip(
            "application", "import", self.table, "--data", METERING,
            "--dry-run", "--timeout", "30s", profile="enterprise"))

    def import_to_the_end(self):
        """As a person would: again until the servers are back."""
        for _ in range(ATTEMPTS):
            process = self.begin_import()
            out, err = process.communicate()
            if process.returncode not in UNFINISHED:
                break
        self.assertEqual(process.returncode, OK, out + err)
        return out

    def applications(self):
        return self.dataip_json("application", "list", profile="examiner")

    def assert_each_row_once(self):
        lines = self.applications()
        numbers = sorted(line["application_no"] for line in lines)
        self.assertEqual(len(lines), ROWS)
        first = int(numbers[0])
        self.assertEqual([int(number) for number in numbers],
                         list(range(first, first + ROWS)))
        with open(self.table, encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
        self.assertEqual(
            sorted(line["client_reference"] for line in lines),
            sorted(row["client_reference"] for row in rows))
        digests = sorted(
            hashlib.sha256((METERING / row["file"]).read_bytes()).digest()
            for row in rows)
        self.assertEqual(sorted(base64.b64decode(line["file_sha256"])
                                for line in lines), digests)

    def assert_audits_clean(self):
        export = self.folder / "export"
        self.stack.dataip("ledger", "export", export, profile="auditor")
        self.stack.run("dataip-audit", export, "--trust",
                       self.stack.folder / "trust.json")

    def assert_again_files_nothing(self):
        size = self.ledger_size()
        process = self.begin_import()
        out, err = process.communicate()
        self.assertEqual(process.returncode, OK, out + err)
        self.assertEqual(len(self.applications()), ROWS)
        self.assertEqual(self.ledger_size(), size)


class WithJournal(KillImport):

    def test_an_import_that_goes_on_files_each_row_once(self):
        moments = [("registry", 2), ("ledger", 20), ("registry", 50),
                   ("ledger", LINES_IN_ALL - 30)]
        for server, more in moments:
            before = self.journal.read_bytes().count(b"\n") \
                if self.journal.exists() else 0
            # At least one line more than the import before it wrote.
            self.import_and_kill(server, max(more, before + 1))
        self.import_to_the_end()
        self.assert_each_row_once()
        self.assert_again_files_nothing()
        self.journal.unlink()
        self.assert_again_files_nothing()
        self.assert_audits_clean()


class OverARestart(KillImport):

    def test_an_import_waits_for_servers_that_come_back(self):
        with LineWatch(self.journal) as watch:
            process = self.begin_import(timeout="60s")
            for server, lines in [("registry", 20), ("ledger", 60)]:
                seen = watch.wait(lines, process)
                self.assertGreaterEqual(seen, lines, "it ended before")
                self.stack.kill(server)
                self.stack.start(server)
        out, err = process.communicate()
        self.assertEqual(process.returncode, OK, out + err)
        self.assert_each_row_once()
        self.assert_audits_clean()


class WithoutJournal(KillImport):

    def test_an_import_that_begins_anew_files_each_row_once(self):
        for server, lines in [("ledger", 3), ("registry", 40)]:
            self.import_and_kill(server, lines)
            self.journal.unlink()
        self.import_to_the_end()
        self.journal.unlink()
        self.assert_each_row_once()
        self.assert_again_files_nothing()
        self.assert_audits_clean()


if __name__ == "__main__":
    run.main()
