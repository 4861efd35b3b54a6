// One row of a filing table becomes a registration form: the cells are read,
// the data file is deposited, the sample is masked, personal values become
// commitments (rules 1.2; formats.md 1 and 10).
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "client/filing/csv_file.h"
#include "client/filing/deposit.h"
#include "client/filing/field_tables.h"
#include "client/filing/row_reader.h"
#include "dataip/registry/v1/application.pb.h"

namespace dataip::client {

// A file to be uploaded before the command that commits to it.
struct FileToUpload {
  hash::Hash sha256;
  std::string bytes;
};

// A form that is ready to be signed, with what goes beside it.
struct Filing {
  registry::v1::ApplicationForm form;
  std::vector<registry::v1::Opening> openings;
  std::vector<FileToUpload> uploads;
};

// Who files, from where, with which secret.
struct FilingContext {
  std::string party_number;
  std::string data_dir;
  MasterKey master_key{};
  const FieldTables* fields = nullptr;  // outlives the call
};

// The row's form. A form comes only with no violations; these are those of
// reading the row and its file, the registry's rules come after. The deposit's
// evidence carries no time yet: it is the command's issued_at (SetIssuedAt).
struct FilingResult {
  Filing filing;
  Violations violations;
};
FilingResult MakeFiling(const CsvTable& table, const CsvRow& row,
                        const FilingContext& context);

// Puts the command's issued_at into the deposit's evidence.
void SetIssuedAt(const google::protobuf::Timestamp& issued_at,
                 registry::v1::ApplicationForm& form);

// Commits to `value` under a fresh salt; the opening goes to `openings`.
registry::v1::Commitment Commit(absl::string_view value,
                                std::vector<registry::v1::Opening>& openings);

// SHA-256 of the data file that the row names, for telling whether a filing
// of the same reference is the same one.
absl::StatusOr<hash::Hash> RowFileSha256(const CsvTable& table,
                                         const CsvRow& row,
                                         const std::string& data_dir);

}  // namespace dataip::client
