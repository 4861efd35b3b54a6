// A correction made by mending the filing table and its data file.
#pragma once

#include <set>
#include <string>

#include "absl/status/statusor.h"
#include "client/filing/filing.h"
#include "dataip/registry/v1/application.pb.h"

namespace dataip::client {

// The filing that a mended row makes. What did not change keeps its
// commitments, since fresh salts would look like changes: deposit, evidence and
// sample of the same data file, contact and sources, unless they are named. The
// sample is made anew also where names, order, types or classifications of the
// fields changed; any other change of `fields` leaves it.
// What is sealed stays sealed unless it is named itself (UnsealedTexts), and
// what no table says (further files, tiers) stays. Only openings and uploads
// that the form still needs are in it. The deposit's time of a new data file is
// left to SetIssuedAt; `new_deposit` says so.
struct CorrectedRow {
  Filing filing;
  bool new_deposit = false;
  // Fields in which the row differs and that stay as they were filed, since
  // nobody named them (`contact`, `prepared_from`).
  std::set<std::string> kept;
};

// Named are the fields of the application's defects, and `reasons`: fields
// that are changed for a reason of the applicant's own.
struct Correcting {
  const registry::v1::Application& application;
  std::set<std::string> reasons = {};
};

// Of this row; the party of `context` is left to the application.
// INVALID_ARGUMENT with field violations: the row cannot be filed.
absl::StatusOr<CorrectedRow> CorrectRow(const CsvTable& table,
                                        const CsvRow& row,
                                        FilingContext context,
                                        const Correcting& correcting);

// Where the mended row stands.
struct RowPlace {
  std::string csv_path;
  std::string data_dir;
  std::string master_key_path;
};
// Of the row with the application's client reference. NOT_FOUND: no such row.
absl::StatusOr<CorrectedRow> CorrectFromRow(const RowPlace& place,
                                            const Correcting& correcting);

// The fields that the application's defects name and that stand in `form` as
// they did, ascending. A commitment with a fresh salt counts as changed.
std::set<std::string> UnchangedDefects(
    const registry::v1::Application& application,
    const registry::v1::ApplicationForm& form);

// Paths of what is sealed in the application's form and stands as a text in
// `form`, ascending: filed so, it could be read by everybody.
std::set<std::string> UnsealedTexts(
    const registry::v1::Application& application,
    const registry::v1::ApplicationForm& form);

// Of such a path: what to do instead.
rpc::v1::FieldViolation UnsealedText(const std::string& path);

// Whether `form` has another sample since its fields are others than in `old`.
bool SamplesAnew(const registry::v1::ApplicationForm& old,
                 const registry::v1::ApplicationForm& form);

// Of such a sample that neither a defect nor a reason names.
rpc::v1::FieldViolation SampleWithoutReason();

// INVALID_ARGUMENT with these violations.
absl::Status RowRefused(const Violations& violations);

}  // namespace dataip::client
