#include "client/audit/mirror_files.h"

#include <algorithm>

#include "absl/strings/match.h"
#include "client/export/export_path.h"
#include "client/export/mirror_folder.h"

namespace dataip::client {
namespace {

// The file of the same number with so many.
std::string WithWidth(ExportPath path, uint32_t width) {
  path.piece.width = width;
  return Spelled(path);
}

}  // namespace

bool IsMirror(const ExportFiles& files) {
  return std::binary_search(files.paths.begin(), files.paths.end(),
                            kMirrorAboutFile);
}

MirrorExtras SortExtras(const std::vector<std::string>& extras, uint64_t size) {
  MirrorExtras sorted;
  for (const std::string& path : extras) {
    if (absl::StartsWith(path, kMirrorFolder)) continue;
    if (absl::StartsWith(path, kEvidenceFolder)) {
      sorted.evidence.push_back(path);
      continue;
    }
    const auto named = ParseExportPath(path);
    if (!named.has_value() || named->kind == ExportPath::Kind::kCheckpoint) {
      sorted.unexpected.push_back(path);
      continue;
    }
    const uint64_t count = size >> (named->level * kTileLevels);
    const auto rest = static_cast<uint32_t>(count % kTileWidth);
    const Piece& piece = named->piece;
    if (piece.number < count / kTileWidth) {
      sorted.older.push_back({path, WithWidth(*named, kTileWidth)});
    } else if (piece.number == count / kTileWidth && piece.width < rest) {
      sorted.older.push_back({path, WithWidth(*named, rest)});
    }
  }
  return sorted;
}

}  // namespace dataip::client
