// Commands of `dataip ledger` that read it as it grows, each in a file of its
// own, and what they share with `ledger export`.
#pragma once

#include "client/cli/arguments.h"
#include "client/export/ledger_export.h"

namespace dataip::ledger::v1 {
class Entry;
}  // namespace dataip::ledger::v1

namespace dataip::client {

CommandSpec LedgerFollowCommand();
CommandSpec LedgerMirrorCommand();

ExportedEntry Exported(const ledger::v1::Entry& entry);

}  // namespace dataip::client
