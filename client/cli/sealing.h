// Values of a form that stand in it as commitments only (rules 5.4), and the
// applicant's own file of what opens them.
//
// That file has a line of JSON for each value, a DiscloseField without its
// application: {"field": PATH, "opening": {"salt": base64, "value": base64}}.
// Whoever has it can disclose the value and prove it; the registry keeps the
// same openings, encrypted, and hands them to nobody.
#pragma once

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "client/filing/filing.h"
#include "dataip/registry/v1/application_form.pb.h"
#include "dataip/registry/v1/disclosure.pb.h"

namespace dataip::client {

// Takes the text at `path` out of the form and commits to it under a fresh
// salt; the opening goes to the filing's. INVALID_ARGUMENT when there is no
// text at the path. Whether it may be sealed is for the registry's rules.
absl::StatusOr<registry::v1::DiscloseField> SealField(absl::string_view path,
                                                      Filing& filing);

// Sets the tier of a top-level field.
void SetTier(const std::string& field, registry::v1::DisclosureTier tier,
             registry::v1::ApplicationForm& form);

// A new file, readable by its owner only; ALREADY_EXISTS when there is one.
// Each line also has the filing's reference, for whoever keeps many of them.
absl::Status WriteSealed(
    const std::string& path, const std::string& reference,
    const std::vector<registry::v1::DiscloseField>& sealed);

// What opens the field. NOT_FOUND when the file names another or is not there,
// INVALID_ARGUMENT when it is no such file.
absl::StatusOr<registry::v1::Opening> ReadSealed(const std::string& path,
                                                 absl::string_view field);

}  // namespace dataip::client
