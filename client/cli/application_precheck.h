// The pre-check of a filing table (core/registry/precheck/precheck.h), row by
// row.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "client/cli/invocation.h"
#include "client/filing/filing.h"
#include "core/registry/precheck/precheck.h"
#include "dataip/registry/v1/finding.pb.h"
#include "dataip/registry/v1/queries.pb.h"

namespace dataip::client {

struct CheckedRow {
  uint64_t line = 0;
  std::string client_reference;
  std::string series;
  std::string file_sha256;  // 32 bytes; empty for a row that cannot be read
  std::vector<registry::Finding> findings;  // fields: columns or paths
};

struct CheckedTable {
  std::vector<CheckedRow> rows;  // in the table's order
  // Works cut by period: one line for each series of two rows or more.
  std::map<std::string, size_t> series;

  // Rows whose gravest finding is this.
  size_t Count(registry::Severity severity) const;
};

CheckedRow PrecheckRow(const CsvTable& table, const CsvRow& row,
                       const FilingContext& filing,
                       const registry::PrecheckContext& context);

// Every row by itself, and rows with the same data file.
CheckedTable PrecheckTable(const CsvTable& table, const FilingContext& filing,
                           const registry::PrecheckContext& context,
                           const std::function<void()>& on_row);

// What the registry found in a form, a line each, the gravest first; empty when
// it found nothing.
std::string FindingLines(
    const google::protobuf::RepeatedPtrField<registry::v1::Finding>& findings);
// Tells people what the registry found in the form of a command that it takes;
// errors in JSON stay alone on stderr.
void SayFindings(Invocation& invocation,
                 const registry::v1::SubmitCommandResponse& response);

}  // namespace dataip::client
