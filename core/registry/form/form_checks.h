// The pieces of ValidateForm, one group of fields each; for form_rules.cc.
#pragma once

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "core/registry/form/form_rules.h"
#include "core/registry/state/refusal.h"

namespace dataip::registry {

// A place in the form; put together only when something is wrong there.
struct Path {
  absl::string_view list;    // top-level field
  int index = -1;            // -1: not in a list
  absl::string_view member;  // below it; may be empty

  std::string ToString() const;
};

using Violations = std::vector<rpc::v1::FieldViolation>;

// A text that may be `min` to `max` characters long and holds no control
// character; a line feed only when `lines`.
struct TextRule {
  absl::string_view rule;
  absl::string_view zh;  // name of the field
  absl::string_view en;
  size_t min = 0;
  size_t max = 0;
  bool lines = false;
};

void CheckText(const Path& path, const TextRule& rule, const std::string& text,
               Violations& out);
void Report(const Path& path, Fault fault, Violations& out);
// Kind, media type, size and digest of a file that is there.
void CheckFile(const Path& path, const v1::FileCommitment& file,
               Violations& out);
// Controls, characters of direction and of no width (HasHiddenCharacter); a
// line feed counts unless `lines`.
bool HasControlCharacter(absl::string_view text, bool lines);
// 1 to `limit` bytes of 0x21..0x7e.
bool IsPrintableWord(absl::string_view text, size_t limit);

// Fields 1, 18, 19: reference, name, kind of object.
void CheckIdentity(const v1::ApplicationForm& form, const FormContext& context,
                   Violations& out);
// Field 2.
void CheckApplicants(const v1::ApplicationForm& form, Violations& out);
// Fields 3, 4, 20: codes and scene.
void CheckPlace(const v1::ApplicationForm& form, const FormContext& context,
                Violations& out);
// Field 5.
void CheckSources(const v1::ApplicationForm& form, const FormContext& context,
                  Violations& out);
// Fields 6 to 10: table of fields, size, format, update, coverage.
void CheckStructure(const v1::ApplicationForm& form, Violations& out);
// Fields 11, 12 and the two states that the profile limits.
void CheckProcessing(const v1::ApplicationForm& form,
                     const FormContext& context, Violations& out);
// Fields 13, 14: deposit, evidence, sample.
void CheckEvidence(const v1::ApplicationForm& form, const FormContext& context,
                   Violations& out);
void CheckSample(const v1::ApplicationForm& form, Violations& out);
// Fields 15 to 17, 19, 20 and preparation.
void CheckDeclarations(const v1::ApplicationForm& form,
                       const FormContext& context, Violations& out);
// What the profile needs besides (form_required.cc): nothing is said of a field
// that `out` has at fault already.
void CheckRequired(const v1::ApplicationForm& form, const FormContext& context,
                   Violations& out);
// Field 18: tiers and sealed values (tiers.cc).
void CheckTiers(const v1::ApplicationForm& form, const FormContext& context,
                Violations& out);
// Drops what is said of a value that is sealed: the rules cannot see it.
void LeaveOutSealed(const v1::ApplicationForm& form, Violations& violations);

}  // namespace dataip::registry
