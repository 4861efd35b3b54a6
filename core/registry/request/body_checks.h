// The pieces of CheckBody (requests.h).
#pragma once

#include <string>

#include "absl/strings/string_view.h"
#include "core/registry/request/requests.h"

namespace dataip::registry {

// A member of the body at fault, by the rule of the body.
Refusal InvalidIn(const Asked& asked, absl::string_view member, std::string zh,
                  std::string en);

// The number of a document: 1 to 100 characters.
MaybeRefusal CheckDocumentNo(const Asked& asked, absl::string_view member,
                             const std::string& number);

// C5 (pledge_checks.cc).
MaybeRefusal CheckPledge(const Case& a_case, const Asked& asked);

}  // namespace dataip::registry
