// The pre-check (rules, Appendix B): everything that can be said of a form
// before an officer sees it, one library for the applicant's client, for
// validate_only and for the examiner's checklist. What blocks is what the
// registry refuses: Decide (ValidateForm and its checks against the state, the
// signatures), and its service where values are sealed; the rest warns or
// tells.
#pragma once

#include <set>
#include <span>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "core/registry/form/form_rules.h"
#include "core/registry/form/tiers.h"
#include "core/registry/state/state.h"

namespace dataip::registry {

enum class Severity {
  kBlocks,  // the registry refuses the form
  kWarns,   // it goes through, and an examiner will ask
  kTells,   // good to know; nothing to mend
};

// `BLOCKS`, `WARNS`, `TELLS`.
absl::string_view SeverityName(Severity severity);
// `不予受理`, ...
absl::string_view SeverityZh(Severity severity);

struct Finding {
  std::string field;   // path in the form
  std::string rule;    // `B11`, or a word (`REGION`)
  std::string clause;  // of the source; may be empty
  std::string reason_zh;
  std::string reason_en;
  std::string remedy_zh;  // never empty
  std::string remedy_en;
  Severity severity = Severity::kBlocks;
};

struct PrecheckRule {
  absl::string_view rule;  // `B01`
  absl::string_view name_zh;
  absl::string_view name_en;
  absl::string_view remedy_zh;  // where the finding has none of its own
  absl::string_view remedy_en;
  absl::string_view clause;  // likewise
  bool needs_state = false;  // left out where there is no state
};

// B01 to B24 in order: the examiner's checklist.
std::span<const PrecheckRule> PrecheckRules();

// What the state can add, and what only the caller knows.
struct PrecheckParties {
  const State* state = nullptr;
  // Who files; the primary applicant when empty.
  std::string actor;
  // Parties whose keys have signed; null when nobody has signed yet.
  const std::set<std::string>* signed_by = nullptr;
  // The form's own application, when it is one already.
  std::string application_no;
  // Whether an officer reads what is found: others are not told which cases of
  // others resemble theirs before the public notice of these.
  bool for_officers = false;
};

struct PrecheckContext {
  FormContext form;
  // `parties.state` null: B02, B03, B18, B20, B21 and B22 say only what the
  // form shows.
  PrecheckParties parties;
  // Values that are sealed, where the caller has them (B23).
  std::vector<SealedValue> sealed_values;
};

// In the order of the form, what blocks first. Pure and total.
std::vector<Finding> Precheck(const v1::ApplicationForm& form,
                              const PrecheckContext& context);

// A violation of reading or validating as a finding that blocks: its message
// is parted into reason and remedy.
Finding FindingOf(const rpc::v1::FieldViolation& violation);

// The gravest, kTells when there is none.
Severity Gravest(const std::vector<Finding>& findings);

}  // namespace dataip::registry
