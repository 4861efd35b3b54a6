// The rows of the fault table: one fault in one append, and what became of the
// ledger.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "tests/faults/sites.h"

namespace dataip::test {

struct Row {
  Site site;
  std::string error;      // EIO, ENOSPC or KILL
  bool executed = false;  // made, then reported as failed; else not made
  // What happened.
  bool fired = false;
  std::string outcome;  // of the process
  std::string after;    // of the next start
  bool good = false;
  // Its last words, or why the row is not good.
  std::string words;
};

// The sites of one append with its checkpoint, and of one that fills
// RocksDB's buffers. Fails when a call that strace sees escapes the shim.
absl::StatusOr<std::vector<Site>> RecordSites();

// Whether one small append reaches the site, without full buffers.
bool IsOfSmallAppend(const Site& site);

// A fresh ledger, an acknowledged append, the fault in the next one, a loss of
// power, a start and a check of the whole ledger.
void RunRow(Row& row);

}  // namespace dataip::test
