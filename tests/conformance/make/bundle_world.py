"""A small ledger with one certificate, built anew for every bundle vector."""

import formats as f
import x509
from curves import Ed25519Key, P256Key, Sm2Key, key_id

ORIGIN = "ledger.example/vectors"
DAY = 86_400_000
ISSUED = 1720144800000  # 2024-07-05T10:00+08:00
SEALED = ISSUED + DAY
NOW = SEALED + DAY

LEDGER = {"ed25519": Ed25519Key(b"ledger"), "sm2": Sm2Key(b"ledger")}
WITNESS_NAME = "witness.example/w1"
WITNESS = Ed25519Key(b"witness")
CONTENT_KEYS = {"sm2": Sm2Key(b"issuing"), "p256": P256Key(b"issuing")}
MAKERS = {"sm2": Sm2Key, "p256": P256Key}
SALT = bytes(range(32))


def make_authorities(secret):
    return {name: maker(secret) for name, maker in MAKERS.items()}


ROOTS = make_authorities(b"root")
OTHER_ROOTS = make_authorities(b"other root")
MIDDLES = make_authorities(b"middle")


def authority_pems():
    return [x509.pem(x509.certificate("Vector Root " + name, key,
                                      "Vector Root " + name, key, True))
            for name, key in ROOTS.items()]


def trust(origin=ORIGIN, quorum=0, witness=None, demonstration=False):
    keys = [f.vkey(origin, kind, key.raw) for kind, key in LEDGER.items()]
    witness = quorum > 0 if witness is None else witness
    return {"format": 1, "origin": origin, "ledger_keys": keys,
            "root_key": key_id(Sm2Key(b"bureau")),
            "issuing_cas": authority_pems(),
            "witnesses": {
                "keys": [f.vkey(WITNESS_NAME, "cosignature", WITNESS.raw)]
                        if witness else [],
                "quorum": quorum},
            "max_age_hours": 168, "demonstration": demonstration,
            "version": 1, "previous_sha256": ""}


def content_fields():
    return {1: ORIGIN, 2: "20241133000000001", 3: "2024210000000017",
            4: "20240000001", 5: "温州市居民燃气用量数据集",
            6: [f.message({1: "P2024000001", 2: 1, 3: "某燃气公司",
                           4: "91330100716105852F"}),
                f.message({1: "P2024000002", 2: 3, 5: "张*", 6: (f.message(
                    {1: f.commitment(SALT, "张三".encode())}),)})],
            7: "D45", 8: "燃气生产和供应业", 9: "330300", 10: "温州市",
            11: b"\2", 12: 1000, 13: 123456, 14: 2,
            15: (f.message({1: b"\1" * 32, 2: b"\2" * 32, 3: 123456,
                            4: 1001, 5: b"\3" * 32, 6: 1}),),
            16: "2024-07-05", 17: "2027-07-07",
            18: key_id(CONTENT_KEYS["sm2"]), 19: key_id(CONTENT_KEYS["p256"])}


def record_fields(content_sha256, version, previous):
    return {1: content_fields()[2], 2: ORIGIN, 3: content_sha256, 4: 1,
            7: f.timestamp(ISSUED + version), 8: version, 9: previous}


def flip(data):
    return data[:-1] + bytes([data[-1] ^ 1])


class Bundle:
    """One bundle. Every option spoils or changes one thing."""

    def __init__(self, **options):
        self.o = options
        self.content = self.make_content()
        self.records = self.make_records()
        self.entries = []
        self.map = {}
        self.make_entries()
        self.fields = self.make_fields()
        self.fields.update(options.get("edit", {}))

    def bytes(self):
        return f.message(self.fields)

    def edited(self, edit):
        fields = dict(self.fields)
        fields.update(edit)
        return f.message(fields)

    def make_content(self):
        fields = content_fields()
        fields[20] = self.o.get("demonstration", False)
        fields.update(self.o.get("content", {}))
        return f.message(fields)

    def make_records(self):
        records = []
        for i, changes in enumerate(self.o.get("states", [{}, {}])):
            previous = f.sha256(records[-1]) if records else None
            fields = record_fields(f.sha256(self.content), i + 1, previous)
            fields[10] = self.o.get("demonstration", False)
            fields.update(changes)
            records.append(f.message(fields))
        return records

    def append(self, kind, payload, updates=(), **changes):
        head = (f.sm3(f.header(self.entries[-1])) if self.entries
                else f.sm3(ORIGIN.encode()))
        entry = {"index": len(self.entries), "time_ms": ISSUED, "prev": head,
                 "type": kind, "stream": "", "payload": payload,
                 "updates": list(updates)}
        entry.update(changes)
        self.entries.append(entry)
        self.map.update(entry["updates"])

    def make_entries(self):
        transition = "dataip.registry.v1.Transition"
        for i in range(self.o.get("others", 5)):
            self.append(transition, b"other %d" % i,
                        [("certificates/%017d" % i, f.sha256(b"%d" % i))])
        key = "certificates/" + self.o.get("issue_number",
                                           content_fields()[2])
        updates = self.o.get("issue_updates",
                             [(key, f.sha256(self.records[0]))])
        self.issue = len(self.entries)
        self.append(self.o.get("issue_type", transition), b"issue", updates,
                    stream="applications/20240000001")
        for record in self.records[1:]:
            self.append(transition, b"change", [(key, f.sha256(record))])
        if not updates:
            self.map[key] = f.sha256(self.records[-1])
        self.map.pop("certificates/%s" % self.o.get("map_without"), None)
        self.append_seal()
        for _ in range(self.o.get("after_seal", 0)):
            self.append(transition, b"after")

    def leaves_of_map(self):
        return sorted((f.sha256(k.encode()), v) for k, v in self.map.items())

    def append_seal(self):
        map_root = f.map_root(self.leaves_of_map())
        asked = f.sha256(b"certificates/" + content_fields()[2].encode())
        self.siblings = f.map_siblings(asked, self.leaves_of_map())
        self.seal = len(self.entries)
        prev = f.sm3(f.header(self.entries[-1]))
        payload = map_root + self.o.get("seal_head", prev)
        changes = {"time_ms": SEALED}
        changes.update(self.o.get("seal", {}))
        kind = changes.pop("type", "dataip.ledger.v1.Seal")
        self.append(kind, payload + self.o.get("seal_tail", b""), **changes)

    def lines(self, text, head):
        def spoil(kind, signature):
            return (flip(signature) if self.o.get("spoil_line") == kind
                    else signature)

        name = self.o.get("checkpoint_origin", ORIGIN)
        out = ""
        for kind in self.o.get("sign_with", ["ed25519", "sm2"]):
            key = LEDGER[kind]
            if kind == "sm2":
                blob = head + spoil(kind, key.sign(text.encode() + head))
            else:
                blob = spoil(kind, key.sign(text.encode()))
            out += f.note_line(name, kind, key.raw, blob)
        for other, key in self.o.get("more_lines", []):
            out += f.note_line(other, "ed25519", key.raw,
                               key.sign(text.encode()))
        if self.o.get("witnessed"):
            seconds = SEALED // 1000
            signed = "cosignature/v1\ntime %d\n%s" % (seconds, text)
            out += f.note_line(
                WITNESS_NAME, "cosignature", WITNESS.raw,
                seconds.to_bytes(8, "big") +
                spoil("cosignature", WITNESS.sign(signed.encode())))
        return out

    def checkpoint(self, leaves):
        size = len(leaves)
        head = self.o.get("line_head", f.sm3(f.header(self.entries[-1])))
        text = f.checkpoint_text(
            self.o.get("checkpoint_origin", ORIGIN), size,
            self.o.get("signed_root", f.root(leaves)))
        text += self.o.get("extension", "")
        return (text + "\n" + self.lines(text, head)).encode()

    def chain(self, name):
        key = self.leaf_key(name)
        roots = (OTHER_ROOTS if self.o.get("other_authority") == name
                 else ROOTS)
        before = ("20240706000000Z" if self.o.get("late_leaf") == name
                  else "20200101000000Z")
        root_name = "Vector Root " + name
        if not self.o.get("intermediate", True):
            return [x509.certificate("Vector Issuing", key, root_name,
                                     roots[name], False, before)]
        middle = MIDDLES[name]
        return [x509.certificate("Vector Issuing", key, "Vector Middle",
                                 middle, False, before, serial=2),
                x509.certificate("Vector Middle", middle, root_name,
                                 roots[name], True, serial=3)]

    def leaf_key(self, name):
        if self.o.get("other_key") == name:
            return MAKERS[name](b"another issuing key")
        return CONTENT_KEYS[name]

    def content_signature(self, name):
        message = f.certificate_message(
            self.o.get("signed_origin", ORIGIN), self.content)
        if self.o.get("spoil_content") == name:
            message += b"x"
        return (f.message({1: self.leaf_key(name).sign(message),
                           2: self.chain(name)}),)

    def make_fields(self):
        leaves = [f.leaf_hash(f.header(e)) for e in self.entries]
        records = self.records
        if not self.o.get("history", True):
            records = [records[0], records[-1]]
        openings = [f.message({1: 1, 2: SALT,
                               3: self.o.get("opened_name", "张三")})]
        return {
            1: 1, 2: ORIGIN, 3: self.checkpoint(leaves),
            4: f.header(self.entries[self.issue]),
            5: f.path(self.issue, leaves), 6: self.content,
            7: self.content_signature("sm2"),
            8: self.content_signature("p256"), 9: records,
            10: f.header(self.entries[self.seal]),
            11: self.entries[self.seal]["payload"],
            12: f.path(self.seal, leaves),
            13: (f.message({1: self.siblings}),),
            14: openings * (self.o.get("opened_times", 1)
                            if self.o.get("opened") else 0)}
