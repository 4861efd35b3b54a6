#!/usr/bin/env python3
"""Backups of a ledger: what is refused, restoring, the rollback guard."""

import random
import shutil
import subprocess
import threading

import run
from support import BIN, OK, E2eTest

from lone_ledger import EDIT, Ledger

FAILED, CONFIGURATION = 1, 2
KILLS = 5
SEED = 11


class BackupTest(E2eTest):

    def setUp(self):
        self.ledger = Ledger(self.folder / self._testMethodName)
        self.ledger.make()
        self.ledger.start()
        self.addCleanup(self.ledger.stop)
        self.ledger.set(listen=self.ledger.address)
        self.ledger.write(300)

    def backup(self, *words, config=None):
        return subprocess.run(
            [BIN / "dataip-ledger", "backup", *map(str, words), "--config",
             config or self.ledger.config], capture_output=True, text=True,
            check=False)

    def good(self, *words):
        return self.assert_exit(OK, self.backup(*words)).stdout

    def refused(self, code, done, *parts):
        self.assert_exit(code, done)
        self.assert_bilingual(done.stderr)
        for part in parts:
            self.assertIn(part, done.stderr)

    def numbers(self):
        return [int(line.split()[1]) for line in self.good("list").split("\n")
                if line]

    def read_whole(self):
        self.assert_exit(OK, subprocess.run(
            [EDIT, "read", self.ledger.address, self.ledger.trust],
            capture_output=True, text=True, check=False))

    def test_what_is_no_command_is_refused(self):
        for words in ([], ["nonsense"], ["create", "1"], ["verify", "x"],
                      ["verify", "1", "2"], ["restore", "1"]):
            self.refused(CONFIGURATION, self.backup(*words))
        self.refused(CONFIGURATION, self.backup("verify"), "no backup")
        self.refused(CONFIGURATION, self.backup("verify", "7"))
        self.refused(CONFIGURATION, self.backup("create", "--rehearse"),
                     "rehearse")
        self.ledger.set(backup_dir=None)
        self.refused(CONFIGURATION, self.backup("list"), "backup_dir")
        self.refused(CONFIGURATION, self.backup("nonsense"), "usage")

    def test_a_damaged_manifest_hides_no_other(self):
        for _ in range(3):
            self.good("create")
        (self.ledger.folder / "backup/manifest/2.files").unlink()
        done = self.backup("list")
        self.refused(FAILED, done, "backup 2")
        self.assertEqual([line.split()[:3] for line in
                          done.stdout.splitlines()],
                         [["backup", "1", "made"], ["backup", "2", "damaged"],
                          ["backup", "3", "made"]])
        self.refused(FAILED, self.backup("verify", "2"), "no whole manifest")

    def assert_the_finished_verify(self):
        """All that have a manifest; one that has none is named."""
        done = self.backup("verify")
        made = [line for line in self.good("list").splitlines()
                if "unfinished" not in line]
        for line in made:
            self.assertIn(f"verified: {line}", done.stdout.splitlines())
        if done.returncode != OK:
            self.refused(FAILED, done, "no whole manifest")
            self.assertIn("unfinished", done.stdout)

    def test_a_lost_manifest_is_named(self):
        self.good("create")
        self.good("create")
        manifests = self.ledger.folder / "backup/manifest"
        for name in ("2", "2.files"):
            (manifests / name).unlink()
        done = self.backup("verify")
        self.refused(FAILED, done, "backup 2")
        self.assertIn("verified: backup 1 ", done.stdout)
        shutil.rmtree(manifests)
        self.refused(FAILED, self.backup("verify"), "no whole manifest")

    def test_without_a_server_it_keeps_the_servers_rules(self):
        self.ledger.stop()
        database = sorted(path.name for path in self.ledger.db.iterdir())
        for folder in ("data", "data/db", "data/db/new", "keys", "/"):
            self.ledger.set(backup_dir=folder)
            self.refused(CONFIGURATION, self.backup("create"), "backup_dir")
            self.refused(CONFIGURATION, subprocess.run(
                [BIN / "dataip-ledger", "--config", self.ledger.config,
                 "--check-config"], capture_output=True, text=True,
                check=False), folder)
        for name in ("manifest", "meta", "private"):
            self.assertNotIn(name, database)
            self.assertFalse((self.ledger.db / name).exists())

    def test_a_folder_of_another_ledger_is_refused_and_not_touched(self):
        self.good("create")
        other = Ledger(self.folder / "other")
        other.make()
        other.set(backup_dir=self.ledger.folder / "backup", backup_keep=1)
        check = subprocess.run(
            [BIN / "dataip-ledger", "--config", other.config,
             "--check-config"], capture_output=True, text=True, check=False)
        self.refused(CONFIGURATION, check, "another ledger")
        self.assertIn("another ledger", other.start())
        self.good("verify")

    def test_a_server_that_does_not_answer_is_named(self):
        self.refused(FAILED, self.backup("create", "--server", "127.0.0.1:1"),
                     "127.0.0.1:1")

    def test_a_ledger_without_entries_has_nothing_to_back_up(self):
        empty = Ledger(self.folder / "empty")
        empty.make()
        self.refused(CONFIGURATION,
                     self.backup("create", config=empty.config))
        empty.start()
        empty.stop()
        self.refused(FAILED, self.backup("create", config=empty.config),
                     "nothing was published")

    def test_it_is_made_while_the_ledger_is_written(self):
        writing = threading.Thread(target=self.ledger.write, args=(5000,))
        writing.start()
        for _ in range(3):
            self.good("create")
        writing.join()
        self.ledger.stop()
        self.good("create")
        self.assertEqual(self.numbers(), [1, 2, 3, 4])
        self.assertEqual(self.good("verify").count("verified"), 4)
        for number in (1, 2, 3, 4):
            scratch = self.folder / "scratch"
            self.assertIn("rehearsed", self.good("restore", number, scratch,
                                                 "--rehearse"))
            self.assertFalse(scratch.exists())

    def test_retention_keeps_the_newest(self):
        self.ledger.stop()
        self.ledger.set(backup_keep=2)
        for _ in range(4):
            self.good("create")
        self.assertEqual(self.numbers(), [3, 4])
        self.assertEqual(sorted(path.name for path in (
            self.ledger.folder / "backup/manifest").iterdir()),
            ["3", "3.files", "4", "4.files"])
        self.good("verify")

    def test_what_was_restored_serves(self):
        self.good("create")
        self.ledger.stop()
        shutil.rmtree(self.ledger.db)
        full = self.folder / "full"
        full.mkdir()
        (full / "something").write_text("")
        self.refused(FAILED, self.backup("restore", 1, full), "not empty")
        restored = self.ledger.folder / "restored"
        self.good("restore", 1, restored)
        self.ledger.set(data_dir="restored", published_file="data/published")
        self.assertIsNone(self.ledger.start())
        self.ledger.write(50)
        self.read_whole()

    def test_a_rolled_back_ledger_refuses_to_sign(self):
        self.good("create")
        self.ledger.write(10)
        self.ledger.stop()
        restored = self.ledger.folder / "restored"
        done = self.backup("restore", 1, restored)
        self.refused(FAILED, done, "acknowledged entries are missing",
                     "successor", "published")
        self.ledger.set(data_dir="restored", published_file="data/published")
        words = self.ledger.start()
        self.assertIn("rolled back", words)
        self.assert_bilingual(words)
        # Without the file it does not know, and does not guess.
        published = self.ledger.folder / "data/published"
        published.unlink()
        self.assertIn("missing", self.ledger.start())
        done = self.backup("restore", 1, self.folder / "restored-again")
        self.refused(FAILED, done, "witnesses")
        self.assertFalse(published.exists())

    def test_what_is_not_as_it_was_saved_is_not_restored(self):
        self.good("create")
        self.ledger.stop()
        table = max((self.ledger.folder / "backup/shared_checksum").iterdir())
        data = bytearray(table.read_bytes())
        data[len(data) // 2] ^= 1
        table.write_bytes(data)
        restored = self.folder / "broken"
        self.refused(FAILED, self.backup("restore", 1, restored), table.name)
        self.assertFalse((restored / "db/CURRENT").exists())
        other = Ledger(self.folder / "other-keys")
        other.make()
        self.refused(FAILED, self.backup(
            "verify", "1", "--backup-dir", self.ledger.folder / "backup",
            config=other.config), "sign")

    def test_a_backup_that_is_killed_leaves_the_others(self):
        self.ledger.write(3000)
        self.ledger.stop()
        self.good("create")
        chance = random.Random(SEED)
        for _ in range(KILLS):
            process = subprocess.Popen(
                [BIN / "dataip-ledger", "backup", "create", "--config",
                 self.ledger.config], stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL)
            try:
                process.wait(chance.uniform(0.01, 0.2))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            self.assert_the_finished_verify()
        self.good("create")
        self.assertNotIn("unfinished", self.good("list"))
        last = self.numbers()[-1]
        self.good("restore", last, self.folder / "scratch", "--rehearse")

    def test_only_an_operator_has_one_made(self):
        keys = self.ledger.folder / "keys"
        subprocess.run(
            [BIN / "dataip", "keys", "ca", "--algorithm", "p256", "--use",
             "tls", "--name", "tls", "--out", keys / "tls.crt", "--out-key",
             keys / "tls.key"], check=True, capture_output=True)
        subprocess.run(
            [BIN / "dataip", "keys", "cert", "--use", "tls", "--name",
             "ledger", "--for", "ledger", "--ca", keys / "tls.crt",
             "--ca-key", keys / "tls.key", "--out", keys / "own.crt",
             "--out-key", keys / "own.key", "--ip", "127.0.0.1"], check=True,
            capture_output=True)
        self.ledger.stop()
        self.ledger.set(tls_ca="keys/tls.crt", tls_certificate="keys/own.crt",
                        tls_key="keys/own.key", operator="somebody")
        self.ledger.start()
        self.refused(FAILED, self.backup("create"), "operator")
        self.ledger.stop()
        self.ledger.set(operator="ledger")
        self.ledger.start()
        self.good("create")
        self.assertEqual(self.numbers(), [1])


if __name__ == "__main__":
    run.main()
