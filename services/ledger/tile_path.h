// The paths of C2SP tlog-tiles, and of payloads beside them (formats.md 6).
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "client/export/export_layout.h"

namespace dataip::ledger {

struct TilePath {
  enum class Kind { kCheckpoint, kTile, kEntries, kPayloads };

  Kind kind = Kind::kCheckpoint;
  uint32_t level = 0;   // of kTile
  client::Piece piece;  // of all but kCheckpoint
};

// `path` begins with "/". Nothing unless it is spelled as the specification
// spells it, so that a file has one address and caches hold it once. Pure.
std::optional<TilePath> ParseTilePath(std::string_view path);

}  // namespace dataip::ledger
