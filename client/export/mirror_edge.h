// The right edge of a mirrored ledger: all that is needed to go on with its
// files. A value: copies are independent.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "client/export/export_layout.h"
#include "client/export/ledger_export.h"
#include "core/hash/hash.h"
#include "core/proof/header.h"

namespace dataip::client {

class MirrorEdge {
 public:
  // Whole files by path; nothing or an error when there is none.
  using Reader =
      std::function<absl::StatusOr<std::string>(const std::string& path)>;
  using Sink = std::function<absl::Status(const std::string& path,
                                          absl::string_view bytes)>;

  // Of a ledger without entries.
  static MirrorEdge Empty(absl::string_view origin);
  // Of the files of a ledger with `size` entries. DATA_LOSS when one is
  // missing or not in its form.
  static absl::StatusOr<MirrorEdge> Load(uint64_t size, const Reader& read);

  uint64_t size() const { return tiles_.frontier().size(); }
  hash::Hash Root() const { return tiles_.frontier().Root(); }
  const hash::Hash& chain_head() const { return chain_head_; }

  // The next entry; files that become full go to `sink`. DATA_LOSS when it
  // does not continue the chain, or a present payload is not its header's.
  // Returns the decoded header.
  absl::StatusOr<proof::EntryHeader> Add(const ExportedEntry& entry,
                                         const Sink& sink);
  // The partial files.
  absl::Status WritePartials(const Sink& sink) const;

 private:
  TileBuilder tiles_;
  PieceText piece_;  // of the bundle that is not full
  hash::Hash chain_head_;
};

}  // namespace dataip::client
