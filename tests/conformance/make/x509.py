"""Smallest X.509 certificates, written by hand, for bundle vectors."""

import base64

from curves import Sm2Key, der, der_integer

OIDS = {
    "sm2": bytes.fromhex("2a811ccf5501822d"),
    "sm2_with_sm3": bytes.fromhex("2a811ccf55018375"),
    "p256": bytes.fromhex("2a8648ce3d030107"),
    "ecdsa_with_sha256": bytes.fromhex("2a8648ce3d040302"),
    "ec_public_key": bytes.fromhex("2a8648ce3d0201"),
    "common_name": bytes.fromhex("550403"),
    "basic_constraints": bytes.fromhex("551d13"),
    "key_usage": bytes.fromhex("551d0f"),
    "subject_key_id": bytes.fromhex("551d0e"),
    "authority_key_id": bytes.fromhex("551d23"),
}


def oid(name):
    return der(6, OIDS[name])


def algorithm_of(key):
    name = "sm2_with_sm3" if isinstance(key, Sm2Key) else "ecdsa_with_sha256"
    return der(0x30, oid(name))


def name_of(text):
    attribute = der(0x30, oid("common_name") + der(0x0c, text.encode()))
    return der(0x30, der(0x31, attribute))


def time_of(text):
    """YYYYMMDDHHMMSSZ before 2050."""
    return der(0x17, text[2:].encode())


def spki(key):
    curve = "sm2" if isinstance(key, Sm2Key) else "p256"
    return der(0x30, der(0x30, oid("ec_public_key") + oid(curve)) +
               der(3, b"\0" + key.raw))


def extension(name, value, critical):
    flag = der(1, b"\xff") if critical else b""
    return der(0x30, oid(name) + flag + der(4, value))


def key_identifier(key):
    import hashlib
    return hashlib.sha1(key.raw).digest()


def certificate(subject, key, issuer, issuer_key, authority,
                not_before="20200101000000Z", not_after="20400101000000Z",
                serial=1):
    if authority:
        basic = der(0x30, der(1, b"\xff"))
        usage = der(3, bytes([1, 0b00000110]))  # keyCertSign, cRLSign
    else:
        basic = der(0x30, b"")
        usage = der(3, bytes([7, 0b10000000]))  # digitalSignature
    extensions = extension("basic_constraints", basic, True)
    extensions += extension("key_usage", usage, True)
    extensions += extension("subject_key_id", der(4, key_identifier(key)),
                            False)
    extensions += extension("authority_key_id",
                            der(0x30, der(0x80, key_identifier(issuer_key))),
                            False)
    body = der(0x30, der(0xa0, der_integer(2)) + der_integer(serial) +
               algorithm_of(issuer_key) + name_of(issuer) +
               der(0x30, time_of(not_before) + time_of(not_after)) +
               name_of(subject) + spki(key) +
               der(0xa3, der(0x30, extensions)))
    signature = issuer_key.sign(body)
    return der(0x30, body + algorithm_of(issuer_key) +
               der(3, b"\0" + signature))


def pem(certificate_der):
    text = base64.b64encode(certificate_der).decode()
    lines = [text[i:i + 64] for i in range(0, len(text), 64)]
    return ("-----BEGIN CERTIFICATE-----\n" + "\n".join(lines) +
            "\n-----END CERTIFICATE-----\n")
