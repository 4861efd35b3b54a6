#include "core/registry/tables/profile.h"

#include <array>
#include <iterator>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "core/base/status_macros.h"
#include "core/registry/tables/profile_words.h"
#include "core/registry/tables/tables.h"

namespace dataip::registry {
namespace {

// No deadline, term or window of a profile is longer, in any unit.
constexpr uint32_t kLargestNumber = 10'000;
// Whatever the profile says, terms and lives stay computable.
constexpr uint32_t kLongestTermYears = 100;

constexpr std::array<absl::string_view, 7> kNumberUnits = {
    "working_days", "days",      "months",    "years",
    "hours",        "per_mille", "characters"};
constexpr std::array<absl::string_view, 5> kWordUnits = {
    "text", "list", "digits", "tier", "same_as"};
constexpr std::array<absl::string_view, 3> kTiers = {"PUBLIC", "EXAMINER",
                                                     "SEALED"};
constexpr std::array<absl::string_view, 5> kConfidences = {
    "SOURCED", "WEAK", "RECALLED", "ASSUMED", "LOCAL_DECISION"};

template <typename List>
bool Holds(const List& list, absl::string_view word) {
  for (absl::string_view item : list) {
    if (item == word) return true;
  }
  return false;
}

bool IsDigits(absl::string_view text) {
  for (char c : text) {
    if (c < '0' || c > '9') return false;
  }
  return !text.empty();
}

bool IsNumber(absl::string_view text) {
  uint32_t number = 0;
  return absl::SimpleAtoi(text, &number) && number <= kLargestNumber &&
         absl::StrCat(number) == text;
}

// Why a line is none; empty when it is good.
std::string FaultOf(const CsvRow& row) {
  const std::string& value = row[1];
  const std::string& unit = row[2];
  if (row[0].empty() || value.empty() || !Holds(kConfidences, row[4])) {
    return "empty key or value, or unknown confidence";
  }
  const bool number = Holds(kNumberUnits, unit);
  if (!number && !Holds(kWordUnits, unit)) {
    return absl::StrCat("unknown unit `", unit, "`");
  }
  if ((number && !IsNumber(value)) || (unit == "digits" && !IsDigits(value)) ||
      (unit == "tier" && !Holds(kTiers, value))) {
    return absl::StrCat("not a value of ", unit);
  }
  return "";
}

// A number that the rules read.
struct Known {
  absl::string_view key;
  // One of them.
  absl::string_view unit;
  absl::string_view other_unit;
  uint32_t least;
  uint32_t most;
  // Otherwise the rule that reads it has an answer without it.
  bool required = true;
};

constexpr absl::string_view kWorkingDays = "working_days";
constexpr absl::string_view kMonths = "months";
constexpr absl::string_view kYears = "years";
constexpr bool kOptional = false;

constexpr Known kNumbers[] = {
    {kCorrectionWindow, kWorkingDays, kMonths, 1, kLargestNumber},
    {kPublicity, kWorkingDays, "", 1, kLargestNumber},
    {kCertificateTerm, kYears, "", 1, kLongestTermYears},
    {kCosignWindow, kWorkingDays, "hours", 1, kLargestNumber},
    {kAcceptCheck, kWorkingDays, kMonths, 1, kLargestNumber},
    {kReviewTotal, kWorkingDays, kMonths, 1, kLargestNumber},
    {kIssueAfterPublicity, kWorkingDays, kMonths, 1, kLargestNumber},
    {kObjectionForward, kWorkingDays, "", 1, kLargestNumber},
    {kObjectionReply, kWorkingDays, "", 1, kLargestNumber},
    {kObjectionProceedings, kWorkingDays, "", 1, kLargestNumber},
    {kRenewalWindow, kMonths, "", 1, 12 * kLongestTermYears},
    {kRenewalGrace, kMonths, "", 0, 12 * kLongestTermYears},
    {kRenewalTerm, kYears, "", 1, kLongestTermYears, kOptional},
    {kChangeFileWithin, kWorkingDays, "", 1, kLargestNumber, kOptional},
    {kRevocationHearing, kWorkingDays, "", 1, kLargestNumber, kOptional},
    {kWithdrawCooloff, kMonths, "", 0, 12 * kLongestTermYears},
    {kDuplicateScore, "per_mille", "", 1, 1000, kOptional},
    {kQueueYellow, kWorkingDays, "", 1, kLargestNumber, kOptional},
    {kObjectionCheck, kWorkingDays, "", 1, kLargestNumber, kOptional},
    {kObjectionDecide, kWorkingDays, "", 1, kLargestNumber, kOptional},
    {kRequestTotal, kWorkingDays, "", 1, kLargestNumber, kOptional},
    {kNoticeSummary, "characters", "", 1, kLargestNumber, kOptional},
};

constexpr absl::string_view kRequiredWords[] = {kRegistryCode, kObjectKinds,
                                                kPublicStates, kAiShares};

absl::Status CheckNumber(const Known& known, const ProfileValue& line) {
  uint32_t number = 0;
  const bool unit = line.unit == known.unit || (!known.other_unit.empty() &&
                                                line.unit == known.other_unit);
  if (!unit || !absl::SimpleAtoi(line.value, &number) || number < known.least ||
      number > known.most) {
    return absl::InvalidArgumentError(
        absl::StrCat(known.key, " is not from ", known.least, " to ",
                     known.most, " ", known.unit));
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
    const std::string fault = FaultOf(row);
    if (!fault.empty()) {
      return absl::InvalidArgumentError(
          absl::StrCat("line ", line, ": ", fault));
    }
    ProfileValue value{std::move(row[1]), std::move(row[2]), std::move(row[3]),
                       std::move(row[4])};
    if (!profile.values_.emplace(std::move(row[0]), std::move(value)).second) {
      return absl::InvalidArgumentError(
          absl::StrCat("line ", line, ": a key stands twice"));
    }
  }
  // One step, so that nothing goes in circles.
  for (const auto& [key, value] : profile.values_) {
    if (value.unit != "same_as") continue;
    const auto other = profile.values_.find(value.value);
    if (other == profile.values_.end()) {
      return absl::NotFoundError(absl::StrCat(
          "the profile has no ", value.value, ", which ", key, " is"));
    }
    if (other->second.unit == "same_as") {
      return absl::InvalidArgumentError(
          absl::StrCat(key, " is the same as no value"));
    }
  }
  // So that no decision fails for it later.
  for (absl::string_view key : RequiredKeys()) {
    RETURN_IF_ERROR(profile.Text(key).status());
  }
  for (const Known& known : kNumbers) {
    const ProfileValue* line = profile.Find(known.key);
    if (line != nullptr) RETURN_IF_ERROR(CheckNumber(known, *line));
  }
  RETURN_IF_ERROR(CheckProfileWords(profile));
  return profile;
}

std::vector<absl::string_view> Profile::RequiredKeys() {
  std::vector<absl::string_view> keys(std::begin(kRequiredWords),
                                      std::end(kRequiredWords));
  for (const Known& known : kNumbers) {
    if (known.required) keys.push_back(known.key);
  }
  return keys;
}

const ProfileValue* Profile::Find(absl::string_view key) const {
  const auto found = values_.find(key);
  if (found == values_.end()) return nullptr;
  if (found->second.unit != "same_as") return &found->second;
  const auto other = values_.find(found->second.value);
  return other == values_.end() ? nullptr : &other->second;
}

absl::StatusOr<uint32_t> Profile::Number(absl::string_view key,
                                         absl::string_view unit) const {
  const ProfileValue* found = Find(key);
  if (found == nullptr) {
    return absl::NotFoundError(absl::StrCat("the profile has no ", key));
  }
  uint32_t number = 0;
  if (found->unit != unit || !absl::SimpleAtoi(found->value, &number)) {
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

absl::StatusOr<uint32_t> Profile::PerMille(absl::string_view key) const {
  return Number(key, "per_mille");
}

absl::StatusOr<uint32_t> Profile::Characters(absl::string_view key) const {
  return Number(key, "characters");
}

absl::StatusOr<std::string> Profile::Text(absl::string_view key) const {
  const ProfileValue* found = Find(key);
  if (found == nullptr) {
    return absl::NotFoundError(absl::StrCat("the profile has no ", key));
  }
  return found->value;
}

std::vector<std::string> Profile::List(absl::string_view key) const {
  const ProfileValue* found = Find(key);
  if (found == nullptr) return {};
  return absl::StrSplit(found->value, ';', absl::SkipEmpty());
}

bool Profile::Lists(absl::string_view key, absl::string_view word) const {
  const ProfileValue* found = Find(key);
  if (found == nullptr) return false;
  for (absl::string_view one : absl::StrSplit(found->value, ';')) {
    if (one == word) return true;
  }
  return false;
}

absl::string_view Profile::GroundText(absl::string_view code) const {
  const auto found = values_.find(absl::StrCat(kGroundPrefix, code));
  return found == values_.end() ? absl::string_view() : found->second.value;
}

absl::string_view Profile::RevocationGroundText(absl::string_view code) const {
  const auto found = values_.find(absl::StrCat(kRevocationGroundPrefix, code));
  return found == values_.end() ? absl::string_view() : found->second.value;
}

absl::string_view Profile::ClauseOf(absl::string_view key) const {
  const auto found = values_.find(key);
  return found == values_.end() ? absl::string_view() : found->second.clause;
}

}  // namespace dataip::registry
