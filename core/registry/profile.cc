#include "core/registry/profile.h"

#include <array>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "core/base/status_macros.h"
#include "core/registry/tables.h"

namespace dataip::registry {
namespace {

// No deadline, term or window of a profile is longer, in any unit.
constexpr uint32_t kLargestNumber = 10'000;
// Whatever the profile says, terms and lives stay computable.
constexpr uint32_t kLongestTermYears = 100;

constexpr std::array<absl::string_view, 5> kNumberUnits = {
    "working_days", "years", "months", "hours", "days"};
constexpr std::array<absl::string_view, 5> kConfidences = {
    "SOURCED", "WEAK", "RECALLED", "ASSUMED", "LOCAL_DECISION"};

template <typename List>
bool Holds(const List& list, absl::string_view word) {
  for (absl::string_view item : list) {
    if (item == word) return true;
  }
  return false;
}

bool IsFourDigits(absl::string_view text) {
  if (text.size() != 4) return false;
  for (char c : text) {
    if (c < '0' || c > '9') return false;
  }
  return true;
}

absl::Status CheckRead(const absl::StatusOr<uint32_t>& number, uint32_t most,
                       absl::string_view key) {
  RETURN_IF_ERROR(number.status());
  if (*number < 1 || *number > most) {
    return absl::InvalidArgumentError(
        absl::StrCat(key, " is not from 1 to ", most));
  }
  return absl::OkStatus();
}

// What the rules read must be there, so that no decision fails for it later.
absl::Status CheckComplete(const Profile& profile) {
  RETURN_IF_ERROR(CheckRead(profile.WorkingDays(kCorrectionWindow),
                            kLargestNumber, kCorrectionWindow));
  RETURN_IF_ERROR(
      CheckRead(profile.WorkingDays(kPublicity), kLargestNumber, kPublicity));
  RETURN_IF_ERROR(CheckRead(profile.Years(kCertificateTerm), kLongestTermYears,
                            kCertificateTerm));
  RETURN_IF_ERROR(
      CheckRead(profile.Hours(kCosignWindow), kLargestNumber, kCosignWindow));
  for (absl::string_view key :
       {kRegistryCode, kObjectKinds, kPublicStates, kAiShares, kValueMetric}) {
    RETURN_IF_ERROR(profile.Text(key).status());
  }
  if (!IsFourDigits(*profile.Text(kRegistryCode))) {
    return absl::InvalidArgumentError("number.registry_code is not 4 digits");
  }
  const auto ground = profile.values().lower_bound(kGroundPrefix);
  if (ground == profile.values().end() ||
      ground->first.rfind(kGroundPrefix, 0) != 0) {
    return absl::InvalidArgumentError("no ground of refusal");
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<Profile> Profile::Parse(absl::string_view csv) {
  ASSIGN_OR_RETURN(
      std::vector<CsvRow> rows,
      ParseTable(csv, {"key", "value", "unit", "clause", "confidence"}));
  Profile profile;
  size_t line = 1;
  for (CsvRow& row : rows) {
    ++line;
    uint32_t number = 0;
    if (row[0].empty() || row[1].empty() || row[2].empty() ||
        !Holds(kConfidences, row[4])) {
      return absl::InvalidArgumentError(absl::StrCat(
          "line ", line, ": empty key, value or unit, or unknown confidence"));
    }
    if (Holds(kNumberUnits, row[2]) &&
        (!absl::SimpleAtoi(row[1], &number) || number > kLargestNumber ||
         absl::StrCat(number) != row[1])) {
      return absl::InvalidArgumentError(
          absl::StrCat("line ", line, ": not a number of ", row[2]));
    }
    ProfileValue value{std::move(row[1]), std::move(row[2]), std::move(row[3]),
                       std::move(row[4])};
    if (!profile.values_.emplace(std::move(row[0]), std::move(value)).second) {
      return absl::InvalidArgumentError(
          absl::StrCat("line ", line, ": a key stands twice"));
    }
  }
  RETURN_IF_ERROR(CheckComplete(profile));
  return profile;
}

absl::StatusOr<uint32_t> Profile::Number(absl::string_view key,
                                         absl::string_view unit) const {
  const auto found = values_.find(key);
  if (found == values_.end()) {
    return absl::NotFoundError(absl::StrCat("the profile has no ", key));
  }
  uint32_t number = 0;
  if (found->second.unit != unit ||
      !absl::SimpleAtoi(found->second.value, &number)) {
    return absl::InvalidArgumentError(
        absl::StrCat("the profile's ", key, " is not in ", unit));
  }
  return number;
}

absl::StatusOr<uint32_t> Profile::WorkingDays(absl::string_view key) const {
  return Number(key, "working_days");
}

absl::StatusOr<uint32_t> Profile::Years(absl::string_view key) const {
  return Number(key, "years");
}

absl::StatusOr<uint32_t> Profile::Months(absl::string_view key) const {
  return Number(key, "months");
}

absl::StatusOr<uint32_t> Profile::Hours(absl::string_view key) const {
  return Number(key, "hours");
}

absl::StatusOr<std::string> Profile::Text(absl::string_view key) const {
  const auto found = values_.find(key);
  if (found == values_.end()) {
    return absl::NotFoundError(absl::StrCat("the profile has no ", key));
  }
  return found->second.value;
}

bool Profile::Lists(absl::string_view key, absl::string_view word) const {
  const auto found = values_.find(key);
  if (found == values_.end()) return false;
  absl::string_view rest = found->second.value;
  while (true) {
    const size_t end = rest.find(';');
    if (rest.substr(0, end) == word) return true;
    if (end == absl::string_view::npos) return false;
    rest.remove_prefix(end + 1);
  }
}

absl::string_view Profile::GroundText(absl::string_view code) const {
  const auto found = values_.find(absl::StrCat(kGroundPrefix, code));
  return found == values_.end() ? absl::string_view() : found->second.value;
}

absl::string_view Profile::ClauseOf(absl::string_view key) const {
  const auto found = values_.find(key);
  return found == values_.end() ? absl::string_view() : found->second.clause;
}

}  // namespace dataip::registry
