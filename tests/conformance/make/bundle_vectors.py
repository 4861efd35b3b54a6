"""Vectors of certificates and bundles: which are genuine, and which only look
so. The forger here has every key."""

import json

import formats as f
from bundle_world import (CONTENT_KEYS, DAY, ISSUED, NOW, ORIGIN, SEALED,
                          Bundle, content_fields, record_fields, trust)
from curves import Ed25519Key, key_id

IN_FORCE, NOT_GENUINE, NOT_IN_FORCE, CANNOT_DECIDE, STALE = 0, 20, 21, 22, 23
VALID, EXPIRED, CANCELLED, REVOKED, REPLACED = 1, 2, 3, 4, 5
PLEDGE, FREEZE, DISPUTE, LICENCE = 1, 2, 3, 4


# Numbers of an older system stand as they stood there.
LEGACY = {22: ["浙数登〔2023〕0000017号".encode(), b"DZ330300202300017"]}


def overlay(kind, rank=0):
    return f.message({1: kind, 2: rank, 3: bytes([kind]) * 32})


def case(why, conclusion, bundle, **ask):
    raw = bundle if isinstance(bundle, bytes) else bundle.bytes()
    return {"why": why, "trust": ask.pop("trust", "plain"),
            "bundle": raw.hex(), "now_ms": ask.pop("now", NOW),
            "at_ms": ask.pop("at", None),
            "max_age_ms": ask.pop("max_age", None),
            "require": ask.pop("require", []), "conclusion": conclusion,
            "first_failed_step": ask.pop("step", 0)}


def fails(why, step, bundle, **ask):
    """Not genuine; `step` of FORMATS 8 is the first that fails."""
    return case(why, NOT_GENUINE, bundle, step=step, **ask)


def genuine():
    yield case("in force", IN_FORCE, Bundle())
    yield case("one status only", IN_FORCE, Bundle(states=[{}]))
    yield case("first and current with others between", IN_FORCE,
               Bundle(states=[{}, {}, {}], history=False))
    yield case("whole history", IN_FORCE, Bundle(states=[{}, {}, {}]))
    yield case("the only key of the map", IN_FORCE, Bundle(others=0))
    yield case("many keys in the map", IN_FORCE, Bundle(others=60))
    yield case("leaf straight under the authority", IN_FORCE,
               Bundle(intermediate=False))
    yield case("a line of an unknown key", IN_FORCE, Bundle(
        more_lines=[("other.example", Ed25519Key(b"unknown"))]))
    yield case("pledged", IN_FORCE,
               Bundle(states=[{}, {6: [overlay(PLEDGE, 1)]}]))
    yield case("disputed and licensed", IN_FORCE, Bundle(
        states=[{}, {6: [overlay(DISPUTE), overlay(LICENCE)]}]))
    yield case("witnessed", IN_FORCE, Bundle(witnessed=True),
               trust="witness")
    yield case("a demonstration", IN_FORCE, Bundle(demonstration=True),
               trust="demonstration")
    yield case("a demonstration at its own time", IN_FORCE,
               Bundle(demonstration=True), trust="demonstration",
               now=NOW + 2 * DAY)
    yield case("the name of a natural person opened", IN_FORCE,
               Bundle(opened=True))
    yield case("a new sheet", IN_FORCE,
               Bundle(content={21: "20241133000000009"}))
    yield case("of an older system", IN_FORCE, Bundle(content=LEGACY))
    yield case("at the first day", IN_FORCE, Bundle(), at=ISSUED)
    yield case("on the last day", IN_FORCE, Bundle(),
               at=1814975999000, max_age=2000 * DAY)
    yield case("just young enough", IN_FORCE, Bundle(), now=SEALED + 7 * DAY)
    yield case("a clock before the seal", IN_FORCE, Bundle(), now=SEALED - 1)


def not_in_force():
    for why, state in (("expired", EXPIRED), ("cancelled", CANCELLED),
                       ("revoked", REVOKED)):
        yield case(why, NOT_IN_FORCE, Bundle(states=[{}, {4: state}]))
    replaced = {4: REPLACED, 5: "20241133000000009"}
    yield case("replaced", NOT_IN_FORCE, Bundle(states=[{}, replaced]))
    yield case("revoked and stale", NOT_IN_FORCE,
               Bundle(states=[{}, {4: REVOKED}]), now=SEALED + 8 * DAY)
    frozen = Bundle(states=[{}, {6: [overlay(FREEZE)]}])
    yield case("frozen", NOT_IN_FORCE, frozen)
    yield case("frozen and stale", STALE, frozen, now=SEALED + 8 * DAY)
    yield case("before its first day", NOT_IN_FORCE, Bundle(),
               at=ISSUED - DAY)
    yield case("the day after its last", NOT_IN_FORCE, Bundle(),
               at=1814976000000, max_age=2000 * DAY)
    yield case("pledged, and asked not to be", NOT_IN_FORCE,
               Bundle(states=[{}, {6: [overlay(PLEDGE, 1)]}]),
               require=["unpledged"])
    yield case("disputed, and asked not to be", NOT_IN_FORCE,
               Bundle(states=[{}, {6: [overlay(DISPUTE)]}]),
               require=["undisputed"])
    yield case("pledged, and asked to be undisputed", IN_FORCE,
               Bundle(states=[{}, {6: [overlay(PLEDGE, 1)]}]),
               require=["undisputed"])
    yield case("one millisecond too old", STALE, Bundle(),
               now=SEALED + 7 * DAY + 1)
    yield case("too old for the asker", STALE, Bundle(), max_age=DAY // 2)


def cannot_decide():
    yield case("no bytes", CANNOT_DECIDE, b"")
    yield case("format 2", CANNOT_DECIDE, Bundle(edit={1: 2}))
    yield case("format 2 and nothing known", CANNOT_DECIDE,
               b"\x08\x02\xff\xff")
    yield case("another ledger", CANNOT_DECIDE, Bundle(), trust="other")
    yield case("a demonstration, not accepted", CANNOT_DECIDE,
               Bundle(demonstration=True))


def broken_bytes():
    good = Bundle()
    raw = good.bytes()
    for size in (1, 2, 60, len(raw) // 2, len(raw) - 1):
        yield fails("first %d bytes" % size, 1, raw[:size])
    yield fails("a byte more", 1, raw + b"\0")
    yield fails("an unknown field", 1, raw + f.field(15, b"x"))
    yield fails("format 0 left out", 1, good.edited({1: 0}))
    for number, name in ((3, "checkpoint"), (4, "issue header"),
                         (6, "content"), (7, "SM2 signature"),
                         (8, "P-256 signature"), (9, "status records"),
                         (10, "seal header"), (11, "seal payload"),
                         (13, "map path")):
        yield fails("no " + name, 1, good.edited({number: None}))


def broken_proofs():
    good = Bundle()
    for number, step, name in ((5, 3, "issue path"),
                               (12, 6, "seal path")):
        path = good.fields[number]
        yield fails(name + " one shorter", step,
                   good.edited({number: path[:-1]}))
        yield fails(name + " one longer", step,
                   good.edited({number: path + [bytes(32)]}))
        yield fails(name + " reversed", step,
                   good.edited({number: path[::-1]}))
        yield fails(name + " of 31 bytes", 1,
                   good.edited({number: [path[0][:31]] + path[1:]}))
    siblings = good.siblings
    for why, wrong in (("one shorter", siblings[:-1]),
                       ("an empty one more", siblings + [bytes(32)]),
                       ("one flipped", [bytes(32)] + siblings[1:])):
        yield fails("map path " + why, 7, good.edited(
            {13: (f.message({1: wrong}),)}))
    records = good.records
    yield fails("an older status as the current one", 7,
               good.edited({9: records[:1]}))
    yield fails("status records swapped", 1,
               good.edited({9: records[::-1]}))
    yield fails("a status twice", 1,
               good.edited({9: records + records[-1:]}))
    longer = Bundle(states=[{}, {}, {}, {}])
    yield fails("history with a gap", 1,
               longer.edited({9: longer.records[:2] + longer.records[3:]}))
    yield fails("history naming another record", 1,
               Bundle(states=[{}, {9: b"\5" * 32}]))
    yield fails("first status of version 2", 1, Bundle(
        states=[{8: 2, 9: b"\5" * 32}]))
    yield fails("a name that was not committed to", 1,
               Bundle(opened=True, opened_name="李四"))
    yield fails("a name twice", 1, Bundle(opened=True,
                                                  opened_times=2))


def forged_entries():
    number = content_fields()[2]
    yield fails("issue entry of another type", 3,
               Bundle(issue_type="dataip.registry.v1.Other"))
    yield fails("issue entry without the update", 4,
               Bundle(issue_updates=[]))
    yield fails("issue entry with the update of another number", 4,
               Bundle(issue_number="20241133000000002"))
    yield fails("status of another number", 4,
               Bundle(states=[{1: "20241133000000002"}]))
    yield fails("status of another ledger", 4,
               Bundle(states=[{2: "ledger.example/other"}]))
    yield fails("first status of another content", 4,
               Bundle(states=[{3: b"\6" * 32}, {}]))
    yield fails("current status of another content", 8,
               Bundle(states=[{}, {3: b"\6" * 32}], history=False))
    yield fails("content of another ledger", 4,
               Bundle(content={1: "ledger.example/other"}))
    yield fails("a status that says demonstration", 4,
               Bundle(states=[{10: True}]))
    for place, value, name in ((21, b"\xff", "number that it replaces"),
                               (22, [b"\xff"], "number of an older system")):
        yield fails("a %s that is no text" % name, 1,
                   Bundle(content={place: value}))
    yield fails("map without the certificate", 7,
               Bundle(map_without=number))
    yield fails("seal with a stream", 6, Bundle(
        seal={"stream": "x"}))
    yield fails("seal with an update", 6, Bundle(
        seal={"updates": [("a", bytes(32))]}))
    yield fails("seal of another type", 6, Bundle(
        seal={"type": "dataip.ledger.v1.TimeStamp"}))
    yield fails("seal that states another chain head", 6,
               Bundle(seal_head=bytes(32)))
    yield fails("seal payload of 65 bytes", 6,
               Bundle(seal_tail=b"\0"))
    good = Bundle()
    payload = bytearray(good.fields[11])
    payload[3] ^= 1
    yield fails("seal payload changed", 6,
               good.edited({11: bytes(payload)}))
    yield fails("an earlier seal", 6, Bundle(after_seal=1))


def forged_signatures():
    yield fails("SM2 line of another chain head", 6,
               Bundle(line_head=b"\7" * 32))
    yield fails("no line of the SM2 key", 2,
               Bundle(sign_with=["ed25519"]))
    yield fails("no line of the Ed25519 key", 2,
               Bundle(sign_with=["sm2"]))
    yield fails("checkpoint of another root", 3,
               Bundle(signed_root=bytes(32)))
    yield fails("checkpoint with an extension line", 2,
               Bundle(extension="extension\n"))
    yield fails("checkpoint of another origin", 2,
               Bundle(checkpoint_origin="ledger.example/other"))
    for kind in ("ed25519", "sm2"):
        yield fails("checkpoint's %s signature flipped" % kind, 2,
                   Bundle(spoil_line=kind))
    yield fails("no witness, one needed", 2, Bundle(),
               trust="witness")
    yield fails("a witness whose signature fails", 2,
               Bundle(witnessed=True, spoil_line="cosignature"),
               trust="quorum 0")
    for name in ("sm2", "p256"):
        yield fails("content's %s signature of another content" % name, 5,
                    Bundle(spoil_content=name))
        yield fails("content's %s key is not the one it names" % name, 5,
                    Bundle(other_key=name))
        yield fails("%s chain to another authority" % name, 5,
                   Bundle(other_authority=name))
        yield fails("%s leaf not valid yet at issue" % name, 5,
                   Bundle(late_leaf=name))
    yield fails("content signed for another ledger", 5,
               Bundle(signed_origin="ledger.example/other"))
    good = Bundle()
    yield fails("signatures of the two algorithms swapped", 5,
               good.edited({7: good.fields[8], 8: good.fields[7]}))


def bundle():
    groups = (genuine, not_in_force, cannot_decide, broken_bytes,
              broken_proofs, forged_entries, forged_signatures)
    trusts = {"plain": trust(), "witness": trust(quorum=1),
              "quorum 0": trust(quorum=0, witness=True),
              "demonstration": trust(demonstration=True),
              "other": trust(origin="ledger.example/other")}
    return {"kind": "bundle",
            "trusts": {name: json.dumps(t, ensure_ascii=False)
                       for name, t in trusts.items()},
            "cases": [c for group in groups for c in group()]}


def certificate_case(why, content, origin, keys, valid=True):
    raw = f.message(content)
    message = f.certificate_message(origin, raw)
    return {
        "why": why, "origin": origin, "content": raw.hex(),
        "content_sha256": f.sha256(raw).hex(), "message": message.hex(),
        "number": content[2], "registration_number": content[3],
        "application_no": content.get(4, ""), "name": content[5],
        "holders": len(content[6]), "valid_from": content[16],
        "valid_to": content[17], "demonstration": bool(content.get(20)),
        "replaces": content.get(21, ""),
        "legacy_numbers": [n.decode() for n in content.get(22, [])],
        "map_key_hash":
            f.sha256(b"certificates/" + content[2].encode()).hex(),
        "signatures": [
            {"algorithm": k.algorithm, "public_key": k.raw.hex(),
             "key_id": key_id(k), "signature": k.sign(
                 message if valid else message + b"x").hex(),
             "valid": valid} for k in keys]}


def status_case(why, fields):
    raw = f.message(fields)
    seconds = 1720144800
    return {"why": why, "record": raw.hex(), "sha256": f.sha256(raw).hex(),
            "number": fields[1], "state": fields[4],
            "version": fields[8], "decided_at_ms": seconds * 1000,
            "overlays": len(fields.get(6, [])),
            "replaced_by": fields.get(5, ""),
            "demonstration": bool(fields.get(10))}


def certificate():
    keys = list(CONTENT_KEYS.values())
    demo = dict(content_fields())
    demo[20] = True
    cases = [
        certificate_case("plain", content_fields(), ORIGIN, keys),
        certificate_case("demonstration", demo, ORIGIN, keys),
        certificate_case("another origin", content_fields(),
                         "ledger.example/other", keys),
        certificate_case("signed for other bytes", content_fields(), ORIGIN,
                         keys, valid=False)]
    newer = dict(content_fields())
    newer[21] = "20241133000000009"
    older = dict(content_fields())
    older.update(LEGACY)
    del older[4], older[15]  # nothing was filed or deposited here
    for why, content in (("a new sheet", newer),
                         ("of an older system", older)):
        cases.append(certificate_case(why, content, ORIGIN, keys))
    first = record_fields(f.sha256(b"content"), 1, None)
    first[7] = f.timestamp(1720144800000)
    later = dict(first)
    later.update({8: 2, 9: f.sha256(f.message(first)),
                  6: [overlay(PLEDGE, 1), overlay(FREEZE)]})
    replaced = dict(later)
    replaced.update({4: REPLACED, 5: "20241133000000009", 10: True})
    return {"kind": "certificate", "cases": cases,
            "status_records": [status_case("first", first),
                               status_case("with overlays", later),
                               status_case("replaced", replaced)]}
