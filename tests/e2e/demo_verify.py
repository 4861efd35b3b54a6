"""Certificates of the demonstration, verified without any server."""

import base64
import hashlib
import json
import pathlib
import tempfile

import wire
from demo_case import A_WEEK_LATER, DEMO_TIME, DemoTest
from support import (CANNOT_DECIDE, NOT_GENUINE, NOT_IN_FORCE, OK, STALE,
                     USAGE, read_json)


class Verify(DemoTest):

    def test_says_that_it_is_a_demonstration_and_each_step(self):
        done = self.assert_exit(OK, self.verify(self.bundles[0]))
        self.assertIn("演示", done.stdout)
        self.assert_bilingual(done.stdout)
        report = json.loads(self.verify(self.bundles[0], "-o",
                                        "json").stdout)
        self.assertEqual({step["number"] for step in report["steps"]},
                         set(range(1, 10)))
        self.assertEqual({step["verdict"] for step in report["steps"]},
                         {"OK"})
        self.assertTrue(report["demonstration"])
        self.assertEqual(report["certificate_number"], self.bundles[0].stem)

    def test_in_force_within_its_term_only(self):
        for at, code in [("2024-07-04", NOT_IN_FORCE), ("2024-07-05", OK),
                         ("2027-07-04", OK), ("2027-07-05", NOT_IN_FORCE)]:
            with self.subTest(at=at):
                done = self.verify(self.bundles[0], "--at", at)
                self.assert_exit(code, done)
                self.assert_bilingual(done.stdout + done.stderr)

    def test_stale_when_the_seal_is_older_than_asked_for(self):
        bundle = self.bundles[0]
        self.assert_exit(OK, self.verify(bundle, time=DEMO_TIME))
        self.assert_exit(STALE, self.verify(bundle, time=A_WEEK_LATER))
        self.assert_exit(OK, self.verify(bundle, "--max-age", "9d",
                                         time=A_WEEK_LATER))
        self.assert_exit(STALE, self.verify(bundle, "--max-age", "1h",
                                            time="2028-03-01 14:00:00"))

    def test_staleness_outranks_what_is_not_final(self):
        self.assert_exit(STALE, self.verify(
            self.bundles[0], "--at", "2030-01-01", time=A_WEEK_LATER))

    def test_require_holds_without_pledge_and_dispute(self):
        for words in ("unpledged", "undisputed", "unpledged,undisputed"):
            self.assert_exit(OK, self.verify(self.bundles[0], "--require",
                                             words))
        self.assert_exit(USAGE, self.verify(self.bundles[0], "--require",
                                            "beautiful"))

    def test_usage_errors_come_first(self):
        for done in (self.verify(self.bundles[0], "--at", "yesterday"),
                     self.verify(self.bundles[0], "--max-age", "-1d"),
                     self.run_at(None, "dataip", "verify", self.bundles[0]),
                     self.run_at(None, "dataip", "verify")):
            self.assert_refused(USAGE, done)

    def test_refuses_every_truncation_that_keeps_a_byte(self):
        content = self.bundles[0].read_bytes()
        for length in [1, 2, 100, len(content) // 2, len(content) - 1]:
            with self.subTest(length=length):
                path = self.changed("short.bundle", content[:length])
                self.assert_exit(NOT_GENUINE, self.verify(path))

    def test_refuses_changed_and_added_bytes(self):
        content = self.bundles[0].read_bytes()
        for at in (len(content) // 3, len(content) // 2, len(content) - 1):
            changed = bytearray(content)
            changed[at] ^= 1
            path = self.changed("changed.bundle", changed)
            done = self.assert_exit(NOT_GENUINE, self.verify(path))
            self.assert_bilingual(done.stdout + done.stderr)
        for more in (b"\0", wire.field(99, 1), content):
            path = self.changed("longer.bundle", content + more)
            self.assert_exit(NOT_GENUINE, self.verify(path))

    def test_refuses_another_certificates_content(self):
        one = wire.read(self.bundles[0].read_bytes())
        other = dict(wire.read(self.bundles[1].read_bytes()))
        mixed = b"".join(wire.field(number, other[6] if number == 6 else value)
                         for number, value in one)
        path = self.changed("mixed.bundle", mixed)
        self.assert_exit(NOT_GENUINE, self.verify(path))

    def test_cannot_decide_without_bytes_or_a_format_that_it_knows(self):
        bundle = self.bundles[0].read_bytes()
        self.assertEqual(bundle[:2], b"\x08\x01")
        for content in (b"", b"\x08\x02" + bundle[2:]):
            path = self.changed("other.bundle", content)
            done = self.assert_exit(CANNOT_DECIDE, self.verify(path))
            self.assert_bilingual(done.stdout + done.stderr)

    def test_cannot_decide_under_the_trust_of_another_ledger(self):
        done = self.verify(self.bundles[0],
                           trust=self.trust_of_another_ledger())
        self.assert_exit(CANNOT_DECIDE, done)
        self.assert_bilingual(done.stdout + done.stderr)

    def trust_of_another_ledger(self):
        out = pathlib.Path(tempfile.mkdtemp(dir=self.folder)) / "trust.json"
        keys = self.demo / "keys"
        self.assert_exit(OK, self.run_at(
            None, "dataip", "trust", "make", "--origin", "ledger.example/x",
            "--ledger-key", keys / "ledger-ed25519.pem",
            "--ledger-key", keys / "ledger-sm2.pem",
            "--root-key", keys / "root.pem",
            "--issuing-ca", keys / "issuing-sm2-ca.pem",
            "--issuing-ca", keys / "issuing-p256-ca.pem",
            "--demonstration", "--out", out))
        return out

    def test_cannot_decide_under_a_trust_of_a_higher_format(self):
        done = self.verify(self.bundles[0],
                           trust=self.changed_trust(format=2))
        self.assert_exit(CANNOT_DECIDE, done)
        self.assert_bilingual(done.stdout + done.stderr)

    def test_cannot_decide_a_demonstration_under_a_real_trust(self):
        done = self.verify(self.bundles[0],
                           trust=self.changed_trust(demonstration=False))
        self.assert_exit(CANNOT_DECIDE, done)
        self.assert_bilingual(done.stdout + done.stderr)

    def test_cannot_decide_without_the_files(self):
        missing = self.folder / "none"
        self.assert_refused(CANNOT_DECIDE, self.verify(missing))
        self.assert_refused(CANNOT_DECIDE, self.verify(self.bundles[0],
                                                       trust=missing))
        for content in ("", "{}", "[1]", '{"format": 1}'):
            path = self.changed("trust.json", content)
            self.assert_refused(CANNOT_DECIDE, self.verify(self.bundles[0],
                                                           trust=path))

    def test_demands_that_every_ledger_key_has_signed(self):
        swapped = read_json(self.demo / "trust.json")
        name, key_id, _ = swapped["ledger_keys"][0].split("+", 2)
        # Type 0x01 and a key of RFC 8032, which is good but signed nothing.
        raw = b"\x01" + bytes.fromhex(
            "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a")
        digest = hashlib.sha256(name.encode() + b"\n" + raw).hexdigest()[:8]
        swapped["ledger_keys"][0] = "+".join(
            [name, digest, base64.b64encode(raw).decode()])
        self.assertNotEqual(digest, key_id)
        path = self.changed("trust.json", json.dumps(swapped))
        done = self.verify(self.bundles[0], trust=path)
        self.assert_exit(NOT_GENUINE, done)
