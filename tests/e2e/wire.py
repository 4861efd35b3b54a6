"""Protobuf by hand: what a test sends that no client of ours would make."""

import base64
import hashlib
import os
import subprocess

SM2, P256, ED25519 = 1, 2, 3

# Fields of dataip.registry.v1.Command that are bodies.
BODY = {"register_party": 13, "advance_clock": 15, "submit_application": 20,
        "withdraw_application": 24, "open_notice": 26,
        "register_application": 27}


def varint(number):
    out = bytearray()
    while number > 0x7f:
        out.append(number & 0x7f | 0x80)
        number >>= 7
    out.append(number)
    return bytes(out)


def field(number, value):
    """One field: an int as varint, text and bytes length-delimited."""
    if isinstance(value, int):
        return varint(number << 3) + varint(value) if value else b""
    if isinstance(value, str):
        value = value.encode("utf-8")
    return varint(number << 3 | 2) + varint(len(value)) + value


def text_field(number, value):
    """The same, left out when empty: as canonical protobuf wants it."""
    return field(number, value) if value else b""


def read(message):
    """Fields in order as (number, value); fixed-width ones are not ours."""
    at = 0
    fields = []

    def take():
        nonlocal at
        shift = number = 0
        while True:
            byte = message[at]
            at += 1
            number |= (byte & 0x7f) << shift
            shift += 7
            if byte < 0x80:
                return number

    while at < len(message):
        key = take()
        value = take()
        if key & 7 == 2:
            value, at = message[at:at + value], at + value
        fields.append((key >> 3, value))
    return fields


def first(message, number):
    """Value of a field's first occurrence; KeyError when there is none."""
    for found, value in read(message):
        if found == number:
            return value
    raise KeyError(number)


def timestamp(seconds):
    return field(1, int(seconds))


class Command:
    """A dataip.registry.v1.Command; every part may be made wrong."""

    def __init__(self, actor, body, content, now, version=0, life_s=3600,
                 command_id=None):
        self.command_id = command_id or os.urandom(16)
        self.actor = actor
        self.body = body
        self.content = content
        self.issued_at = int(now)
        self.expires_at = int(now) + life_s
        self.version = version
        self.extra = b""

    def encode(self):
        return (field(1, self.command_id)
                + field(2, timestamp(self.issued_at))
                + field(3, timestamp(self.expires_at))
                + field(4, self.actor) + field(5, self.version)
                + field(BODY[self.body], self.content) + self.extra)


def openssl(*args, stdin=b""):
    return subprocess.run(["openssl", *map(str, args)], input=stdin,
                          capture_output=True, check=True).stdout


def public_key(path):
    """(algorithm, raw bytes) of a private key file."""
    der = openssl("pkey", "-in", path, "-pubout", "-outform", "DER")
    if len(der) == 44:
        return ED25519, der[-32:]
    sm2 = bytes.fromhex("06082a811ccf5501822d")
    return (SM2 if sm2 in der else P256), der[-65:]


def key_id(path):
    algorithm, raw = public_key(path)
    return hashlib.sha256(bytes([algorithm]) + raw).hexdigest()


def sign(path, origin, command):
    """(key id, signature) over the bytes of a command (formats 7)."""
    algorithm, _ = public_key(path)
    name = key_id(path)
    message = b"\0".join([b"dataip.command.v1", origin.encode("utf-8"),
                          name.encode(), command])
    if algorithm == SM2:
        return name, openssl("pkeyutl", "-sign", "-rawin", "-digest", "sm3",
                             "-pkeyopt", "distid:1234567812345678",
                             "-inkey", path, stdin=message)
    return name, openssl("dgst", "-sha256", "-sign", path, stdin=message)


def signed(command, signatures):
    """A SignedCommand; signatures are (key id, bytes)."""
    return field(1, command) + b"".join(
        field(2, field(1, name) + field(2, signature))
        for name, signature in sorted(signatures))


def request(signed_command, validate_only=False):
    """A SubmitCommandRequest without openings."""
    return field(1, signed_command) + field(3, int(validate_only))


def command_file(origin, commands, form=1):
    """The file of `dataip command send`, in the one spelling that it takes:
    [(command, signatures)]."""
    def encoded(raw):
        return base64.b64encode(raw).decode()

    texts = []
    for command, signatures in commands:
        lines = [f'        {{"key_id": "{name}", '
                 f'"signature": "{encoded(signature)}"}}'
                 for name, signature in sorted(signatures)]
        texts.append(f'    {{\n      "command": "{encoded(command)}",\n'
                     '      "signatures": [\n' + ",\n".join(lines) +
                     '\n      ],\n      "openings": []\n    }')
    return (f'{{\n  "format": {form},\n  "origin": "{origin}",\n'
            '  "commands": [\n' + ",\n".join(texts) + "\n  ]\n}\n")
