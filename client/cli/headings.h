// Names of columns and lines in both languages.
#pragma once

#include <string>

#include "absl/strings/string_view.h"

namespace dataip::client {

// "申请号/application" for a column that the commands call 申请号; what is not
// in the table is as it is. Pure.
std::string ColumnHeading(absl::string_view name);

// The same for a line of a record: "申请号 / application".
std::string LineHeading(absl::string_view name);

}  // namespace dataip::client
