// Checks a bundle against a trust file, without any server (formats.md 8).
#pragma once

#include <cstdint>
#include <optional>

#include "absl/status/statusor.h"
#include "core/hash/hash.h"
#include "core/proof/bundle.h"
#include "core/verify/report.h"
#include "core/verify/trust.h"

namespace dataip::verify {

struct CheckOptions {
  // The verifier's clock, Unix ms. core reads none.
  int64_t now_ms = 0;
  // `--at`: the instant asked for. Absent: now, in a demonstration the
  // current record's time of decision.
  std::optional<int64_t> at_ms;
  // `--max-age`: absent = the trust file's.
  std::optional<int64_t> max_age_ms;
  // `--require unpledged,undisputed`.
  bool require_unpledged = false;
  bool require_undisputed = false;
};

// What the steps without signatures take from a trust file.
proof::BundleTrust BundleTrustOf(const Trust& trust);

// Makes every step of formats.md 8 that can be made, and concludes. Answers
// with a report for whatever bytes it gets; a Status (INVALID_ARGUMENT) only
// when there are none, which is "cannot decide" (22) as well.
absl::StatusOr<Report> Check(Bytes bundle, const Trust& trust,
                             const CheckOptions& options);

}  // namespace dataip::verify
