// IsStrictSignature accepts just what OpenSSL reads, writes back unchanged and
// finds in range.
#include <openssl/ec.h>
#include <openssl/err.h>

#include <cstdlib>
#include <vector>

#include "core/crypto/verify.h"

namespace {

using dataip::Bytes;

// The order of P-256.
const BIGNUM* Order() {
  static const BIGNUM* const order = [] {
    BIGNUM* number = nullptr;
    BN_hex2bn(&number,
              "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc6325"
              "51");
    return number;
  }();
  return order;
}

bool InRange(const BIGNUM* scalar) {
  return BN_is_negative(scalar) == 0 && BN_is_zero(scalar) == 0 &&
         BN_cmp(scalar, Order()) < 0;
}

bool IsStrictByOpenSsl(Bytes bytes) {
  const unsigned char* at = bytes.data();
  ECDSA_SIG* const parsed =
      d2i_ECDSA_SIG(nullptr, &at, static_cast<long>(bytes.size()));
  ERR_clear_error();
  if (parsed == nullptr) return false;
  unsigned char* again = nullptr;
  const int size = i2d_ECDSA_SIG(parsed, &again);
  const bool same =
      size > 0 && std::vector<uint8_t>(again, again + size) ==
                      std::vector<uint8_t>(bytes.begin(), bytes.end());
  const bool in_range =
      InRange(ECDSA_SIG_get0_r(parsed)) && InRange(ECDSA_SIG_get0_s(parsed));
  OPENSSL_free(again);
  ECDSA_SIG_free(parsed);
  return same && in_range;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  const Bytes input(bytes, size);
  const bool strict = dataip::crypto::IsStrictSignature(
      dataip::crypto::Algorithm::kP256, input);
  if (strict != IsStrictByOpenSsl(input)) std::abort();
  return 0;
}
