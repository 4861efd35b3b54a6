// The whole audit of an export: files, hashes, rules, checkpoint, and what
// was seen elsewhere. No clock and no network.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "client/audit/export_files.h"
#include "core/base/limits.h"
#include "core/verify/replay.h"
#include "core/verify/trust.h"
#include "dataip/registry/v1/erasure.pb.h"

namespace dataip::client {

// A file that must agree with the ledger.
struct Statement {
  std::string name;  // as the user calls it, for messages
  std::string bytes;
};

struct AuditOptions {
  bool hashes_only = false;
  // `--since`: a signed checkpoint that the export must extend.
  std::vector<Statement> since;
  // `--seen`: receipts, bundles and checkpoints that must be on the ledger.
  std::vector<Statement> seen;
  // Audits as if this order stood behind the last entry.
  std::optional<registry::v1::ErasePayload> rehearse;
  // Absent: one thread.
  verify::ParallelFor parallel_for;
};

// The index that a rehearsed order has in a report: behind every entry.
inline constexpr uint64_t kRehearsedOrder = limits::kIndex;

// What an order must be before it is rehearsed: INVALID_ARGUMENT when it names
// an entry twice.
absl::Status CheckOrder(const registry::v1::ErasePayload& order);

// Whether a rehearsal whose report is clean exercised all of the order.
// FAILED_PRECONDITION when it names an entry that the export does not have, or
// whose payload is not in it or was ordered erased before.
absl::Status CheckRehearsed(const registry::v1::ErasePayload& order,
                            const verify::ReplayReport& report);

// Reads every file of the export once and reports the first thing that is
// broken. Never fails: what cannot be read is a finding.
verify::ReplayReport Audit(const ExportFiles& files, const verify::Trust& trust,
                           const AuditOptions& options);

// Runs work on all cores.
verify::ParallelFor OnAllCores();

// For a terminal, and as one JSON object ended by LF. A finding about a file,
// a statement or the rehearsed order names no entry: its `index` is null; and
// the rehearsed order has no index either.
std::string FormatAudit(const verify::ReplayReport& report);
std::string FormatAuditJson(const verify::ReplayReport& report);

}  // namespace dataip::client
