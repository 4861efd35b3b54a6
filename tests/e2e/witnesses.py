#!/usr/bin/env python3
"""A ledger and two real witnesses: quorum, a witness that is away, behind,
killed or started again, and a ledger that was put back to an earlier day."""

import csv
import shutil
import urllib.error
import urllib.request

import run
from support import METERING, NOT_GENUINE, OK, E2eTest
from witnessed_stack import WitnessedStack, wait_for

AFTER_NOTICE = "2024-07-05T09:00:00+08:00"


class Publishing(E2eTest):
    """Quorum two of two, policy publish; `test_...` in order."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.stack = WitnessedStack(cls.folder / "stack", 2, "publish")
        cls.addClassCleanup(cls.stack.stop_all)
        cls.stack.begin()
        cls.one, cls.two = cls.stack.witnesses
        cls.both = [cls.one.name, cls.two.name]

    def post(self, witness, body):
        request = urllib.request.Request(
            f"{witness.url()}/add-checkpoint", data=body, method="POST")
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                return answer.status, answer.headers, answer.read()
        except urllib.error.HTTPError as error:
            return error.code, error.headers, error.read()

    def audit(self, trust):
        folder = self.folder / "export"
        shutil.rmtree(folder, ignore_errors=True)
        self.stack.dataip("ledger", "export", folder, profile="auditor")
        return self.stack.run("dataip-audit", folder, "--trust", trust,
                              check=False)

    def test_1_hostile_bodies_change_nothing(self):
        self.stack.wait_for_cosignatures(self.both)
        note = self.stack.checkpoint().encode()
        wait_for(lambda: self.one.size() == self.stack.size(), "even")
        before = self.one.checkpoint_file().read_bytes()
        size = self.one.size()
        line = b"A" * 43 + b"=\n"
        text = b"\n".join(note.split(b"\n")[:4])
        unsigned = text + "\n— other.example AAAAAAE=\n".encode()
        other = note.replace(self.stack.origin.encode(), b"another.example")
        cases = [
            (400, b""), (400, b"old 0"), (400, b"old 00\n\n" + note),
            (400, b"old -1\n\n" + note), (400, b"old 0\n" + note),
            (400, b"old 0\n" + 64 * line + b"\n" + note),
            (400, b"old 0\n\n" + note + b"more"), (400, b"\xff" * 60_000),
            (400, b"old 9223372036854775807\n\n" + note),
            (404, b"old 0\n\n" + other),
            (403, b"old 0\n\n" + unsigned),
            (409, b"old 0\n\n" + note),
        ]
        for wanted, body in cases:
            status, headers, answer = self.post(self.one, body)
            self.assertEqual(status, wanted, body[:80])
            if wanted == 409:
                self.assertEqual(headers["Content-Type"], "text/x.tlog.size")
                self.assertEqual(answer, f"{size}\n".encode())
        self.assertEqual(self.one.checkpoint_file().read_bytes(), before)

    def test_2_the_quorum_is_demanded_by_verifiers(self):
        self.stack.wait_for_cosignatures(self.both)
        quorum = self.stack.make_witnessed_trust(2, self.stack.witnesses)
        self.assert_exit(OK, self.audit(quorum))
        self.assert_exit(OK, self.stack.dataip(
            "ledger", "checkpoint", "--trust", quorum, profile="auditor"))

    def test_3_a_certificate_is_witnessed_or_not(self):
        bundle = self.bundle()
        one = self.stack.make_witnessed_trust(1, [self.one])
        two = self.stack.make_witnessed_trust(2, self.stack.witnesses)
        for trust in (one, two):
            done = self.stack.run("dataip", "verify", bundle, "--trust", trust)
            self.assert_exit(OK, done)

    def test_4_without_one_of_two_it_publishes_unwitnessed(self):
        size = self.stack.size()
        self.two.kill()
        self.stack.append()
        self.stack.wait_for_size(size, [self.one.name])
        bundle = self.bundle()
        one = self.stack.make_witnessed_trust(1, [self.one])
        two = self.stack.make_witnessed_trust(2, self.stack.witnesses)
        self.assert_exit(OK, self.stack.run(
            "dataip", "verify", bundle, "--trust", one, check=False))
        self.assert_exit(NOT_GENUINE, self.stack.run(
            "dataip", "verify", bundle, "--trust", two, check=False))
        self.assert_exit(NOT_GENUINE, self.audit(two))
        self.assert_exit(NOT_GENUINE, self.stack.dataip(
            "ledger", "checkpoint", "--trust", two, profile="auditor",
            check=False))
        self.assert_exit(OK, self.audit(one))

    def test_5_a_witness_that_is_behind_catches_up(self):
        self.stack.append()
        wait_for(lambda: self.one.size() > self.two.size(), "one goes on")
        self.two.start()
        self.stack.wait_for_cosignatures(self.both)
        wait_for(lambda: self.one.size() == self.two.size(), "both are even")

    def test_6_a_witness_that_was_stopped_remembers(self):
        size = self.one.size()
        self.assertEqual(self.one.stop(), 0)
        self.assertEqual(self.one.size(), size)
        self.one.start()
        self.stack.append()
        self.stack.wait_for_size(size, self.both)

    def test_7_kills_lose_nothing_that_was_cosigned(self):
        for _ in range(3):
            size = self.stack.size()
            self.stack.append()
            self.one.kill()
            seen = self.one.size()
            self.assertGreaterEqual(seen, size)
            self.one.start()
            self.stack.append()
            self.stack.wait_for_size(size, self.both)
        self.assertNotIn("forgotten", self.stack.log_text())
        self.assertNotIn("signs no more", self.stack.log_text())

    def test_8_a_witness_with_a_broken_memory_does_not_start(self):
        self.one.stop()
        path = self.one.checkpoint_file()
        content = path.read_bytes()
        for broken in (None, content[:-1], content.replace(b"\n", b" ", 1),
                       self.two.checkpoint_file().read_bytes()):
            with self.subTest(broken=broken):
                path.unlink(missing_ok=True)
                if broken is not None:
                    path.write_bytes(broken)
                done = self.one.run_to_its_end()
                self.assert_exit(1, done)
                self.assert_bilingual(done.stderr)
                self.assertIn(path.name, done.stderr)
        path.write_bytes(content)
        self.one.start()

    def test_9_an_older_ledger_does_not_start(self):
        stack = self.stack
        stack.wait_for_cosignatures(self.both)
        stack.stop("registry")
        stack.stop("ledger")
        data = stack.folder / "data/ledger"
        older = self.folder / "older"
        shutil.copytree(data, older)
        stack.start("ledger")
        stack.start("registry")
        size = stack.size()
        stack.append()
        stack.wait_for_size(size, self.both)
        stack.stop("registry")
        stack.stop("ledger")
        shutil.rmtree(data)
        shutil.copytree(older, data)
        done = stack.run(
            "dataip-ledger", "--config", stack.folder / "etc/ledger.conf",
            "--listen", "127.0.0.1:0", "--origin", stack.origin,
            *stack.more_arguments["ledger"], check=False)
        self.assert_exit(1, done)
        self.assert_bilingual(done.stderr)
        for part in ("witness.example/", str(size), "newest", "origin"):
            self.assertIn(part, done.stderr)

    def bundle(self):
        """A certificate's bundle, just made."""
        cls = type(self)
        if not hasattr(cls, "certificate"):
            cls.certificate = self.certify()
        path = self.folder / "bundle"
        path.unlink(missing_ok=True)
        self.stack.dataip("certificate", "get", cls.certificate, "--out", path,
                          profile="enterprise")
        return path

    def certify(self):
        stack = self.stack
        stack.register_parties()
        with open(METERING / "applications.csv", encoding="utf-8") as file:
            rows = list(csv.DictReader(file))[:1]
        table = self.folder / "one.csv"
        with open(table, "w", encoding="utf-8", newline="") as file:
            out = csv.DictWriter(file, list(rows[0]))
            out.writeheader()
            out.writerows(rows)
        answer = stack.dataip_json("application", "import", table, "--data",
                                   METERING, profile="enterprise")
        number = answer["outcomes"][0]["application_no"]
        stack.dataip("review", "notice", number, profile="officers")
        stack.advance_clock(AFTER_NOTICE)
        stack.dataip("review", "register", number, profile="officers")
        lines = stack.dataip_json("certificate", "list", profile="auditor")
        return lines[0]["number"]


class Holding(E2eTest):
    """Quorum two of two, policy hold."""

    def test_nothing_is_served_that_is_not_witnessed(self):
        stack = WitnessedStack(self.folder / "stack", 2, "hold")
        self.addCleanup(stack.stop_all)
        stack.begin()
        one, two = stack.witnesses
        both = [one.name, two.name]
        stack.wait_for_cosignatures(both)
        wait_for(lambda: stack.size() == stack.signed_size(), "all is served")
        size = stack.size()
        two.kill()
        stack.append()
        wait_for(lambda: stack.signed_size() > size, "signed")
        self.assertEqual(stack.size(), size)
        # A restart serves what was served.
        stack.stop("registry")
        stack.stop("ledger")
        stack.start("ledger")
        self.assertGreater(stack.signed_size(), size)
        self.assertEqual(stack.size(), size)
        self.assertEqual(stack.cosigned_by(), both)
        two.start()
        stack.wait_for_size(size, both)
        stack.start("registry")
        size = stack.size()
        stack.append()
        stack.wait_for_size(size, both)


if __name__ == "__main__":
    run.main()
