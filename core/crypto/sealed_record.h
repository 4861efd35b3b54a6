// Records encrypted at rest (rules 6.1: never without a MAC; OpenSSL 3.0 has
// no SM4-GCM): SM4-CTR, then HMAC-SM3 over all that the reader relies on. A
// record opens only under the name that it was sealed for, so that records
// cannot change places.
//
//   record = 01 | iv (16) | SM4-CTR(k1, iv, value) | mac (32)
//   mac    = HMAC-SM3(k2, "dataip.sealed.v1" 00 | length of name (8) | name |
//            length of value (8) | iv | encrypted value)
//   k1     = first 16 bytes of HMAC-SM3(master, "dataip.sealed.v1 sm4")
//   k2     = HMAC-SM3(master, "dataip.sealed.v1 hmac")
//
// Lengths are big endian.
#pragma once

#include <cstddef>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace dataip::crypto {

inline constexpr size_t kMasterKeyBytes = 32;
inline constexpr size_t kSm4KeyBytes = 16;
inline constexpr size_t kSm4IvBytes = 16;
// What a record is longer than its value.
inline constexpr size_t kSealedOverheadBytes = 1 + kSm4IvBytes + 32;

// 32 bytes.
std::string HmacSm3(absl::string_view key, absl::string_view message);

// Encrypts and decrypts alike. `key` and `iv` must be 16 bytes.
std::string Sm4Ctr(absl::string_view key, absl::string_view iv,
                   absl::string_view text);

// A value: copies are independent. Const calls are thread safe.
class RecordSealer {
 public:
  // INVALID_ARGUMENT when the master key is not 32 bytes.
  static absl::StatusOr<RecordSealer> Create(absl::string_view master_key);

  // Each call with a random IV of its own.
  std::string Seal(absl::string_view name, absl::string_view value) const;

  // DATA_LOSS when the record was not sealed under this key and name, or was
  // changed since; which of them cannot be told, and nothing is decrypted.
  absl::StatusOr<std::string> Open(absl::string_view name,
                                   absl::string_view record) const;

 private:
  explicit RecordSealer(absl::string_view master_key);

  struct Sealed {
    absl::string_view name;
    absl::string_view iv;
    absl::string_view encrypted;
  };
  std::string MacOf(const Sealed& sealed) const;

  std::string encryption_key_;
  std::string mac_key_;
};

}  // namespace dataip::crypto
