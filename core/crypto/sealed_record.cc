#include "core/crypto/sealed_record.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <cstdint>

#include "absl/strings/str_cat.h"
#include "core/base/status_macros.h"
#include "core/crypto/openssl.h"
#include "core/crypto/random.h"
#include "core/hash/hash.h"

namespace dataip::crypto {
namespace {

using CipherPtr = std::unique_ptr<EVP_CIPHER_CTX, Freer<EVP_CIPHER_CTX_free>>;

constexpr char kVersion = 1;
constexpr absl::string_view kDomain = "dataip.sealed.v1";

const unsigned char* UnsignedOf(absl::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

std::string LengthOf(absl::string_view text) {
  std::string bytes(8, '\0');
  uint64_t length = text.size();
  for (size_t i = bytes.size(); i-- > 0; length >>= 8) {
    bytes[i] = static_cast<char>(length & 0xff);
  }
  return bytes;
}

absl::Status NotOurs() {
  return absl::DataLossError(
      "a sealed record does not open: it was changed, belongs elsewhere, or "
      "was sealed under another key");
}

}  // namespace

std::string HmacSm3(absl::string_view key, absl::string_view message) {
  const ErrorQueueCleaner cleaner;
  std::string mac(hash::kHashBytes, '\0');
  unsigned int length = 0;
  DATAIP_ASSERT(key.size() <= INT32_MAX);
  DATAIP_ASSERT(HMAC(EVP_sm3(), key.data(), static_cast<int>(key.size()),
                     UnsignedOf(message), message.size(),
                     reinterpret_cast<unsigned char*>(mac.data()),
                     &length) != nullptr);
  DATAIP_ASSERT(length == mac.size());
  return mac;
}

std::string Sm4Ctr(absl::string_view key, absl::string_view iv,
                   absl::string_view text) {
  const ErrorQueueCleaner cleaner;
  DATAIP_ASSERT(key.size() == kSm4KeyBytes && iv.size() == kSm4IvBytes);
  DATAIP_ASSERT(text.size() <= INT32_MAX);
  const CipherPtr cipher(EVP_CIPHER_CTX_new());
  DATAIP_ASSERT(cipher != nullptr);
  DATAIP_ASSERT(EVP_EncryptInit_ex(cipher.get(), EVP_sm4_ctr(), nullptr,
                                   UnsignedOf(key), UnsignedOf(iv)) == 1);
  std::string out(text.size(), '\0');
  if (text.empty()) return out;
  int length = 0;
  DATAIP_ASSERT(EVP_EncryptUpdate(cipher.get(),
                                  reinterpret_cast<unsigned char*>(out.data()),
                                  &length, UnsignedOf(text),
                                  static_cast<int>(text.size())) == 1);
  DATAIP_ASSERT(static_cast<size_t>(length) == out.size());
  return out;
}

absl::StatusOr<RecordSealer> RecordSealer::Create(
    absl::string_view master_key) {
  if (master_key.size() != kMasterKeyBytes) {
    return absl::InvalidArgumentError("a master key has 32 bytes");
  }
  return RecordSealer(master_key);
}

RecordSealer::RecordSealer(absl::string_view master_key)
    : encryption_key_(HmacSm3(master_key, absl::StrCat(kDomain, " sm4"))
                          .substr(0, kSm4KeyBytes)),
      mac_key_(HmacSm3(master_key, absl::StrCat(kDomain, " hmac"))) {}

std::string RecordSealer::MacOf(const Sealed& sealed) const {
  return HmacSm3(mac_key_, absl::StrCat(kDomain, absl::string_view("\0", 1),
                                        LengthOf(sealed.name), sealed.name,
                                        LengthOf(sealed.encrypted), sealed.iv,
                                        sealed.encrypted));
}

std::string RecordSealer::Seal(absl::string_view name,
                               absl::string_view value) const {
  const std::string iv = RandomBytes(kSm4IvBytes);
  const std::string encrypted = Sm4Ctr(encryption_key_, iv, value);
  return absl::StrCat(absl::string_view(&kVersion, 1), iv, encrypted,
                      MacOf({name, iv, encrypted}));
}

absl::StatusOr<std::string> RecordSealer::Open(absl::string_view name,
                                               absl::string_view record) const {
  if (record.size() < kSealedOverheadBytes || record[0] != kVersion) {
    return NotOurs();
  }
  const size_t length = record.size() - kSealedOverheadBytes;
  const absl::string_view iv = record.substr(1, kSm4IvBytes);
  const absl::string_view encrypted = record.substr(1 + kSm4IvBytes, length);
  const absl::string_view mac = record.substr(1 + kSm4IvBytes + length);
  const std::string expected = MacOf({name, iv, encrypted});
  if (CRYPTO_memcmp(mac.data(), expected.data(), expected.size()) != 0) {
    return NotOurs();
  }
  return Sm4Ctr(encryption_key_, iv, encrypted);
}

}  // namespace dataip::crypto
