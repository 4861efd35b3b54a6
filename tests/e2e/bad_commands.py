#!/usr/bin/env python3
"""Commands that must be refused, sent byte by byte: wrong key, expired,
replayed with other bytes, unknown fields, too large."""

import calendar
import json

import run
import wire
from support import CANNOT_DECIDE, CONFLICT, NOT_ALLOWED, OK, USAGE, StackTest

# 2024-06-20T09:00+08:00, where the demonstration's clock stands.
NOW = calendar.timegm((2024, 6, 20, 1, 0, 0))
DAY = 86_400

# gRPC status codes, as raw_call exits.
GRPC_OK, INVALID_ARGUMENT, ALREADY_EXISTS = 0, 3, 6
PERMISSION_DENIED, RESOURCE_EXHAUSTED, FAILED_PRECONDITION = 7, 8, 9

NEW_USCC = "91330382MA0000998"


class BadCommands(StackTest):

    with_parties = False

    def key(self, name):
        return self.stack.key(f"{name}.pem")

    def advance(self, seconds, **changes):
        """AdvanceClock by so much, unsigned."""
        return wire.Command("root", "advance_clock",
                            wire.field(1, wire.timestamp(NOW + seconds)), NOW,
                            **changes)

    def sign(self, command, *keys):
        return [wire.sign(self.key(key), self.stack.origin, command)
                for key in keys]

    def send(self, command, *keys, validate_only=True):
        """Signs and sends; only asks unless told otherwise."""
        signed = wire.signed(command, self.sign(command, *keys))
        return self.raw_call("SubmitCommand",
                             wire.request(signed, validate_only))

    def assert_answer(self, code, answer, *parts):
        found, _, error = answer
        self.assertEqual(found, code, error)
        if code != GRPC_OK:
            self.assert_bilingual(error)
        for part in parts:
            self.assertIn(part, error)

    def send_file(self, commands, form=1, origin=None):
        path = self.folder / "commands.json"
        path.write_text(wire.command_file(origin or self.stack.origin,
                                          commands, form))
        return self.dataip("command", "send", path, profile="root")

    def test_a_good_one_is_taken(self):
        self.assert_answer(GRPC_OK,
                           self.send(self.advance(60).encode(), "root"))

    def test_signed_by_a_wrong_key(self):
        command = self.advance(60).encode()
        for key in ("examiner-1", "approver-1"):
            self.assert_answer(PERMISSION_DENIED, self.send(command, key),
                               "signatures")
        # A key that nobody has enrolled, and a foreign name over root's.
        self.assert_answer(PERMISSION_DENIED, self.send(command, "licensee"),
                           "BAD_SIGNATURE")
        name, _ = self.sign(command, "root")[0]
        _, other = self.sign(command, "examiner-1")[0]
        signed = wire.signed(command, [(name, other)])
        self.assert_answer(PERMISSION_DENIED, self.raw_call(
            "SubmitCommand", wire.request(signed, True)), "BAD_SIGNATURE",
            "SIGNATURE", "signatures[0]")

    def test_signed_for_another_ledger_or_over_other_bytes(self):
        command = self.advance(60).encode()
        other = self.advance(61).encode()
        for signatures in ([wire.sign(self.key("root"), "ledger.example/x",
                                      command)], self.sign(other, "root")):
            signed = wire.signed(command, signatures)
            self.assert_answer(PERMISSION_DENIED, self.raw_call(
                "SubmitCommand", wire.request(signed, True)),
                "BAD_SIGNATURE")

    def test_the_wrong_key_through_the_command_line(self):
        done = self.dataip("clock", "advance", "--to",
                           "2024-06-20T10:00:00+08:00", "--key",
                           self.key("examiner-1"), profile="root")
        self.assert_refused(NOT_ALLOWED, done)

    def test_expired_or_from_the_future(self):
        old = self.advance(60)
        old.issued_at, old.expires_at = NOW - 2 * DAY, NOW - DAY
        self.assert_answer(FAILED_PRECONDITION,
                           self.send(old.encode(), "root"), "EXPIRED",
                           "WINDOW expires_at")
        early = self.advance(60)
        early.issued_at, early.expires_at = NOW + 60, NOW + 120
        self.assert_answer(FAILED_PRECONDITION,
                           self.send(early.encode(), "root"), "WINDOW")
        long = self.advance(60, life_s=DAY + 1)
        self.assert_answer(INVALID_ARGUMENT,
                           self.send(long.encode(), "root"), "expires_at")

    def test_expired_through_the_command_line(self):
        old = self.advance(60)
        old.issued_at, old.expires_at = NOW - 2 * DAY, NOW - DAY
        command = old.encode()
        done = self.send_file([(command, self.sign(command, "root"))])
        self.assert_exit(NOT_ALLOWED, done)
        self.assert_bilingual(done.stderr)
        self.assertIn("expires_at", done.stderr)

    def test_replayed_with_the_same_and_with_other_bytes(self):
        identity = (wire.field(1, 1) + wire.field(2, "重放示例有限公司")
                    + wire.field(3, uscc_of(NEW_USCC)))
        algorithm, raw = wire.public_key(self.key("licensee"))
        body = wire.field(1, identity) + wire.field(
            2, wire.field(1, algorithm) + wire.field(2, raw))
        first = wire.Command("officers/examiner-1", "register_party", body,
                             NOW)
        command = first.encode()
        keys = ("examiner-1", "licensee")
        answers = [self.send(command, *keys, validate_only=False)
                   for _ in range(2)]
        for answer in answers:
            self.assert_answer(GRPC_OK, answer)
        receipts = [wire.first(answer[1], 1) for answer in answers]
        # Index and header are the same; the checkpoint may be newer.
        self.assertEqual(wire.first(receipts[0], 3),
                         wire.first(receipts[1], 3))
        self.assertEqual(wire.first(receipts[0], 4),
                         wire.first(receipts[1], 4))
        size = self.ledger_size()
        first.expires_at += 1
        other = first.encode()
        self.assert_answer(ALREADY_EXISTS,
                           self.send(other, *keys, validate_only=False),
                           "COMMAND_ID command_id")
        done = self.send_file([(other, self.sign(other, *keys))])
        self.assert_exit(CONFLICT, done)
        self.assertIn("command_id", done.stderr)
        self.assertEqual(self.ledger_size(), size)
        # The same bytes stay good after they expired.
        done = self.send_file([(command, self.sign(command, *keys))])
        self.assert_exit(OK, done)

    def test_with_unknown_fields_or_an_unusual_encoding(self):
        command = self.advance(60)
        plain = command.encode()
        command.extra = wire.field(99, 7)
        longer_varint = plain.replace(wire.field(1, NOW), wire.varint(8)
                                      + over_long(NOW), 1)
        self.assertNotEqual(longer_varint, plain)
        head = len(wire.field(1, command.command_id))
        swapped = plain[head:] + plain[:head]
        for name, wrong in [("unknown field", command.encode()),
                            ("over-long varint", longer_varint),
                            ("order of fields", swapped),
                            ("field twice", plain[:head] + plain),
                            ("truncated", plain[:-1]), ("empty", b"")]:
            with self.subTest(name=name):
                self.assert_answer(INVALID_ARGUMENT,
                                   self.send(wrong, "root"), "MALFORMED")
                done = self.send_file([(wrong, self.sign(wrong, "root"))])
                self.assert_exit(USAGE, done)
                self.assert_bilingual(done.stderr)
                self.assertNotIn("not a command file", done.stderr)

    def test_without_signatures_or_with_one_twice(self):
        command = self.advance(60).encode()
        one = self.sign(command, "root")
        for signatures in ([], one * 2, one * 9):
            signed = wire.signed(command, signatures)
            self.assert_answer(INVALID_ARGUMENT, self.raw_call(
                "SubmitCommand", wire.request(signed, True)), "MALFORMED",
                "signatures")

    def test_of_five_megabytes(self):
        big = self.advance(60)
        big.extra = wire.field(99, b"x" * (5 << 20))
        self.assert_answer(INVALID_ARGUMENT, self.send(big.encode(), "root"),
                           "TOO_LARGE")
        # Far over what a call may carry: the transport refuses it.
        code, _, error = self.raw_call("SubmitCommand", b"\0" * (64 << 20))
        self.assertEqual(code, RESOURCE_EXHAUSTED, error)
        self.assert_exit(OK, self.dataip("registry", "show", profile="root"))

    def test_bytes_that_are_no_request(self):
        for method in ("SubmitCommand", "GetParty", "GetCertificate"):
            for request in (b"\xff" * 100, b"\x0a\xff", b"\x0a\x01\xff"):
                self.assert_answer(INVALID_ARGUMENT,
                                   self.raw_call(method, request), "MALFORMED")

    def test_command_files_of_other_formats_and_ledgers(self):
        command = self.advance(60).encode()
        signatures = self.sign(command, "root")
        done = self.send_file([(command, signatures)], form=2)
        self.assert_refused(CANNOT_DECIDE, done)
        done = self.send_file([(command, signatures)],
                              origin="ledger.example/x")
        self.assert_refused(NOT_ALLOWED, done)

    def test_says_what_is_wrong_in_json_too(self):
        old = self.advance(60)
        old.issued_at, old.expires_at = NOW - 2 * DAY, NOW - DAY
        command = old.encode()
        path = self.folder / "old.json"
        path.write_text(wire.command_file(
            self.stack.origin, [(command, self.sign(command, "root"))]))
        done = self.dataip("command", "send", path, "-o", "json",
                           profile="root")
        self.assert_exit(NOT_ALLOWED, done)
        error = json.loads(done.stderr)["error"]
        self.assertEqual(error["reason"], "EXPIRED")
        self.assertEqual(error["exit_code"], NOT_ALLOWED)
        self.assertEqual(error["field_violations"][0]["field"], "expires_at")
        self.assert_bilingual(error["message_zh"] + error["message"])


def over_long(number):
    """A varint with one byte more than it needs."""
    plain = wire.varint(number)
    return plain[:-1] + bytes([plain[-1] | 0x80, 0])


def uscc_of(first_17):
    """GB 32100-2015: with its check character."""
    alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"
    total = sum(alphabet.index(c) * pow(3, i, 31)
                for i, c in enumerate(first_17))
    return first_17 + alphabet[(31 - total % 31) % 31]


if __name__ == "__main__":
    run.main()
