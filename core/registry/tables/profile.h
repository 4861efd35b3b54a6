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
inline constexpr char kCosignWindow[] = "cosign.window";
inline constexpr char kRegistryCode[] = "number.registry_code";
inline constexpr char kObjectKinds[] = "object.kinds";
inline constexpr char kPublicStates[] = "object.public_states";
inline constexpr char kAiShares[] = "object.ai_processing_shares";
inline constexpr char kValueMetric[] = "metric.realised_value";
inline constexpr char kGroundPrefix[] = "ground.";
// The same data again (B18, B20).
inline constexpr char kGroundOfRepetition[] = "ground.R09";
// From filing until the registry looks at it, and until it decides; after the
// notice. In working days or months.
inline constexpr char kAcceptCheck[] = "accept.check";
inline constexpr char kReviewTotal[] = "review.total";
inline constexpr char kIssueAfterPublicity[] = "issue.after_publicity";
// Of objections: until it is sent on, answered, and until one whose objection
// was dismissed has gone to court.
inline constexpr char kObjectionForward[] = "objection.forward";
inline constexpr char kObjectionReply[] = "objection.reply";
inline constexpr char kObjectionProceedings[] = "objection.proceedings";
// Who may object: kAnyone, or kInterested; everybody when it is missing.
inline constexpr char kObjectionStanding[] = "objection.standing";
inline constexpr char kAnyone[] = "ANYONE";
inline constexpr char kInterested[] = "INTERESTED";
// Months between a withdrawal and a new filing of the same data.
inline constexpr char kWithdrawCooloff[] = "withdraw.cooloff";
// How many working days the holder has to be heard; without it no revocation
// can be opened.
inline constexpr char kRevocationHearing[] = "revocation.hearing";
// Certificates: months before the end of the term, months after it, years at
// most; working days after the fact, told and not enforced (C1).
inline constexpr char kRenewalWindow[] = "renewal.window";
inline constexpr char kRenewalGrace[] = "renewal.grace";
inline constexpr char kRenewalTerm[] = "renewal.term";
inline constexpr char kChangeFileWithin[] = "change.file_within";
// When officers are to look at an objection and to decide an answered one, a
// request of a holder, a revocation whose hearing is over. May be missing:
// then these have no due day.
inline constexpr char kObjectionCheck[] = "objection.check";
inline constexpr char kObjectionDecide[] = "objection.decide";
inline constexpr char kRequestTotal[] = "request.total";
// Kinds of transfer that one party alone may file, a list.
inline constexpr char kTransferSingleParty[] = "transfer.single_party";
inline constexpr char kRevocationGroundPrefix[] = "revocation.ground.";
// Score in 1/1000 from which data resemble others too much (B18).
inline constexpr char kDuplicateScore[] = "duplicate.threshold";
// Working days before a due day at which a case turns yellow.
inline constexpr char kQueueYellow[] = "queue.yellow";
// What the notice shows: fields of v1::PublicSnapshot, a list; and how many
// characters of the algorithm.
inline constexpr char kNoticeFields[] = "notice.fields";
inline constexpr char kNoticeSummary[] = "notice.summary_characters";
// Fields of the form that this place needs besides those that all need, a
// list.
inline constexpr char kFormRequired[] = "form.required";
// What the name of the data ends in (B01), a list; without it only the checks
// hold that every place has.
inline constexpr char kNameNouns[] = "name.nouns";
// Items of v1::Checklist before a notice, a list; all of them without it.
inline constexpr char kChecklistNotice[] = "checklist.notice";
inline constexpr char kNumberScheme[] = "number.scheme";
inline constexpr char kUnifiedScheme[] = "unified-2024";
// `tier.<field of the form>`: PUBLIC, EXAMINER or SEALED.
inline constexpr char kTierPrefix[] = "tier.";

// One line of the CSV.
struct ProfileValue {
  std::string value;
  // working_days, days, months, years, hours, per_mille, characters: numbers.
  // text, list (words between `;`), digits, tier (PUBLIC, EXAMINER, SEALED),
  // same_as (the key whose value holds here too).
  std::string unit;
  std::string clause;      // where it stands in the source, free text
  std::string confidence;  // SOURCED, WEAK, RECALLED, ASSUMED, LOCAL_DECISION
};

class Profile {
 public:
  // `key,value,unit,clause,confidence`. Fails with INVALID_ARGUMENT on another
  // header, a repeated or empty key, an unknown unit or confidence, a value
  // that its unit does not have, when a key of RequiredKeys() is missing
  // (NOT_FOUND), when one that the rules read is in another unit or out of
  // range, and on a word that names no field, value or document that there is
  // (profile_words.h).
  static absl::StatusOr<Profile> Parse(absl::string_view csv);

  // What every profile must have, since a rule reads it and has no other
  // answer: an older table lacks what later rules read.
  static std::vector<absl::string_view> RequiredKeys();

  // NOT_FOUND when the key is missing, INVALID_ARGUMENT when its unit or value
  // is another.
  absl::StatusOr<uint32_t> WorkingDays(absl::string_view key) const;
  absl::StatusOr<uint32_t> Years(absl::string_view key) const;
  absl::StatusOr<uint32_t> Months(absl::string_view key) const;
  absl::StatusOr<uint32_t> Hours(absl::string_view key) const;
  absl::StatusOr<uint32_t> PerMille(absl::string_view key) const;
  absl::StatusOr<uint32_t> Characters(absl::string_view key) const;
  absl::StatusOr<std::string> Text(absl::string_view key) const;

  // The words of a list, as they stand; none when the key is missing.
  std::vector<std::string> List(absl::string_view key) const;
  // Whether a list value holds the word.
  bool Lists(absl::string_view key, absl::string_view word) const;
  // Text of a ground of refusal, e.g. `R03`; empty when there is none.
  absl::string_view GroundText(absl::string_view code) const;
  // Text of a ground of revocation, e.g. `V01`; empty when there is none.
  absl::string_view RevocationGroundText(absl::string_view code) const;
  // Empty when the key is missing.
  absl::string_view ClauseOf(absl::string_view key) const;

  const std::map<std::string, ProfileValue, std::less<>>& values() const {
    return values_;
  }

 private:
  absl::StatusOr<uint32_t> Number(absl::string_view key,
                                  absl::string_view unit) const;
  // Its line, or that of the key that it is the same as; null without one.
  const ProfileValue* Find(absl::string_view key) const;

  std::map<std::string, ProfileValue, std::less<>> values_;
};

}  // namespace dataip::registry
