// The edits of forge.h in two files: those that break a rule of registration,
// and those that break the record of a decision.
#pragma once

#include <vector>

#include "tests/support/forge.h"

namespace dataip::test {

std::vector<NamedEdit> RuleEdits();    // forge_rule_edits.cc
std::vector<NamedEdit> RecordEdits();  // forge_record_edits.cc

}  // namespace dataip::test
