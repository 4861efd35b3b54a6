// The decide function of each command, for decide.cc. One function a command;
// admission (context, time, signers) is already checked when it is called.
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string>

#include "absl/strings/string_view.h"
#include "core/registry/civil_date.h"
#include "core/registry/decide.h"
#include "core/registry/number_scheme.h"
#include "core/registry/refusal.h"
#include "core/registry/state.h"

namespace dataip::registry {

// What a rule looks at.
struct Case {
  const State& state;
  const v1::Command& command;
  int64_t decided_at_ms = 0;
  // The profile that rules the case, and its values; never null where a rule
  // is asked after the tables were loaded.
  v1::ProfileRef profile;
  const Profile* values = nullptr;
  // The last ones that the same command has given before, to earlier items of
  // a batch; 0 when none. The next numbers follow them.
  SerialsGiven given_before;

  CivilDate today() const { return ShanghaiDate(decided_at_ms); }
};

// tables.h, opening.cc, clock.cc
Decision DecideOpenRegistry(const Case& a_case);
Decision DecideLoadTable(const Case& a_case);
Decision DecideAdvanceClock(const Case& a_case);
// adoption.cc
Decision DecideAdoptProfile(const Case& a_case);
// erasure.cc
Decision DecideErasePayload(const Case& a_case);
// disclosure.cc
Decision DecideDiscloseField(const Case& a_case);
Decision DecideEraseOpenings(const Case& a_case);
// parties.cc
Decision DecideRegisterOfficer(const Case& a_case);
Decision DecideRegisterParty(const Case& a_case);
Decision DecideEnrolKey(const Case& a_case);
// applications.cc
Decision DecideSubmitApplication(const Case& a_case);
Decision DecideWithdrawApplication(const Case& a_case);
// corrections.cc
Decision DecideRequestCorrection(const Case& a_case);
Decision DecideCorrectApplication(const Case& a_case);
Decision DecideCloseOverdueCorrection(const Case& a_case);
// examination.cc
Decision DecideRefuseApplication(const Case& a_case);
Decision DecideOpenNotice(const Case& a_case);
// registrations.cc
Decision DecideRegisterApplication(const Case& a_case);
// batches.cc
Decision DecideRequestCorrections(const Case& a_case);
Decision DecideOpenNotices(const Case& a_case);
Decision DecideRegisterApplications(const Case& a_case);
// claims.cc
Decision DecideClaimApplication(const Case& a_case);
Decision DecideReleaseApplication(const Case& a_case);
// powers.cc
Decision DecideGrantAttorney(const Case& a_case);
Decision DecideRevokeAttorney(const Case& a_case);
// drafts.cc
Decision DecidePrepareApplication(const Case& a_case);
Decision DecideCosignApplication(const Case& a_case);
Decision DecideDiscardDraft(const Case& a_case);
// opinions.cc
Decision DecideRecordOpinion(const Case& a_case);
// objections.cc
Decision DecideFileObjection(const Case& a_case);
Decision DecideAcceptObjection(const Case& a_case);
Decision DecideRejectObjection(const Case& a_case);
Decision DecideForwardObjection(const Case& a_case);
Decision DecideAnswerObjection(const Case& a_case);
Decision DecideWithdrawObjection(const Case& a_case);
// objection_decisions.cc
Decision DecideUpholdObjection(const Case& a_case);
Decision DecideCloseUnansweredObjection(const Case& a_case);
Decision DecideDismissObjection(const Case& a_case);
// suspension.cc
Decision DecideSuspendApplication(const Case& a_case);
Decision DecideResumeApplication(const Case& a_case);
// licences.cc
Decision DecideFileLicence(const Case& a_case);
// licence_changes.cc
Decision DecideConfirmLicence(const Case& a_case);
Decision DecideEndLicence(const Case& a_case);
// requests.cc
Decision DecideFileRequest(const Case& a_case);
Decision DecideCosignRequest(const Case& a_case);
Decision DecideWithdrawRequest(const Case& a_case);
Decision DecideRefuseRequest(const Case& a_case);
// request_grants.cc
Decision DecideGrantRequest(const Case& a_case);
// usage.cc
Decision DecideRecordUsage(const Case& a_case);
// certificate_orders.cc, revocations.cc, freezes.cc
Decision DecideExpireCertificate(const Case& a_case);
Decision DecideOpenRevocation(const Case& a_case);
Decision DecideStateInRevocation(const Case& a_case);
Decision DecideRevokeCertificate(const Case& a_case);
Decision DecideDropRevocation(const Case& a_case);
Decision DecideFreezeCertificate(const Case& a_case);
Decision DecideReleaseFreeze(const Case& a_case);
Decision DecideEndFreeze(const Case& a_case);
// certificate_corrections.cc, imports.cc
Decision DecideCorrectCertificate(const Case& a_case);
Decision DecideImportCertificate(const Case& a_case);

// The version that the command names is `current`, 0 for a new object.
MaybeRefusal CheckVersion(const Case& a_case, uint64_t current);

// `待审核` and so on.
absl::string_view StateNameZh(v1::ApplicationState state);

// The application exists, has the command's version and is in one of the
// states; `rule` is that of the transition.
MaybeRefusal CheckApplication(const Case& a_case,
                              const std::string& application_no,
                              absl::string_view rule,
                              std::initializer_list<v1::ApplicationState> in);

// The party number of the primary applicant; empty when there is none.
const std::string& PrimaryOf(const v1::ApplicationForm& form);

// The text has `least` to `most` characters.
MaybeRefusal CheckReason(absl::string_view field, absl::string_view text,
                         size_t least, size_t most);

// Longest number of a document that a command names.
inline constexpr size_t kDocumentNumberCharacters = 100;

// Values of the case's profile; it has them all once it is loaded.
uint32_t WorkingDaysOf(const Case& a_case, absl::string_view key);

Refusal NotFound(absl::string_view field, absl::string_view zh,
                 absl::string_view en);

}  // namespace dataip::registry
