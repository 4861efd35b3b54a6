#include "core/crypto/ed25519_point.h"

#include <algorithm>
#include <array>

#include "core/base/status_macros.h"
#include "core/crypto/openssl.h"

namespace dataip::crypto {
namespace {

constexpr size_t kKeyBytes = 32;

BnPtr FromHex(const char* hex) {
  BIGNUM* number = nullptr;
  DATAIP_ASSERT(BN_hex2bn(&number, hex) != 0);
  return BnPtr(number);
}

struct Curve {
  BnPtr p = FromHex(
      "7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffed");
  BnPtr d = FromHex(
      "52036cee2b6ffe738cc740797779e89800700a4d4141d8ab75eb4dca135978a3");
  // The y of every point of order 1, 2, 4 and 8; x and -x share one.
  std::array<BnPtr, 5> small_order_y = {
      FromHex("01"),
      FromHex(
          "7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffec"),
      FromHex("00"),
      FromHex(
          "7a03ac9277fdc74ec6cc392cfa53202a0f67100d760b3cba4fd84d3d706a17c7"),
      FromHex(
          "05fc536d880238b13933c6d305acdfd5f098eff289f4c345b027b2c28f95e826"),
  };
};

const Curve& TheCurve() {
  static const Curve* const curve = new Curve;
  return *curve;
}

// x^2 = (y^2 - 1) / (d y^2 + 1) has a root exactly when the product of both
// sides of the fraction is a square.
bool HasX(const BIGNUM* y, const Curve& curve) {
  const BnCtxPtr ctx(BN_CTX_new());
  const BnPtr y2(BN_new()), above(BN_new()), below(BN_new());
  DATAIP_ASSERT(ctx && y2 && above && below);
  const BIGNUM* const p = curve.p.get();
  DATAIP_ASSERT(BN_mod_sqr(y2.get(), y, p, ctx.get()) == 1);
  DATAIP_ASSERT(
      BN_mod_sub(above.get(), y2.get(), BN_value_one(), p, ctx.get()) == 1);
  DATAIP_ASSERT(
      BN_mod_mul(below.get(), y2.get(), curve.d.get(), p, ctx.get()) == 1);
  DATAIP_ASSERT(
      BN_mod_add(below.get(), below.get(), BN_value_one(), p, ctx.get()) == 1);
  DATAIP_ASSERT(
      BN_mod_mul(above.get(), above.get(), below.get(), p, ctx.get()) == 1);
  return BN_kronecker(above.get(), p, ctx.get()) == 1;
}

}  // namespace

bool IsEnrollableEd25519(Bytes raw) {
  if (raw.size() != kKeyBytes) return false;
  std::array<uint8_t, kKeyBytes> encoded;
  std::copy(raw.begin(), raw.end(), encoded.begin());
  encoded.back() &= 0x7f;  // the sign of x
  const Curve& curve = TheCurve();
  const BnPtr y(BN_lebin2bn(encoded.data(), kKeyBytes, nullptr));
  DATAIP_ASSERT(y != nullptr);
  if (BN_cmp(y.get(), curve.p.get()) >= 0) return false;
  for (const BnPtr& small : curve.small_order_y) {
    if (BN_cmp(y.get(), small.get()) == 0) return false;
  }
  return HasX(y.get(), curve);
}

}  // namespace dataip::crypto
