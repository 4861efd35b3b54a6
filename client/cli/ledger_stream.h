// Commands of `dataip ledger` that read it as it grows, each in a file of its
// own, and what they share with `ledger export`.
#pragma once

#include "client/cli/arguments.h"
#include "client/cli/interruption.h"
#include "client/export/ledger_export.h"
#include "client/ledger_client.h"

namespace dataip::ledger::v1 {
class Entry;
}  // namespace dataip::ledger::v1

namespace dataip::client {

CommandSpec LedgerFollowCommand();
CommandSpec LedgerMirrorCommand();

// Until the ledger can be reached again, however long it takes. False when the
// signal came first.
bool WaitForLedger(LedgerClient& ledger, const Interruption& interruption);

ExportedEntry Exported(const ledger::v1::Entry& entry);

}  // namespace dataip::client
