// The kinds of vector files, one function a kind. Each runs all cases of a
// file and stops at the first that differs: DATA_LOSS with the case, what was
// expected and what came out. INVALID_ARGUMENT when the file is not of its
// form.
#pragma once

#include <cstddef>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "core/hash/hash.h"
#include "tests/conformance/json.h"

namespace dataip::conformance {

// Counts comparisons, and words the first difference.
class Tally {
 public:
  // What the following comparisons are about, e.g. "entries[3] header".
  void Case(std::string name) { case_ = std::move(name); }

  absl::Status Same(absl::string_view what, absl::string_view expected,
                    absl::string_view got);
  // Bytes are shown as hex.
  absl::Status SameBytes(absl::string_view what, absl::string_view expected,
                         absl::string_view got);
  absl::Status SameHash(absl::string_view what, const hash::Hash& expected,
                        const hash::Hash& got);
  absl::Status SameNumber(absl::string_view what, uint64_t expected,
                          uint64_t got);
  absl::Status Holds(absl::string_view what, bool holds);

  size_t comparisons() const { return comparisons_; }

 private:
  std::string case_;
  size_t comparisons_ = 0;
};

absl::Status RunLedger(const Json& file, Tally& tally);
absl::Status RunMap(const Json& file, Tally& tally);
absl::Status RunRejectHeader(const Json& file, Tally& tally);
absl::Status RunCommand(const Json& file, Tally& tally);
absl::Status RunCertificate(const Json& file, Tally& tally);
absl::Status RunBundle(const Json& file, Tally& tally);
absl::Status RunOpening(const Json& file, Tally& tally);
absl::Status RunDeposit(const Json& file, Tally& tally);
absl::Status RunRefusedProtobuf(const Json& file, Tally& tally);

// Runs the file by its `kind`.
absl::Status RunFile(const std::string& path, Tally& tally);

}  // namespace dataip::conformance
