// Reads the files of an export (formats.md 6) strictly: a piece holds exactly
// what its name says.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "client/export/export_layout.h"
#include "core/verify/erasure.h"
#include "core/verify/replay.h"

namespace dataip::client {

// Where the files come from: a folder, or memory in tests.
struct ExportFiles {
  // Relative to the export, ascending. What is not a regular file is named
  // too, and so is an empty folder (with a `/` behind), so that they count as
  // unexpected.
  std::vector<std::string> paths;
  // Whole contents; safe to call for each of `paths`.
  std::function<absl::StatusOr<std::string>(const std::string& path)> read;
};

// NOT_FOUND when there is no such folder, UNAVAILABLE when it cannot be read.
absl::StatusOr<ExportFiles> OpenExportFolder(const std::string& dir);

// The orders to erase among the entries of an export of this size, and of no
// other file. What cannot be read holds none: the audit finds it. The replay
// judges them.
verify::ErasureOrders ReadOrders(const ExportFiles& files, uint64_t size);

// The entries of one piece; DATA_LOSS unless both files hold exactly `width`
// of them.
struct PieceBytes {
  const std::string& headers;   // tile/entries
  const std::string& payloads;  // payload
  uint32_t width = 0;
};
absl::StatusOr<std::vector<verify::ReplayEntry>> ReadPiece(
    const PieceBytes& piece);
// The same without copies: the entries lie in the bytes of the piece.
absl::StatusOr<std::vector<verify::EntryView>> ViewPiece(
    const PieceBytes& piece);

}  // namespace dataip::client
