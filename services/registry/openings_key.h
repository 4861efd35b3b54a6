// The master keys of the store, one for openings and one for sketches: each a
// file of 64 hex digits and a line feed, readable by its owner only. Without
// theirs the openings are lost; who copies the data folder without it has
// copied nothing that can be read. Sketches are made again under a new key.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "core/crypto/sealed_record.h"

namespace dataip::registryd {

// Of the setting: 32 bytes. NOT_FOUND without the file, INVALID_ARGUMENT when
// it holds anything else.
absl::StatusOr<std::string> ReadMasterKey(const std::string& setting,
                                          const std::string& path);
// Writes a new key with mode 0600, whole or not at all. ALREADY_EXISTS when
// something stands there.
absl::StatusOr<std::string> MakeMasterKey(const std::string& path);

// NOT_FOUND without the file, INVALID_ARGUMENT when it holds anything else.
absl::StatusOr<crypto::RecordSealer> ReadOpeningsKey(const std::string& path);

absl::StatusOr<crypto::RecordSealer> MakeOpeningsKey(const std::string& path);

}  // namespace dataip::registryd
