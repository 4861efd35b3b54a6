// Payloads that a mirror has not been given, because it ran under a name that
// may not read them, and how they come later. `.mirror/withheld` says how many
// in which bundle: a line `NUMBER COUNT` each.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "client/export/ledger_export.h"
#include "client/export/mirror_folder.h"
#include "core/verify/trust.h"

namespace dataip::client {

inline constexpr char kWithheldFile[] = ".mirror/withheld";

// By the number of the bundle; none is 0.
using WithheldPayloads = std::map<uint64_t, uint32_t>;

// Of the `size` entries that are served. Counted in their files when nothing
// in the right form is written down. DATA_LOSS when those are not in their
// form.
absl::StatusOr<WithheldPayloads> ReadWithheld(const MirrorFolder& folder,
                                              uint64_t size);

// Before the files are served that it says of.
absl::Status WriteWithheld(const MirrorFolder& folder,
                           const WithheldPayloads& withheld);

// Entries of the ledger with their payloads, as this reader is given them.
using FetchEntries = std::function<absl::StatusOr<std::vector<ExportedEntry>>(
    uint64_t first, uint64_t count)>;

// What a mirror of `size` entries serves.
struct ServedEntries {
  const MirrorFolder& folder;
  const verify::Trust& trust;
  uint64_t size = 0;
};

// Asks for what was withheld, bundle by bundle until one is withheld still,
// and writes what comes into its file; then obeys every order of root among
// the entries, which only now may be legible. `withheld` is brought up to
// date, here and in the folder. Whether anything came. DATA_LOSS when what
// comes is not what the mirror's headers say; the file stays as it was then.
absl::StatusOr<bool> FillIn(const ServedEntries& served,
                            const FetchEntries& fetch,
                            WithheldPayloads& withheld);

}  // namespace dataip::client
