// A correction made by mending the filing table and its data file.
#pragma once

#include <set>
#include <string>

#include "absl/status/statusor.h"
#include "client/filing/filing.h"
#include "dataip/registry/v1/application.pb.h"

namespace dataip::client {

// Where the mended row stands.
struct RowPlace {
  std::string csv_path;
  std::string data_dir;
  std::string master_key_path;
};

// The filing that the row with the application's client reference makes now.
// What did not change keeps its commitments, since fresh salts would look like
// changes: deposit, evidence and sample of the same data file, contact and
// sources, unless a defect names them. What is sealed stays sealed unless a
// defect names it, and what no table says (further files, tiers) stays. Only
// openings and uploads that the form still needs are in it. The deposit's time
// of a new data file is left to SetIssuedAt; `new_deposit` says so.
//
// NOT_FOUND: no such row. INVALID_ARGUMENT with field violations: the row
// cannot be filed.
struct CorrectedRow {
  Filing filing;
  bool new_deposit = false;
};
absl::StatusOr<CorrectedRow> CorrectFromRow(
    const RowPlace& place, const registry::v1::Application& application);

// The fields that the application's defects name and that stand in `form` as
// they did, ascending. A commitment with a fresh salt counts as changed.
std::set<std::string> UnchangedDefects(
    const registry::v1::Application& application,
    const registry::v1::ApplicationForm& form);

// INVALID_ARGUMENT with these violations.
absl::Status RowRefused(const Violations& violations);

}  // namespace dataip::client
