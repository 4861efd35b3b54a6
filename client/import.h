// Import of a filing table: every good row becomes one application, bad rows
// come back with reason and remedy, and doing it again files nothing twice.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "client/filing/filing.h"
#include "client/import_journal.h"
#include "client/in_flight.h"
#include "core/crypto/signer.h"
#include "google/protobuf/timestamp.pb.h"

namespace dataip::client {

class RegistryClient;

// What became of one row.
enum class RowResult {
  kFiled,         // now, or by an earlier run of which the journal knows
  kAlreadyFiled,  // its reference exists with the same data file
  kValid,         // dry run: it would be filed
  kRejected,      // see violations
  kNotReached,    // the import ended before it
};

struct RowOutcome {
  uint64_t line = 0;
  std::string client_reference;
  RowResult result = RowResult::kNotReached;
  std::string application_no;
  Violations violations;
};

// Sends one request and answers with a response whose receipt was verified.
// Called from several threads.
using SubmitVerified =
    std::function<absl::StatusOr<registry::v1::SubmitCommandResponse>(
        const registry::v1::SubmitCommandRequest&)>;

struct ImportRequest {
  const CsvTable* table = nullptr;  // outlives the call
  FilingContext context;
  std::string origin;
  google::protobuf::Timestamp now;  // by the registry's clock
  crypto::PrivateKey key;           // of the party, or of its agent
  // Who signs; empty when it is the party itself.
  std::string agent = {};
  // Null for a dry run: nothing is written, here or there.
  ImportJournal* journal = nullptr;
  SubmitVerified submit;
  // Folder that keeps the receipt of every filing, `<application no>.receipt`
  // (what `dataip-audit --seen` takes); unused for a dry run.
  std::string receipts_dir;
  // Rows on their way at once; with 1, numbers follow the rows.
  size_t in_flight = kCommandsInFlight;
};

struct ImportReport {
  std::vector<RowOutcome> rows;  // in the table's order
  // Why the import ended before its last row (no server, no disk); OK when it
  // did not.
  absl::Status ended;

  size_t Count(RowResult result) const;
};

// Keeps `in_flight` rows on their way. `on_row` is told of each row that
// is settled, from any thread. A status only when nothing could be begun.
absl::StatusOr<ImportReport> ImportTable(const ImportRequest& request,
                                         RegistryClient& registry,
                                         const std::function<void()>& on_row);

// The column that a violation is about; where there is none, its path.
std::string ShownField(const rpc::v1::FieldViolation& violation);

// Rows of the table that came back, with why.
struct RejectedRow {
  size_t at = 0;  // in the table
  const Violations* violations = nullptr;
};
// They as a table with three more columns (line, reason and remedy in Chinese
// and in English), UTF-8 with a BOM; empty when there are none.
std::string RejectedCsv(const CsvTable& table,
                        const std::vector<RejectedRow>& rows);
std::string RejectedCsv(const CsvTable& table, const ImportReport& report);

}  // namespace dataip::client
