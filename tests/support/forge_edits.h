// The edits of forge.h by file: those that break a rule of registration, those
// that break the record of a decision, those about erased payloads, and those
// against the life of applications and certificates.
#pragma once

#include <vector>

#include "tests/support/forge.h"

namespace dataip::test {

std::vector<NamedEdit> RuleEdits();     // forge_rule_edits.cc
std::vector<NamedEdit> RecordEdits();   // forge_record_edits.cc
std::vector<NamedEdit> ErasureEdits();  // forge_erasure_edits.cc

// Those that need more history than the sample or the first demonstration
// has (life_ledger.h).
std::vector<NamedEdit> CaseEdits();    // forge_case_edits.cc
std::vector<NamedEdit> HolderEdits();  // forge_holder_edits.cc
std::vector<NamedEdit> OrderEdits();   // forge_order_edits.cc

// Takes the second officer's signature away.
absl::Status LeaveOneOfficer(Forger& forger, uint64_t index);

}  // namespace dataip::test
