// The part of the pre-check about who files and what is there already; for
// precheck.cc.
#pragma once

#include <vector>

#include "core/registry/precheck/precheck.h"

namespace dataip::registry {

// Adds the rule's remedy and clause where the finding has none.
void AddFinding(Finding finding, std::vector<Finding>& out);

// B02, B03, B18, B20, B21, B22 and the reference.
void CheckParties(const v1::ApplicationForm& form,
                  const PrecheckContext& context, std::vector<Finding>& out);

}  // namespace dataip::registry
