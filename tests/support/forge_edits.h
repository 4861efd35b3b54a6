// The edits of forge.h in three files: those that break a rule of registration,
// those that break the record of a decision, and those about erased payloads.
#pragma once

#include <vector>

#include "tests/support/forge.h"

namespace dataip::test {

std::vector<NamedEdit> RuleEdits();     // forge_rule_edits.cc
std::vector<NamedEdit> RecordEdits();   // forge_record_edits.cc
std::vector<NamedEdit> ErasureEdits();  // forge_erasure_edits.cc

}  // namespace dataip::test
