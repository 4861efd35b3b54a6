// What stored entries must be, said once for all who check them: the start
// (self_check.h), the check of a whole database (whole_check.h) and readers.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "core/hash/hash.h"
#include "core/proof/header.h"
#include "services/ledger/store.h"

namespace dataip::ledger {

// The entry's header when it decodes, has the entry's index and continues the
// chain at `prev` (formats.md 1 and 2); nothing otherwise.
std::optional<proof::EntryHeader> ReadLinked(const EntryView& entry,
                                             const Hash& prev);

// The payload is the header's, or a later entry of a ledger of `size` entries
// ordered it erased.
bool PayloadStands(const proof::EntryHeader& header, const EntryView& entry,
                   uint64_t size);

// Of the seal at this index (formats.md 5). DATA_LOSS when there is none: no
// order erases what is the ledger's own.
absl::StatusOr<std::string> ReadSealPayload(const Store& store, uint64_t index);
absl::StatusOr<Hash> ReadSealedMapRoot(const Store& store, uint64_t index);

}  // namespace dataip::ledger
