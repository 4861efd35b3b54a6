// The paths of C2SP tlog-tiles, and of payloads beside them (formats.md 6).
#pragma once

#include <optional>
#include <string_view>

#include "client/export/export_path.h"

namespace dataip::ledger {

using TilePath = client::ExportPath;

// `path` begins with "/". Nothing unless it is spelled as the specification
// spells it, so that a file has one address and caches hold it once. Pure.
std::optional<TilePath> ParseTilePath(std::string_view path);

}  // namespace dataip::ledger
