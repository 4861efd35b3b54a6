"""What the end-to-end tests share: an installation, and how errors look."""

import ctypes
import json
import os
import pathlib
import re
import select
import shutil
import subprocess
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True
ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "tools"))

from stack import (  # noqa: E402,F401
    BIN, ENTERPRISE_USCC, LICENSEE_USCC, Stack, at_time)

METERING = ROOT / "tests/data/metering"
TESTS = BIN.parent / "tests"
ROWS = 54

OK, INTERNAL, USAGE, NOT_FOUND, NOT_ALLOWED, SOME_REJECTED = range(6)
CONFLICT, NO_SERVER, WAITED_TOO_LONG, CORRECTION = range(6, 10)
NOT_GENUINE, NOT_IN_FORCE, CANNOT_DECIDE, STALE = range(20, 24)


def han(text):
    return len(re.findall("[\u4e00-\u9fff]", text))


def words(text):
    return len(re.findall("[a-z]{2,}", text))


class E2eTest(unittest.TestCase):
    """Assertions about programs; each test class has a folder of its own."""

    maxDiff = None

    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="dataip-e2e-"))
        cls.addClassCleanup(shutil.rmtree, cls.folder, ignore_errors=True)

    def assert_exit(self, code, done):
        self.assertEqual(
            done.returncode, code,
            f"{done.args}\n{done.stdout}\n{done.stderr}")
        return done

    def assert_bilingual(self, text):
        """Chinese and English, as every error of ours."""
        self.assertGreaterEqual(han(text), 2, text)
        self.assertGreaterEqual(words(text), 3, text)

    def assert_refused(self, code, done, *parts):
        """Exit code, both languages on stderr, nothing on stdout, and the
        parts (a rule, a field) that the error must name."""
        self.assert_exit(code, done)
        self.assertEqual(done.stdout, "", done.stderr)
        self.assert_bilingual(done.stderr)
        for part in parts:
            self.assertIn(part, done.stderr)
        return done


class StackTest(E2eTest):
    """Two real servers, an open registry, officers and parties."""

    with_parties = True

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.stack = Stack(cls.folder / "stack")
        cls.addClassCleanup(cls.stack.stop_all)
        cls.stack.begin()
        if cls.with_parties:
            cls.stack.register_parties()

    def dataip(self, *args, profile=None, stdin=None):
        return self.stack.dataip(*args, profile=profile, check=False,
                                 stdin=stdin)

    def dataip_json(self, *args, profile=None, stdin=None):
        return self.stack.dataip_json(*args, profile=profile, stdin=stdin)

    def ledger_size(self):
        note = self.stack.dataip("ledger", "checkpoint",
                                 profile="auditor").stdout
        return int(note.split("\n")[1])

    def raw_call(self, method, request, role="root"):
        """Bytes as they are; (gRPC status code, answer, error text)."""
        tls = self.stack.folder / "keys/tls"
        done = subprocess.run(
            [TESTS / "raw_call", self.stack.addresses["registry"],
             f"/dataip.registry.v1.RegistryService/{method}", tls / "ca.pem",
             tls / f"{role}.pem", tls / f"{role}.key"],
            input=request, capture_output=True, check=False)
        return done.returncode, done.stdout, done.stderr.decode()

    def write_table(self, name, rows, columns=None):
        """A filing table in a folder of its own, from metering rows."""
        folder = pathlib.Path(tempfile.mkdtemp(dir=self.folder))
        path = folder / f"{name}.csv"
        columns = columns or list(rows[0])
        lines = [",".join(columns)]
        lines += [",".join(cell(row[column]) for column in columns)
                  for row in rows]
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return path

    def import_rows(self, rows, *flags, data=METERING):
        return self.dataip_json("application", "import",
                                self.write_table("rows", rows), "--data", data,
                                *flags, profile="enterprise")

    def file_one(self, row):
        """Files one good row; its application number."""
        answer = self.import_rows([row])
        self.assertEqual(answer["filed"], 1, answer)
        return answer["outcomes"][0]["application_no"]


def cell(text):
    return '"' + text.replace('"', '""') + '"'


class LineWatch:
    """Waits until a file that somebody else writes has so many lines, woken
    by the kernel at each change of its folder (inotify)."""

    CREATE_OR_MODIFY = 0x100 | 0x2 | 0x80

    def __init__(self, path):
        self.path = pathlib.Path(path)
        libc = ctypes.CDLL(None, use_errno=True)
        self.fd = libc.inotify_init1(os.O_NONBLOCK | os.O_CLOEXEC)
        if libc.inotify_add_watch(self.fd, os.fsencode(self.path.parent),
                                  self.CREATE_OR_MODIFY) < 0:
            raise OSError(ctypes.get_errno(), "inotify_add_watch")

    def __enter__(self):
        return self

    def __exit__(self, *exc):
        os.close(self.fd)

    def lines(self):
        try:
            return self.path.read_bytes().count(b"\n")
        except FileNotFoundError:
            return 0

    def wait(self, wanted, process, timeout_s=60):
        """The number of lines, at least `wanted` unless the process ended."""
        pidfd = os.pidfd_open(process.pid)
        try:
            while self.lines() < wanted:
                ready, _, _ = select.select([self.fd, pidfd], [], [],
                                            timeout_s)
                if not ready:
                    raise TimeoutError(f"{self.path}: {self.lines()} lines")
                if pidfd in ready:
                    break
                os.read(self.fd, 65536)
            return self.lines()
        finally:
            os.close(pidfd)


def read_json(path):
    return json.loads(pathlib.Path(path).read_text(encoding="utf-8"))
