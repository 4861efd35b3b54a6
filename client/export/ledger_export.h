// Writes a ledger as static files (formats.md 6) with a manifest. Files only:
// no gRPC, so that tools without a server use it too.
//
//   checkpoint  tile/<L>/<N>[.p/<W>]  tile/entries/<N>[.p/<W>]
//   payload/<N>[.p/<W>]  manifest.json
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "core/hash/hash.h"

namespace dataip::client {

struct ExportedEntry {
  enum class Payload { kPresent, kErased, kNotForThisReader };

  std::string header;   // encoded EntryHeader
  std::string payload;  // empty unless present
  Payload status = Payload::kPresent;
  // When erased: index of the entry that ordered it, 0 when it is not known.
  uint64_t erased_by = 0;
};

// Adds the entry to the bytes of its two files, each with its length.
struct PieceText {
  std::string entries;
  std::string payloads;
};
void AppendEntry(const ExportedEntry& entry, PieceText& piece);

// Writes one export. All goes to a folder beside `dir`, which takes the name
// `dir` when Finish succeeds: a reader sees a whole export or none. The
// folder is removed when Finish is not reached. One thread.
class LedgerExport {
 public:
  // ALREADY_EXISTS when `dir` exists and is not an empty folder.
  static absl::StatusOr<std::unique_ptr<LedgerExport>> Create(
      const std::string& dir);
  ~LedgerExport();
  LedgerExport(const LedgerExport&) = delete;
  LedgerExport& operator=(const LedgerExport&) = delete;

  // Entries from index 0 on, in order. INVALID_ARGUMENT when the header is
  // not that of the next index; DATA_LOSS when a present payload is not the
  // header's.
  absl::Status Add(const ExportedEntry& entry);

  uint64_t size() const;

  // `note` is the signed checkpoint at exactly size(). DATA_LOSS when its
  // size or root are not those of what was added (signatures are the
  // caller's to check). Writes the manifest, syncs, renames.
  absl::Status Finish(absl::string_view note);

 private:
  struct Writing;
  explicit LedgerExport(std::unique_ptr<Writing> writing);
  std::unique_ptr<Writing> writing_;
};

}  // namespace dataip::client
