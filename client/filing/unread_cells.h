// Cells of a row that could not be read, and what follows from them alone.
#pragma once

#include <set>
#include <string>

#include "absl/strings/string_view.h"
#include "client/filing/row_reader.h"

namespace dataip::client {

class UnreadCells {
 public:
  // From the violations of reading the row.
  explicit UnreadCells(const Violations& violations);

  // Whether a finding about this path of the form says no more than that a
  // cell could not be read.
  bool Hide(absl::string_view path) const;

 private:
  std::set<std::string> fields_;
};

}  // namespace dataip::client
