"""Vectors of openings, commands, deposits and refused protobuf."""

import hashlib
import hmac
import random

import formats as f
from curves import (P256, SM2, Ed25519Key, P256Key, Sm2Key, der, der_integer,
                    der_signature, key_id)


def opening():
    rng = random.Random("opening")
    values = [b"", b"a", "张三".encode(), rng.randbytes(32),
              rng.randbytes(1000),
              b"dataip.opening.v1\0", bytes(64)]
    cases = []
    for value in values:
        salt = rng.randbytes(32)
        cases.append({"salt": salt.hex(), "value": value.hex(),
                      "commitment": f.commitment(salt, value).hex()})
    return {"kind": "opening", "cases": cases}


def split_signature(signature):
    """(r, s) of a DER signature."""
    size = signature[3]
    r = int.from_bytes(signature[4:4 + size], "big")
    return r, int.from_bytes(signature[6 + size:], "big")


def spoilt_signatures(key, message):
    """(why, signature) of what must not verify."""
    good = key.sign(message)
    for bit in (0, 77, 8 * len(good) - 1):
        bad = bytearray(good)
        bad[bit // 8] ^= 1 << bit % 8
        yield "bit %d flipped" % bit, bytes(bad)
    yield "one byte short", good[:-1]
    yield "one byte more", good + b"\0"
    yield "empty", b""
    if isinstance(key, Ed25519Key):
        s = int.from_bytes(good[32:], "little") + 2**252 + \
            27742317777372353535851937790883648493
        yield "s not below the order", good[:32] + s.to_bytes(32, "little")
        return
    n = SM2.n if isinstance(key, Sm2Key) else P256.n
    r, s = split_signature(good)
    yield "r is 0", der_signature(0, s)
    yield "s is 0", der_signature(r, 0)
    yield "r is n", der_signature(n, s)
    yield "s plus n", der_signature(r, s + n)
    yield "r and s swapped", der_signature(s, r)
    padded = der(2, b"\0\0" + r.to_bytes(32, "big"))
    yield "integer not shortest", der(0x30, padded + der_integer(s))
    body = der_integer(r) + der_integer(s)
    yield "length not shortest", bytes([0x30, 0x81, len(body)]) + body
    yield "three integers", der(0x30, body + der_integer(1))
    if isinstance(key, Sm2Key):
        yield "empty user id", key.sign(message, b"")


def command_case(why, key, parts, signature, valid):
    origin, command = parts
    return {"why": why, "origin": origin, "algorithm": key.algorithm,
            "public_key": key.raw.hex(), "key_id": key_id(key),
            "command": command.hex(),
            "message": f.command_message(origin, key_id(key), command).hex(),
            "signature": signature.hex(), "valid": valid}


def command_bytes(rng):
    """A Command that closes an overdue correction."""
    return f.message({
        1: rng.randbytes(16),
        2: f.timestamp(1718845200000 + rng.randrange(10**9)),
        3: f.timestamp(1718931600000),
        4: rng.choice(["officers/examiner-1", "root", "clock", "P2024000001"]),
        5: rng.randrange(5),
        23: (f.message({1: "2024%07d" % rng.randrange(10**7)}),)})


def command():
    rng = random.Random("command")
    cases = []
    keys = [Sm2Key(b"c1"), P256Key(b"c2"), Ed25519Key(b"c3"), Sm2Key(b"c4"),
            P256Key(b"c5"), Ed25519Key(b"c6")]
    for i, key in enumerate(keys):
        parts = ("ledger.example/zhejiang", command_bytes(rng))
        message = f.command_message(parts[0], key_id(key), parts[1])
        cases.append(command_case("signed", key, parts, key.sign(message),
                                  True))
        if i >= 3:
            continue
        for why, signature in spoilt_signatures(key, message):
            cases.append(command_case(why, key, parts, signature, False))
        others = {
            "signed for another origin":
                f.command_message("ledger.example/other", key_id(key),
                                  parts[1]),
            "signed under another key id":
                f.command_message(parts[0], key_id(keys[3 + i]), parts[1]),
            "signed as a certificate":
                f.certificate_message(parts[0], parts[1]),
            "signed bare": parts[1]}
        for why, other in others.items():
            cases.append(command_case(why, key, parts, key.sign(other),
                                      False))
    return {"kind": "command", "cases": cases,
            "refused_keys": list(refused_keys())}


def refused_keys():
    """Public keys that enrolment refuses."""
    good = {"sm2": Sm2Key(b"c1").raw, "p256": P256Key(b"c2").raw,
            "ed25519": Ed25519Key(b"c3").raw}
    for algorithm in ("sm2", "p256"):
        raw = good[algorithm]
        p = (SM2 if algorithm == "sm2" else P256).p
        off = raw[:-1] + bytes([raw[-1] ^ 1])
        big = b"\4" + p.to_bytes(32, "big") + raw[33:]
        yield from ({"why": why, "algorithm": algorithm, "public_key": k.hex()}
                    for why, k in (
                        ("off the curve", off), ("compressed",
                                                 b"\2" + raw[1:33]),
                        ("infinity", b"\0"), ("all zero", bytes(65)),
                        ("hybrid", b"\6" + raw[1:]), ("short", raw[:-1]),
                        ("long", raw + b"\0"), ("x is p", big),
                        ("empty", b"")))
    other = {"sm2": good["p256"], "p256": good["sm2"]}
    for algorithm, raw in other.items():
        yield {"why": "point of the other curve", "algorithm": algorithm,
               "public_key": raw.hex()}
    small = ["00" * 32, "01" + "00" * 31, "ec" + "ff" * 30 + "7f",
             "00" * 31 + "80",
             "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
             "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a"]
    for raw in small:
        yield {"why": "small order", "algorithm": "ed25519",
               "public_key": raw}
    yield {"why": "y is p + 1", "algorithm": "ed25519",
           "public_key": "ee" + "ff" * 30 + "7f"}
    yield {"why": "not a point", "algorithm": "ed25519",
           "public_key": "02" + "00" * 31}
    yield {"why": "short", "algorithm": "ed25519",
           "public_key": good["ed25519"][:-1].hex()}


def records_of(content, cut):
    if cut == "BLOCKS":
        return [content[i:i + 65536] for i in range(0, len(content), 65536)]
    lines = content.split(b"\n")
    return lines if lines[-1] else lines[:-1]


def deposit_case(why, cut, parts):
    """`parts` is [(bytes, times)]."""
    content = b"".join(b * times for b, times in parts)
    master = hashlib.sha256(why.encode()).digest()
    file_key = hmac.digest(master, f.sha256(content), "sha256")
    records = records_of(content, cut)
    salts = [hmac.digest(file_key, i.to_bytes(8, "big"), "sha256")[:16]
             for i in range(len(records))]
    leaves = [f.leaf_hash(s + r) for s, r in zip(salts, records)]
    shown = sorted({0, len(records) // 2, len(records) - 1})
    return {
        "why": why, "cut": cut, "master_key": master.hex(),
        "content": [{"bytes": b.hex(), "times": n} for b, n in parts],
        "file_sha256": f.sha256(content).hex(),
        "file_sm3": f.sm3(content).hex(), "byte_size": len(content),
        "leaf_count": len(records), "root": f.root(leaves).hex(),
        "records": [{"index": i, "record_sha256": f.sha256(records[i]).hex(),
                     "salt": salts[i].hex(), "leaf_hash": leaves[i].hex(),
                     "path": [h.hex() for h in f.path(i, leaves)]}
                    for i in shown]}


def deposit():
    lines = "时间,用气量\n2020-01-01 00:00,1.5\n".encode()
    cases = [
        deposit_case("one line without LF", "LINES", [(b"only", 1)]),
        deposit_case("one line", "LINES", [(b"only\n", 1)]),
        deposit_case("only LF", "LINES", [(b"\n", 1)]),
        deposit_case("empty lines between", "LINES", [(b"a\n\n\nb\n\n", 1)]),
        deposit_case("CR stays", "LINES", [(b"a\r\nb\r\n", 1)]),
        deposit_case("tail without LF", "LINES", [(lines, 1), (b"tail", 1)]),
        deposit_case("tail of a CR", "LINES", [(lines, 1), (b"\r", 1)]),
        deposit_case("NUL bytes", "LINES", [(b"\0\n\0\0\n", 1)]),
        deposit_case("many lines", "LINES", [(lines, 500)]),
        deposit_case("a line over the read size", "LINES",
                     [(b"x", 1100000), (b"\ny\n", 1)]),
        deposit_case("one byte", "BLOCKS", [(b"z", 1)]),
        deposit_case("one block", "BLOCKS", [(b"q", 65536)]),
        deposit_case("one block and a byte", "BLOCKS", [(b"q", 65537)]),
        deposit_case("LF means nothing to blocks", "BLOCKS", [(lines, 6000)]),
        deposit_case("many blocks", "BLOCKS", [(bytes(range(256)), 4100)]),
    ]
    return {"kind": "deposit", "cases": cases}
