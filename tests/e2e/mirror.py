#!/usr/bin/env python3
"""Following and mirroring a ledger: what is refused, a fork, kill -9."""

import json
import random
import shutil
import signal
import socket
import subprocess
import time

import run
from support import (BIN, CONFLICT, NOT_GENUINE, OK, USAGE, WAITED_TOO_LONG,
                     E2eTest)

from lone_ledger import Ledger

KILLS = 6
SEED = 7
ATTEMPTS = 4
BACK_S = 15  # a connection that nobody answers is given up after 10 s


class LoneTest(E2eTest):
    """A ledger of its own for each class; it listens on one port for good."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ledger = Ledger(cls.folder / "ledger")
        cls.ledger.make()
        cls.ledger.start()
        cls.addClassCleanup(cls.ledger.stop)
        cls.ledger.set(listen=cls.ledger.address)
        cls.ledger.write(300)

    def dataip(self, *args, ledger=None, state="state"):
        ledger = ledger or self.ledger
        return subprocess.run(
            [BIN / "dataip", *map(str, args), "--ledger", ledger.address,
             "--trust", self.ledger.trust, "--state", self.folder / state],
            capture_output=True, text=True, check=False)

    def audit(self, folder):
        return subprocess.run(
            [BIN / "dataip-audit", folder, "--trust", self.ledger.trust,
             "--hashes-only"], capture_output=True, text=True, check=False)

    def size(self, folder):
        return int((folder / "checkpoint").read_text().split("\n")[1])


class Mirror(LoneTest):

    def mirror(self, folder, *flags, ledger=None):
        return self.dataip("ledger", "mirror", folder, *flags, ledger=ledger)

    def test_what_is_none_is_refused(self):
        full = self.folder / "full"
        full.mkdir()
        (full / "something").write_text("else")
        self.assert_refused(CONFLICT, self.mirror(full))
        self.assertEqual([path.name for path in full.iterdir()],
                         ["something"])
        self.assert_refused(USAGE, self.mirror(self.folder / "m",
                                               "--interval", "0"))
        done = subprocess.run(
            [BIN / "dataip", "ledger", "mirror", self.folder / "m", "--ledger",
             self.ledger.address], capture_output=True, text=True, check=False)
        self.assert_refused(USAGE, done, "--trust")

    def test_a_ledger_with_other_keys_is_refused(self):
        other = Ledger(self.folder / "other")
        other.make()
        folder = self.folder / "others"
        done = subprocess.run(
            [BIN / "dataip", "ledger", "mirror", folder, "--ledger",
             self.ledger.address, "--trust", other.trust],
            capture_output=True, text=True, check=False)
        self.assert_refused(NOT_GENUINE, done)
        self.assertFalse((folder / "checkpoint").exists())

    def test_it_is_the_export_without_its_manifest(self):
        export, mirror = self.folder / "export", self.folder / "mirror"
        for count in (0, 40, 300):
            if count:
                self.ledger.write(count)
            shutil.rmtree(export, ignore_errors=True)
            self.assert_exit(OK, self.mirror(mirror))
            self.assert_exit(OK, self.dataip("ledger", "export", export))
            for path in export.rglob("*"):
                name = path.relative_to(export)
                if path.is_file() and str(name) != "manifest.json":
                    self.assertEqual((mirror / name).read_bytes(),
                                     path.read_bytes(), name)
            self.assert_exit(OK, self.audit(mirror))
        # Nothing new: nothing is said or written.
        self.assertEqual(self.assert_exit(OK, self.mirror(mirror)).returncode,
                         0)

    def test_its_partial_files_must_begin_those_that_follow(self):
        mirror = self.folder / "partial"
        self.assert_exit(OK, self.mirror(mirror))
        self.ledger.write(1)
        self.assert_exit(OK, self.mirror(mirror))
        partial = sorted(mirror.glob("tile/entries/*.p/*"))
        self.assertEqual(len(partial), 2, partial)
        self.assert_exit(OK, self.audit(mirror))
        older = [path for path in partial
                 if int(path.name) != self.size(mirror) % 256]
        for path in older:
            data = path.read_bytes()
            path.write_bytes(data[:30] + bytes([data[30] ^ 1]) + data[31:])
            done = self.assert_exit(NOT_GENUINE, self.audit(mirror))
            self.assertIn(str(path.relative_to(mirror)), done.stdout)
            path.write_bytes(data)
        # Later, when the file is full, they go.
        for count in (256, 256, 256):
            self.ledger.write(count)
            self.assert_exit(OK, self.mirror(mirror))
            self.assert_exit(OK, self.audit(mirror))
        self.assertFalse(older[0].exists())
        stray = mirror / "tile/entries/x001"
        stray.write_bytes(b"stray")
        done = self.assert_exit(NOT_GENUINE, self.audit(mirror))
        self.assertIn("file.unexpected", done.stdout)

    def test_a_file_that_is_served_is_never_rewritten(self):
        mirror = self.folder / "served"
        self.assert_exit(OK, self.mirror(mirror))
        number = self.size(mirror) // 256
        ahead = mirror / f"tile/0/{number:03}"
        ahead.write_bytes(b"x" * 8192)
        self.ledger.write(256)
        before = self.size(mirror)
        done = self.mirror(mirror)
        self.assert_refused(NOT_GENUINE, done, ahead.name)
        self.assertEqual(ahead.read_bytes(), b"x" * 8192)
        self.assertEqual(self.size(mirror), before)
        ahead.unlink()
        self.assert_exit(OK, self.mirror(mirror))

    def test_a_mirror_that_is_killed_goes_on(self):
        mirror = self.folder / "killed"
        chance = random.Random(SEED)
        for _ in range(KILLS):
            self.ledger.write(90)
            process = subprocess.Popen(
                [BIN / "dataip", "ledger", "mirror", mirror, "--ledger",
                 self.ledger.address, "--trust", self.ledger.trust],
                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            try:
                process.wait(chance.uniform(0.01, 0.25))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            if (mirror / "checkpoint").exists():
                self.assert_exit(OK, self.audit(mirror))
        self.assert_exit(OK, self.mirror(mirror))
        self.assert_exit(OK, self.audit(mirror))

    def test_it_follows_until_it_is_interrupted(self):
        mirror = self.folder / "followed"
        process = subprocess.Popen(
            [BIN / "dataip", "ledger", "mirror", mirror, "--follow",
             "--interval", "1", "-o", "json", "--ledger", self.ledger.address,
             "--trust", self.ledger.trust], stdout=subprocess.PIPE, text=True)
        self.addCleanup(process.stdout.close)
        first = json.loads(process.stdout.readline())
        self.ledger.write(10)
        second = json.loads(process.stdout.readline())
        self.assertGreater(int(second["size"]), int(first["size"]))
        # One at a time.
        self.assert_refused(CONFLICT, self.mirror(mirror))
        process.send_signal(signal.SIGINT)
        self.assertEqual(process.wait(20), OK)

    def test_it_follows_over_an_outage(self):
        mirror = self.folder / "outage"
        process = subprocess.Popen(
            [BIN / "dataip", "ledger", "mirror", mirror, "--follow",
             "--interval", "1", "-o", "json", "--ledger", self.ledger.address,
             "--trust", self.ledger.trust], stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, text=True)
        self.addCleanup(process.stdout.close)
        self.addCleanup(process.stderr.close)
        self.addCleanup(process.kill)
        first = json.loads(process.stdout.readline())
        self.ledger.stop()
        said = process.stderr.readline()
        self.assert_bilingual(said)
        self.assertIn("tries again every 1 s", said)
        self.assertIn("+08:00", said)
        self.ledger.start()
        self.ledger.write(10)
        second = json.loads(process.stdout.readline())
        self.assertGreater(int(second["size"]), int(first["size"]))
        process.send_signal(signal.SIGINT)
        self.assertEqual(process.wait(20), OK)
        self.assertIn("goes on again", process.stderr.read())


class Fork(LoneTest):
    """The same keys sign two histories."""

    def setUp(self):
        self.ledger.stop()
        self.fork = self.ledger.copy(
            self.folder / f"fork-{self._testMethodName}")
        self.fork.set(listen="127.0.0.1:0")
        self.ledger.start()
        self.fork.start()
        self.addCleanup(self.fork.stop)
        self.mirror_folder = self.folder / f"mirror-{self._testMethodName}"

    def mirror(self, ledger):
        return self.dataip("ledger", "mirror", self.mirror_folder,
                           ledger=ledger)

    def assert_fork(self):
        checkpoint = (self.mirror_folder / "checkpoint").read_bytes()
        done = self.mirror(self.fork)
        self.assert_refused(NOT_GENUINE, done, "forked", "evidence/")
        kept = sorted((self.mirror_folder / "evidence").iterdir())
        self.assertEqual(len(kept), 2)
        self.assertIn(checkpoint, [path.read_bytes() for path in kept])
        self.assertEqual((self.mirror_folder / "checkpoint").read_bytes(),
                         checkpoint)
        # It stays where it is, whoever asks, until people have looked.
        self.ledger.write(3)
        done = self.mirror(self.ledger)
        self.assert_refused(NOT_GENUINE, done, "does not advance",
                            *map(str, kept))
        self.assertEqual((self.mirror_folder / "checkpoint").read_bytes(),
                         checkpoint)
        # Whoever audits the mirror learns it.
        self.assertNotEqual(self.audit(self.mirror_folder).returncode, OK)
        (self.mirror_folder / "evidence").rename(
            self.folder / f"evidence-{self._testMethodName}")
        self.assert_exit(OK, self.mirror(self.ledger))
        self.assertNotEqual((self.mirror_folder / "checkpoint").read_bytes(),
                            checkpoint)
        self.assert_exit(OK, self.audit(self.mirror_folder))

    def test_one_size_with_two_roots(self):
        self.ledger.write(5)
        self.fork.write(5)
        self.assert_exit(OK, self.mirror(self.ledger))
        self.assert_fork()

    def test_checkpoint_keeps_both_and_names_them(self):
        state = self.folder / "state-of-a-fork"

        def checkpoint(ledger):
            return self.dataip("ledger", "checkpoint", state=state.name,
                               ledger=ledger)
        self.ledger.write(5)
        self.fork.write(5)
        honest = self.assert_exit(OK, checkpoint(self.ledger)).stdout
        done = checkpoint(self.fork)
        kept = sorted((state / "evidence").iterdir())
        remembered, = state.glob("checkpoint-*")
        self.assert_refused(NOT_GENUINE, done, "two histories",
                            str(remembered), *map(str, kept))
        self.assertEqual(len(kept), 2)
        self.assertIn(honest, [path.read_text() for path in kept])
        self.assertEqual(remembered.read_text(), honest)
        self.assert_exit(OK, checkpoint(self.ledger))

    def test_a_smaller_size_with_another_root(self):
        self.ledger.write(50)
        self.fork.write(7)
        self.assert_exit(OK, self.mirror(self.ledger))
        self.assert_fork()

    def test_a_larger_tree_that_does_not_hold_ours(self):
        self.ledger.write(5)
        self.fork.write(400)
        self.assert_exit(OK, self.mirror(self.ledger))
        self.assert_fork()

    def test_a_ledger_that_is_behind_is_no_fork(self):
        self.ledger.write(5)
        self.assert_exit(OK, self.mirror(self.ledger))
        done = self.mirror(self.fork)
        self.assertEqual(done.returncode, 7, done.stderr)
        self.assert_bilingual(done.stderr)
        self.assertIn(f"holds one of {self.size(self.mirror_folder)}",
                      done.stderr)
        self.assertFalse((self.mirror_folder / "evidence").exists())
        # `checkpoint` says the same, by what --state remembers.
        self.assert_exit(OK, self.dataip("ledger", "checkpoint"))
        done = self.dataip("ledger", "checkpoint", ledger=self.fork)
        self.assertEqual(done.returncode, 7, done.stderr)
        self.assertIn("rolled back", done.stderr)
        self.assert_bilingual(done.stderr)


class Follow(LoneTest):

    def lines(self, *flags):
        done = self.assert_exit(OK, self.dataip("ledger", "follow", *flags))
        return done.stdout.splitlines()

    def start(self, *flags):
        process = subprocess.Popen(
            [BIN / "dataip", "ledger", "follow", "-o", "json", *flags,
             "--ledger", self.ledger.address], stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, text=True)
        self.addCleanup(process.stdout.close)
        self.addCleanup(process.stderr.close)
        self.addCleanup(process.kill)
        return process

    def test_past_the_end_there_is_nothing(self):
        self.assert_refused(3, self.dataip("ledger", "follow", "--from",
                                           "999999"), "999999")

    def test_it_ends_when_nothing_came_for_the_timeout(self):
        size = self.first_size()
        for flags in ((), ("--count", "1"), ("--payloads",)):
            with self.subTest(flags=flags):
                began = time.monotonic()
                done = self.dataip("ledger", "follow", *flags, "--timeout",
                                   "1500ms")
                took = time.monotonic() - began
                self.assert_refused(WAITED_TOO_LONG, done, f"--from {size}")
                self.assertGreater(took, 1.4)
                self.assertLess(took, BACK_S)
        # Nor does it wait longer for a ledger that went away.
        process = self.start("--from", "0", "--timeout", "3s")
        for _ in range(size):
            process.stdout.readline()
        self.ledger.stop()
        self.addCleanup(self.ledger.start)
        self.assertEqual(process.wait(BACK_S), WAITED_TOO_LONG)

    def test_a_line_is_an_entry(self):
        head, *lines = self.lines("--from", "3", "--count", "2")
        self.assertIn("index", head)
        self.assertEqual([line.split()[0] for line in lines], ["3", "4"])
        self.assertEqual(len(lines[0].split()), 6)
        self.assertIn("+08:00", lines[0])
        _, line = self.lines("--from", "3", "--count", "1", "--payloads")
        self.assertEqual(line.split()[-1], "有/present")
        entry = json.loads(self.lines("--from", "0", "--count", "1", "-o",
                                      "json", "--payloads")[0])
        self.assertEqual(entry["index"], "0")
        self.assertEqual(entry["payload_status"], "present")
        self.assertEqual(entry["type"], "tamper.Entry")

    def test_it_goes_on_after_a_long_outage(self):
        process = self.start("--from", "0")
        for _ in range(self.first_size()):
            process.stdout.readline()
        self.ledger.stop()
        self.assertIn("connection lost", process.stderr.readline())
        # It tries again and again, and nobody speaks to it.
        with socket.create_server(self.silent_address()) as silent:
            silent.settimeout(BACK_S)
            for _ in range(ATTEMPTS):
                silent.accept()[0].close()
        self.ledger.start()
        back = time.monotonic()
        self.ledger.write(1)
        self.assertTrue(process.stdout.readline())
        self.assertLess(time.monotonic() - back, BACK_S)
        process.send_signal(signal.SIGINT)
        self.assertEqual(process.wait(20), OK)
        self.assertEqual(process.stderr.read(), "")

    def first_size(self):
        note = self.dataip("ledger", "checkpoint").stdout
        return int(note.splitlines()[1])

    def silent_address(self):
        host, port = self.ledger.address.rsplit(":", 1)
        return host, int(port)

    def test_it_goes_on_over_a_restart_of_the_ledger(self):
        process = self.start("--from", "0")
        first = json.loads(process.stdout.readline())
        self.assertEqual(first["index"], "0")
        self.ledger.stop()
        self.ledger.start()
        self.ledger.write(20)
        seen = 0
        for line in process.stdout:
            seen += 1
            self.assertEqual(json.loads(line)["index"], str(seen))
            if seen > 310:
                break
        process.send_signal(signal.SIGINT)
        self.assertEqual(process.wait(20), OK)


if __name__ == "__main__":
    run.main()
