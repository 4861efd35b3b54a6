#!/usr/bin/env python3
"""The demonstration under another year's clock, and what can be done with
what it leaves, without any server."""

import base64
import csv
import hashlib
import json
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

import wire
from support import (BIN, CANNOT_DECIDE, METERING, NOT_GENUINE, NOT_IN_FORCE,
                     OK, ROOT, ROWS, STALE, USAGE, E2eTest, read_json)

DEMO_TIME = "2028-03-01 12:00:00"
A_WEEK_LATER = "2028-03-09 12:00:00"

HOLD = {}


def setUpModule():
    """One demonstration for all tests of this file."""
    out = pathlib.Path(tempfile.mkdtemp(prefix="dataip-demo-"))
    unittest.addModuleCleanup(shutil.rmtree, out, ignore_errors=True)
    done = subprocess.run(
        [sys.executable, ROOT / "tools/demo", "--out", out / "demo",
         "--faketime", DEMO_TIME], capture_output=True, text=True,
        check=False)
    if done.returncode != 0:
        raise RuntimeError(f"demo: exit {done.returncode}\n{done.stdout}"
                           f"{done.stderr}")
    HOLD.update(folder=out / "demo", said=done.stdout)


class DemoTest(E2eTest):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.demo = HOLD["folder"]
        cls.trust = cls.demo / "trust.json"
        cls.bundles = sorted((cls.demo / "certificates").glob("*.bundle"))

    def run_at(self, time, program, *args):
        prefix = ["faketime", time] if time else []
        return subprocess.run([*prefix, BIN / program, *map(str, args)],
                              capture_output=True, text=True, check=False)

    def verify(self, bundle, *args, time=None, trust=None):
        return self.run_at(time, "dataip", "verify", bundle, "--trust",
                           trust or self.trust, *args)

    def changed(self, name, content):
        path = pathlib.Path(tempfile.mkdtemp(dir=self.folder)) / name
        if isinstance(content, str):
            content = content.encode("utf-8")
        path.write_bytes(content)
        return path

    def changed_trust(self, **changes):
        trust = read_json(self.trust)
        trust.update(changes)
        return self.changed("trust.json", json.dumps(trust))


class Result(DemoTest):

    def test_leaves_what_it_promises(self):
        self.assertEqual(len(self.bundles), ROWS)
        for name in ("trust.json", "ledger/manifest.json",
                     "ledger/checkpoint", "keys", "summary.json"):
            self.assertTrue((self.demo / name).exists(), name)
        for bundle in self.bundles:
            self.assertRegex(bundle.name, r"^\d{17}\.bundle$")

    def test_sums_up_what_a_bureau_would_ask(self):
        summary = read_json(self.demo / "summary.json")
        self.assertEqual(
            set(summary), {"registrations", "first_number", "last_number",
                           "preparation_s", "processing_s", "statutory_s",
                           "realised_value_fen", "ledger_size", "checkpoint"})
        self.assertEqual(summary["registrations"], ROWS)
        self.assertEqual(summary["first_number"], self.bundles[0].stem)
        self.assertEqual(summary["last_number"], self.bundles[-1].stem)
        # 2024-06-14 to 2024-06-20T09:00; the notice of ten working days ends
        # with 2024-07-04.
        self.assertEqual(summary["preparation_s"], 6 * 86_400 + 9 * 3_600)
        self.assertEqual(summary["statutory_s"], 14 * 86_400 + 15 * 3_600)
        self.assertGreaterEqual(summary["processing_s"], 0)
        self.assertGreater(summary["realised_value_fen"], 0)
        note = (self.demo / "ledger/checkpoint").read_text("utf-8")
        self.assertEqual(summary["checkpoint"], note)
        self.assertEqual(str(summary["ledger_size"]), note.split("\n")[1])
        self.assertGreater(summary["ledger_size"], 3 * ROWS)

    def test_does_not_use_the_real_clock_to_decide(self):
        shown = self.assert_exit(OK, self.verify(self.bundles[0]))
        self.assertIn("2024-07-05", shown.stdout)
        self.assertIn("2028-03-01", shown.stdout)

    def test_audits_clean_at_any_time(self):
        for time in (None, DEMO_TIME):
            self.assert_exit(OK, self.run_at(
                time, "dataip-audit", self.demo / "ledger", "--trust",
                self.trust))

    def test_two_runs_are_two_ledgers(self):
        origin = read_json(self.trust)["origin"]
        self.assertRegex(origin, r"/[0-9a-f]{8,}$")


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
        name, key_id, key = swapped["ledger_keys"][0].split("+", 2)
        raw = bytearray(base64.b64decode(key))
        raw[-1] ^= 1
        digest = hashlib.sha256(name.encode() + b"\n" + raw).hexdigest()[:8]
        swapped["ledger_keys"][0] = "+".join(
            [name, digest, base64.b64encode(raw).decode()])
        self.assertNotEqual(digest, key_id)
        path = self.changed("trust.json", json.dumps(swapped))
        done = self.verify(self.bundles[0], trust=path)
        # A key that is no point of its curve makes the file unusable.
        self.assertIn(done.returncode, (NOT_GENUINE, CANNOT_DECIDE),
                      done.stderr)


class Audit(DemoTest):

    def audit(self, export, *args, trust=None):
        return self.run_at(None, "dataip-audit", export, "--trust",
                           trust or self.trust, *args)

    def copy(self, name):
        folder = self.folder / name
        shutil.copytree(self.demo / "ledger", folder)
        return folder

    def receipts(self):
        return sorted((self.demo / "filing").rglob("*.receipt"))

    def test_counts_the_rules_that_it_checked(self):
        report = self.folder / "report.json"
        done = self.assert_exit(OK, self.audit(
            self.demo / "ledger", "-o", "json", "--report", report))
        self.assertEqual(json.loads(done.stdout), read_json(report))
        checks = read_json(report)["checks"]
        self.assertEqual(checks["decide.register_application"], ROWS)
        self.assertEqual(checks["decide.open_notice"], ROWS)
        self.assertGreater(checks["seal.map_root"], 1)

    def test_finds_a_file_too_many_too_few_or_cut(self):
        extra = self.copy("extra")
        (extra / "notes.txt").write_text("x")
        missing = self.copy("missing")
        first_file(missing / "payload").unlink()
        cut = self.copy("cut")
        path = first_file(cut / "tile")
        path.write_bytes(path.read_bytes()[:-1])
        for folder in (extra, missing, cut):
            done = self.audit(folder)
            self.assert_exit(NOT_GENUINE, done)
            self.assert_bilingual(done.stdout + done.stderr)

    def test_cannot_decide_what_it_does_not_know(self):
        for changes in ({"format": 2}, {"demonstration": False}):
            done = self.audit(self.demo / "ledger",
                              trust=self.changed_trust(**changes))
            self.assert_exit(CANNOT_DECIDE, done)
            self.assert_bilingual(done.stdout + done.stderr)
        manifest = self.copy("manifest") / "manifest.json"
        text = manifest.read_text("utf-8")
        self.assertEqual(read_json(manifest)["format"], 1)
        manifest.write_text(re.sub(r'("format": ?)1', r"\g<1>2", text))
        self.assert_exit(CANNOT_DECIDE, self.audit(manifest.parent))

    def test_holds_every_receipt_and_bundle_against_the_ledger(self):
        receipts = self.receipts()
        self.assertEqual(len(receipts), ROWS)
        self.assert_exit(OK, self.audit(
            self.demo / "ledger", "--seen", *receipts, *self.bundles,
            self.demo / "ledger/checkpoint"))
        receipt = receipts[0].read_bytes()
        self.assertEqual(receipt[:2], b"\x08\x01")
        higher = self.changed("a.receipt", b"\x08\x02" + receipt[2:])
        done = self.audit(self.demo / "ledger", "--seen", higher)
        self.assert_exit(CANNOT_DECIDE, done)
        self.assert_bilingual(done.stdout + done.stderr)

    def test_names_a_receipt_whose_entry_is_not_on_the_ledger(self):
        fields = wire.read(self.receipts()[0].read_bytes())
        header = bytearray(dict(fields)[4])
        header[-1] ^= 1
        forged = b"".join(
            wire.field(number, bytes(header) if number == 4 else value)
            for number, value in fields)
        path = self.changed("forged.receipt", forged)
        done = self.audit(self.demo / "ledger", "--seen", path)
        self.assert_exit(NOT_GENUINE, done)
        self.assert_bilingual(done.stdout + done.stderr)

    def test_extends_an_earlier_checkpoint(self):
        fields = dict(wire.read(self.receipts()[0].read_bytes()))
        earlier = self.changed("checkpoint", fields[6])
        self.assert_exit(OK, self.audit(self.demo / "ledger", "--since",
                                        earlier))
        lines = fields[6].decode("utf-8").split("\n")
        lines[1] = str(int(lines[1]) + 1)
        wrong = self.changed("checkpoint", "\n".join(lines))
        self.assert_exit(NOT_GENUINE, self.audit(
            self.demo / "ledger", "--since", wrong))


class Unpack(DemoTest):

    def unpack(self, bundle, name):
        folder = self.folder / name
        done = self.run_at(None, "dataip", "bundle", "unpack", bundle, folder,
                           "--trust", self.trust)
        return folder, done

    def test_its_script_passes_on_a_stock_machine(self):
        folder, done = self.unpack(self.bundles[0], "unpacked")
        self.assert_exit(OK, done)
        check = subprocess.run(["sh", "check.sh"], cwd=folder,
                               capture_output=True, text=True, check=False)
        self.assert_exit(OK, check)
        script = (folder / "check.sh").read_text("utf-8")
        self.assertIn("openssl", script)
        self.assertIn("sha256sum", script)

    def test_its_script_fails_on_a_changed_file(self):
        folder, done = self.unpack(self.bundles[1], "to-be-changed")
        self.assert_exit(OK, done)
        content = [path for path in folder.rglob("*")
                   if path.is_file() and "content" in path.name][0]
        changed = bytearray(content.read_bytes())
        changed[len(changed) // 2] ^= 1
        content.write_bytes(changed)
        check = subprocess.run(["sh", "check.sh"], cwd=folder,
                               capture_output=True, text=True, check=False)
        self.assertNotEqual(check.returncode, 0)

    def test_refuses_what_is_no_bundle(self):
        bundle = self.bundles[0].read_bytes()
        for name, content, code in [
                ("higher", b"\x08\x02" + bundle[2:], CANNOT_DECIDE),
                ("cut", bundle[:-1], NOT_GENUINE)]:
            path = self.changed(f"{name}.bundle", content)
            folder, done = self.unpack(path, name)
            self.assertIn(done.returncode, (code, USAGE), done.stderr)
            self.assert_bilingual(done.stderr)


class OneRecord(DemoTest):

    RECORD = 12

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        with open(METERING / "applications.csv", encoding="utf-8") as file:
            cls.row = next(csv.DictReader(file))
        cls.data = METERING / cls.row["file"]
        digest = hashlib.sha256(cls.data.read_bytes()).digest()
        cls.bundle = next(path for path in cls.bundles
                          if digest in path.read_bytes())
        cls.other = next(path for path in cls.bundles if path != cls.bundle)

    def prove(self, record):
        out = pathlib.Path(tempfile.mkdtemp(dir=self.folder)) / "record.json"
        done = self.run_at(
            None, "dataip", "data", "prove", self.data, "--record", record,
            "--master-key", self.demo / "state/enterprise/master.key",
            "--out", out)
        return out, done

    def check(self, proof, bundle=None, trust=None):
        return self.run_at(None, "dataip", "data", "check", proof,
                           "--certificate", bundle or self.bundle, "--trust",
                           trust or self.trust, "-o", "json")

    def test_is_proved_and_shown_without_the_others(self):
        proof, done = self.prove(self.RECORD)
        self.assert_exit(OK, done)
        answer = json.loads(self.assert_exit(OK, self.check(proof)).stdout)
        line = self.data.read_text("utf-8").split("\n")[self.RECORD]
        self.assertEqual(answer["content"], line)
        self.assertEqual(answer["index"], str(self.RECORD))
        text = proof.read_text("utf-8")
        for other in self.data.read_text("utf-8").split("\n")[:5]:
            self.assertNotIn(base64.b64encode(other.encode()).decode(), text)

    def test_is_refused_when_anything_in_it_was_changed(self):
        proof, done = self.prove(self.RECORD)
        self.assert_exit(OK, done)
        good = read_json(proof)
        record = base64.b64decode(good["record"])
        edits = {
            "record": base64.b64encode(record.replace(b"7", b"8", 1)).decode(),
            "record_index": self.RECORD + 1,
            "leaf_count": good["leaf_count"] + 1,
            "salt": flipped(good["salt"]),
            "path": [flipped(good["path"][0])] + good["path"][1:],
            "file_sha256": flipped(good["file_sha256"]),
        }
        for name, value in edits.items():
            with self.subTest(name=name):
                path = self.changed("record.json",
                                    json.dumps({**good, name: value}))
                done = self.assert_exit(NOT_GENUINE, self.check(path))
                self.assertNotIn("kwh", json.loads(done.stdout)["content"])
        short = {**good, "path": good["path"][:-1]}
        path = self.changed("record.json", json.dumps(short))
        self.assert_exit(NOT_GENUINE, self.check(path))

    def test_is_refused_against_another_certificate(self):
        proof, done = self.prove(self.RECORD)
        self.assert_exit(OK, done)
        self.assert_exit(NOT_GENUINE, self.check(proof, bundle=self.other))
        cut = self.changed("cut.bundle", self.bundle.read_bytes()[:-1])
        self.assert_exit(NOT_GENUINE, self.check(proof, bundle=cut))

    def test_of_a_higher_format_cannot_be_decided(self):
        proof, done = self.prove(self.RECORD)
        self.assert_exit(OK, done)
        path = self.changed("record.json",
                            json.dumps({**read_json(proof), "format": 2}))
        self.assert_exit(CANNOT_DECIDE, self.check(path))

    def test_beyond_the_file_does_not_exist(self):
        _, done = self.prove(int(self.row["record_count"]) + 1)
        self.assertIn(done.returncode, (3,), done.stderr)
        self.assert_bilingual(done.stderr)

    def test_hash_says_what_stands_in_the_certificate(self):
        done = self.assert_exit(OK, self.run_at(
            None, "dataip", "data", "hash", self.data, "--master-key",
            self.demo / "state/enterprise/master.key", "-o", "json"))
        answer = json.loads(done.stdout)
        bundle = self.bundle.read_bytes()
        for name in ("file_sha256", "file_sm3", "root"):
            self.assertIn(bytes.fromhex(answer[name]), bundle, name)
        self.assertEqual(int(answer["leaf_count"]),
                         int(self.row["record_count"]) + 1)


def first_file(folder):
    return sorted(path for path in folder.rglob("*") if path.is_file())[0]


def flipped(text):
    return ("1" if text[0] == "0" else "0") + text[1:]


if __name__ == "__main__":
    unittest.main()
