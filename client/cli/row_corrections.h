// Correction of many applications at once: every row of a mended filing table
// whose application waits for a correction becomes one signed correction, rows
// that cannot are told with reason and remedy, and doing it again corrects
// nothing twice.
#pragma once

#include <functional>
#include <set>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "client/cli/correction_rows.h"
#include "client/import.h"
#include "client/import_journal.h"
#include "core/crypto/signer.h"
#include "dataip/registry/v1/queries.pb.h"
#include "google/protobuf/timestamp.pb.h"

namespace dataip::client {

class RegistryClient;

struct CorrectionsRequest {
  const CsvTable* table = nullptr;  // outlives the call
  FilingContext context;            // its party is the primary applicant
  std::string origin;
  google::protobuf::Timestamp now;  // by the registry's clock
  crypto::PrivateKey key;           // of the party, or of its agent
  std::string actor;                // whose key it is
  ChangeReasons reasons;
  // Null for a dry run: nothing is written, here or there.
  ImportJournal* journal = nullptr;
  SubmitVerified submit;
  // Folder that keeps a receipt of every correction, `<application
  // no>.correction-<index>.receipt`; unused for a dry run.
  std::string receipts_dir;
};

struct CorrectionsReport {
  std::vector<CorrectionOutcome> rows;  // in the table's order
  // Applications that wait for a correction and stand in no row.
  std::vector<registry::v1::ApplicationSummary> without_row;
  // Reasons that no row needed.
  std::set<std::string> unused_reasons;
  // Why the run ended before its last row; OK when it did not.
  absl::Status ended;

  size_t Count(CorrectionResult result) const;
};

// Keeps kCommandsInFlight rows on their way. `on_row` is told of each row that
// is settled, from any thread. A status only when nothing could be begun.
absl::StatusOr<CorrectionsReport> CorrectTable(
    const CorrectionsRequest& request, RegistryClient& registry,
    const std::function<void()>& on_row);

}  // namespace dataip::client
