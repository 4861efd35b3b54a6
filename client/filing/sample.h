// The masked sample of a data file: rows spread over the file, each with the
// path that proves its leaf under the deposited root (formats.md 10).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "client/filing/deposit.h"
#include "dataip/registry/v1/application.pb.h"
#include "dataip/rpc/v1/error.pb.h"

namespace dataip::client {

// Which records MakeSample needs: at most limits::kDefaultSampleRows spread
// evenly, and record 0 of a CSV file before them, its header line.
std::vector<uint64_t> SampleIndices(const FileDigest& digest,
                                    const registry::v1::ApplicationForm& form);

struct MaskedSample {
  // One row a line: {"record", "row", "leaf", "path"}; hashes in hex.
  std::string ndjson;
  uint32_t row_count = 0;
  // From the header line (CSV) or the first object's keys (JSON).
  std::vector<std::string> columns;
  // Personal data that the scan still finds in the masked rows.
  uint32_t scan_findings = 0;
  // One for each finding, and for rows that do not fit the columns.
  std::vector<rpc::v1::FieldViolation> violations;
};

// `deposit` holds the records of SampleIndices. Columns classified personal
// in the form's field table keep their first character, sensitive ones none.
MaskedSample MakeSample(const FileDeposit& deposit,
                        const registry::v1::ApplicationForm& form);

// The `row` of a line of such a sample, empty for a record of a block. Nothing
// when the line is none.
std::optional<std::string> SampleRow(absl::string_view line);

}  // namespace dataip::client
