"""SM3, SM2, ECDSA P-256 and Ed25519 in plain arithmetic, for vectors only.

Nothing here is shared with the project's code. Nonces are derived from key and
message, so that the same vectors come out on every run.
"""

import hashlib
import hmac

SM2_USER_ID = b"1234567812345678"


# SM3, GB/T 32905.
def sm3(data):
    def rotl(x, n):
        n %= 32
        return ((x << n) | (x >> (32 - n))) & 0xffffffff

    state = [0x7380166f, 0x4914b2b9, 0x172442d7, 0xda8a0600,
             0xa96f30bc, 0x163138aa, 0xe38dee4d, 0xb0fb0e4e]
    padded = (data + b"\x80" + bytes((55 - len(data)) % 64) +
              (8 * len(data)).to_bytes(8, "big"))
    for start in range(0, len(padded), 64):
        w = [int.from_bytes(padded[start + 4 * i:start + 4 * i + 4], "big")
             for i in range(16)]
        for j in range(16, 68):
            x = w[j - 16] ^ w[j - 9] ^ rotl(w[j - 3], 15)
            x ^= rotl(x, 15) ^ rotl(x, 23)
            w.append(x ^ rotl(w[j - 13], 7) ^ w[j - 6])
        a, b, c, d, e, f, g, h = state
        for j in range(64):
            t = 0x79cc4519 if j < 16 else 0x7a879d8a
            ss1 = rotl((rotl(a, 12) + e + rotl(t, j)) & 0xffffffff, 7)
            ss2 = ss1 ^ rotl(a, 12)
            ff = a ^ b ^ c if j < 16 else (a & b) | (a & c) | (b & c)
            gg = e ^ f ^ g if j < 16 else (e & f) | (~e & 0xffffffff & g)
            tt1 = (ff + d + ss2 + (w[j] ^ w[j + 4])) & 0xffffffff
            tt2 = (gg + h + ss1 + w[j]) & 0xffffffff
            a, b, c, d = tt1, a, rotl(b, 9), c
            e, f, g, h = (tt2 ^ rotl(tt2, 9) ^ rotl(tt2, 17), e, rotl(f, 19),
                          g)
        state = [x ^ y for x, y in zip(state, (a, b, c, d, e, f, g, h))]
    return b"".join(x.to_bytes(4, "big") for x in state)


class Curve:
    """A short Weierstrass curve with a = -3."""

    def __init__(self, p, b, gx, gy, n):
        self.p, self.b, self.n = p, b, n
        self.a = p - 3
        self.g = (gx, gy)

    def add(self, left, right):
        if left is None:
            return right
        if right is None:
            return left
        (x1, y1), (x2, y2) = left, right
        if x1 == x2:
            if (y1 + y2) % self.p == 0:
                return None
            slope = (3 * x1 * x1 + self.a) * pow(2 * y1, -1, self.p)
        else:
            slope = (y2 - y1) * pow(x2 - x1, -1, self.p)
        x3 = (slope * slope - x1 - x2) % self.p
        return x3, (slope * (x1 - x3) - y1) % self.p

    def times(self, k, point):
        total = None
        while k:
            if k & 1:
                total = self.add(total, point)
            point = self.add(point, point)
            k >>= 1
        return total

    def raw(self, point):
        return b"\x04" + b"".join(x.to_bytes(32, "big") for x in point)


P256 = Curve(
    0xffffffff00000001000000000000000000000000ffffffffffffffffffffffff,
    0x5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604b,
    0x6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296,
    0x4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5,
    0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551)
SM2 = Curve(
    0xfffffffeffffffffffffffffffffffffffffffff00000000ffffffffffffffff,
    0x28e9fa9e9d9f5e344d5a9e4bcf6509a7f39789f515ab8f92ddbcbd414d940e93,
    0x32c4ae2c1f1981195f9904466a39c9948fe30bbff2660be1715a4589334c74c7,
    0xbc3736a2f4f6779c59bdcee36b692153d0a9877cc62a474002df32e52139f0a0,
    0xfffffffeffffffffffffffffffffffff7203df6b21c6052b53bbf40939d54123)


def der(tag, content):
    size = len(content)
    if size < 128:
        return bytes([tag, size]) + content
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(length)]) + length + content


def der_integer(number):
    return der(2, number.to_bytes(number.bit_length() // 8 + 1, "big"))


def der_signature(r, s):
    return der(0x30, der_integer(r) + der_integer(s))


def nonce(seed, n):
    counter = 0
    while True:
        k = int.from_bytes(
            hmac.digest(seed, counter.to_bytes(4, "big"), "sha512"),
            "big") % n
        if k:
            return k
        counter += 1


def sm2_digest(public, message, user_id):
    curve = SM2
    z = sm3((8 * len(user_id)).to_bytes(2, "big") + user_id + b"".join(
        x.to_bytes(32, "big")
        for x in (curve.a, curve.b, *curve.g, *public)))
    return int.from_bytes(sm3(z + message), "big")


class Sm2Key:
    algorithm = "sm2"
    byte = 1

    def __init__(self, secret):
        self.d = nonce(b"sm2" + secret, SM2.n - 2)
        self.public = SM2.times(self.d, SM2.g)
        self.raw = SM2.raw(self.public)

    def sign(self, message, user_id=SM2_USER_ID):
        e = sm2_digest(self.public, message, user_id)
        n = SM2.n
        tries = 0
        while True:
            k = nonce(self.d.to_bytes(32, "big") + message + bytes([tries]), n)
            r = (e + SM2.times(k, SM2.g)[0]) % n
            s = pow(1 + self.d, -1, n) * (k - r * self.d) % n
            if r and s and r + k != n:
                return der_signature(r, s)
            tries += 1


class P256Key:
    algorithm = "p256"
    byte = 2

    def __init__(self, secret):
        self.d = nonce(b"p256" + secret, P256.n)
        self.public = P256.times(self.d, P256.g)
        self.raw = P256.raw(self.public)

    def sign(self, message):
        e = int.from_bytes(hashlib.sha256(message).digest(), "big")
        n = P256.n
        k = nonce(self.d.to_bytes(32, "big") + message, n)
        r = P256.times(k, P256.g)[0] % n
        s = pow(k, -1, n) * (e + r * self.d) % n
        return der_signature(r, s)


# Ed25519, RFC 8032, extended coordinates.
ED_P = 2**255 - 19
ED_L = 2**252 + 27742317777372353535851937790883648493
ED_D = -121665 * pow(121666, -1, ED_P) % ED_P
ED_GY = 4 * pow(5, -1, ED_P) % ED_P


def ed_recover_x(y, sign):
    x2 = (y * y - 1) * pow(ED_D * y * y + 1, -1, ED_P) % ED_P
    x = pow(x2, (ED_P + 3) // 8, ED_P)
    if (x * x - x2) % ED_P:
        x = x * pow(2, (ED_P - 1) // 4, ED_P) % ED_P
    return ED_P - x if x % 2 != sign else x


def ed_add(left, right):
    a = (left[1] - left[0]) * (right[1] - right[0])
    b = (left[1] + left[0]) * (right[1] + right[0])
    c = 2 * left[3] * right[3] * ED_D
    d = 2 * left[2] * right[2]
    e, f, g, h = b - a, d - c, d + c, b + a
    return tuple(x % ED_P for x in (e * f, g * h, f * g, e * h))


def ed_times(k, point):
    total = (0, 1, 1, 0)
    while k:
        if k & 1:
            total = ed_add(total, point)
        point = ed_add(point, point)
        k >>= 1
    return total


def ed_encode(point):
    inverse = pow(point[2], -1, ED_P)
    x, y = point[0] * inverse % ED_P, point[1] * inverse % ED_P
    return (y | (x & 1) << 255).to_bytes(32, "little")


ED_GX = ed_recover_x(ED_GY, 0)
ED_G = (ED_GX, ED_GY, 1, ED_GX * ED_GY % ED_P)


class Ed25519Key:
    algorithm = "ed25519"
    byte = 3

    def __init__(self, secret):
        expanded = hashlib.sha512(hashlib.sha256(secret).digest()).digest()
        a = int.from_bytes(expanded[:32], "little")
        self.a = a & ((1 << 254) - 8) | 1 << 254
        self.prefix = expanded[32:]
        self.raw = ed_encode(ed_times(self.a, ED_G))

    def sign(self, message):
        r = int.from_bytes(hashlib.sha512(self.prefix + message).digest(),
                           "little") % ED_L
        point = ed_encode(ed_times(r, ED_G))
        k = int.from_bytes(
            hashlib.sha512(point + self.raw + message).digest(), "little")
        s = (r + k * self.a) % ED_L
        return point + s.to_bytes(32, "little")


def key_id(key):
    return hashlib.sha256(bytes([key.byte]) + key.raw).hexdigest()
