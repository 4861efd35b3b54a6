// The names of an export's files, read back (formats.md 6; C2SP tlog-tiles).
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "client/export/export_layout.h"

namespace dataip::client {

struct ExportPath {
  enum class Kind { kCheckpoint, kTile, kEntries, kPayloads };

  Kind kind = Kind::kCheckpoint;
  uint32_t level = 0;  // of kTile
  Piece piece;         // of all but kCheckpoint
};

// The one spelling.
std::string Spelled(const ExportPath& path);

// Nothing unless it is spelled as the specification spells it, so that a file
// has one address. Pure.
std::optional<ExportPath> ParseExportPath(absl::string_view path);

// Whether it is the one spelling of a folder of partial files, `tile/0/001.p`.
bool IsPartialFolder(absl::string_view path);

}  // namespace dataip::client
