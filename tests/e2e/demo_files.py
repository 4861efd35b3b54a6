"""What else can be done with the demonstration's files: audit, unpack, prove
one record."""

import base64
import csv
import hashlib
import json
import pathlib
import re
import shutil
import subprocess
import tempfile

import wire
from demo_case import DemoTest, first_file, flipped
from support import (CANNOT_DECIDE, INTERNAL, METERING, NOT_FOUND, NOT_GENUINE,
                     OK, ROWS, USAGE, read_json)


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

    def test_a_receipt_that_was_changed_accuses_nobody(self):
        fields = wire.read(self.receipts()[0].read_bytes())
        header = bytearray(dict(fields)[4])
        header[-1] ^= 1
        forged = b"".join(
            wire.field(number, bytes(header) if number == 4 else value)
            for number, value in fields)
        path = self.changed("forged.receipt", forged)
        done = self.audit(self.demo / "ledger", "--seen", path)
        self.assert_exit(CANNOT_DECIDE, done)
        self.assertIn("forged.receipt", done.stdout)
        self.assert_bilingual(done.stdout + done.stderr)

    def test_extends_an_earlier_checkpoint(self):
        fields = dict(wire.read(self.receipts()[0].read_bytes()))
        earlier = self.changed("checkpoint", fields[6])
        self.assert_exit(OK, self.audit(self.demo / "ledger", "--since",
                                        earlier))
        lines = fields[6].decode("utf-8").split("\n")
        lines[1] = str(int(lines[1]) + 1)
        wrong = self.changed("checkpoint", "\n".join(lines))
        self.assert_exit(CANNOT_DECIDE, self.audit(
            self.demo / "ledger", "--since", wrong))


class Unpack(DemoTest):

    def unpack(self, bundle, name, trust=True):
        folder = self.folder / name
        done = self.run_at(None, "dataip", "bundle", "unpack", bundle, folder,
                           *(["--trust", self.trust] if trust else []))
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

    def test_its_script_cannot_decide_without_a_trust_file(self):
        folder, done = self.unpack(self.bundles[2], "untrusted", trust=False)
        self.assert_exit(OK, done)
        check = subprocess.run(["sh", "check.sh"], cwd=folder,
                               capture_output=True, text=True, check=False)
        self.assert_exit(CANNOT_DECIDE, check)

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
        self.assert_exit(NOT_GENUINE, check)

    def test_refuses_what_is_no_bundle(self):
        bundle = self.bundles[0].read_bytes()
        for name, content, code in [
                ("higher", b"\x08\x02" + bundle[2:], CANNOT_DECIDE),
                ("cut", bundle[:-1], USAGE)]:
            path = self.changed(f"{name}.bundle", content)
            folder, done = self.unpack(path, name)
            self.assert_exit(code, done)
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
        self.assertIs(answer["demonstration"], True)
        self.assertEqual(answer["record_verdict"], "PROVED")
        self.assertEqual(answer["conclusion"], "IN_FORCE")
        self.assertEqual(answer["exit_code"], OK)
        done = self.run_at(None, "dataip", "data", "check", proof,
                           "--certificate", self.bundle, "--trust", self.trust)
        self.assert_exit(OK, done)
        self.assertIn("演示证书", done.stdout)
        self.assertIn("记录内容", done.stdout)
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

    def test_files_that_are_not_there_are_three(self):
        none = self.folder / "none"
        for words in (("data", "check", none, "--certificate", self.bundle),
                      ("data", "hash", none),
                      ("data", "prove", self.data, "--record", 1,
                       "--master-key", none),
                      ("bundle", "unpack", none, self.folder / "out")):
            done = self.run_at(None, "dataip", *words, "--trust", self.trust)
            self.assert_refused(NOT_FOUND, done)
        self.assertIn("none", done.stderr)
        done = self.run_at(
            None, "dataip", "data", "prove", self.data, "--record", 1,
            "--master-key", self.demo / "state/enterprise/master.key",
            "--out", self.folder / "no/such/folder")
        self.assert_refused(INTERNAL, done)

    def test_of_a_higher_format_cannot_be_decided(self):
        proof, done = self.prove(self.RECORD)
        self.assert_exit(OK, done)
        path = self.changed("record.json",
                            json.dumps({**read_json(proof), "format": 2}))
        self.assert_exit(CANNOT_DECIDE, self.check(path))

    def test_beyond_the_file_does_not_exist(self):
        _, done = self.prove(int(self.row["record_count"]) + 1)
        self.assert_exit(NOT_FOUND, done)
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
