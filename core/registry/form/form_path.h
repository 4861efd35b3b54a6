// Paths into the form, and which of its fields differ between two forms.
#pragma once

#include <set>
#include <string>

#include "absl/strings/string_view.h"

namespace dataip::registry::v1 {
class ApplicationForm;
}  // namespace dataip::registry::v1

namespace dataip::registry {

// `fields` of `fields[3].name`.
std::string TopLevelField(absl::string_view path);

// Whether the path names a field of the form: names of the proto, an index
// only behind a list and below its size.
bool IsFormPath(const v1::ApplicationForm& form, absl::string_view path);

// Names of the top-level fields in which the two differ.
std::set<std::string> ChangedFields(const v1::ApplicationForm& before,
                                    const v1::ApplicationForm& after);

}  // namespace dataip::registry
