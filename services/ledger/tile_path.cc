#include "services/ledger/tile_path.h"

namespace dataip::ledger {

std::optional<TilePath> ParseTilePath(std::string_view path) {
  if (path.empty() || path[0] != '/') return std::nullopt;
  path.remove_prefix(1);
  return client::ParseExportPath({path.data(), path.size()});
}

}  // namespace dataip::ledger
