"""The bytes of docs/FORMATS.md, written down a second time.

An independent implementation for vectors: the slow, literal reading of the
rules. Nothing here is shared with the project's code.
"""

import base64
import hashlib

from curves import sm3


def sha256(data):
    return hashlib.sha256(data).digest()


# Canonical protobuf.
def varint(number):
    number &= (1 << 64) - 1
    out = bytearray()
    while number >= 0x80:
        out.append(number & 0x7f | 0x80)
        number >>= 7
    return bytes(out) + bytes([number])


def field(number, value):
    """One field. None, 0, "" and [] are left out; a list repeats; a tuple of
    one bytes object is a message, which may be empty."""
    if isinstance(value, bool):
        value = int(value)
    if isinstance(value, list):
        return b"".join(
            varint(number << 3 | 2) + varint(len(e)) + e for e in value)
    if isinstance(value, tuple):
        return field(number, [value[0]])
    if isinstance(value, str):
        value = value.encode()
    if not value:
        return b""
    if isinstance(value, int):
        return varint(number << 3) + varint(value)
    return varint(number << 3 | 2) + varint(len(value)) + value


def message(fields):
    """Of {number: value}, ascending."""
    return b"".join(field(n, fields[n]) for n in sorted(fields))


def timestamp(ms):
    return (message({1: ms // 1000, 2: ms % 1000 * 1_000_000}),)


# Entry header.
def header(entry):
    def text(value):
        return bytes([len(value)]) + value.encode()

    out = b"\x01" + entry["index"].to_bytes(8, "big")
    out += entry["time_ms"].to_bytes(8, "big") + entry["prev"]
    out += text(entry["type"]) + text(entry["stream"])
    payload = entry["payload"]
    out += len(payload).to_bytes(8, "big") + sha256(payload) + sm3(payload)
    out += len(entry["updates"]).to_bytes(2, "big")
    for key, value in entry["updates"]:
        out += text(key) + value
    return out


# RFC 6962 by its recursive definition.
def leaf_hash(record):
    return sha256(b"\x00" + record)


def split(n):
    k = 1
    while k * 2 < n:
        k *= 2
    return k


def root(leaves):
    if not leaves:
        return sha256(b"")
    if len(leaves) == 1:
        return leaves[0]
    k = split(len(leaves))
    return sha256(b"\x01" + root(leaves[:k]) + root(leaves[k:]))


def path(index, leaves):
    if len(leaves) == 1:
        return []
    k = split(len(leaves))
    if index < k:
        return path(index, leaves[:k]) + [root(leaves[k:])]
    return path(index - k, leaves[k:]) + [root(leaves[:k])]


# Map by its recursive definition.
def map_bit(key_hash, depth):
    return key_hash[depth // 8] >> (7 - depth % 8) & 1


def map_root(leaves, depth=0):
    if not leaves:
        return bytes(32)
    if len(leaves) == 1:
        return sha256(b"\x02" + leaves[0][0] + leaves[0][1])
    halves = [[x for x in leaves if map_bit(x[0], depth) == side]
              for side in (0, 1)]
    return sha256(b"\x03" + map_root(halves[0], depth + 1) +
                  map_root(halves[1], depth + 1))


def map_siblings(key_hash, leaves, depth=0):
    if len(leaves) <= 1:
        return []
    side = map_bit(key_hash, depth)
    near = [x for x in leaves if map_bit(x[0], depth) == side]
    far = [x for x in leaves if map_bit(x[0], depth) != side]
    return ([map_root(far, depth + 1)] +
            map_siblings(key_hash, near, depth + 1))


# Notes.
NOTE_TYPES = {"ed25519": b"\x01", "sm2": b"\xffdataip.sm2sm3.v1",
              "cosignature": b"\x04"}


def note_key_id(name, kind, raw):
    return sha256(name.encode() + b"\n" + NOTE_TYPES[kind] + raw)[:4]


def vkey(name, kind, raw):
    return "%s+%s+%s" % (name, note_key_id(name, kind, raw).hex(),
                         base64.b64encode(NOTE_TYPES[kind] + raw).decode())


def note_line(name, kind, raw, signature):
    blob = note_key_id(name, kind, raw) + signature
    return "\u2014 %s %s\n" % (name, base64.b64encode(blob).decode())


def checkpoint_text(origin, size, tree_root):
    return "%s\n%d\n%s\n" % (origin, size,
                             base64.b64encode(tree_root).decode())


# Signed messages and commitments.
def command_message(origin, key_id, command):
    return b"\0".join([b"dataip.command.v1", origin.encode(),
                       key_id.encode(), command])


def certificate_message(origin, content):
    return b"\0".join([b"dataip.certificate.v1", origin.encode(), content])


def commitment(salt, value):
    return sha256(b"dataip.opening.v1\0" + salt + value)
