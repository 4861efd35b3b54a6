// What a client that sends the rows of a table does with the registry's
// answers: an import, a correction of many.
#pragma once

#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "client/filing/row_reader.h"
#include "dataip/registry/v1/transition.pb.h"

namespace dataip::client {

// Whether a refusal concerns its row only. Everything else, a server that does
// not answer or a signer without the right, concerns them all.
bool IsAboutTheRow(const absl::Status& refusal);

// One violation, of the rule.
rpc::v1::FieldViolation RowViolation(absl::string_view field,
                                     absl::string_view rule,
                                     absl::string_view zh,
                                     absl::string_view en);

// What a refusal says of the fields; at least one violation.
Violations ViolationsOf(const absl::Status& refusal);

// Keeps the receipt of what was done to the application as
// `<folder>/<application_no><ending>`. An earlier run may have kept it: then
// that one stays, of the same entry and perhaps at another checkpoint.
// DATA_LOSS when the number is none, since it becomes a file's name.
struct ReceiptName {
  std::string folder;
  std::string application_no;
  std::string ending;
};
absl::Status KeepReceipt(const ReceiptName& name,
                         const registry::v1::Receipt& receipt);

}  // namespace dataip::client
