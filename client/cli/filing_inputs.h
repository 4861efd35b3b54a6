// What `application file`, `prepare` and `correct` make a form of: a row of a
// filing table, the form as it stands, and what is said beside it by flags.
#pragma once

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "client/cli/arguments.h"
#include "client/cli/corrected_row.h"
#include "client/cli/invocation.h"
#include "client/filing/filing.h"

namespace dataip::client {

class RegistryClient;

// --set, --attach, --tier, --seal and --sealed-file.
std::vector<FlagRule> EditFlags();
// --data, --row, --co-applicant, --share, --master-key.
std::vector<FlagRule> RowFlags();
// --for.
FlagRule PrincipalFlag();

// The party number of --for, else the actor's.
absl::StatusOr<std::string> PrincipalOf(const Invocation& invocation,
                                        RegistryClient& registry,
                                        const std::string& actor);

// The form of the table's row with this reference (of its only row, for none),
// `principal` its primary applicant. INVALID_ARGUMENT with field violations
// when the row cannot be filed. The deposit's time is left to SetIssuedAt.
absl::StatusOr<Filing> FilingOfRow(Invocation& invocation,
                                   RegistryClient& registry,
                                   const std::string& principal);

// --co-applicant and --share, when they are given: they are then the whole list
// beside the primary applicant.
absl::Status SetApplicants(const Invocation& invocation,
                           RegistryClient& registry,
                           registry::v1::ApplicationForm& form);

// Replaces the form by --form, or by the mended row of --csv and --data where
// the command has these flags and they are given; `before` holds the form as
// it stands, with defects.
absl::StatusOr<CorrectedRow> FilingFrom(const Invocation& invocation,
                                        const Correcting& before,
                                        const std::string& csv);

// What EditFlags say, over the form. Attached files are uploaded.
// INVALID_ARGUMENT when a value is sealed and nobody keeps its opening.
// The file of sealed values is written here, so that no value is filed whose
// opening is lost.
absl::Status ApplyEdits(const Invocation& invocation, RegistryClient& registry,
                        Filing& filing);

// After a definite refusal nothing was filed: takes the file of sealed values
// away again, so that the same command can be given anew. Keeps it when the
// outcome is unknown.
void ForgetSealed(const Invocation& invocation, const absl::Status& refused);

absl::Status UploadAll(RegistryClient& registry, const Filing& filing);

}  // namespace dataip::client
