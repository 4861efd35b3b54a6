"""Vectors of protobuf that is refused because it is not canonical."""

import formats as f

RECORD = "dataip.registry.v1.StatusRecord"
CONTENT = "dataip.registry.v1.CertificateContent"
COMMAND = "dataip.registry.v1.Command"
SIGNED = "dataip.registry.v1.SignedCommand"


def record_fields():
    return {1: "20241133000000001", 2: "ledger.example/zhejiang",
            3: bytes(range(32)), 4: 1,
            6: [f.message({1: 1, 2: 1, 3: b"\1" * 32}),
                f.message({1: 4, 3: b"\2" * 32})],
            7: f.timestamp(1720000000123), 8: 2, 9: b"\3" * 32, 10: True}


def content_fields():
    return {1: "ledger.example/zhejiang", 2: "20241133000000001",
            3: "2024210000000017", 4: "20240000001", 5: "燃气用量数据集",
            6: [f.message({1: "P1", 2: 1, 3: "金卡", 4: "91330100716105852F"}),
                f.message({1: "P2", 2: 3, 5: "张*",
                           6: (f.message({1: b"\7" * 32}),)})],
            7: "D45", 8: "燃气", 9: "330300", 10: "温州", 11: b"\1\2",
            12: 1000, 13: 123456, 14: 2,
            15: (f.message({1: b"\1" * 32, 2: b"\2" * 32, 3: 123456, 4: 1001,
                            5: b"\3" * 32, 6: 1}),),
            16: "2024-07-05", 17: "2027-07-04", 18: "ab" * 32, 19: "cd" * 32,
            20: True}


def with_field(fields, number, raw):
    """The message with the bytes `raw` in the place of one field."""
    head = f.message({n: v for n, v in fields.items() if n < number})
    tail = f.message({n: v for n, v in fields.items() if n > number})
    return head + raw + tail


def record_cases():
    good = record_fields()
    whole = f.message(good)
    tag_of = lambda n, wire: f.varint(n << 3 | wire)
    yield "unknown field behind", whole + f.field(11, 1)
    yield "unknown field 1000", whole + f.field(1000, "x")
    yield "field number 0", b"\x02\x01x" + whole
    yield "trailing byte", whole + b"\0"
    yield "fields out of order", f.field(2, good[2]) + f.field(
        1, good[1]) + f.message({n: v for n, v in good.items() if n > 2})
    yield "a scalar twice", with_field(good, 8, f.field(8, 1) + f.field(8, 2))
    yield "a text twice", f.field(1, "1") + whole
    yield "version 0 written", with_field(good, 8, tag_of(8, 0) + b"\0")
    yield "empty text written", with_field(good, 5, tag_of(5, 2) + b"\0")
    yield "false written", with_field(good, 10, tag_of(10, 0) + b"\0")
    yield "true written as 2", with_field(good, 10, tag_of(10, 0) + b"\2")
    yield "varint with a spare byte", with_field(
        good, 8, tag_of(8, 0) + b"\x82\0")
    yield "varint of eleven bytes", with_field(
        good, 8, tag_of(8, 0) + b"\xff" * 10 + b"\1")
    yield "tag with a spare byte", with_field(good, 8, b"\xc0\0\2")
    yield "length with a spare byte", with_field(
        good, 9, tag_of(9, 2) + b"\xa0\0" + good[9])
    yield "length past the end", tag_of(1, 2) + b"\x7fabc"
    yield "wire type of fixed64", with_field(
        good, 8, tag_of(8, 1) + (2).to_bytes(8, "little"))
    yield "wire type of fixed32", with_field(
        good, 8, tag_of(8, 5) + (2).to_bytes(4, "little"))
    yield "text as varint", with_field(good, 1, tag_of(1, 0) + b"\1")
    yield "group", with_field(good, 7, tag_of(7, 3) + tag_of(7, 4))
    yield "state unknown", with_field(good, 4, f.field(4, 6))
    yield "state negative", with_field(good, 4, f.field(4, -1))
    yield "not UTF-8", with_field(good, 1, f.field(1, b"\xc0\xaf"))
    yield "surrogate", with_field(good, 1, f.field(1, b"\xed\xa0\x80"))
    overlay = good[6][0]
    yield "unknown field in an overlay", with_field(
        good, 6, f.field(6, [overlay + f.field(4, 1)]))
    yield "overlay out of order", with_field(
        good, 6, f.field(6, [f.field(2, 1) + f.field(1, 1) +
                             f.field(3, b"\1" * 32)]))
    yield "overlays apart", f.field(6, [overlay]) + f.field(7, good[7]) + \
        f.field(6, [overlay])
    yield "nanos written as 0", with_field(
        good, 7, f.field(7, (f.field(1, 1720000000) + b"\x10\0",)))
    for size in (1, 10, len(whole) // 2, len(whole) - 1):
        yield "first %d bytes" % size, whole[:size]


def content_cases():
    good = content_fields()
    yield "sources not packed", with_field(good, 11, b"\x58\1\x58\2")
    yield "sources in two pieces", with_field(
        good, 11, f.field(11, b"\1") + f.field(11, b"\2"))
    yield "sources empty but written", with_field(good, 11, b"\x5a\0")
    yield "source with a spare byte", with_field(
        good, 11, f.field(11, b"\x81\0\2"))
    yield "source unknown", with_field(good, 11, f.field(11, b"\1\7"))
    yield "frequency unknown", with_field(good, 14, f.field(14, 10))
    yield "deposit twice", with_field(
        good, 15, f.field(15, good[15]) + f.field(15, good[15]))
    yield "unknown field in a holder", with_field(
        good, 6, f.field(6, [good[6][0] + f.field(8, 1)]))
    yield "unknown field in a commitment", with_field(
        good, 6, f.field(6, [f.message(
            {1: "P2", 6: (f.message({1: b"\7" * 32, 2: b"x"}),)})]))
    yield "share over 32 bits", with_field(
        good, 6, f.field(6, [f.message({1: "P1", 7: 1 << 32})]))
    yield "unknown field behind", f.message(good) + f.field(23, "x")


def command_fields():
    return {1: bytes(16), 2: f.timestamp(1718845200000),
            3: f.timestamp(1718931600000), 4: "clock", 5: 3,
            23: (f.message({1: "20240000001"}),)}


def command_cases():
    good = command_fields()
    yield "unknown field", f.message(good) + f.field(500, b"x")
    yield "unknown field in the body", with_field(
        good, 23, f.field(23, (f.message({1: "20240000001", 99: 1}),)))
    yield "two bodies", with_field(
        good, 23, f.field(23, good[23]) + f.field(
            24, (f.message({1: "20240000001"}),)))
    yield "body before actor", f.field(23, good[23]) + f.message(
        {n: v for n, v in good.items() if n < 23})
    yield "version 0 written", with_field(good, 5, b"\x28\0")


def signed_fields():
    return {1: f.message(command_fields()),
            2: [f.message({1: "ab" * 32, 2: bytes(64)})]}


def refused_protobuf():
    groups = ((RECORD, record_cases), (CONTENT, content_cases),
              (COMMAND, command_cases))
    cases = [{"why": why, "message": name, "bytes": raw.hex()}
             for name, make in groups for why, raw in make()]
    signed = signed_fields()
    cases.append({"why": "unknown field in a signature", "message": SIGNED,
                  "bytes": with_field(signed, 2, f.field(
                      2, [signed[2][0] + f.field(3, 1)])).hex()})
    accept = [(RECORD, record_fields()), (CONTENT, content_fields()),
              (COMMAND, command_fields()), (SIGNED, signed),
              (RECORD, {1: "1", 2: "o", 3: bytes(32), 4: 5, 5: "2",
                        7: f.timestamp(0), 8: 9, 9: bytes(32)})]
    return {"kind": "refused_protobuf", "cases": cases,
            "accept": [{"message": name, "bytes": f.message(fields).hex()}
                       for name, fields in accept]}
