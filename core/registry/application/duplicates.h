// The search for duplicates (B18): the same file and the same field table
// exactly, names by likeness. Integers only, so that every machine finds the
// same. Records in common are for the examiner, who has the sketches
// (record_sketch.h); Decide reads no opening.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "absl/strings/string_view.h"
#include "core/registry/state/state.h"

namespace dataip::registry {

// Likeness of two names in 1/1000 of their pairs of characters (twice the
// common ones by the sum of both), full-width as half-width, spaces and case
// aside. 1000 for equal names, 0 when either has fewer than two characters.
uint32_t NameLikeness(absl::string_view a, absl::string_view b);

// 1000 for the same file; else the greater of the records in common and of
// six tenths of the names' likeness with 400 for the same field table.
uint32_t DuplicateScore(const v1::SimilarApplication& similar);

// From this score on a form needs an explanation: what the profile of the case
// says.
uint32_t DuplicateThreshold(const Profile& values);

// Writes the reasons of what the report lists, in words: those of its first
// line, and how many are of the same series.
void ExplainDuplicates(v1::DuplicateReport& report);

// Of the report what one may know who has no part in other cases than those for
// which `knows` holds: these, the score and the reasons of these.
void KeepKnown(const std::function<bool(const std::string&)>& knows,
               v1::DuplicateReport& report);

struct DuplicateSearch {
  // The form's own; may be empty.
  absl::string_view application_no;
  uint32_t threshold = 0;
};

// Against applications that live or were registered: those that have the same
// file, the newest of those with the same field table, and those with a like
// name (name_index.h), however old. Works of the same declared series of the
// same primary applicant are only counted, unless the file is the same. What
// scores less than half the threshold is left out.
v1::DuplicateReport FindDuplicates(const State& state,
                                   const v1::ApplicationForm& form,
                                   const DuplicateSearch& search);

// Whether the search for duplicates looks at the same in both: name, field
// table, file and series.
bool SearchedAlike(const v1::ApplicationForm& a, const v1::ApplicationForm& b);

}  // namespace dataip::registry
