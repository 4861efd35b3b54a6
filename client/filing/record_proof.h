// Proof of one record of a deposited file, as a JSON file (formats.md 10).
//   {"format": 1, "file_sha256": hex, "leaf_count": N, "record_index": N,
//    "record": base64, "salt": hex, "path": [hex, ...]}
#pragma once

#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"
#include "client/filing/deposit.h"

namespace dataip::client {

std::string FormatRecordProof(const FileDeposit& deposit,
                              const RecordProof& record);

struct RecordVerdict {
  enum class Kind {
    kProved,        // the record stood in the deposited file
    kRefused,       // it did not, or the proof is malformed
    kCannotDecide,  // a higher format
  };
  Kind kind = Kind::kRefused;
  uint64_t index = 0;
  std::string record;  // in clear; empty unless proved
  std::string explanation_zh;
  std::string explanation_en;
};

// Checks the proof against the deposit in the bundle's certificate. Says
// nothing about the certificate itself: see core/verify/check.h.
RecordVerdict CheckRecordProof(absl::string_view proof,
                               const std::string& bundle);

}  // namespace dataip::client
