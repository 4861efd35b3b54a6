// What the rules of drafts share with that of filing (T1, T2).
#pragma once

#include <string>

#include "absl/strings/string_view.h"
#include "core/registry/state/case.h"
#include "core/registry/state/refusal.h"
#include "dataip/registry/v1/draft.pb.h"

namespace dataip::registry {

// SHA-256 of the canonical form, 32 bytes: what co-applicants sign.
std::string FormDigest(const v1::ApplicationForm& form);

// The draft exists, the actor has a part in it (else NOT_ALLOWED with `rule`),
// it has the command's version and is open.
MaybeRefusal CheckDraft(const Case& a_case, const std::string& draft_no,
                        absl::string_view rule);

// Every applicant but the primary one has signed the form as it stands (B03).
MaybeRefusal CheckCosigned(const v1::Draft& draft);

}  // namespace dataip::registry
