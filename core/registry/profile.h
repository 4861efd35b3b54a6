// A rule profile: deadlines, terms, grounds and what may be registered, as
// data with source and confidence (rules 2.4, 2.5). Nothing of it is a
// constant in code.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace dataip::registry {

// Keys that the rules read.
inline constexpr char kCorrectionWindow[] = "correction.window";
inline constexpr char kPublicity[] = "publicity";
inline constexpr char kCertificateTerm[] = "certificate.term";
inline constexpr char kRenewalWindow[] = "renewal.window";
inline constexpr char kRenewalGrace[] = "renewal.grace";
inline constexpr char kChangeFileWithin[] = "change.file_within";
inline constexpr char kCosignWindow[] = "cosign.window";
inline constexpr char kRegistryCode[] = "number.registry_code";
inline constexpr char kObjectKinds[] = "object.kinds";
inline constexpr char kPublicStates[] = "object.public_states";
inline constexpr char kAiShares[] = "object.ai_processing_shares";
inline constexpr char kValueMetric[] = "metric.realised_value";
inline constexpr char kGroundPrefix[] = "ground.";

// One line of the CSV.
struct ProfileValue {
  std::string value;
  std::string unit;        // working_days, years, months, hours, text, ...
  std::string clause;      // where it stands in the source, free text
  std::string confidence;  // SOURCED, WEAK, RECALLED, ASSUMED, LOCAL_DECISION
};

class Profile {
 public:
  // `key,value,unit,clause,confidence`. Fails with INVALID_ARGUMENT on another
  // header, a repeated or empty key, an unknown confidence, a number that is
  // not one, or when a key that the rules read is missing or out of range.
  static absl::StatusOr<Profile> Parse(absl::string_view csv);

  // NOT_FOUND when the key is missing, INVALID_ARGUMENT when its unit or value
  // is another.
  absl::StatusOr<uint32_t> WorkingDays(absl::string_view key) const;
  absl::StatusOr<uint32_t> Years(absl::string_view key) const;
  absl::StatusOr<uint32_t> Months(absl::string_view key) const;
  absl::StatusOr<uint32_t> Hours(absl::string_view key) const;
  absl::StatusOr<std::string> Text(absl::string_view key) const;

  // Whether a list value (words between `;`) holds the word.
  bool Lists(absl::string_view key, absl::string_view word) const;
  // Text of a ground of refusal, e.g. `R03`; empty when there is none.
  absl::string_view GroundText(absl::string_view code) const;
  // Empty when the key is missing.
  absl::string_view ClauseOf(absl::string_view key) const;

  const std::map<std::string, ProfileValue, std::less<>>& values() const {
    return values_;
  }

 private:
  absl::StatusOr<uint32_t> Number(absl::string_view key,
                                  absl::string_view unit) const;

  std::map<std::string, ProfileValue, std::less<>> values_;
};

}  // namespace dataip::registry
